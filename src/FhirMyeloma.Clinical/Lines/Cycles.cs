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

    /// <summary>The longest cycle of the table.</summary>
    public const int LongestDays = 42;

    /// <summary>Which drug opens cycles, in this order: carfilzomib, bortezomib, the antibody; orals never.</summary>
    private static readonly ImmutableArray<DrugSet> Anchors =
        [[Drug.Carfilzomib], [Drug.Bortezomib], Drugs.AntiCd38, Drugs.OfClass(DrugClass.OtherAntibody), Drugs.Bispecific];

    /// <summary>The drug that opens cycles; null when only orals are given.</summary>
    public static Drug? Anchor(DrugSet regimen)
    {
        foreach (var set in Anchors)
        {
            foreach (var drug in regimen & set)
                return drug;
        }
        return null;
    }

    /// <summary>Counts the cycles of one line.</summary>
    /// <param name="regimen">The drugs that name it.</param>
    /// <param name="row">Its row in the table, when it has one.</param>
    /// <param name="doses">The doses of the line.</param>
    /// <param name="next">First day of the next line: no cycle of this one begins on it or later; null while there is none.</param>
    /// <param name="recordEnd">The latest date in the record: "elapsed" never reaches past it (a.9).</param>
    public static CycleCount Count(DrugSet regimen, Regimen? row, IReadOnlyList<Dose> doses, ClinicalDate? next, ClinicalDate recordEnd)
    {
        if (regimen.Overlaps(Drugs.CarT))
            return Unknown(DefaultLength);
        if (Anchor(regimen) is not { } anchor)
            return Estimate(Of(doses, regimen & Drugs.AntiMyeloma), DefaultLength, next, recordEnd);

        var anchors = Of(doses, [anchor]);
        if (anchors.Exists(dose => dose.Evidence == ExposureEvidence.Order || dose.IsPeriod))
            return Estimate(anchors, row?.CycleDays ?? DefaultLength, next, recordEnd);
        if (anchors.Count == 0 || anchors.Exists(dose => !dose.Start.IsExact))
            return Unknown(row?.CycleDays ?? DefaultLength);

        var days = Days(anchors);
        var length = row?.CycleDays ?? LengthByPattern(anchor, days);
        var starts = Starts(days, length);
        var lengths = starts.ConvertAll(_ => length);
        ImmutableArray<SourceId> openers = [];
        if (row?.CyclesOfThisLength is { } stage && starts.Count >= stage)
            openers = AddLaterStage(Of(doses, regimen & Drugs.AntiCd38), starts, lengths, stage);
        else
            stage = starts.Count;

        var last = starts.Count - 1;
        var completed = recordEnd.First.DayNumber - starts[last] >= lengths[last] ? starts.Count : last;
        return new(starts.Count, completed, false, length, [.. Openers(anchors, starts.Take(stage)), .. openers]);
    }

    private static CycleCount Unknown(int length) => new(null, null, false, length, []);

    private static List<Dose> Of(IReadOnlyList<Dose> doses, DrugSet drugs)
    {
        List<Dose> of = [];
        foreach (var dose in doses)
        {
            if (drugs.Contains(dose.Drug))
                of.Add(dose);
        }
        return of;
    }

    /// <summary>The numbers of the days on which the doses begin, each once; the doses are in time order.</summary>
    private static List<int> Days(IEnumerable<Dose> doses)
    {
        List<int> days = [];
        foreach (var dose in doses)
        {
            var day = dose.Start.First.DayNumber;
            if (days.Count == 0 || days[^1] != day)
                days.Add(day);
        }
        return days;
    }

    /// <summary>21 days when bortezomib's own pattern restarts every three weeks rather than every four.</summary>
    private static int LengthByPattern(Drug anchor, List<int> days)
    {
        if (anchor != Drug.Bortezomib)
            return DefaultLength;
        var (threeWeekly, fourWeekly, restart) = (0, 0, days[0]);
        for (var i = 1; i < days.Count; i++)
        {
            if (days[i] - days[i - 1] < RestDays)
                continue;
            var interval = days[i] - restart;
            restart = days[i];
            threeWeekly += Math.Abs(interval - BortezomibLength) <= 3 ? 1 : 0;
            fourWeekly += Math.Abs(interval - DefaultLength) <= 3 ? 1 : 0;
        }
        return threeWeekly > fourWeekly ? BortezomibLength : DefaultLength;
    }

    /// <summary>d.4 rule 3: the first anchor dose, then each first one so many days after the start of the cycle.</summary>
    private static List<int> Starts(List<int> days, int length)
    {
        List<int> starts = [days[0]];
        for (var i = 1; i < days.Count; i++)
        {
            var day = days[i] - starts[^1];
            if (day >= length - EarlyDays || (length == DefaultLength && day == length - EarlyDays - 1 && Restarts(days, i)))
                starts.Add(days[i]);
        }
        return starts;
    }

    /// <summary>A dose on day 22 of 28 opens a cycle only as the first of a day-1/2 pair or after a rest.</summary>
    private static bool Restarts(List<int> days, int i) =>
        days[i] - days[i - 1] >= RestDays || (i + 1 < days.Count && days[i + 1] - days[i] == 1);

    /// <summary>After the last bortezomib cycle of Dara-Vd, Dara-VMP and Isa-VRd the antibody opens cycles of 28 days (d.4).</summary>
    private static ImmutableArray<SourceId> AddLaterStage(List<Dose> antibody, List<int> starts, List<int> lengths, int stage)
    {
        starts.RemoveRange(stage, starts.Count - stage);
        lengths.RemoveRange(stage, lengths.Count - stage);
        var from = starts[^1] + lengths[^1] - EarlyDays;
        var later = Days(antibody.Where(dose => !dose.IsPeriod && dose.Start.IsExact && dose.Start.First.DayNumber >= from));
        if (later.Count == 0)
            return [];
        var opened = Starts(later, DefaultLength);
        starts.AddRange(opened);
        lengths.AddRange(opened.Select(_ => DefaultLength));
        return Openers(antibody, opened);
    }

    /// <summary>d.4 rule 6: floor((last day − first day)/L) + 1; only where partial dates leave one answer.</summary>
    private static CycleCount Estimate(List<Dose> doses, int length, ClinicalDate? next, ClinicalDate recordEnd)
    {
        if (doses.Count == 0)
            return Unknown(length);
        var first = doses.Min(dose => dose.Start);
        var last = doses.Max(dose => dose.IsOpen ? ClinicalDate.Later(recordEnd, dose.End) : dose.End);
        var span = DaySpan.Between(first, last);
        if (next is { } limit && DaySpan.Between(first, limit) is var room && last >= limit)
            span = new(room.Min - 1, Math.Min(span.Max, room.Max - 1));
        int Cycles(int days) => Math.Max(days, 0) / length + 1;
        var started = Cycles(span.Min);
        if (started != Cycles(span.Max))
            return Unknown(length);
        var elapsed = DaySpan.Between(first, recordEnd).Min;
        return new(started, Math.Min(started, Math.Max(elapsed, 0) / length), true, length, []);
    }

    /// <summary>The doses of the days that open a cycle, of a drug one for each day; both in time order.</summary>
    private static ImmutableArray<SourceId> Openers(List<Dose> doses, IEnumerable<int> starts)
    {
        var openers = ImmutableArray.CreateBuilder<SourceId>();
        var i = 0;
        foreach (var start in starts)
        {
            for (; i < doses.Count && doses[i].Start.First.DayNumber <= start; i++)
            {
                if (doses[i].Start.IsExact && doses[i].Start.First.DayNumber == start)
                    openers.Add(doses[i].StartSource);
            }
        }
        return openers.DrainToImmutable();
    }
}
