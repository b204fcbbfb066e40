namespace FhirMyeloma.Clinical.Evidence;

/// <summary>Caveats that travel with a result (clinical rules a.9); <see cref="Flags.Code"/> gives the code on the wire.</summary>
public enum Flag
{
    /// <summary>No urine result decided the set or the category and the policy assumed it negative.</summary>
    UrineAssumed,
    /// <summary>The category rests on one assessment.</summary>
    Unconfirmed,
    /// <summary>The rise meets PD against the lowest single value only, not against the confirmed nadir (R-NADIR-1).</summary>
    NadirUnconfirmed,
    /// <summary>A PD that the next evaluable sample refuted (R-CONF-7).</summary>
    PdNotConfirmed,
    /// <summary>Nothing measured contradicts CR, but items that CR needs are missing.</summary>
    CrCandidate,
    /// <summary>A small residual band under an anti-CD38 antibody in an IgG-kappa clone (section b).</summary>
    AntiCd38InterferencePossible,
    /// <summary>As <see cref="AntiCd38InterferencePossible"/>, at the baseline of the line.</summary>
    AntiCd38InterferencePossibleAtBaseline,
    /// <summary>A small residual band under an anti-CD38 antibody in a clone that is not IgG kappa (section b).</summary>
    DrugBandLikely,
    /// <summary>As <see cref="DrugBandLikely"/>, at the baseline of the line.</summary>
    DrugBandLikelyAtBaseline,
    /// <summary>The deciding fall lies within 2.00 points of a response threshold, or the rise from nadir of 25 %.</summary>
    Borderline,
    /// <summary>An IgA clone followed by electrophoresis only (R-UNIT-12).</summary>
    IgaBetaRegion,
    /// <summary>A value sent with a comparator, or measured and not known, leaves the category open (R-UNIT-6).</summary>
    CensoredValue,
    /// <summary>Some, not all, values of a range give PD.</summary>
    PdPossible,
    /// <summary>The baseline is older than 42 days before the first dose (R-BASE-1).</summary>
    BaselineOld,
    /// <summary>No value on or before the first dose, or the last one there is not known (R-BASE-1).</summary>
    BaselineMissing,
    /// <summary>Baseline dates of serum, urine and light chains lie more than 7 days apart.</summary>
    BaselineMixedDates,
    /// <summary>Laboratory or method changed inside the line (R-UNIT-9).</summary>
    MethodChanged,
    /// <summary>A preliminary result was used for want of a final one (R-UNIT-8).</summary>
    PreliminaryUsed,
    /// <summary>Different final values of one day; the range is used.</summary>
    ContradictoryValues,
    /// <summary>Serum M-protein was never measured and counts as not measurable (R-MEAS-7).</summary>
    SerumAssumed,
    /// <summary>Measurable urine without a urine result at the date (strict policy).</summary>
    UrineMissing,
    /// <summary>Measurable serum without a serum result at the date.</summary>
    SerumMissing,
    /// <summary>The same marker with an identical value to the digit on different dates.</summary>
    DuplicateValue,
    /// <summary>Washout of 0 to 60 days.</summary>
    NoWashout,
    /// <summary>A dose of the first antibody on or after the first dose of the second (R-WO-9).</summary>
    Overlap,
    /// <summary>A stopped administration with a dose given counts as exposure (R-WO-4).</summary>
    AbortedInfusion,
    /// <summary>Partial dates leave the order of the two ends open; bounds below 0 were clipped.</summary>
    OrderUncertain,
    /// <summary>An administration of unknown status would change the result; the range is given.</summary>
    StatusUnknown,
    /// <summary>The last dose is the end of a statement's period (R-WO-5).</summary>
    StatementEnd,
    /// <summary>A dose later than the bundle's timestamp.</summary>
    FutureDate,
    /// <summary>Less than one cycle of a regimen (R-LOT-10).</summary>
    SubCycle,
    /// <summary>A person should look at it.</summary>
    Review,
    /// <summary>The drug set has no name in the table.</summary>
    RegimenUnnamed,
    /// <summary>Cycles estimated from orders (d.4 rule 6).</summary>
    CyclesEstimated,
    /// <summary>Counted and documented cycles differ by more than one.</summary>
    CyclesDiffer,
    /// <summary>Melphalan on one or two days taken as transplant (R-LOT-11).</summary>
    TransplantAssumed,
    /// <summary>A curator stated the line.</summary>
    Curated,
    /// <summary>High risk rests on a deletion without band or fraction (f.2).</summary>
    HighRiskPresumed,
    /// <summary>LDH was not measured and the reported stage implies it.</summary>
    LdhAssumed,
}

/// <summary>The codes of <see cref="Flag"/> on the wire.</summary>
public static class Flags
{
    /// <summary>The code as printed in results, e.g. <c>URINE_ASSUMED</c>.</summary>
    public static string Code(this Flag flag) => flag switch
    {
        Flag.AntiCd38InterferencePossible => "ANTI_CD38_INTERFERENCE_POSSIBLE",
        Flag.AntiCd38InterferencePossibleAtBaseline => "ANTI_CD38_INTERFERENCE_POSSIBLE_AT_BASELINE",
        _ => SnakeCase(flag.ToString()),
    };

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));
}
