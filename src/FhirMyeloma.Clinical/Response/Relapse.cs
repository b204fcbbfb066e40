using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Relapse from CR and clinical relapse (a.5): reported beside progression, never counted for progression-free survival.</summary>
internal static class Relapse
{
    /// <summary>After CR: M-protein again by immunofixation or electrophoresis, 5 % plasma cells or more in the marrow, or progression.</summary>
    public static ClinicalDate? FromComplete(ImmutableArray<Assessment> counting, ImmutableArray<Assessment> dates)
    {
        var complete = counting.FirstOrDefault(date => date.Level >= ResponseLevel.Complete);
        return complete is null ? null : dates.FirstOrDefault(date => date.Date > complete.Date && IsBack(date))?.Date;
    }

    /// <summary>
    /// After minimal residual disease was negative: a positive result of it, or what shows relapse from CR. For disease-free survival only, never for progression-free
    /// survival.
    /// </summary>
    public static ClinicalDate? FromMrdNegative(LineFrame frame, ImmutableArray<ResponseAt> assessments, ImmutableArray<Assessment> dates)
    {
        var patient = frame.Timeline.Patient;
        if (patient.Mrd.IsEmpty || MinimalResidualDisease.FirstNegative(frame, assessments) is not { } negative
            || (frame.Line.NewTherapy is { } next && !negative.IsOnOrBefore(next).IsMet))
            return null;
        ClinicalDate? lost = patient.Mrd.Where(result => result.Negative.IsNotMet && result.Date > negative
                && (frame.Line.NewTherapy is not { } end || result.Date.IsOnOrBefore(end).IsMet))
            .Select(result => (ClinicalDate?)result.Date).Min();
        ClinicalDate? back = dates.FirstOrDefault(date => date.Date > negative && IsBack(date))?.Date;
        return lost is { } a && back is { } b ? (a < b ? a : b) : lost ?? back;
    }

    private static bool IsBack(Assessment date) =>
        date.Level == ResponseLevel.Progressive
        || date.Day.SerumFixation is { Positive.IsMet: true } || date.Day.UrineFixation is { Positive.IsMet: true }
        || (date.Day.Serum is { } serum && serum.Value.IsAbove(0).IsMet) || (date.Day.Urine is { } urine && urine.Value.IsAbove(0).IsMet)
        || (date.Day.Marrow is { } marrow && marrow.Value.IsAtLeast(5).IsMet);

    /// <summary>
    /// A new lesion; a lesion grown by half and by at least 1 cm; calcium above 11 mg/dL; haemoglobin 2 g/dL below, or creatinine 2 mg/dL above,
    /// its value at the start of the line. Other causes are not in the record and are not excluded.
    /// </summary>
    public static ClinicalDate? Clinical(LineFrame frame)
    {
        var timeline = frame.Timeline;
        List<ClinicalDate> dates = [];
        if (First(frame, timeline.Calcium, sample => sample.Value.IsAbove(11)) is { } calcium)
            dates.Add(calcium);
        if (StartOf(frame, timeline.Hemoglobin) is { } hemoglobin
            && First(frame, timeline.Hemoglobin, sample => (hemoglobin.Value - sample.Value).IsAtLeast(2)) is { } anaemia)
            dates.Add(anaemia);
        if (StartOf(frame, timeline.Creatinine) is { } creatinine
            && First(frame, timeline.Creatinine, sample => (sample.Value - creatinine.Value).IsAtLeast(2)) is { } renal)
            dates.Add(renal);
        if (FirstLesion(frame) is { } lesion)
            dates.Add(lesion);
        return dates.Count == 0 ? null : dates.Min();
    }

    /// <summary>What may show the clinical relapse: the values of its date, those of the start that they are compared with, the imaging up to it.</summary>
    public static IEnumerable<SourceId> Sources(LineFrame frame)
    {
        if (Clinical(frame) is not { } relapse)
            return [];
        var timeline = frame.Timeline;
        var samples = new[] { timeline.Calcium, timeline.Hemoglobin, timeline.Creatinine }.SelectMany(values => values.Where(sample => sample.Date == relapse))
            .Concat(new[] { StartOf(frame, timeline.Hemoglobin), StartOf(frame, timeline.Creatinine) }.OfType<Sample>());
        return samples.SelectMany(sample => sample.Sources)
            .Concat(frame.Days.Where(day => day.Date <= relapse).SelectMany(day => day.Lesions).Select(lesion => lesion.Source));
    }

    private static ClinicalDate? FirstLesion(LineFrame frame)
    {
        List<Lesions> earlier = [frame.Baseline.Lesions];
        foreach (var day in frame.Days)
        {
            var lesions = Lesions.Of(day.Lesions);
            if (lesions.New.Any(finding => finding.Lesion is not { } name || !frame.Baseline.KnownLesions.Contains(name)) || earlier.Exists(before => GrewDefinitely(lesions, before)))
                return day.Date;
            earlier.Add(lesions);
        }

        return null;
    }

    // By half and by 1 cm: 1 cm2 of the products, or 1 cm of the longest diameter; of all lesions together or of one that has a name.
    private static bool GrewDefinitely(Lesions now, Lesions before) =>
        (!(now.IsByName && before.IsByName) && (Grew(now.Spd, before.Spd, 100) || Grew(now.LongestDiameter, before.LongestDiameter, 10)))
        || now.Named.Any(lesion => before.Named.Any(other => other.Name == lesion.Name
            && (Grew(lesion.Spd, other.Spd, 100) || Grew(lesion.LongestDiameter, other.LongestDiameter, 10))));

    private static bool Grew(Sample? now, Sample? before, decimal least) =>
        now is not null && before is not null && (now.Value.RoseBy(50, before.Value) & now.Value.RiseFrom(before.Value).IsAtLeast(least)).IsMet;

    private static Sample? StartOf(LineFrame frame, ImmutableArray<Sample> samples) =>
        samples.LastOrDefault(sample => sample.Date.IsOnOrBefore(frame.Line.First).IsMet
            && (frame.Line.PreviousLineStart is not { } earliest || earliest.IsOnOrBefore(sample.Date).IsMet));

    private static ClinicalDate? First(LineFrame frame, ImmutableArray<Sample> samples, Func<Sample, Tri> holds)
    {
        foreach (var sample in samples)
        {
            if (frame.Line.First.IsBefore(sample.Date).IsMet
                && (frame.Line.NewTherapy is not { } next || sample.Date.IsOnOrBefore(next).IsMet) && holds(sample).IsMet)
                return sample.Date;
        }

        return null;
    }
}
