using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Clinical.Washout;

namespace FhirMyeloma.Clinical;

/// <summary>Everything derived for one patient under one policy.</summary>
public sealed record DerivedCase
{
    /// <summary>The policy that decided.</summary>
    public required DerivationPolicy Policy { get; init; }

    /// <summary>Lines of therapy, in order.</summary>
    public required ImmutableArray<LineOfTherapy> Lines { get; init; }

    /// <summary>Antibody switches in time order; exactly one record without value when there is no switch.</summary>
    public required ImmutableArray<AntibodySwitch> Switches { get; init; }

    /// <summary>What depends on the response ruleset, one per ruleset asked for, in the order asked.</summary>
    public required ImmutableArray<RulesetResults> ByRuleset { get; init; }

    /// <summary>Minimal-residual-disease results, in date order.</summary>
    public required ImmutableArray<MrdStatus> Mrd { get; init; }

    /// <summary>ISS, R-ISS and R2-ISS, in this order.</summary>
    public required ImmutableArray<StageResult> Stages { get; init; }

    /// <summary>Cytogenetic risk, one per definition.</summary>
    public required ImmutableArray<CytogeneticRisk> Risks { get; init; }

    /// <summary>Contradictions in the record.</summary>
    public ImmutableArray<Contradiction> Contradictions { get; init; } = [];
}

/// <summary>What depends on the response ruleset.</summary>
/// <param name="Ruleset">Which ruleset.</param>
/// <param name="Responses">One per line, in order.</param>
/// <param name="Refractoriness">One per drug and line.</param>
/// <param name="ClassRefractoriness">One per patient.</param>
/// <param name="ReportedChecks">One per stated category.</param>
public sealed record RulesetResults(
    ResponseRuleset Ruleset,
    ImmutableArray<LineResponse> Responses,
    ImmutableArray<DrugRefractoriness> Refractoriness,
    ClassRefractoriness ClassRefractoriness,
    ImmutableArray<ReportedResponseCheck> ReportedChecks)
{
    /// <summary>Times to event: overall survival from diagnosis, then those of every line, in order (section i).</summary>
    public ImmutableArray<EndpointResult> TimesToEvent { get; init; } = [];
}

/// <summary>Two facts that cannot both be right.</summary>
/// <param name="Kind">What contradicts what.</param>
/// <param name="Sources">The two sides.</param>
public sealed record Contradiction(ContradictionKind Kind, ImmutableArray<SourceId> Sources);

/// <summary>What contradicts what.</summary>
public enum ContradictionKind
{
    /// <summary>Two different final values of one marker on one day.</summary>
    ValuesOfOneSample,
    /// <summary>A stated category outside the derived bounds.</summary>
    ReportedResponse,
    /// <summary>A stated stage outside the computed bounds.</summary>
    ReportedStage,
    /// <summary>A dose before the diagnosis.</summary>
    DoseBeforeDiagnosis,
    /// <summary>A dose before birth.</summary>
    DoseBeforeBirth,
    /// <summary>A dose after death.</summary>
    DoseAfterDeath,
    /// <summary>A period that ends before it starts.</summary>
    ReversedPeriod,
    /// <summary>The same value to the digit on different dates.</summary>
    CopiedValue,
    /// <summary>A statement's last dose differs from the administrations' (R-WO-5).</summary>
    StatementAgainstAdministration,
    /// <summary>Documented cycles differ from those counted by more than one.</summary>
    DocumentedCycles,
    /// <summary>A band of drug size in a patient whose clone cannot make it.</summary>
    DrugBandAsDisease,
    /// <summary>A dose later than the bundle's timestamp.</summary>
    FutureDose,
    /// <summary>A stated washout that no switch between the antibodies allows.</summary>
    WashoutStated,
    /// <summary>A category stated before the first dose of the record.</summary>
    ResponseBeforeFirstDose,
    /// <summary>A result or procedure after death.</summary>
    ResultAfterDeath,
    /// <summary>A transplant in no line that holds a drug.</summary>
    TransplantWithoutLine,
    /// <summary>An assay finds the band of an anti-CD38 antibody in a patient who had none.</summary>
    DrugBandWithoutDrug,
}
