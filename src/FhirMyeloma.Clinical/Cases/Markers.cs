using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>What a measurement measures; each has one unit (R-UNIT-1).</summary>
public enum Marker
{
    /// <summary>Serum M-protein, g/dL.</summary>
    SerumMProtein,
    /// <summary>Urine M-protein, mg per 24 h.</summary>
    UrineMProtein,
    /// <summary>Serum free kappa, mg/L.</summary>
    FlcKappa,
    /// <summary>Serum free lambda, mg/L.</summary>
    FlcLambda,
    /// <summary>Serum free kappa/lambda ratio, no unit.</summary>
    FlcRatio,
    /// <summary>Plasma cells in the marrow (aspirate or biopsy), %.</summary>
    MarrowPlasmaCells,
    /// <summary>Aberrant plasma cells by flow, %; never for the 5 % rule of CR.</summary>
    AberrantPlasmaCellsByFlow,
    /// <summary>Circulating plasma cells, per microlitre.</summary>
    CirculatingPlasmaCells,
    /// <summary>Serum beta-2 microglobulin, mg/L.</summary>
    Beta2Microglobulin,
    /// <summary>Serum albumin, g/dL.</summary>
    Albumin,
    /// <summary>Serum LDH, U/L, to be read against its own upper limit.</summary>
    Ldh,
    /// <summary>Serum creatinine, mg/dL.</summary>
    Creatinine,
    /// <summary>Serum calcium, mg/dL.</summary>
    Calcium,
    /// <summary>Serum calcium corrected for albumin, mg/dL.</summary>
    CalciumCorrected,
    /// <summary>Haemoglobin, g/dL.</summary>
    Hemoglobin,
    /// <summary>Serum IgG, mg/dL.</summary>
    IgG,
    /// <summary>Serum IgA, mg/dL.</summary>
    IgA,
    /// <summary>Serum IgM, mg/dL.</summary>
    IgM,
    /// <summary>Serum total protein, g/dL.</summary>
    TotalProtein,
    /// <summary>Total urine protein, mg per 24 h.</summary>
    UrineTotalProtein,
}

/// <summary>Standing of a result (R-UNIT-8). Excluded statuses never reach the case.</summary>
public enum ResultStatus
{
    /// <summary>final, amended or corrected.</summary>
    Final,
    /// <summary>preliminary or registered: used only when the sample has no final result.</summary>
    Preliminary,
}

/// <summary>One measured value of one marker on one date.</summary>
public sealed record Measurement
{
    /// <summary>What was measured.</summary>
    public required Marker Marker { get; init; }

    /// <summary>The value or range in the marker's unit; <see cref="Reading.Any"/> for a sample that was measured and whose value is not known.</summary>
    public required Reading Value { get; init; }

    /// <summary>Date of the sample as written.</summary>
    public required ClinicalDate Date { get; init; }

    /// <summary>Where from.</summary>
    public required SourceId Source { get; init; }

    /// <summary>Final or preliminary.</summary>
    public ResultStatus Status { get; init; }

    /// <summary>
    /// R-UNIT-7: the text says that a band is there but cannot be quantified ("present, too small to quantify"): immunofixation positive, electrophoresis not measurable.
    /// <see cref="Value"/> is then 0.
    /// </summary>
    public bool PresentNotQuantifiable { get; init; }

    /// <summary>The value was given as words ("No MC", "not detected"), which means measured and 0; never a duplicate value.</summary>
    public bool FromText { get; init; }

    /// <summary>Number of the band (1, 2, 3) when the sample reports bands separately; bands of one sample are summed (R-UNIT-11).</summary>
    public int? Band { get; init; }

    /// <summary>Isotype of the band, when the result states it: heavy chain.</summary>
    public HeavyChain BandHeavyChain { get; init; }

    /// <summary>Isotype of the band, when the result states it: light chain.</summary>
    public LightChain BandLightChain { get; init; }

    /// <summary>Lower limit of the laboratory's own reference range, in the marker's unit.</summary>
    public decimal? ReferenceLow { get; init; }

    /// <summary>Upper limit of the laboratory's own reference range, in the marker's unit.</summary>
    public decimal? ReferenceHigh { get; init; }

    /// <summary>False for a free light chain sent without unit: it may serve a ratio of the same report only (R-UNIT-3).</summary>
    public bool HasUnit { get; init; } = true;

    /// <summary>The unit as sent, for "same (or no) unit" of R-UNIT-3; null when none.</summary>
    public string? UnitAsSent { get; init; }

    /// <summary>Names the report (panel, DiagnosticReport) that both operands of a ratio without unit must share; null when none.</summary>
    public string? Report { get; init; }

    /// <summary>Laboratory or method as stated; a change inside a line is flagged (R-UNIT-9). Null when not stated.</summary>
    public string? Method { get; init; }

    /// <summary>The hospital marked it spurious (R-NADIR-2): excluded from the nadir.</summary>
    public bool Spurious { get; init; }

    /// <summary>The volume of the 24-hour collection that made a concentration an excretion (R-CODE-6); null otherwise.</summary>
    public SourceId? VolumeSource { get; init; }

    /// <summary>Where it is marked spurious; null when the result itself says so, or nothing does.</summary>
    public SourceId? SpuriousSource { get; init; }
}

/// <summary>Where an immunofixation was done.</summary>
public enum ImmunofixationSample { Serum, Urine }

/// <summary>One immunofixation result.</summary>
/// <param name="Sample">Serum or urine.</param>
/// <param name="Positive">Met: a monoclonal band; NotMet: none; Unknown: reported without a clear result.</param>
/// <param name="Date">Date of the sample as written.</param>
/// <param name="Source">Where from.</param>
public sealed record Immunofixation(ImmunofixationSample Sample, Tri Positive, ClinicalDate Date, SourceId Source)
{
    /// <summary>Heavy chain of the band, when stated.</summary>
    public HeavyChain BandHeavyChain { get; init; }

    /// <summary>Light chain of the band, when stated.</summary>
    public LightChain BandLightChain { get; init; }

    /// <summary>Final or preliminary.</summary>
    public ResultStatus Status { get; init; }
}

/// <summary>Whether the marrow's plasma cells are clonal by immunohistochemistry or flow (sCR, a.3).</summary>
/// <param name="Clonal">Met: clonal cells present; NotMet: absent; Unknown: looked at, the result is not known.</param>
/// <param name="Date">Date of the marrow as written.</param>
/// <param name="Source">Where from.</param>
public sealed record MarrowClonality(Tri Clonal, ClinicalDate Date, SourceId Source);

/// <summary>What is said of a lesion.</summary>
public enum LesionMeasure
{
    /// <summary>Sum of the products of the diameters, mm2.</summary>
    Spd,
    /// <summary>Longest diameter, mm.</summary>
    LongestDiameter,
    /// <summary>A new lesion (Value 1) or explicitly none (Value 0).</summary>
    NewLesion,
    /// <summary>All plasmacytomas gone (Value 1) or still there (Value 0).</summary>
    Gone,
}

/// <summary>A plasmacytoma or bone lesion as seen on imaging.</summary>
/// <param name="Measure">What is said.</param>
/// <param name="Value">The number in the measure's unit.</param>
/// <param name="Date">Date of the imaging as written.</param>
/// <param name="Source">Where from.</param>
/// <param name="Lesion">Names the lesion when several are followed; null for the sum or the only one.</param>
public sealed record LesionFinding(LesionMeasure Measure, Reading Value, ClinicalDate Date, SourceId Source, string? Lesion = null);

/// <summary>Result of DIRA, Hydrashift or mass spectrometry (R-INT-7).</summary>
/// <param name="Shifted">Met: the band is the drug; NotMet: a band remains, it is disease.</param>
/// <param name="Date">Date of the sample as written.</param>
/// <param name="Source">Where from.</param>
public sealed record DrugBandAssay(Tri Shifted, ClinicalDate Date, SourceId Source);

/// <summary>How minimal residual disease was measured.</summary>
public enum MrdMethod
{
    /// <summary>Not stated.</summary>
    Unknown,
    /// <summary>Next-generation flow.</summary>
    Flow,
    /// <summary>Next-generation sequencing.</summary>
    Sequencing,
    /// <summary>Imaging (PET-CT).</summary>
    Imaging,
}

/// <summary>One minimal-residual-disease result.</summary>
/// <param name="Negative">Met: negative; NotMet: positive.</param>
/// <param name="Method">How.</param>
/// <param name="Sensitivity">Detection limit as a fraction of nucleated cells, e.g. 0.00001; null when not stated.</param>
/// <param name="Date">Date of the sample as written.</param>
/// <param name="Source">Where from.</param>
public sealed record MrdResult(Tri Negative, MrdMethod Method, decimal? Sensitivity, ClinicalDate Date, SourceId Source)
{
    /// <summary>Final or preliminary (R-UNIT-8).</summary>
    public ResultStatus Status { get; init; }
}
