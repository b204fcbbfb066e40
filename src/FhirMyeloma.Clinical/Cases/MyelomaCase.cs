using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>
/// One patient, normalised: every fact in the units of R-UNIT-1, dated as written, with the resource that it came from. Lists may come in any order;
/// what is derived does not depend on it. A fact reported by several resources (one dose, one sample) may appear once per resource; the derivation collapses it.
/// </summary>
public sealed record MyelomaCase
{
    /// <summary>Identifies the patient across bundles: <c>system|value</c>, else the resource's id or fullUrl.</summary>
    public required string PatientKey { get; init; }

    /// <summary>Date of birth, as precise as stated.</summary>
    public ClinicalDate? Birth { get; init; }

    /// <summary>Administrative sex as stated (<c>female</c>, <c>male</c>, <c>other</c>, <c>unknown</c>).</summary>
    public string? Sex { get; init; }

    /// <summary>Date of death, when dated.</summary>
    public ClinicalDate? Death { get; init; }

    /// <summary>True when death due to myeloma is recorded; needs no confirmation as progression (R-CONF-4).</summary>
    public bool DeathDueToMyeloma { get; init; }

    /// <summary>The sources of <see cref="Death"/> and its cause.</summary>
    public ImmutableArray<SourceId> DeathSources { get; init; } = [];

    /// <summary>Where <see cref="Death"/> is from; null when the Patient says so, whose own facts go with every result.</summary>
    public SourceId? DeathSource { get; init; }

    /// <summary>The resource that names myeloma as the cause of death.</summary>
    public SourceId? DeathCauseSource { get; init; }

    /// <summary>Dead, whether or not the record says since when.</summary>
    public bool IsDead => Death is not null || !DeathSources.IsEmpty;

    /// <summary>The latest dated fact in the record; "today" never counts (a.9).</summary>
    public ClinicalDate? LastContact { get; init; }

    /// <summary>What shows <see cref="LastContact"/>.</summary>
    public ImmutableArray<SourceId> LastContactSources { get; init; } = [];

    /// <summary>When the bundle says it was made; a dose after it is flagged FUTURE_DATE.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Centre that treats the patient, when known.</summary>
    public string? Center { get; init; }

    /// <summary>True when the record has any evidence of a plasma-cell disease or its treatment (contract section 3, last paragraph).</summary>
    public required bool HasMyelomaEvidence { get; init; }

    /// <summary>A resource that shows it by itself: of several the Condition that comes first, else the drug or result.</summary>
    public SourceId? MyelomaEvidenceSource { get; init; }

    /// <summary>What was found at diagnosis.</summary>
    public Diagnosis Diagnosis { get; init; } = Diagnosis.None;

    /// <summary>Laboratory, immunofixation and marrow results.</summary>
    public ImmutableArray<Measurement> Measurements { get; init; } = [];

    /// <summary>Immunofixation results.</summary>
    public ImmutableArray<Immunofixation> Immunofixations { get; init; } = [];

    /// <summary>Clonality of marrow plasma cells.</summary>
    public ImmutableArray<MarrowClonality> Clonality { get; init; } = [];

    /// <summary>Plasmacytomas and bone lesions.</summary>
    public ImmutableArray<LesionFinding> Lesions { get; init; } = [];

    /// <summary>Results of an assay that separates the drug's band from disease (R-INT-7).</summary>
    public ImmutableArray<DrugBandAssay> DrugBandAssays { get; init; } = [];

    /// <summary>Minimal residual disease results.</summary>
    public ImmutableArray<MrdResult> Mrd { get; init; } = [];

    /// <summary>Drug administrations, statements and orders.</summary>
    public ImmutableArray<DrugExposure> Drugs { get; init; } = [];

    /// <summary>Transplants, mobilisation, CAR-T infusions and other procedures of therapy.</summary>
    public ImmutableArray<TherapyProcedure> Procedures { get; init; } = [];

    /// <summary>Planned sequences (CarePlan, MedicationRequest with intent plan).</summary>
    public ImmutableArray<PlannedTherapy> Plans { get; init; } = [];

    /// <summary>Categories of response that the hospital stated.</summary>
    public ImmutableArray<StatedResponse> StatedResponses { get; init; } = [];

    /// <summary>Cycle counts that the hospital documented.</summary>
    public ImmutableArray<DocumentedCycles> DocumentedCycles { get; init; } = [];

    /// <summary>Washouts between the anti-CD38 antibodies that the hospital stated.</summary>
    public ImmutableArray<StatedWashout> StatedWashouts { get; init; } = [];

    /// <summary>Line numbers that a curator stated.</summary>
    public ImmutableArray<StatedLine> StatedLines { get; init; } = [];

    /// <summary>Refractoriness that a clinician asserted.</summary>
    public ImmutableArray<StatedRefractoriness> StatedRefractoriness { get; init; } = [];

    /// <summary>Progression that a clinician asserted, e.g. a relapse recorded as a Condition.</summary>
    public ImmutableArray<StatedProgression> StatedProgressions { get; init; } = [];
}
