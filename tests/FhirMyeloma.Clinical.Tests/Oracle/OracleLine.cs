using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>A line as the oracle sees it: days joined to visits, baselines, the frozen set, the involved chain (a.1, a.2, a.10).</summary>
internal sealed class OracleLine
{
    private readonly LineOfTherapy _line;

    public OracleLine(MyelomaCase patient, LineOfTherapy line, UrinePolicy policy)
    {
        (_line, Patient, Policy) = (line, patient, policy);
        List<ChartDay> before = [];
        var all = ChartDays.Of(patient);
        foreach (var day in all)
        {
            if (day.Date.Last <= line.First.First)
            {
                if (line.PreviousLineStart is not { } start || day.Date.First >= start.First)
                    before.Add(day);
            }
            else if (day.Date.First > line.First.Last && ChartDays.HasItsPlace(day, all))
            {
                if (line.NewTherapy is not { } next || day.Date.Last <= next.First)
                    Visits.Add(day);
                else if (day.Date.First > next.Last)
                    After.Add(day);
            }
        }

        before.ForEach(Resolve);
        Visits.ForEach(Resolve);
        Join(before);
        Join(Visits);
        Join(After);
        SetBaseline(before);
    }

    public MyelomaCase Patient { get; }

    public UrinePolicy Policy { get; }

    /// <summary>The dates of the line, urine and lone immunofixations joined to their serum date.</summary>
    public List<ChartDay> Visits { get; } = [];

    /// <summary>The dates under new therapy: they can confirm a progression.</summary>
    public List<ChartDay> After { get; } = [];

    public MeasurableBy Set { get; private set; }

    public LightChain Involved { get; private set; }

    public Result? Serum { get; private set; }

    public Result? Urine { get; private set; }

    public Result? Dflc { get; private set; }

    public Result? Marrow { get; private set; }

    public Span? Spd { get; private set; }

    /// <summary>Seen on imaging at baseline.</summary>
    public bool Plasmacytoma { get; private set; }

    /// <summary>Only stated at the diagnosis that this line follows: CR must show it gone, but without a size nothing can be halved.</summary>
    public bool Stated { get; private set; }

    public Ife? UrineIfe { get; private set; }

    public bool IsFollowedBySerum => Set is MeasurableBy.Serum or MeasurableBy.SerumAndUrine;

    public bool IsFollowedByUrine => Set is MeasurableBy.Urine or MeasurableBy.SerumAndUrine;

    /// <summary>Serum or urine was never measured and only taken as not measurable (SERUM_ASSUMED, URINE_ASSUMED).</summary>
    public bool RestsOnAssumption => Serum is null || Urine is null;

    /// <summary>An anti-CD38 antibody was given up to 180 days before (section b).</summary>
    public bool UnderAntibody(ClinicalDate date) => Patient.Drugs.Any(dose =>
        dose.Drug is Drug.Daratumumab or Drug.Isatuximab or Drug.OtherAntiCd38
        && dose.Evidence != ExposureEvidence.Order && dose.Status != ExposureStatus.Unknown
        && (dose.Start ?? dose.End) is { } first
        && first.First <= date.Last
        && date.First.DayNumber - (dose.IsOpenPeriod ? date.First : (dose.End ?? first).Last).DayNumber <= 180);

    /// <summary>
    /// R-INT-7: under the antibody an assay within a week settles a band that the drug can explain. Shifted: nothing of the disease is left in serum. A range that
    /// reaches past what the drug can explain is disease all the same where nothing shifts; a shift leaves it open.
    /// </summary>
    private void Resolve(ChartDay day)
    {
        if (day.Serum is null ? day.SerumIfe is null : day.Serum.Span.Low >= 0.25m)
            return;
        var assay = Patient.DrugBandAssays
            .Where(a => !a.Shifted.IsUnknown && a.Date.IsExact && day.Date.IsExact && Distance(a.Date, day.Date) <= 7)
            .OrderBy(a => Distance(a.Date, day.Date)).ThenBy(a => a.Date).ThenBy(a => a.Source)
            .FirstOrDefault();
        if (assay is null || !UnderAntibody(day.Date) || (assay.Shifted.IsMet && day.Serum is { Span: { High: var most } } && most >= 0.25m))
            return;
        day.BandResolved = true;
        if (!assay.Shifted.IsMet)
        {
            day.SerumIfeMaybeDrug = false;
            day.SerumIfe = day.SerumIfe is Ife.ForeignIgGKappa ? Ife.Positive : day.SerumIfe;
            return;
        }

        day.Serum = day.Serum is { } serum ? new(Span.Exactly(0), true, false, serum.Spurious, false) : null;
        day.SerumIfe = Ife.Negative;
    }

    /// <summary>The last imaging up to a date; without one the first within 60 days after it.</summary>
    public ChartDay? ImagingAt(ClinicalDate date) =>
        Visits.FindLast(day => day.HasImaging && day.Date <= date) ?? Visits.Find(day => day.HasImaging && Distance(day.Date, date) <= 60);

    // a.10, serum with urine: each kind by itself, within 7 days; two for one date: the nearer; the other keeps its date.
    private static void Join(List<ChartDay> days)
    {
        Move(
            day => day.SerumIfe is not null,
            (from, to) => (to.SerumIfe, to.SerumIfeMaybeDrug, from.SerumIfe) = (from.SerumIfe, from.SerumIfeMaybeDrug, null),
            i => days[i].Serum is not null);
        bool[] serumDate = [.. days.Select(day => day.HasSerum)];
        Move(day => day.Urine is not null, (from, to) => (to.Urine, from.Urine) = (from.Urine, null), i => serumDate[i]);
        Move(day => day.UrineIfe is not null, (from, to) => (to.UrineIfe, from.UrineIfe) = (from.UrineIfe, null), i => serumDate[i]);
        days.RemoveAll(day => !day.HasAnything);

        void Move(Func<ChartDay, bool> has, Action<ChartDay, ChartDay> move, Func<int, bool> receives)
        {
            bool[] held = [.. days.Select(has)];
            int?[] wants = [.. days.Select((day, i) => held[i] && !receives(i) ? Nearest(days, day, j => receives(j)) : null)];
            for (var to = 0; to < days.Count; to++)
            {
                if (held[to] || Nearest(days, days[to], i => wants[i] == to) is not { } from)
                    continue;
                move(days[from], days[to]);
            }
        }
    }

    /// <summary>The nearest other date within 7 days, of two equally near the earlier.</summary>
    public static int? Nearest(List<ChartDay> days, ChartDay day, Func<int, bool> eligible)
    {
        int? nearest = null;
        for (var i = 0; i < days.Count; i++)
        {
            if (days[i] == day || !eligible(i) || !days[i].Date.IsExact || !day.Date.IsExact || Distance(days[i].Date, day.Date) > 7)
                continue;
            if (nearest is not { } best || Distance(days[i].Date, day.Date) < Distance(days[best].Date, day.Date))
                nearest = i;
        }

        return nearest;
    }

    public static int Distance(ClinicalDate a, ClinicalDate b) => Math.Abs(a.First.DayNumber - b.First.DayNumber);

    private void SetBaseline(List<ChartDay> before)
    {
        Serum = before.FindLast(day => day.Serum is not null)?.Serum;
        Urine = before.FindLast(day => day.Urine is not null)?.Urine;
        Marrow = before.FindLast(day => day.Marrow is not null)?.Marrow;
        UrineIfe = before.FindLast(day => day.UrineIfe is not null)?.UrineIfe;
        var chains = before.FindLast(day => day.Kappa is not null && day.Lambda is not null);
        Involved = Patient.Diagnosis.LightChain != LightChain.Unknown ? Patient.Diagnosis.LightChain : chains?.Excess ?? LightChain.Unknown;
        Dflc = chains?.Difference(Involved);
        var involved = Involved == LightChain.Kappa ? chains?.Kappa : chains?.Lambda;

        var imaging = before.FindLast(day => day.HasImaging);
        Spd = imaging?.Spd;
        var diameter = imaging?.Diameter;
        Plasmacytoma = imaging is not null && imaging.GoneStated is not true && (imaging.GoneStated is false || Spd is { High: var sum } && sum > 0m || diameter is { High: var longest } && longest > 0m);
        Stated = _line.Number == 1 && Patient.Diagnosis.Plasmacytoma && imaging is null;

        var serum = Serum is { } s && s.Span.Low >= 1m;
        var urine = Urine is { } u && u.Span.Low >= 200m;
        var chainsMeasurable = Involved != LightChain.Unknown && involved is { } chain && chain.Span.Low >= 100m && chains!.RatioNormal is { IsNotMet: true };
        Set = serum && urine ? MeasurableBy.SerumAndUrine
            : serum ? MeasurableBy.Serum
            : urine ? MeasurableBy.Urine
            : chainsMeasurable ? MeasurableBy.Flc
            : Marrow is { } m && m.Span.Low >= 30m ? MeasurableBy.Marrow
            : Serum is null && Urine is null && chains is null && Marrow is null ? MeasurableBy.Unknown
            : (diameter is { } across ? across.Low > 10m : Spd is { Low: var size } && size > 0m) ? MeasurableBy.Lesion
            : MeasurableBy.None;
    }
}
