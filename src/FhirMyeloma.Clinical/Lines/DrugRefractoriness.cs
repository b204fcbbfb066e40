using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Refractoriness to one drug in one line (section c).</summary>
/// <param name="Drug">Which drug.</param>
/// <param name="Line">Which line.</param>
/// <param name="First">First dose of the drug in the line.</param>
/// <param name="Last">Last dose of the drug in the line.</param>
/// <param name="Status">The strict status.</param>
/// <param name="Labels">Label sets that are never merged with it, as codes of section c, e.g. <c>POOR_LT_PR</c>.</param>
/// <param name="Criterion">Rule id that decided.</param>
/// <param name="ProgressionSource">Which PD counted (R-REF-9); null when none.</param>
/// <param name="Flags">Caveats.</param>
/// <param name="Sources">The inputs that decided it.</param>
public sealed record DrugRefractoriness(
    Drug Drug,
    int Line,
    ClinicalDate First,
    ClinicalDate Last,
    RefractoryStatus Status,
    ImmutableArray<string> Labels,
    string Criterion,
    ProgressionSource? ProgressionSource,
    ImmutableArray<Flag> Flags,
    ImmutableArray<SourceId> Sources)
{
    /// <inheritdoc cref="Cited"/>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.These(Sources);
}

/// <summary>Strict status.</summary>
public enum RefractoryStatus { Refractory, NotRefractory, Exposed, NotDeterminable }

/// <summary>Which progression counted (R-REF-9).</summary>
public enum ProgressionSource
{
    /// <summary>Derived by IMWG criteria.</summary>
    ImwgDerived,
    /// <summary>Reported by a clinician.</summary>
    ClinicianReported,
}

/// <summary>Class label of a patient (R-REF-8).</summary>
/// <param name="Label">The label.</param>
/// <param name="Drugs">The drugs that the patient is refractory to.</param>
/// <param name="First">First dose of those drugs (else of any anti-myeloma drug).</param>
/// <param name="Last">Last dose of those drugs (else of any).</param>
/// <param name="Flags">Caveats.</param>
/// <param name="Sources">The inputs that decided it.</param>
public sealed record ClassRefractoriness(
    ClassLabel Label,
    ImmutableArray<Drug> Drugs,
    ClinicalDate? First,
    ClinicalDate? Last,
    ImmutableArray<Flag> Flags,
    ImmutableArray<SourceId> Sources)
{
    /// <inheritdoc cref="Cited"/>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.These(Sources);

    /// <summary>Drugs of the three classes that the record does not decide; the label says at least what is certain.</summary>
    public ImmutableArray<Drug> Undecided { get; init; } = [];
}

/// <summary>Class labels (R-REF-8).</summary>
public enum ClassLabel
{
    /// <summary>Refractory to no class.</summary>
    None,
    /// <summary>One class.</summary>
    Single,
    /// <summary>A proteasome inhibitor and an immunomodulatory drug.</summary>
    Double,
    /// <summary>Those and an anti-CD38 antibody.</summary>
    TripleClass,
    /// <summary>Two, two and one.</summary>
    Penta,
    /// <summary>The record does not decide.</summary>
    NotDeterminable,
}
