using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Washout;

/// <summary>Every change between daratumumab and isatuximab with the days between (section g).</summary>
public static class AntibodySwitches
{
    /// <summary>
    /// The switches in time order, or exactly one record that says why there is none. Lines, responses and refractoriness give the context of R-WO-11 and
    /// R-WO-12; they never change the days.
    /// </summary>
    public static ImmutableArray<AntibodySwitch> Derive(
        MyelomaCase patient,
        ImmutableArray<LineOfTherapy> lines,
        ImmutableArray<LineResponse> responses,
        ImmutableArray<DrugRefractoriness> refractoriness)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ImmutableArray<ExposureDay> doses = [.. ExposureDays.Of(patient).Where(IsAntibody)];
        var switches = Measure(patient, doses);
        ImmutableArray<ExposureDay> unknown =
            [.. ExposureDays.OfUnknownStatus(patient).Where(day => IsAntibody(day) && !doses.Any(known => known.Drug == day.Drug && known.Date == day.Date))];
        if (!unknown.IsEmpty)
            switches = Widen(switches, Measure(patient, [.. doses, .. unknown]), unknown);
        return [.. switches.Select(s => WithContext(s, lines, responses, refractoriness))];
    }

    private static bool IsAntibody(ExposureDay day) => day.Drug is Drug.Daratumumab or Drug.Isatuximab;

    private static ImmutableArray<AntibodySwitch> Measure(MyelomaCase patient, ImmutableArray<ExposureDay> doses)
    {
        var hasDaratumumab = doses.Any(d => d.Drug == Drug.Daratumumab);
        var hasIsatuximab = doses.Any(d => d.Drug == Drug.Isatuximab);
        if (!hasDaratumumab || !hasIsatuximab)
            return [NoSwitch(doses, hasDaratumumab, hasIsatuximab)];
        var runs = AntibodyRuns.Split(StatementPeriods.Narrow(patient, doses));
        var switches = ImmutableArray.CreateBuilder<AntibodySwitch>();
        for (var i = 1; i < runs.Length; i++)
        {
            var ordinal = 1 + switches.Count(s => s.From == runs[i - 1].Drug);
            switches.Add(Between(patient, runs[i - 1], runs[i], ordinal, doses));
        }
        return switches.ToImmutable();
    }

    private static AntibodySwitch NoSwitch(ImmutableArray<ExposureDay> doses, bool hasDaratumumab, bool hasIsatuximab) => new()
    {
        Reason = hasDaratumumab ? NoWashoutReason.NoIsatuximab : hasIsatuximab ? NoWashoutReason.NoDaratumumab : NoWashoutReason.Neither,
        Sources = doses.IsEmpty ? [] : [new AntibodyRun(doses[0].Drug, doses).FirstDose.Source],
    };

    private static AntibodySwitch Between(MyelomaCase patient, AntibodyRun before, AntibodyRun after, int ordinal, ImmutableArray<ExposureDay> doses)
    {
        var first = after.FirstDose;
        var (firstEarliest, firstLatest) = after.FirstGiven;
        var open = StatementPeriods.Open(patient, before.Drug, firstLatest, doses);
        var last = open ?? before.LastDose;
        var gaps = Gaps(before, after);
        var span = new DaySpan(firstEarliest.DayNumber - before.LastLatest.DayNumber, gaps.Max(gap => gap.First.DayNumber - gap.Last.DayNumber));
        var flags = new SortedSet<Flag>();
        var reachesPast = open is null && StatementPeriods.ReachesPast(last, doses);
        if (span.Min < 0 || reachesPast)
        {
            flags.Add(Flag.OrderUncertain);
            span = span with { Min = Math.Max(0, span.Min) };
        }
        var overlap = doses.Any(d => d.Drug == before.Drug && d.Date.First >= firstLatest) || reachesPast;
        if (overlap)
            flags.Add(Flag.Overlap);
        if (last.Status == ExposureStatus.Aborted || first.Status == ExposureStatus.Aborted)
            flags.Add(Flag.AbortedInfusion);
        if (last is { Evidence: ExposureEvidence.Statement, IsPeriodEnd: true })
            flags.Add(Flag.StatementEnd);
        if (patient.AsOf is { } asOf && (before.Doses.Any(d => d.Date.First > asOf) || firstEarliest > asOf))
            flags.Add(Flag.FutureDate);
        var evidence = (ExposureEvidence)Math.Max((int)last.Evidence, (int)first.Evidence);
        var found = new AntibodySwitch
        {
            From = before.Drug,
            To = after.Drug,
            Ordinal = ordinal,
            LastDose = last.Date,
            FirstDose = first.Date,
            Primary = ordinal == 1 && before.Drug == Drug.Daratumumab,
            Overlap = overlap,
            EvidenceLevel = evidence,
            Sources = [.. new[] { last.Source, first.Source }.Distinct().Order()],
        };
        if (evidence == ExposureEvidence.Order)
            return found with { Reason = NoWashoutReason.OrdersOnly, Estimated = span, Flags = [.. flags] };
        if (open is not null)
            return found with { Reason = NoWashoutReason.EndUnknown, Flags = [.. flags] };
        if (span.Max <= 60)
            flags.Add(Flag.NoWashout);
        return found with
        {
            Days = span,
            Category = CategoryOf(gaps.Add((before.LastLatest, firstEarliest))),
            Flags = [.. flags],
        };
    }

    /// <summary>
    /// The longest gaps that the dates allow: the first dose as late as it can be, or just before a dose of a partial date, which then lies after it; the
    /// last dose before it as early as it can be.
    /// </summary>
    private static ImmutableArray<(DateOnly Last, DateOnly First)> Gaps(AntibodyRun before, AntibodyRun after)
    {
        var (earliest, latest) = after.FirstGiven;
        return
        [
            .. before.Doses
                .Where(dose => dose.Date.Last > earliest && dose.Date.Last <= latest)
                .Select(dose => dose.Date.Last.AddDays(-1))
                .Append(latest)
                .Select(day => (Last: before.LastEarliest(day), First: day))
                .Where(gap => gap.Last <= gap.First),
        ];
    }

    /// <summary>A category stands only if both ends of the range fall in it (R-WO-10); months are calendar months.</summary>
    private static WashoutCategory CategoryOf(ImmutableArray<(DateOnly Last, DateOnly First)> gaps) =>
        gaps.Select(gap => CategoryOf(gap.Last, gap.First)).Distinct().ToList() is [var only] ? only : WashoutCategory.Indeterminate;

    private static WashoutCategory CategoryOf(DateOnly last, DateOnly first) =>
        IsWithin(3, last, first) ? WashoutCategory.LessThan3Months
        : IsWithin(6, last, first) ? WashoutCategory.From3To6Months
        : WashoutCategory.AtLeast6Months;

    /// <summary>Hospitals send 9999-12-31 for "not known", which no month can follow.</summary>
    private static bool IsWithin(int months, DateOnly last, DateOnly first) => last > DateOnly.MaxValue.AddMonths(-months) || first < last.AddMonths(months);

    /// <summary>R-WO-4: where doses of unknown status would change the days, the range of both readings stands.</summary>
    private static ImmutableArray<AntibodySwitch> Widen(
        ImmutableArray<AntibodySwitch> counted, ImmutableArray<AntibodySwitch> withUnknown, ImmutableArray<ExposureDay> unknown) =>
        [.. counted.Select(s => Widen(s, withUnknown.FirstOrDefault(o => o.From == s.From && o.Ordinal == s.Ordinal), unknown))];

    private static AntibodySwitch Widen(AntibodySwitch counted, AntibodySwitch? withUnknown, ImmutableArray<ExposureDay> unknown)
    {
        if (withUnknown is not null && withUnknown.Days == counted.Days && withUnknown.Reason == counted.Reason)
            return counted;
        if (counted.Days is not { } days || withUnknown?.Days is not { } others)
            return counted with { Flags = Add(counted.Flags, Flag.StatusUnknown), Sources = Cite(counted, unknown) };
        return counted with
        {
            Days = new DaySpan(Math.Min(days.Min, others.Min), Math.Max(days.Max, others.Max)),
            Category = counted.Category == withUnknown.Category ? counted.Category : WashoutCategory.Indeterminate,
            Flags = Add([.. counted.Flags.Where(f => f != Flag.NoWashout || withUnknown.Flags.Contains(Flag.NoWashout))], Flag.StatusUnknown),
            Sources = [.. counted.Sources.Union(withUnknown.Sources).Order()],
        };
    }

    private static ImmutableArray<Flag> Add(ImmutableArray<Flag> flags, Flag flag) => [.. flags.Append(flag).Distinct().Order()];

    private static ImmutableArray<SourceId> Cite(AntibodySwitch s, ImmutableArray<ExposureDay> unknown) =>
        [.. s.Sources.Union(unknown.Select(d => d.Source)).Order()];

    private static AntibodySwitch WithContext(
        AntibodySwitch s,
        ImmutableArray<LineOfTherapy> lines,
        ImmutableArray<LineResponse> responses,
        ImmutableArray<DrugRefractoriness> refractoriness)
    {
        if (s is not { From: { } from, To: { } to, LastDose: { } last, FirstDose: { } first })
            return s;
        var lastLine = lines.LastOrDefault(line => Holds(line, from) && line.First.First <= last.Last);
        return s with
        {
            InterveningLines = lines.Count(line =>
                line.First.First > last.First && line.First.First < first.First && !Holds(line, from) && !Holds(line, to)),
            LastLineResponse = responses.FirstOrDefault(r => r.Line == lastLine?.Number)?.Best,
            RefractoryAtLast = refractoriness.FirstOrDefault(r => r.Line == lastLine?.Number && r.Drug == from)?.Status switch
            {
                RefractoryStatus.Refractory => Tri.Met,
                RefractoryStatus.NotRefractory or RefractoryStatus.Exposed => Tri.NotMet,
                RefractoryStatus.NotDeterminable or null => Tri.Unknown,
            },
        };
    }

    private static bool Holds(LineOfTherapy line, Drug drug) => line.Drugs.Any(period => period.Drug == drug);
}
