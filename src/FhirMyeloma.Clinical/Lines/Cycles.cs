using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Cycles of a line (d.4).</summary>
/// <param name="Started">Cycles begun; null when the dates do not allow a count.</param>
/// <param name="Completed">Cycles completed.</param>
/// <param name="Estimated">From a first and a last day only (d.4 rule 6).</param>
/// <param name="Length">Days of a cycle.</param>
/// <param name="Openers">The sources of the doses that open a cycle.</param>
internal sealed record CycleCount(int? Started, int? Completed, bool Estimated, int Length, ImmutableArray<SourceId> Openers);

/// <summary>Counts cycles by the anchor drug of the regimen.</summary>
internal static class Cycles
{
    private const int DefaultLength = 28;
    private const int BortezomibLength = 21;

    /// <summary>A cycle may open so many days before its time.</summary>
    private const int EarlyDays = 6;

    /// <summary>So long a rest of the anchor shows that the pattern restarts.</summary>
    private const int RestDays = 11;

    /// <summary>The drug that opens cycles: carfilzomib, else bortezomib, else the antibody; orals never, hence null.</summary>
    public static Drug? Anchor(IEnumerable<Drug> regimen)
    {
        Drug[] drugs = [.. regimen];
        return Find(drug => drug == Drug.Carfilzomib)
            ?? Find(drug => drug == Drug.Bortezomib)
            ?? Find(drug => drug.Class() is DrugClass.AntiCd38)
            ?? Find(drug => drug.Class() is DrugClass.OtherAntibody)
            ?? Find(drug => drug.Class() is DrugClass.Bispecific);

        Drug? Find(Func<Drug, bool> wanted) => drugs.Where(wanted).Order().Select(drug => (Drug?)drug).FirstOrDefault();
    }

    /// <summary>Counts the cycles of one line.</summary>
    /// <param name="regimen">The drugs that name it.</param>
    /// <param name="row">Its row in the table, when it has one.</param>
    /// <param name="doses">The doses of the line.</param>
    /// <param name="recordEnd">The latest date in the record: "elapsed" never reaches past it (a.9).</param>
    public static CycleCount Count(IReadOnlySet<Drug> regimen, Regimen? row, IReadOnlyList<Dose> doses, ClinicalDate recordEnd)
    {
        if (regimen.Any(drug => drug.Class() == DrugClass.CarT))
            return new(null, null, false, DefaultLength, []);
        if (Anchor(regimen) is not { } anchor)
            return Estimate([.. doses.Where(dose => regimen.Contains(dose.Drug) && dose.Drug.IsAntiMyeloma())], row?.CycleDays ?? DefaultLength, recordEnd);

        Dose[] anchors = [.. doses.Where(dose => dose.Drug == anchor)];
        if (anchors.Any(dose => dose.Evidence == ExposureEvidence.Order || dose.IsPeriod))
            return Estimate(anchors, row?.CycleDays ?? DefaultLength, recordEnd);
        if (anchors.Length == 0 || anchors.Any(dose => !dose.Start.IsExact))
            return new(null, null, false, row?.CycleDays ?? DefaultLength, []);

        int[] days = [.. anchors.Select(dose => dose.Start.First.DayNumber).Distinct().Order()];
        var length = row?.CycleDays ?? LengthByPattern(anchor, days);
        var starts = Starts(days, length);
        var lengths = starts.ConvertAll(_ => length);
        ImmutableArray<SourceId> openers = [];
        if (row?.CyclesOfThisLength is { } stage && starts.Count >= stage)
            openers = AddLaterStage([.. doses.Where(dose => dose.Drug.IsAntiCd38() && regimen.Contains(dose.Drug))], starts, lengths, stage);
        else
            stage = starts.Count;

        var last = starts.Count - 1;
        var completed = recordEnd.First.DayNumber - starts[last] >= lengths[last] ? starts.Count : last;
        return new(starts.Count, completed, false, length, [.. Openers(anchors, starts.Take(stage)), .. openers]);
    }

    /// <summary>21 days when bortezomib's own pattern restarts every three weeks rather than every four.</summary>
    private static int LengthByPattern(Drug anchor, int[] days)
    {
        if (anchor != Drug.Bortezomib)
            return DefaultLength;
        int[] restarts = [days[0], .. days.Where((day, i) => i > 0 && day - days[i - 1] >= RestDays)];
        int[] intervals = [.. restarts.Zip(restarts.Skip(1), (a, b) => b - a)];
        return intervals.Count(gap => Math.Abs(gap - BortezomibLength) <= 3) > intervals.Count(gap => Math.Abs(gap - DefaultLength) <= 3)
            ? BortezomibLength
            : DefaultLength;
    }

    /// <summary>d.4 rule 3: the first anchor dose, then each first one so many days after the start of the cycle.</summary>
    private static List<int> Starts(int[] days, int length)
    {
        List<int> starts = [days[0]];
        for (var i = 1; i < days.Length; i++)
        {
            var day = days[i] - starts[^1];
            if (day >= length - EarlyDays || (length == DefaultLength && day == length - EarlyDays - 1 && Restarts(days, i)))
                starts.Add(days[i]);
        }
        return starts;
    }

    /// <summary>A dose on day 22 of 28 opens a cycle only as the first of a day-1/2 pair or after a rest.</summary>
    private static bool Restarts(int[] days, int i) =>
        days[i] - days[i - 1] >= RestDays || (i + 1 < days.Length && days[i + 1] - days[i] == 1);

    /// <summary>After the last bortezomib cycle of Dara-Vd, Dara-VMP and Isa-VRd the antibody opens cycles of 28 days (d.4).</summary>
    private static ImmutableArray<SourceId> AddLaterStage(Dose[] antibody, List<int> starts, List<int> lengths, int stage)
    {
        starts.RemoveRange(stage, starts.Count - stage);
        lengths.RemoveRange(stage, lengths.Count - stage);
        var from = starts[^1] + lengths[^1] - EarlyDays;
        int[] later =
        [
            .. antibody.Where(dose => !dose.IsPeriod && dose.Start.IsExact && dose.Start.First.DayNumber >= from)
                .Select(dose => dose.Start.First.DayNumber).Distinct().Order(),
        ];
        if (later.Length == 0)
            return [];
        var opened = Starts(later, DefaultLength);
        starts.AddRange(opened);
        lengths.AddRange(opened.Select(_ => DefaultLength));
        return Openers(antibody, opened);
    }

    /// <summary>d.4 rule 6: floor((last day − first day)/L) + 1; only where partial dates leave one answer.</summary>
    private static CycleCount Estimate(Dose[] doses, int length, ClinicalDate recordEnd)
    {
        if (doses.Length == 0)
            return new(null, null, false, length, []);
        var first = doses.Min(dose => dose.Start);
        var last = doses.Max(dose => dose.IsOpen && recordEnd > dose.End ? recordEnd : dose.End);
        var span = DaySpan.Between(first, last);
        int Cycles(int days) => Math.Max(days, 0) / length + 1;
        if (Cycles(span.Min) != Cycles(span.Max))
            return new(null, null, true, length, []);
        var started = Cycles(span.Min);
        var elapsed = DaySpan.Between(first, recordEnd).Min;
        return new(started, Math.Min(started, Math.Max(elapsed, 0) / length), true, length, []);
    }

    private static ImmutableArray<SourceId> Openers(IEnumerable<Dose> doses, IEnumerable<int> starts)
    {
        HashSet<int> days = [.. starts];
        return
        [
            .. doses.Where(dose => dose.Start.IsExact && days.Contains(dose.Start.First.DayNumber))
                .GroupBy(dose => dose.Start).Select(sameDay => sameDay.Min(dose => dose.StartSource)).Order(),
        ];
    }
}
