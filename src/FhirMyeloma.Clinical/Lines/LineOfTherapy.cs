using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>A line of therapy under one named ruleset (section d).</summary>
public sealed record LineOfTherapy
{
    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>First dose of the line.</summary>
    public required ClinicalDate First { get; init; }

    /// <summary>Last dose of the line in the record.</summary>
    public required ClinicalDate Last { get; init; }

    /// <summary>
    /// First dose of any anti-myeloma drug outside the line ("new therapy", R-CONF-4), whether or not that regimen counts as a line; null while there is none.
    /// A sample of that day still closes this line.
    /// </summary>
    public ClinicalDate? NewTherapy { get; init; }

    /// <summary>First dose of the previous line; no baseline is older (a.10 R-BASE-1).</summary>
    public ClinicalDate? PreviousLineStart { get; init; }

    /// <summary>Canonical regimen name of the drug set of the first 28 days (section e), generated when the table has none.</summary>
    public required string Regimen { get; init; }

    /// <summary>Every drug of the line with its first and last dose in it, by drug code.</summary>
    public required ImmutableArray<DrugPeriod> Drugs { get; init; }

    /// <summary>Cycles begun, by the anchor drug (d.4).</summary>
    public int? CyclesStarted { get; init; }

    /// <summary>Cycles completed.</summary>
    public int? CyclesCompleted { get; init; }

    /// <summary>Cycles as the hospital documented them; never overwritten.</summary>
    public int? CyclesDocumented { get; init; }

    /// <summary>Transplants in the line, in time order.</summary>
    public ImmutableArray<ClinicalDate> Transplants { get; init; } = [];

    /// <summary>Phases of a planned sequence, in time order.</summary>
    public ImmutableArray<TherapyPhase> Phases { get; init; } = [];

    /// <summary>Why the line began.</summary>
    public required LineStartReason StartReason { get; init; }

    /// <summary>Why it ended.</summary>
    public required LineEndReason EndReason { get; init; }

    /// <summary>Drugs that the line before did not hold, where a change of drugs began this one; by drug code.</summary>
    public ImmutableArray<Drug> NewDrugs { get; init; } = [];

    /// <summary>How sure the line's boundaries are.</summary>
    public required Confidence Confidence { get; init; }

    /// <summary>Why the confidence is not high: what set it, not what beside that makes no difference.</summary>
    public ImmutableArray<LineDoubt> Doubts { get; init; } = [];

    /// <summary>Rule ids that decided the boundaries, e.g. <c>R-LOT-4</c>.</summary>
    public ImmutableArray<string> Rules { get; init; } = [];

    /// <summary>Caveats.</summary>
    public ImmutableArray<Flag> Flags { get; init; } = [];

    /// <summary>What decided it: first and last dose of each drug, doses that open a cycle, transplants, statements.</summary>
    public required ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.Nothing;

    /// <summary>Of <see cref="Sources"/> what a line always cites: the first and last dose of each drug and the doses that open a cycle.</summary>
    internal Cited Decreed { get; init; } = Cited.Nothing;
}

/// <summary>One drug's doses in a line.</summary>
/// <param name="Drug">Which.</param>
/// <param name="First">First dose in the line.</param>
/// <param name="Last">Last dose in the line.</param>
/// <param name="Evidence">The strongest kind of evidence for its doses.</param>
/// <param name="Sources">The sources of the first and the last dose.</param>
public sealed record DrugPeriod(Drug Drug, ClinicalDate First, ClinicalDate Last, ExposureEvidence Evidence, ImmutableArray<SourceId> Sources);

/// <summary>A phase of a planned sequence.</summary>
/// <param name="Phase">Which.</param>
/// <param name="Start">Its first day.</param>
public sealed record TherapyPhase(PhaseKind Phase, ClinicalDate Start);

/// <summary>Phases of a planned sequence.</summary>
public enum PhaseKind { Induction, Transplant, Consolidation, Maintenance }

/// <summary>Why a line began.</summary>
public enum LineStartReason
{
    /// <summary>First therapy in the record.</summary>
    FirstTherapy,
    /// <summary>All drugs stopped and a different regimen began (R-LOT-2).</summary>
    RegimenChanged,
    /// <summary>A drug was added or substituted without plan (R-LOT-4).</summary>
    DrugAdded,
    /// <summary>Progression and then a different regimen (R-LOT-9).</summary>
    Progression,
    /// <summary>Maintenance that was not planned (R-LOT-8).</summary>
    UnplannedMaintenance,
    /// <summary>A further transplant that is no planned tandem (R-LOT-5).</summary>
    FurtherTransplant,
    /// <summary>A return after another regimen (R-LOT-6).</summary>
    RestartAfterOtherRegimen,
    /// <summary>A gap, under a ruleset that counts gaps (rwd-28-90).</summary>
    RestartAfterGap,
    /// <summary>A curator stated it.</summary>
    Curated,
}

/// <summary>Why a line ended.</summary>
public enum LineEndReason
{
    /// <summary>No later therapy in the record.</summary>
    NoLaterTherapy,
    /// <summary>The next line began.</summary>
    NextLine,
    /// <summary>Progression, then the next line.</summary>
    Progression,
    /// <summary>Death.</summary>
    Death,
    /// <summary>A curator stated it.</summary>
    Curated,
}

/// <summary>Why the boundaries of a line are not sure; the first three make the confidence low, the others medium.</summary>
public enum LineDoubt
{
    /// <summary>The first day rests on an order.</summary>
    Order,
    /// <summary>The first or the last day is not known to the day.</summary>
    InexactDate,
    /// <summary>A person should look (R-LOT-9, R-LOT-12, d.3).</summary>
    Review,
    /// <summary>The first day rests on a statement.</summary>
    Statement,
    /// <summary>Nobody could evaluate the response before the change (d.1, condition i).</summary>
    ResponseUnknown,
    /// <summary>Less than a cycle (R-LOT-10).</summary>
    SubCycle,
    /// <summary>A transplant was assumed from its conditioning (R-LOT-11).</summary>
    TransplantAssumed,
}

/// <summary>How sure.</summary>
public enum Confidence { High, Medium, Low }
