using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>A transplant of a line.</summary>
/// <param name="Date">When.</param>
/// <param name="Kind">Which.</param>
/// <param name="Source">Where from.</param>
/// <param name="PlannedTandem">One of a planned pair.</param>
internal sealed record LineTransplant(ClinicalDate Date, TherapyProcedureKind Kind, SourceId Source, bool PlannedTandem);

/// <summary>A line while its doses are gathered.</summary>
internal sealed class LineDraft(int number, ClinicalDate first, LineStartReason startReason)
{
    private readonly List<RoledDose> _doses = [];
    private readonly List<LineTransplant> _transplants = [];
    private readonly List<TherapyProcedure> _cells = [];
    private ClinicalDate? _lastTreatment;

    public int Number { get; set; } = number;

    /// <summary>First dose of the line, an attached episode included.</summary>
    public ClinicalDate First { get; set; } = first;

    /// <summary>First dose of the regimen that names the line.</summary>
    public ClinicalDate MainStart { get; set; } = first;

    /// <summary>First dose of anything that belongs to the line, lymphodepletion included: what closes the line before.</summary>
    public ClinicalDate Earliest { get; set; } = first;

    public LineStartReason StartReason { get; set; } = startReason;

    public bool StartsAfterProgression { get; set; }

    /// <summary>Drugs that are no change when given again.</summary>
    public DrugSet Drugs { get; set; }

    /// <summary>What the line before did not hold, where a change of drugs began this one.</summary>
    public DrugSet New { get; set; }

    /// <summary>The drugs given up to the last transplant.</summary>
    public DrugSet Induction { get; private set; }

    public IReadOnlyList<RoledDose> Doses => _doses;

    public IReadOnlyList<LineTransplant> Transplants => _transplants;

    /// <summary>CAR-T infusions that a procedure records without naming the product.</summary>
    public IReadOnlyList<TherapyProcedure> Cells => _cells;

    public SortedSet<string> Rules { get; } = new(StringComparer.Ordinal);

    public HashSet<Flag> Flags { get; } = [];

    /// <summary>Statements, plans and assertions that decided a boundary.</summary>
    public HashSet<SourceId> OtherSources { get; } = [];

    public StatedLine? Curated { get; set; }

    /// <summary>The boundary rests on a response that could not be evaluated.</summary>
    public bool ResponseUnknown { get; set; }

    /// <summary>First day of maintenance with drugs that a planned change brought in.</summary>
    public ClinicalDate? PlannedChange { get; set; }

    /// <summary>The last day of treatment so far: dose or transplant.</summary>
    public ClinicalDate LastTreatment => ClinicalDate.Later(_lastTreatment ?? MainStart, MainStart);

    /// <summary>A period without end: nobody knows that treatment was interrupted.</summary>
    public bool GoesOn { get; private set; }

    /// <summary>The last day of the regimen so far, transplants and conditioning left out; null before its first dose.</summary>
    public ClinicalDate? LastRegimen { get; private set; }

    /// <summary>Nothing given yet.</summary>
    public bool IsEmpty => Doses.Count == 0 && Transplants.Count == 0 && Cells.Count == 0;

    /// <summary>A transplant or CAR-T cells: complete whatever the days (a.10).</summary>
    public bool IsCompleteByItself =>
        Transplants.Count > 0 || Cells.Count > 0 || Drugs.Overlaps(Cases.Drugs.CarT);

    public void Add(RoledDose dose)
    {
        _doses.Add(dose);
        if (dose.Role is DoseRole.Regimen or DoseRole.Conditioning)
            Treated(dose.Dose.End);
        if (dose.Role == DoseRole.Regimen)
            LastRegimen = ClinicalDate.Later(LastRegimen ?? dose.Dose.End, dose.Dose.End);
        GoesOn |= dose.Role == DoseRole.Regimen && dose.Dose.IsOpen;
    }

    public void Add(LineTransplant transplant)
    {
        _transplants.Add(transplant);
        Induction = Drugs;
        Treated(transplant.Date);
    }

    public void Add(TherapyProcedure cells)
    {
        _cells.Add(cells);
        Treated(cells.Date);
    }

    /// <summary>Gives the doses from that day on to the line that follows; how long this one was treated no longer matters then.</summary>
    public void Move(LineDraft to, ClinicalDate start)
    {
        var moved = _doses.FindAll(dose => dose.Dose.Start >= start);
        _doses.RemoveAll(dose => dose.Dose.Start >= start);
        foreach (var dose in moved)
        {
            to.Add(dose);
            to.Drugs = to.Drugs.With(dose.Dose.Drug);
        }
    }

    private void Treated(ClinicalDate day) => _lastTreatment = ClinicalDate.Later(_lastTreatment ?? day, day);
}
