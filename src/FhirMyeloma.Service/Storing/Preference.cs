
namespace FhirMyeloma.Service.Storing;

/// <summary>What a client wants back from a change (header <c>Prefer</c>, R4 http.html#ops).</summary>
internal enum Return
{
    /// <summary>Nothing was said.</summary>
    Unsaid,

    /// <summary>No body.</summary>
    Minimal,

    /// <summary>The resource as it is now kept.</summary>
    Representation,

    /// <summary>What there is to say about it.</summary>
    OperationOutcome,
}

/// <summary>The parts of <c>Prefer</c> that are heard.</summary>
/// <param name="Return">What is to be sent back.</param>
/// <param name="Lenient">Unknown search parameters are left out instead of refused.</param>
/// <param name="RespondsAsync">The answer is to be fetched later.</param>
internal readonly record struct Preference(Return Return, bool Lenient, bool RespondsAsync)
{
    public static Preference Of(HttpContext context)
    {
        var said = context.Request.Headers["Prefer"].SelectMany(static line => (line ?? "").Split([',', ';'], StringSplitOptions.TrimEntries)).ToList();
        var back = said.Contains("return=minimal", StringComparer.Ordinal) ? Return.Minimal
            : said.Contains("return=representation", StringComparer.Ordinal) ? Return.Representation
            : said.Contains("return=OperationOutcome", StringComparer.Ordinal) ? Return.OperationOutcome
            : Return.Unsaid;
        if (back != Return.Unsaid)
            context.Response.Headers["Preference-Applied"] = $"return={(back == Return.OperationOutcome ? "OperationOutcome" : back == Return.Minimal ? "minimal" : "representation")}";
        return new(back, said.Contains("handling=lenient", StringComparer.Ordinal), said.Contains("respond-async", StringComparer.Ordinal));
    }
}
