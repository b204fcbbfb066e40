using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Validation;

/// <summary>
/// Collects the issues of one validation, up to a limit; what comes after is counted. Rules ask <see cref="Wants"/> before
/// they make the words of an issue, and add it at the element that is broken.
/// </summary>
internal sealed class IssueList(FhirDocument document, ValidationOptions options)
{
    private readonly List<(Issue Issue, int Offset)> found = [];
    private readonly HashSet<(string Code, string Rule, int Offset)> said = [];
    private int errors;
    private int leftOut;
    private IssueSeverity worstLeftOut = IssueSeverity.Information;

    /// <summary>True when an issue of that severity would be listed; when it would only be counted, it is.</summary>
    public bool Wants(IssueSeverity severity)
    {
        if (!options.Warnings && severity > IssueSeverity.Error)
            return false;
        if (HasRoom(severity))
            return true;
        LeaveOut(severity, 1);
        return false;
    }

    /// <summary>Adds an issue whose expression and place are those of the element.</summary>
    /// <param name="severity">How bad it is.</param>
    /// <param name="code">One of <see cref="IssueCodes"/>.</param>
    /// <param name="type">FHIR's issue-type.</param>
    /// <param name="at">The broken element.</param>
    /// <param name="text">What is wrong and what to do.</param>
    /// <param name="diagnostics">The rule, for technicians; also what tells apart two issues of one code at one element.</param>
    public void Add(IssueSeverity severity, string code, IssueType type, Element at, string text, string? diagnostics = null) =>
        Add(new Issue(severity, code, type, text, [at.Path], null, diagnostics), OffsetOf(at));

    /// <summary>Adds an issue at an offset of the source; the same code and rule at the same offset is said once.</summary>
    public void Add(Issue issue, int offset)
    {
        if (!options.Warnings && !issue.IsError)
            return;
        if (!HasRoom(issue.Severity))
        {
            LeaveOut(issue.Severity, 1);
        }
        else if (said.Add((issue.Code, issue.Diagnostics ?? issue.Text, offset)))
        {
            found.Add((issue, offset));
            errors += issue.IsError ? 1 : 0;
        }
    }

    // Each kind has its own room, so that a thousand remarks do not hide an error.
    private bool HasRoom(IssueSeverity severity) => (severity <= IssueSeverity.Error ? errors : found.Count - errors) < options.MaxIssues;

    /// <summary>Where an element begins in the source, a string with its quote.</summary>
    public static int OffsetOf(Element at) => at.Node.Kind == NodeKind.String ? at.Node.Start - 1 : at.Node.Start;

    /// <summary>These and those of the reader, in the order of the source.</summary>
    public ImmutableArray<Issue> With(ImmutableArray<Issue> read, int readLeftOut)
    {
        LeaveOut(IssueSeverity.Error, readLeftOut);
        if (found.Count == 0 && leftOut == 0)
            return read;
        var all = new List<Issue>(read.Length + found.Count);
        all.AddRange(readLeftOut > 0 ? read[..^1] : read);
        var places = document.FindPlaces();
        // A stable sort: what is said of one element stays in the order in which it was said.
        foreach (var (issue, offset) in found.OrderBy(static one => one.Offset))
            all.Add(issue.Place is null ? issue with { Place = places.Find(offset) } : issue);

        IEnumerable<Issue> kept = all;
        if (all.Count > options.MaxIssues)
        {
            LeaveOut(all.OrderBy(static issue => issue.Severity).ElementAt(options.MaxIssues).Severity, all.Count - options.MaxIssues);
            kept = all.OrderBy(static issue => issue.Severity).Take(options.MaxIssues);
        }
        var ordered = kept.OrderBy(static issue => issue.Place?.Line ?? 0).ThenBy(static issue => issue.Place?.Column ?? 0).ThenBy(static issue => issue.Severity);
        return leftOut == 0 ? [.. ordered] : [.. ordered, IssueLimits.LeftOut(worstLeftOut, leftOut)];
    }

    private void LeaveOut(IssueSeverity severity, int count)
    {
        leftOut += count;
        if (count > 0 && severity < worstLeftOut)
            worstLeftOut = severity;
    }
}
