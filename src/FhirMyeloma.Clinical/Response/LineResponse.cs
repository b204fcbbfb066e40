using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>The frozen measurable-disease set of a line (R-MEAS-7).</summary>
public enum MeasurableBy { Unknown, Serum, Urine, SerumAndUrine, Flc, Marrow, Lesion, None }

/// <summary>The marker that decided a category.</summary>
public enum ResponseMarker
{
    /// <summary>Serum M-protein, g/dL.</summary>
    SerumM,
    /// <summary>Urine M-protein, mg per 24 h.</summary>
    UrineM,
    /// <summary>Involved minus uninvolved free light chain, mg/L.</summary>
    Dflc,
    /// <summary>Marrow plasma cells, %.</summary>
    Marrow,
    /// <summary>Lesions.</summary>
    Lesion,
}

/// <summary>What a better category would need and the record lacks.</summary>
public enum MissingInput { Baseline, Serum, Urine, Flc, FlcRatio, IfeSerum, IfeUrine, Bmpc, Clonality, Lesion }

/// <summary>How strongly the residual band suggests the drug (section b).</summary>
public enum InterferenceStrength { Strong, Weak }

/// <summary>The response of one line under one ruleset (section a).</summary>
public sealed record LineResponse
{
    /// <summary>The line's number.</summary>
    public required int Line { get; init; }

    /// <summary>The deepest category reached; NE when not evaluable; PD when it is all there is.</summary>
    public required ResponseLevel Best { get; init; }

    /// <summary>Best equals best-confirmed (PD: when the progression is confirmed; NE: always).</summary>
    public required bool IsFinal { get; init; }

    /// <summary>Deepest category that two consecutive assessments hold (R-CONF-2, R-CONF-5).</summary>
    public required ResponseLevel BestConfirmed { get; init; }

    /// <summary>The category without assumptions about missing serum or urine.</summary>
    public required ResponseLevel Strict { get; init; }

    /// <summary>The category with missing urine ignored.</summary>
    public required ResponseLevel Relaxed { get; init; }

    /// <summary>The worst category that any values of the missing inputs would give.</summary>
    public required ResponseLevel BoundWorst { get; init; }

    /// <summary>The best category that any values of the missing inputs would give.</summary>
    public required ResponseLevel BoundBest { get; init; }

    /// <summary>The frozen set.</summary>
    public required MeasurableBy MeasurableBy { get; init; }

    /// <summary>The marker that decided; with two the worse; null when none did.</summary>
    public ResponseMarker? Marker { get; init; }

    /// <summary>Baseline of <see cref="Marker"/>.</summary>
    public DatedReading? Baseline { get; init; }

    /// <summary>Nadir of <see cref="Marker"/> in the line.</summary>
    public DatedReading? Nadir { get; init; }

    /// <summary>Last value of <see cref="Marker"/> in the line.</summary>
    public DatedReading? Last { get; init; }

    /// <summary>The value of <see cref="Marker"/> at the assessment that decided <see cref="Best"/>.</summary>
    public DatedReading? Deciding { get; init; }

    /// <summary>100·(deciding − baseline)/baseline, unrounded; a fall is negative; null without both or with baseline 0.</summary>
    public decimal? PercentChange { get; init; }

    /// <summary>Rule id of the rung or progression that decided <see cref="Best"/>, e.g. <c>IMWG-2016/VGPR</c>, <c>R-PD-1</c>.</summary>
    public string? Criterion { get; init; }

    /// <summary>First confirmed progression of the line; without one the first that no sample refuted.</summary>
    public Progression? Progression { get; init; }

    /// <summary>Relapse from CR (disease-free survival only).</summary>
    public ClinicalDate? RelapseFromCr { get; init; }

    /// <summary>Relapse from MRD negativity (disease-free survival only).</summary>
    public ClinicalDate? RelapseFromMrdNegative { get; init; }

    /// <summary>Clinical relapse (never for progression-free survival).</summary>
    public ClinicalDate? ClinicalRelapse { get; init; }

    /// <summary>First date of PR or better.</summary>
    public ClinicalDate? FirstResponse { get; init; }

    /// <summary>First date of <see cref="Best"/>.</summary>
    public ClinicalDate? BestResponse { get; init; }

    /// <summary>The category that would hold if the residual band were the drug.</summary>
    public ResponseLevel? IfDrugBand { get; init; }

    /// <summary>What the line would have reached had 0.20 g/dL of its serum baseline been the antibody given before it; null where none can be (section b).</summary>
    public DrugAtBaseline? IfDrugAtBaseline { get; init; }

    /// <summary>Strength of the suspicion of a drug band.</summary>
    public InterferenceStrength? Interference { get; init; }

    /// <summary>Date of the baseline: the deciding marker's, else the earliest baseline; null without one.</summary>
    public ClinicalDate? PeriodStart { get; init; }

    /// <summary>Date of the last assessment; null without one.</summary>
    public ClinicalDate? PeriodEnd { get; init; }

    /// <summary>Caveats.</summary>
    public ImmutableArray<Flag> Flags { get; init; } = [];

    /// <summary>What is missing for a better category, or for any.</summary>
    public ImmutableArray<MissingInput> Missing { get; init; } = [];

    /// <summary>The inputs that decided it: with the Patient they give it again, and none of them can go.</summary>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.Nothing;

    /// <summary>Why the category is not a better one; null for PD and NE.</summary>
    public Withheld? Withheld { get => Why.Withheld; init => Why = new(null, value); }

    internal Why Why { get; init; } = Why.Nothing;

    /// <summary>Policies without which the line would be judged otherwise, e.g. <c>nadir=lowest</c>; empty under the defaults.</summary>
    public ImmutableArray<string> Policies { get; init; } = [];

    /// <summary>The dates that a component or flag of the line speaks of.</summary>
    internal Lazy<ImmutableHashSet<ClinicalDate>> SpeakingDates { get; init; } = new([]);

    /// <summary>What components and flags rest on beside those dates.</summary>
    internal Cited Speaking { get; init; } = Cited.Nothing;

    /// <summary>Every assessment of the line, in date order.</summary>
    public ImmutableArray<ResponseAt> Assessments { get; init; } = [];
}

/// <summary>The response of a line whose baseline held antibody.</summary>
/// <param name="Best">The deepest category.</param>
/// <param name="PercentChange">Serum M-protein at the date that decides, against that baseline; null when nothing decides.</param>
public readonly record struct DrugAtBaseline(ResponseLevel Best, decimal? PercentChange);

/// <summary>A value with its date.</summary>
/// <param name="Value">The value in the marker's unit.</param>
/// <param name="Date">Date of the sample.</param>
/// <param name="IsDiameter">A longest diameter in mm, where the marker is lesions and no sum of products (mm2) was sent.</param>
public readonly record struct DatedReading(Reading Value, ClinicalDate Date, bool IsDiameter = false);

/// <summary>A progression of the line.</summary>
/// <param name="Date">First of the two confirming dates (R-TTE-13).</param>
/// <param name="Criterion">Rule id, e.g. <c>R-PD-4</c>.</param>
/// <param name="Confirmed">By the next evaluable sample, by imaging or by death (R-CONF-4, R-CONF-7).</param>
/// <param name="ConfirmedDate">Date of the confirming sample.</param>
/// <param name="Sources">The inputs that show it: nadir, the value, the confirming value.</param>
public sealed record Progression(ClinicalDate Date, string Criterion, bool Confirmed, ClinicalDate? ConfirmedDate, ImmutableArray<SourceId> Sources)
{
    /// <inheritdoc cref="Cited"/>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.These(Sources);
}

/// <summary>The category at one date of a line.</summary>
public sealed record ResponseAt
{
    /// <summary>The line's number.</summary>
    public required int Line { get; init; }

    /// <summary>The assessment date.</summary>
    public required ClinicalDate Date { get; init; }

    /// <summary>The category.</summary>
    public required ResponseLevel Level { get; init; }

    /// <summary>Held or deepened by the next evaluable assessment (R-CONF-2); PD by R-CONF-7; marrow and imaging yes; NE no.</summary>
    public required bool Confirmed { get; init; }

    /// <summary><c>final</c> when confirmed or NE.</summary>
    public bool IsFinal => Confirmed || Level == ResponseLevel.NotEvaluable;

    /// <summary>The marker that decided.</summary>
    public ResponseMarker? Marker { get; init; }

    /// <summary>Its value at this date.</summary>
    public DatedReading? Value { get; init; }

    /// <summary>Its baseline.</summary>
    public DatedReading? Baseline { get; init; }

    /// <summary>Its nadir before this date, when progression was tested.</summary>
    public DatedReading? Nadir { get; init; }

    /// <summary>100·(value − baseline)/baseline, unrounded.</summary>
    public decimal? PercentChange { get; init; }

    /// <summary>Rule id that decided.</summary>
    public string? Criterion { get; init; }

    /// <summary>Without assumptions.</summary>
    public required ResponseLevel Strict { get; init; }

    /// <summary>With missing urine ignored.</summary>
    public required ResponseLevel Relaxed { get; init; }

    /// <summary>Worst possible.</summary>
    public required ResponseLevel BoundWorst { get; init; }

    /// <summary>Best possible.</summary>
    public required ResponseLevel BoundBest { get; init; }

    /// <summary>Caveats.</summary>
    public ImmutableArray<Flag> Flags { get; init; } = [];

    /// <summary>Why the category is not a better one; null for PD and NE.</summary>
    public Withheld? Withheld { get => Why.Withheld; init => Why = new(null, value); }

    internal Why Why { get; init; } = Why.Nothing;

    /// <summary>Policies without which the date would be judged otherwise, e.g. <c>urine-policy=strict</c>; empty under the defaults.</summary>
    public ImmutableArray<string> Policies { get; init; } = [];

    /// <summary>What is missing.</summary>
    public ImmutableArray<MissingInput> Missing { get; init; } = [];

    /// <summary>The inputs that decided it: with the Patient they give it again, and none of them can go.</summary>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.Nothing;

    /// <summary>In the plain case what decided it, the doses of the line aside; nothing where the case is not plain.</summary>
    internal Cited Plain { get; init; } = Cited.Nothing;
}

/// <summary>A stated category held against the derived one.</summary>
/// <param name="Line">The line in which its date falls; null when none.</param>
/// <param name="Date">The stated date.</param>
/// <param name="Order">Distinguishes several of one date.</param>
/// <param name="Reported">What was stated.</param>
/// <param name="Derived">Best of the line; null without one.</param>
/// <param name="Verdict">Agrees, contradicted or not derivable.</param>
/// <param name="Missing">What would settle it.</param>
/// <param name="Criterion">Rule id that decided the verdict.</param>
/// <param name="Sources">The statement and the line's deciding inputs.</param>
public sealed record ReportedResponseCheck(
    int? Line,
    ClinicalDate? Date,
    int Order,
    ResponseLevel Reported,
    ResponseLevel? Derived,
    ReportedVerdict Verdict,
    ImmutableArray<MissingInput> Missing,
    string Criterion,
    ImmutableArray<SourceId> Sources)
{
    /// <inheritdoc cref="Cited"/>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.These(Sources);
}

/// <summary>Verdict on a stated category.</summary>
public enum ReportedVerdict
{
    /// <summary>Equals the derived best.</summary>
    Agrees,
    /// <summary>Outside the bounds.</summary>
    Contradicted,
    /// <summary>Inside the bounds, not equal.</summary>
    NotDerivable,
}

/// <summary>Status of a minimal-residual-disease result (a.5).</summary>
public enum MrdStatusCode { Negative, Positive, SustainedNegative, NotEvaluable }

/// <summary>One minimal-residual-disease result judged by a.5.</summary>
/// <param name="Date">Date of the sample.</param>
/// <param name="Status">The status.</param>
/// <param name="Method">How it was measured.</param>
/// <param name="Sensitivity">Detection limit as a fraction; null when not stated.</param>
/// <param name="Criterion">Rule id.</param>
/// <param name="Flags">Caveats.</param>
/// <param name="Sources">The result and what it rests on.</param>
public sealed record MrdStatus(
    ClinicalDate Date, MrdStatusCode Status, Cases.MrdMethod Method, decimal? Sensitivity, string Criterion, ImmutableArray<Flag> Flags, ImmutableArray<SourceId> Sources)
{
    /// <inheritdoc cref="Cited"/>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.These(Sources);
}
