using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>
/// Doses by drug in time order, each with the latest end so far: whether a drug was given in a span of days is a search, not a scan.
/// Days without a date beside them are day numbers.
/// </summary>
internal sealed class DoseIndex
{
    private static readonly ClinicalDate Never = ClinicalDate.Of(DateOnly.MaxValue);

    private readonly List<Dose>?[] _doses = new List<Dose>?[Drugs.Count];
    private readonly List<ClinicalDate>?[] _latestEnd = new List<ClinicalDate>?[Drugs.Count];

    /// <summary>The drugs that have a dose here.</summary>
    public DrugSet Given { get; private set; }

    /// <summary>Adds a dose that begins no earlier than those before it.</summary>
    public void Add(Dose dose)
    {
        Given = Given.With(dose.Drug);
        var doses = _doses[(int)dose.Drug] ??= [];
        var ends = _latestEnd[(int)dose.Drug] ??= [];
        var end = dose.IsOpen ? Never : dose.End;
        ends.Add(ends.Count > 0 && ends[^1] > end ? ends[^1] : end);
        doses.Add(dose);
    }

    /// <summary>The doses of a drug in time order.</summary>
    public IReadOnlyList<Dose> Of(Drug drug) => _doses[(int)drug] ?? (IReadOnlyList<Dose>)[];

    /// <summary>The drugs with a dose or period that can begin before <paramref name="before"/> and reaches to <paramref name="from"/> or beyond.</summary>
    public DrugSet GivenBetween(ClinicalDate from, int before)
    {
        DrugSet given = [];
        foreach (var drug in Given)
        {
            if (IsGivenBetween(drug, from, before))
                given = given.With(drug);
        }
        return given;
    }

    /// <summary>Has the drug a dose or period that can begin before <paramref name="before"/> and reaches to <paramref name="from"/> or beyond?</summary>
    public bool IsGivenBetween(Drug drug, ClinicalDate from, int before)
    {
        var begun = CountBefore(drug, before);
        return begun > 0 && _latestEnd[(int)drug]![begun - 1] >= from;
    }

    /// <summary>How many doses of the drug can begin before that day.</summary>
    public int CountBefore(Drug drug, int day)
    {
        var doses = _doses[(int)drug];
        var (low, high) = (0, doses?.Count ?? 0);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (doses![middle].Start.First.DayNumber < day)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
