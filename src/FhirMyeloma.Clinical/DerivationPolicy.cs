using System.Collections.Immutable;
using FhirMyeloma.Clinical.TimeToEvent;

namespace FhirMyeloma.Clinical;

/// <summary>Response rulesets by name.</summary>
public enum ResponseRuleset
{
    /// <summary><c>imwg-2016</c>, the default.</summary>
    Imwg2016,
    /// <summary><c>imwg-2006</c>.</summary>
    Imwg2006,
    /// <summary><c>imwg-2026-provisional</c>, off unless asked for.</summary>
    Imwg2026Provisional,
}

/// <summary>Line rulesets by name (d.1, d.2).</summary>
public enum LineRuleset
{
    /// <summary><c>rrs-2015</c>, the default.</summary>
    Rrs2015,
    /// <summary><c>rwd-28-90</c>.</summary>
    Rwd28_90,
    /// <summary><c>cibmtr</c>.</summary>
    Cibmtr,
}

/// <summary>What a missing urine result means for a 90 % fall in serum (a.3).</summary>
public enum UrinePolicy
{
    /// <summary><c>assume-negative-if-baseline-negative</c>, the default.</summary>
    AssumeNegativeIfBaselineNegative,
    /// <summary><c>strict</c>.</summary>
    Strict,
    /// <summary><c>ignore</c>.</summary>
    Ignore,
}

/// <summary>From which serum M-protein on a line is followed by it (R-MEAS-1, R-MEAS-6).</summary>
public enum MeasurableSerum
{
    /// <summary>1 g/dL, the default (R-MEAS-1).</summary>
    Standard,
    /// <summary><c>serum-0.5-non-igg</c>: 0.5 g/dL for IgA, IgD, IgE and IgM, 1 g/dL otherwise (R-MEAS-6, daratumumab trials).</summary>
    HalfGramNonIgG,
    /// <summary><c>serum-0.5</c>: 0.5 g/dL whatever the isotype (R-MEAS-6, isatuximab trials).</summary>
    HalfGram,
}

/// <summary>The choices that a study or registry may make otherwise; each travels to the output by name.</summary>
public sealed record DerivationPolicy
{
    /// <summary>The defaults of the clinical rules.</summary>
    public static DerivationPolicy Default { get; } = new();

    /// <summary>Response rulesets to derive under, in order.</summary>
    public ImmutableArray<ResponseRuleset> Rulesets { get; init; } = [ResponseRuleset.Imwg2016];

    /// <summary>Line ruleset.</summary>
    public LineRuleset LineRuleset { get; init; }

    /// <summary>Urine policy.</summary>
    public UrinePolicy UrinePolicy { get; init; }

    /// <summary>Days before the first dose within which a baseline counts as recent (R-BASE-1).</summary>
    public int BaselineWindowDays { get; init; } = 42;

    /// <summary>Days within which serum and urine results are one assessment, and baselines of one date (a.10).</summary>
    public int SameAssessmentDays { get; init; } = 7;

    /// <summary>Days that marrow may lie from the assessment that it supports (a.7).</summary>
    public int MarrowCarryDays { get; init; } = 60;

    /// <summary>Days after the last antibody dose during which a band may be the drug (section b).</summary>
    public int DrugBandDays { get; init; } = 180;

    /// <summary>Days after the last dose within which progression counts as refractory (R-REF-2).</summary>
    public int RefractoryDays { get; init; } = 60;

    /// <summary>MR by light chains (h.1, <c>FlcMinimalResponse</c>); off: IMWG does not define it.</summary>
    public bool FlcMinimalResponse { get; init; }

    /// <summary>Compare PD with the lowest single value instead of the lowest confirmed one (<c>nadir=lowest</c>, R-NADIR-1).</summary>
    public bool NadirLowestSingle { get; init; }

    /// <summary>Two markers that meet PD on one date confirm each other (<c>progression-confirmation=two-markers</c>, R-CONF-6).</summary>
    public bool TwoMarkerProgression { get; init; }

    /// <summary>Measurable serum M-protein as trials set it (<c>measurable-disease</c>, R-MEAS-6).</summary>
    public MeasurableSerum MeasurableSerum { get; init; }

    /// <summary>Events and censoring of times to event (section i).</summary>
    public TimeToEventPolicy TimeToEvent { get; init; } = TimeToEventPolicy.Default;
}
