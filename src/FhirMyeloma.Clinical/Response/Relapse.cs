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

    private static bool IsBack(Assessment date) =>
        date.Level == ResponseLevel.Progressive
        || date.Day.SerumFixation is { Positive.IsMet: true } || date.Day.UrineFixation is { Positive.IsMet: true }
        || (date.Day.Serum is { } serum && serum.Value.IsAbove(0).IsMet) || (date.Day.Urine is { } urine && urine.Value.IsAbove(0).IsMet)
        || (date.Day.Marrow is { } marrow && marrow.Value.IsAtLeast(5).IsMet);

    /// <summary>
    /// A new lesion; a lesion grown by half and at least 1 cm2 in sum of products; calcium above 11 mg/dL; haemoglobin 2 g/dL below, or creatinine 2 mg/dL above,
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

    private static ClinicalDate? FirstLesion(LineFrame frame)
    {
        NadirValue? lowest = NadirValue.Lower(null, frame.Baseline.Lesions.Spd);
        foreach (var day in frame.Days)
        {
            if (day.Lesions.IsEmpty)
                continue;
            var lesions = Lesions.Of(day.Lesions);
            if (lesions.New is not null
                || (lesions.Spd is { } spd && lowest is { } nadir && (spd.Value.RoseBy(50, nadir.Value) & spd.Value.RiseFrom(nadir.Value).IsAtLeast(100)).IsMet))
                return day.Date;
            lowest = NadirValue.Lower(lowest, lesions.Spd);
        }

        return null;
    }

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
