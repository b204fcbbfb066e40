using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>One pass over a Bundle: its references and what was not understood. Texts name paths, codes and units, never a patient's values.</summary>
internal sealed class Intake(Bundle bundle)
{
    private readonly List<Issue> _issues = [];

    public Bundle Bundle => bundle;

    public IReadOnlyList<Issue> Issues => _issues;

    public void Error(string code, IssueType type, string text, params ReadOnlySpan<Element> at) => Add(IssueSeverity.Error, code, type, text, at, null);

    public void Warn(string code, IssueType type, string text, Element at, string? coding = null) => Add(IssueSeverity.Warning, code, type, text, [at], coding);

    public void Inform(string code, string text, Element at, string? coding = null) => Add(IssueSeverity.Information, code, IssueType.Informational, text, [at], coding);

    /// <summary>The resource that a reference leads to, when it is of that type; otherwise the element that does not exist.</summary>
    public Element Follow(Element reference, string type) =>
        reference.Exists && bundle.Resolve(reference) is { IsResolved: true, Target: var target } && string.Equals(target.TypeName, type, StringComparison.Ordinal) ? target : default;

    private void Add(IssueSeverity severity, string code, IssueType type, string text, ReadOnlySpan<Element> at, string? coding)
    {
        var paths = new string[at.Length];
        for (var i = 0; i < at.Length; i++)
            paths[i] = at[i].Path;
        _issues.Add(new(severity, code, type, text, [.. paths], Place: null, coding));
    }
}

/// <summary>Dates of resources as they were written.</summary>
internal static class Dates
{
    /// <summary>The calendar date as written; a time of day keeps the day of its own offset (R-WO-2).</summary>
    public static ClinicalDate? Of(FhirDate? date) =>
        date is { } written ? new ClinicalDate(written.First, written.Last, written.Text.Length > 10 ? written.Text[..10] : written.Text) : null;

    /// <summary>The date of a primitive.</summary>
    public static ClinicalDate? Of(Element element) => Of(FhirDate.Of(element));

    /// <summary>One date for an event: of a period its start, else its end (R-WO-3); of a timing its first event.</summary>
    public static ClinicalDate? OfEvent(Element choice) => choice.TypeName switch
    {
        "dateTime" or "date" or "instant" => Of(choice),
        "Period" => Of(choice["start"]) ?? Of(choice["end"]),
        "Timing" => Of(choice["event"]) ?? Of(choice["repeat"]["boundsPeriod"]["start"]),
        _ => null,
    };
}
