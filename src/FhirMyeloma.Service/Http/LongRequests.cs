namespace FhirMyeloma.Service.Http;

/// <summary>
/// Kestrel refuses a request line or headers beyond its limits before anybody can give the refusal a body. Its limits are therefore
/// set wider than ours, so that what is a little too long is answered with an OperationOutcome.
/// </summary>
internal static class LongRequests
{
    private const int Line = 8 * 1024;
    private const int Headers = 32 * 1024;

    /// <summary>How much wider Kestrel's limits are.</summary>
    private const int Leeway = 4;

    /// <summary>Widens the limits of the server.</summary>
    public static void Allow(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = Leeway * Line;
        limits.MaxRequestHeadersTotalSize = Leeway * Headers;
        limits.MaxRequestHeaderCount *= Leeway;
    }

    /// <summary>Refuses what is longer than our limits.</summary>
    public static Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.Path.Value!.Length + request.QueryString.Value!.Length > Line)
            return Faults.OfStatus(StatusCodes.Status414UriTooLong, "").ExecuteAsync(context);
        return request.Headers.Sum(static header => header.Key.Length + header.Value.Sum(static value => value?.Length ?? 0)) > Headers
            ? Faults.OfStatus(StatusCodes.Status431RequestHeaderFieldsTooLarge, "").ExecuteAsync(context)
            : next(context);
    }
}
