using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Washout;

/// <summary>
/// A change from one anti-CD38 antibody to the other with the days between (section g), or, when there is none, the one record that says why.
/// </summary>
public sealed record AntibodySwitch
{
    /// <summary>The antibody before.</summary>
    public Drug? From { get; init; }

    /// <summary>The antibody after.</summary>
    public Drug? To { get; init; }

    /// <summary>1 for the first switch of this direction; 0 when there is no switch.</summary>
    public int Ordinal { get; init; }

    /// <summary>Last dose of <see cref="From"/> before the first of <see cref="To"/>.</summary>
    public ClinicalDate? LastDose { get; init; }

    /// <summary>First dose of <see cref="To"/>.</summary>
    public ClinicalDate? FirstDose { get; init; }

    /// <summary>The days between (R-WO-1), clipped at 0; null when there is no value (<see cref="Reason"/> says why).</summary>
    public DaySpan? Days { get; init; }

    /// <summary>The days when an end rests on orders only; never a value.</summary>
    public DaySpan? Estimated { get; init; }

    /// <summary>The first daratumumab to isatuximab switch.</summary>
    public bool Primary { get; init; }

    /// <summary>By calendar months at each end of the range.</summary>
    public WashoutCategory Category { get; init; }

    /// <summary>A dose of <see cref="From"/> on or after the first of <see cref="To"/> (R-WO-9).</summary>
    public bool Overlap { get; init; }

    /// <summary>Lines between the two that hold neither antibody (R-WO-11).</summary>
    public int InterveningLines { get; init; }

    /// <summary>Evidence of the weaker end.</summary>
    public ExposureEvidence? EvidenceLevel { get; init; }

    /// <summary>Why there is no value.</summary>
    public NoWashoutReason? Reason { get; init; }

    /// <summary>Best response of the last line that held <see cref="From"/> (R-WO-12).</summary>
    public ResponseLevel? LastLineResponse { get; init; }

    /// <summary>Refractory to <see cref="From"/> at its last line (R-WO-12); Unknown when not determinable.</summary>
    public Tri RefractoryAtLast { get; init; }

    /// <summary>Caveats.</summary>
    public ImmutableArray<Flag> Flags { get; init; } = [];

    /// <summary>What decided it: the last and the first dose, and what the context rests on.</summary>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.Nothing;
}

/// <summary>Washout category by calendar months.</summary>
public enum WashoutCategory
{
    /// <summary>The ends of the range fall in different categories, or there is no value.</summary>
    Indeterminate,
    /// <summary>Less than 3 months.</summary>
    LessThan3Months,
    /// <summary>From 3 to less than 6 months.</summary>
    From3To6Months,
    /// <summary>6 months or more.</summary>
    AtLeast6Months,
}

/// <summary>Why a washout has no value.</summary>
public enum NoWashoutReason
{
    /// <summary>Daratumumab, but no isatuximab.</summary>
    NoIsatuximab,
    /// <summary>Isatuximab, but no daratumumab.</summary>
    NoDaratumumab,
    /// <summary>Neither antibody.</summary>
    Neither,
    /// <summary>An end rests on orders only (R-WO-5).</summary>
    OrdersOnly,
    /// <summary>An open statement period hides the last dose (R-WO-5).</summary>
    EndUnknown,
}
