namespace FhirMyeloma.Service;

/// <summary>
/// Every line that this service logs. Nothing that a patient or a hospital wrote goes in: no body, no query string, no path as sent
/// (only the route it matched), no exception message.
/// </summary>
internal static partial class Telemetry
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Method} {Route} {Status} in {Milliseconds} ms, request {RequestId}")]
    public static partial void Answered(this ILogger log, string method, string route, int status, long milliseconds, string requestId);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Request {RequestId} failed with {Kind} at {Where}")]
    public static partial void Failed(this ILogger log, string requestId, string? kind, string? where);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Listening on {Address}, beyond this machine, and nobody is asked who they are")]
    public static partial void Open(this ILogger log, string address);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "Nobody is asked who they are: everybody is the centre {Centre}. Make a key (key create) or name an issuer of tokens")]
    public static partial void Unasked(this ILogger log, string centre);

    [LoggerMessage(EventId = 6, Level = LogLevel.Error, Message = "The keys of the issuer of tokens cannot be had: {Kind}")]
    public static partial void KeysUnavailable(this ILogger log, string? kind);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "Listening on {Address}; research and data quality only, not for patient care")]
    public static partial void Listening(this ILogger log, string address);
}
