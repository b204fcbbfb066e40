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

    private static readonly object _pretty = new();

    /// <summary>True once <see cref="Refuses"/> has read <c>_pretty=true</c>.</summary>
    public static bool WantsPretty(HttpContext context) => context.Items.ContainsKey(_pretty);

    /// <summary>Null when this server can answer as asked, else the fault.</summary>
    /// <param name="context">The request.</param>
    /// <param name="known">Query parameters of this call beside the common ones.</param>
    public static FhirFault? Refuses(HttpContext context, ImmutableArray<string> known)
    {
        var query = context.Request.Query;
        if (query.TryGetValue("_pretty", out var pretty))
        {
            if (pretty is not (["true"] or ["false"]))
                return Faults.Of(Faults.ParameterValue, "_pretty is given once, as true or false.", "http._pretty");
            if (pretty is ["true"])
                context.Items[_pretty] = true;
        }

        foreach (var name in query.Keys)
        {
            if (!Common.Contains(name, StringComparer.Ordinal) && !known.Contains(name, StringComparer.Ordinal))
                return Faults.Of(Faults.UnknownParameter, $"The query string holds a parameter that this call does not know. Allowed: {string.Join(", ", known.AddRange(Common))}.");
        }

        var acceptable = query.TryGetValue("_format", out var format)
            ? format is [var one] && IsJson(one)
            : context.Request.Headers.Accept is not { Count: > 0 } accept || AcceptsJson([.. accept.OfType<string>()]);
        return acceptable
            ? null
            : Faults.Of(Faults.NotAcceptable, "This server answers in application/fhir+json, FHIR 4.0; ask for application/fhir+json, application/json or _format=json.");
    }

    // A "+" in a query string is a blank unless it is escaped, and hardly anybody escapes it.
    private static bool IsJson(string? format) => !string.IsNullOrWhiteSpace(format) && (format is "json" or "text/json" || AcceptsJson([format.Replace("fhir json", "fhir+json", StringComparison.Ordinal)]));

    private static bool AcceptsJson(string[] accept) =>
        accept.All(string.IsNullOrWhiteSpace)
        || (MediaTypeHeaderValue.TryParseList(accept, out var ranges) && ranges.Any(static range => range.Quality is not 0 && IsOurs(range)));

    private static bool IsOurs(MediaTypeHeaderValue range) =>
        range.MediaType.Value?.ToUpperInvariant() is "*/*" or "APPLICATION/*" or "APPLICATION/JSON" or "APPLICATION/FHIR+JSON" && FhirVersionFits(range);

    /// <summary>A media type may name the FHIR version that it speaks; only 4.0 is spoken here.</summary>
    public static bool FhirVersionFits(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(static parameter => parameter.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase)) is not { } version
        || version.GetUnescapedValue() is { Value: "4.0" or "4.0.1" };
}
