using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>What all results of one Observation share.</summary>
/// <param name="Intake">Where to report.</param>
/// <param name="Draft">Whose.</param>
/// <param name="Observation">The resource.</param>
/// <param name="Date">Date of the sample; null when not stated.</param>
/// <param name="Status">Final or preliminary.</param>
/// <param name="Source">The resource as a source.</param>
/// <param name="Report">Names the panel or report; the Observation itself when it has components.</param>
/// <param name="Method">Laboratory and method as stated.</param>
internal sealed record ObservationFacts(
    Intake Intake,
    CaseDraft Draft,
    Element Observation,
    ClinicalDate? Date,
    ResultStatus Status,
    SourceId Source,
    string? Report,
    string? Method)
{
    /// <summary>Isotype that a component of the same Observation states.</summary>
    public Vocabulary.Isotype Isotype { get; init; }

    /// <summary>Marked spurious by a component, an interpretation or a tag.</summary>
    public bool Spurious { get; init; }

    /// <summary>The date, or null with a warning: an undated fact cannot be used.</summary>
    public ClinicalDate? Dated()
    {
        if (Date is null)
            Intake.Warn(MappingIssues.DateMissing, R4.Issues.IssueType.Required, "The result has no date of its sample; it is not used.", Observation);
        return Date;
    }
}
