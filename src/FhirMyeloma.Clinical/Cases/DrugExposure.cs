using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>Active ingredients that the rules know, after normalising salts, biosimilars, routes and brands (R-WO-6, section e).</summary>
public enum Drug
{
    Daratumumab, Isatuximab, Elotuzumab, BelantamabMafodotin,
    Teclistamab, Talquetamab, Elranatamab, Linvoseltamab,
    CiltaCel, IdeCel,
    Bortezomib, Carfilzomib, Ixazomib,
    Lenalidomide, Pomalidomide, Thalidomide,
    Cyclophosphamide, Melphalan, Bendamustine, Doxorubicin, Etoposide, Cisplatin, Vincristine, Fludarabine,
    Venetoclax, Selinexor, Panobinostat,
    Dexamethasone, Prednisone, Methylprednisolone,
    Filgrastim, Plerixafor,
    /// <summary>Other anti-CD38 antibodies (MOR202, mezagitamab): recognised, outside the washout (R-WO-8).</summary>
    OtherAntiCd38,
}

/// <summary>How strong the evidence of an exposure is (R-WO-5): Administration over Statement over Request.</summary>
public enum ExposureEvidence { Administration, Statement, Order }

/// <summary>Standing of an exposure (R-WO-4, R-WO-5). Excluded statuses (not-done, entered-in-error, on-hold, intended …) never reach the case.</summary>
public enum ExposureStatus
{
    /// <summary>Counts.</summary>
    Counted,
    /// <summary>Stopped with a dose given: counts, flag ABORTED_INFUSION.</summary>
    Aborted,
    /// <summary>Status unknown: does not count, but its date may give a range, flag STATUS_UNKNOWN.</summary>
    Unknown,
}

/// <summary>
/// One administration, statement or order of one drug. An administration has one date (R-WO-3: start, else end);
/// a statement or order has a period, open when <see cref="End"/> is null.
/// </summary>
public sealed record DrugExposure
{
    /// <summary>The active ingredient.</summary>
    public required Drug Drug { get; init; }

    /// <summary>Administration, statement or order.</summary>
    public required ExposureEvidence Evidence { get; init; }

    /// <summary>Whether it counts.</summary>
    public ExposureStatus Status { get; init; }

    /// <summary>Date of the dose, or first day of the period, as written; null when only an end is known.</summary>
    public ClinicalDate? Start { get; init; }

    /// <summary>Last day of a closed period; null for a single dose and for an open period.</summary>
    public ClinicalDate? End { get; init; }

    /// <summary>True when it is a period without end that is still running (statement active, order active).</summary>
    public bool IsOpenPeriod { get; init; }

    /// <summary>Where from.</summary>
    public required SourceId Source { get; init; }

    /// <summary>Intravenous route, when stated; high-dose melphalan is recognised by it (R-LOT-11).</summary>
    public bool? Intravenous { get; init; }

    /// <summary>Purpose stated as premedication, mobilisation, conditioning, lymphodepletion or bridging, when stated.</summary>
    public TherapyIntent Intent { get; init; }
}

/// <summary>Purpose of an exposure when the record states it.</summary>
public enum TherapyIntent { NotStated, Premedication, Mobilisation, Conditioning, Lymphodepletion, Bridging, Maintenance, Induction, Consolidation }

/// <summary>Procedures that belong to a line (R-LOT-5, R-LOT-11).</summary>
public enum TherapyProcedureKind
{
    /// <summary>Autologous stem-cell transplantation.</summary>
    AutologousTransplant,
    /// <summary>Allogeneic transplantation.</summary>
    AllogeneicTransplant,
    /// <summary>Transplantation, donor not stated.</summary>
    Transplant,
    /// <summary>Stem-cell collection.</summary>
    Apheresis,
    /// <summary>CAR-T infusion.</summary>
    CarT,
    /// <summary>Radiotherapy.</summary>
    Radiotherapy,
}

/// <summary>A completed procedure of therapy.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Date">When, as written.</param>
/// <param name="Source">Where from.</param>
public sealed record TherapyProcedure(TherapyProcedureKind Kind, ClinicalDate Date, SourceId Source)
{
    /// <summary>The record says that it is one of a planned tandem (R-LOT-5).</summary>
    public bool PlannedTandem { get; init; }
}

/// <summary>A planned sequence: the drugs (or transplant) that the plan foresees and when it was made.</summary>
/// <param name="Drugs">The drugs planned.</param>
/// <param name="Transplant">A transplant is planned.</param>
/// <param name="Start">When the plan begins or was written; null when not stated.</param>
/// <param name="Source">Where from.</param>
public sealed record PlannedTherapy(ImmutableArray<Drug> Drugs, bool Transplant, ClinicalDate? Start, SourceId Source)
{
    /// <summary>Two transplants are planned as a tandem (R-LOT-5).</summary>
    public bool Tandem { get; init; }
}

/// <summary>A cycle count that the hospital documented.</summary>
/// <param name="Cycles">How many.</param>
/// <param name="Date">Date of the statement: falls in the line.</param>
/// <param name="Source">Where from.</param>
public sealed record DocumentedCycles(int Cycles, ClinicalDate Date, SourceId Source);

/// <summary>A washout that the hospital stated; held against the doses, never used in their place.</summary>
/// <param name="Days">The days that the statement can mean; weeks and months are rounded.</param>
/// <param name="Date">Date of the statement, when stated.</param>
/// <param name="Source">Where from.</param>
public sealed record StatedWashout(DaySpan Days, ClinicalDate? Date, SourceId Source);

/// <summary>A line number that a curator stated.</summary>
/// <param name="Number">The line number.</param>
/// <param name="Start">First day of the line, as written.</param>
/// <param name="End">Last day, when stated.</param>
/// <param name="Source">Where from.</param>
public sealed record StatedLine(int Number, ClinicalDate Start, ClinicalDate? End, SourceId Source);

/// <summary>A response category that the hospital stated.</summary>
/// <param name="Level">The category.</param>
/// <param name="Date">Its date, which decides the line; null when not stated.</param>
/// <param name="Source">Where from.</param>
/// <param name="Order">Distinguishes several statements of one date; 0 for the first by source.</param>
public sealed record StatedResponse(Response.ResponseLevel Level, ClinicalDate? Date, SourceId Source, int Order = 0);

/// <summary>A clinician's assertion that the disease is refractory (CLINICIAN_REFRACTORY).</summary>
/// <param name="Drug">To which drug; null when not said.</param>
/// <param name="Date">When, if stated.</param>
/// <param name="Source">Where from.</param>
public sealed record StatedRefractoriness(Drug? Drug, ClinicalDate? Date, SourceId Source);

/// <summary>A clinician's assertion of progression or relapse.</summary>
/// <param name="Date">When.</param>
/// <param name="Source">Where from.</param>
public sealed record StatedProgression(ClinicalDate Date, SourceId Source);
