using System.Collections.Immutable;
using Microsoft.Net.Http.Headers;

namespace FhirMyeloma.Service.Http;

/// <summary>
/// What the client asked for in <c>Accept</c>, <c>_format</c> and <c>_pretty</c> (http.html#mime-type): <c>_format</c> wins over
/// <c>Accept</c> and changes nothing about how the body that was sent is read.
/// </summary>
internal static class Negotiation
{
    /// <summary>Query parameters that every call under <c>/fhir</c> takes.</summary>
    public static ImmutableArray<string> Common { get; } = ["_format", "_pretty"];

    /// <summary>What may be said as <c>_format</c>.</summary>
    public static ImmutableArray<string> Formats { get; } = ["json", "application/json", "application/fhir+json", "xml", "application/xml", "application/fhir+xml"];

    /// <summary>True when <c>_pretty=true</c> was said.</summary>
    public static bool WantsPretty(HttpContext context) => context.Request.Query.TryGetValue("_pretty", out var pretty) && pretty is ["true"];

    /// <summary>The format of the answer; JSON when nothing that can be given is asked for, so that every refusal can be answered.</summary>
    public static WireFormat Answers(HttpContext context) => Asked(context) ?? WireFormat.Json;

    /// <summary>The format that a media type names; null for all that are not FHIR's or the plain ones.</summary>
    public static WireFormat? FormatOf(string? mediaType) => mediaType?.ToUpperInvariant() switch
    {
        "APPLICATION/FHIR+JSON" or "APPLICATION/JSON" or "TEXT/JSON" => WireFormat.Json,
        "APPLICATION/FHIR+XML" or "APPLICATION/XML" or "TEXT/XML" => WireFormat.Xml,
        _ => null,
    };

    /// <summary>Null when this server can answer as asked, else the fault.</summary>
    /// <param name="context">The request.</param>
    /// <param name="known">Query parameters of this call beside the common ones.</param>
    public static FhirFault? Refuses(HttpContext context, ImmutableArray<string> known)
    {
        var query = context.Request.Query;
        if (query.TryGetValue("_pretty", out var pretty) && pretty is not (["true"] or ["false"]))
            return Faults.Of(Faults.ParameterValue, "_pretty is given once, as true or false.", "http._pretty");

        foreach (var name in query.Keys)
        {
            if (!Common.Contains(name, StringComparer.Ordinal) && !known.Contains(name, StringComparer.Ordinal))
                return Faults.Of(Faults.UnknownParameter, $"The query string holds a parameter that this call does not know. Allowed: {string.Join(", ", known.AddRange(Common))}.");
        }

        return Asked(context) is null
            ? Faults.Of(Faults.NotAcceptable, "This server answers in application/fhir+json and application/fhir+xml, FHIR 4.0; ask for one of them, for application/json or application/xml, or with _format=json or _format=xml.")
            : null;
    }

    /// <summary>What the query string says beside the common parameters, which are about the answer.</summary>
    public static ImmutableArray<Said> Said(HttpContext context) =>
    [
        .. context.Request.Query
            .Where(static query => !Common.Contains(query.Key, StringComparer.Ordinal))
            .SelectMany(static query => query.Value.Select(value => new Said(query.Key, value, $"http.{query.Key}"))),
    ];

    /// <summary>A media type may name the FHIR version that it speaks; only 4.0 is spoken here.</summary>
    public static bool FhirVersionFits(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(static parameter => parameter.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase)) is not { } version
        || version.GetUnescapedValue() is { Value: "4.0" or "4.0.1" };

    /// <summary>The format asked for; JSON when nothing is; null when only others are.</summary>
    private static WireFormat? Asked(HttpContext context) =>
        context.Request.Query.TryGetValue("_format", out var format)
            ? format is [{ } one] ? ByFormat(one) : null
            : context.Request.Headers.Accept is { Count: > 0 } accept ? ByAccept([.. accept.OfType<string>()]) : WireFormat.Json;

    // A "+" in a query string is a blank unless it is escaped, and hardly anybody escapes it.
    private static WireFormat? ByFormat(string format) => format switch
    {
        "json" => WireFormat.Json,
        "xml" => WireFormat.Xml,
        _ when string.IsNullOrWhiteSpace(format) => null,
        _ => ByAccept([format.Replace("fhir ", "fhir+", StringComparison.Ordinal)]),
    };

    /// <summary>The format of the higher quality; of equal ones JSON.</summary>
    private static WireFormat? ByAccept(string[] accept)
    {
        if (accept.All(string.IsNullOrWhiteSpace))
            return WireFormat.Json;
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
            return null;
        var spoken = ranges.Where(FhirVersionFits).ToList();
        var (json, xml) = (Quality(spoken, WireFormat.Json), Quality(spoken, WireFormat.Xml));
        return (json, xml) switch
        {
            (0, 0) => null,
            _ => xml > json ? WireFormat.Xml : WireFormat.Json,
        };
    }

    /// <summary>Quality of the format's own types where one is named, else of the most exact wildcard; 0 is a refusal.</summary>
    private static double Quality(List<MediaTypeHeaderValue> ranges, WireFormat format)
    {
        // A browser names XML among the pages that it can show, and means neither.
        var isBrowser = ranges.Exists(static range => range.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
        var named = ranges.Where(range => FormatOf(range.MediaType.Value) == format && !(isBrowser && format == WireFormat.Xml)).ToList();
        if (named.Count > 0)
            return named.Max(static range => range.Quality ?? 1);
        var wild = ranges.FirstOrDefault(static range => range.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase))
            ?? ranges.FirstOrDefault(static range => range.MatchesAllTypes);
        return wild is null ? 0 : wild.Quality ?? 1;
    }
}
