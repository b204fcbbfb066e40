using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Issues;

/// <summary>Issues to OperationOutcome, in canonical JSON.</summary>
public static class OperationOutcomes
{
    /// <summary>The code system of <c>issue.details</c>.</summary>
    public const string CodeSystem = "https://fhirmyeloma.org/fhir/CodeSystem/issue";

    /// <summary>Issues that one OperationOutcome lists; one more says how many were left out.</summary>
    public const int MaxIssues = 1000;

    private const int MaxExpressions = 10;
    private const string LineExtension = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
    private const string ColumnExtension = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";

    /// <summary>
    /// Every issue with its own place: the answer to input that is refused, and to $validate. Worst first, else in the given
    /// order; at most <see cref="MaxIssues"/> and one that counts the rest. An empty list becomes one "All OK".
    /// </summary>
    /// <param name="issues">What there is to say.</param>
    /// <param name="id">The resource's id; null for none.</param>
    public static byte[] Render(IEnumerable<Issue> issues, string? id = null)
    {
        var json = new CanonicalJson();
        Render(issues, json, id);
        return json.ToArray();
    }

    /// <summary>As <see cref="Render(IEnumerable{Issue}, string?)"/>, as the next value of a text that is being written.</summary>
    public static void Render(IEnumerable<Issue> issues, CanonicalJson json, string? id = null) =>
        Write(Capped([.. issues.OrderBy(issue => issue.Severity)]), json, id);

    /// <summary>
    /// The summary at the end of a derived Bundle: issues of the same severity, code, type and text become one with their
    /// count and up to ten expressions; sorted by severity, code, text; at most <see cref="MaxIssues"/> and one that counts
    /// the rest, of which no code is left out altogether. Independent of the order in which the issues were found, but for the expressions and places.
    /// </summary>
    /// <param name="issues">What there is to say.</param>
    /// <param name="id">The resource's id; null for none.</param>
    /// <param name="profile">Canonical of the profile that it claims; null for none.</param>
    public static byte[] RenderSummary(IEnumerable<Issue> issues, string? id = null, string? profile = null)
    {
        var json = new CanonicalJson();
        RenderSummary(issues, json, id, profile);
        return json.ToArray();
    }

    /// <summary>As <see cref="RenderSummary(IEnumerable{Issue}, string?, string?)"/>, as the next value of a text that is being written.</summary>
    public static void RenderSummary(IEnumerable<Issue> issues, CanonicalJson json, string? id = null, string? profile = null) => Write(CappedByCode(Summarize(issues)), json, id, profile);

    /// <summary>The grouping and sorting of <see cref="RenderSummary(IEnumerable{Issue}, string?, string?)"/>.</summary>
    public static ImmutableArray<Issue> Summarize(IEnumerable<Issue> issues) =>
    [
        .. issues
            .GroupBy(issue => (issue.Severity, issue.Code, issue.Type, issue.Text))
            .OrderBy(group => group.Key.Severity)
            .ThenBy(group => group.Key.Code, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Text, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Type)
            .Select(Merge),
    ];

    private static Issue Merge(IEnumerable<Issue> group)
    {
        Issue[] issues = [.. group];
        if (issues.Length == 1)
            return issues[0] with { Expressions = [.. issues[0].Expressions.Take(MaxExpressions)] };
        return issues[0] with
        {
            Text = string.Create(CultureInfo.InvariantCulture, $"{issues[0].Text} (×{issues.Length})"),
            Expressions = [.. issues.SelectMany(issue => issue.Expressions).Distinct(StringComparer.Ordinal).Take(MaxExpressions)],
            Place = null,
            Diagnostics = issues.Select(issue => issue.Diagnostics).Distinct(StringComparer.Ordinal).Count() == 1 ? issues[0].Diagnostics : null,
        };
    }

    private static ImmutableArray<Issue> Capped(ImmutableArray<Issue> issues)
    {
        if (issues.Length <= MaxIssues)
            return issues;
        var leftOut = issues.Skip(MaxIssues).ToArray();
        return [.. issues.Take(MaxIssues), IssueLimits.LeftOut(leftOut.Min(issue => issue.Severity), leftOut.Length)];
    }

    // A frequent warning must not push out what is said once, such as what the Bundle may be used for.
    private static ImmutableArray<Issue> CappedByCode(ImmutableArray<Issue> issues)
    {
        if (issues.Length <= MaxIssues)
            return issues;
        HashSet<Issue> kept = [.. issues.DistinctBy(static issue => issue.Code, StringComparer.Ordinal).Concat(issues).Distinct().Take(MaxIssues)];
        ImmutableArray<Issue> listed = [.. issues.Where(kept.Contains)];
        // The last one, so of the last severity: the list stays sorted.
        return [.. listed, IssueLimits.LeftOut(listed[^1].Severity, issues.Length - listed.Length)];
    }

    private static void Write(ImmutableArray<Issue> issues, CanonicalJson json, string? id, string? profile = null)
    {
        json.StartObject().Member("resourceType", "OperationOutcome").Member("id", id);
        if (profile is not null)
            json.Name("meta").StartObject().Name("profile").StartArray().String(profile).EndArray().EndObject();
        json.Name("issue").StartArray();
        if (issues.IsEmpty)
            json.StartObject().Member("severity", "information").Member("code", "informational").Name("details").StartObject().Member("text", "All OK").EndObject().EndObject();
        foreach (var issue in issues)
            Write(issue, json);
        json.EndArray().EndObject();
    }

    private static void Write(Issue issue, CanonicalJson json)
    {
        json.StartObject();
        if (issue.Place is { } place)
        {
            json.Name("extension").StartArray();
            WriteNumber(json, LineExtension, place.Line);
            WriteNumber(json, ColumnExtension, place.Column);
            json.EndArray();
        }
        json.Member("severity", issue.Severity.ToCode()).Member("code", issue.Type.ToCode());
        json.Name("details").StartObject()
            .Name("coding").StartArray().StartObject().Member("system", CodeSystem).Member("code", issue.Code).EndObject().EndArray()
            .Member("text", issue.Text)
            .EndObject();
        json.Member("diagnostics", issue.Diagnostics);
        if (!issue.Expressions.IsDefaultOrEmpty)
        {
            json.Name("expression").StartArray();
            foreach (var expression in issue.Expressions.Take(MaxExpressions))
                json.String(expression);
            json.EndArray();
        }
        json.EndObject();
    }

    private static void WriteNumber(CanonicalJson json, string url, int value) =>
        json.StartObject().Member("url", url).Name("valueInteger").Number((long)value).EndObject();
}
