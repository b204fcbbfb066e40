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
    public HashSet<Drug> Drugs { get; } = [];

    public List<RoledDose> Doses { get; } = [];

    public List<LineTransplant> Transplants { get; } = [];

    /// <summary>CAR-T infusions that a procedure records without naming the product.</summary>
    public List<TherapyProcedure> Cells { get; } = [];

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
    public ClinicalDate LastTreatment =>
        Doses.Where(dose => dose.Role is DoseRole.Regimen or DoseRole.Conditioning).Select(dose => dose.Dose.End)
            .Concat(Transplants.Select(transplant => transplant.Date))
            .Concat(Cells.Select(cells => cells.Date))
            .Append(MainStart).Max();

    /// <summary>Nothing given yet.</summary>
    public bool IsEmpty => Doses.Count == 0 && Transplants.Count == 0 && Cells.Count == 0;

    /// <summary>A transplant or CAR-T cells: complete whatever the days (a.10).</summary>
    public bool IsCompleteByItself =>
        Transplants.Count > 0 || Cells.Count > 0 || Drugs.Any(drug => drug.Class() == DrugClass.CarT);
}
