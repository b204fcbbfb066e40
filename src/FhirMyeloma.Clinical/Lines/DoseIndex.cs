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

    // By drug; many records have none of a kind.
    private Series?[] _byDrug = [];

    /// <summary>The drugs that have a dose here.</summary>
    public DrugSet Given { get; private set; }

    /// <summary>Adds a dose that begins no earlier than those before it.</summary>
    public void Add(Dose dose)
    {
        if (_byDrug.Length == 0)
            _byDrug = new Series?[Drugs.Count];
        Given = Given.With(dose.Drug);
        (_byDrug[(int)dose.Drug] ??= new()).Add(dose);
    }

    /// <summary>The doses of a drug in time order.</summary>
    public IReadOnlyList<Dose> Of(Drug drug) => Given.Contains(drug) ? _byDrug[(int)drug]!.Doses : (IReadOnlyList<Dose>)[];

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
        return begun > 0 && _byDrug[(int)drug]!.LatestEnd[begun - 1] >= from;
    }

    /// <summary>How many doses of the drug can begin before that day.</summary>
    public int CountBefore(Drug drug, int day)
    {
        if (!Given.Contains(drug))
            return 0;
        var doses = _byDrug[(int)drug]!.Doses;
        var (low, high) = (0, doses.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (doses[middle].Start.First.DayNumber < day)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The doses of one drug, each with the latest end up to it.</summary>
    private sealed class Series
    {
        public List<Dose> Doses { get; } = [];

        public List<ClinicalDate> LatestEnd { get; } = [];

        public void Add(Dose dose)
        {
            var end = dose.IsOpen ? Never : dose.End;
            LatestEnd.Add(LatestEnd is [.., var latest] && latest > end ? latest : end);
            Doses.Add(dose);
        }
    }
}
