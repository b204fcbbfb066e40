using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>The lowest value that a rise is counted from.</summary>
/// <param name="Value">The lowest, as a range where ranges compete.</param>
/// <param name="Sample">The sample that stands for it: of equally low ones the earliest.</param>
internal readonly record struct NadirValue(Reading Value, Sample Sample)
{
    public static NadirValue? Lower(NadirValue? nadir, Sample? sample)
    {
        if (sample is null)
            return nadir;
        if (nadir is not { } before)
            return new(sample.Value, sample);
        var isLower = sample.Value.High is { } high
            && (before.Sample.Value.High is not { } top || high < top || (high == top && sample.Value.Low < before.Sample.Value.Low));
        return new(before.Value.Lower(sample.Value), isLower ? sample : before.Sample);
    }
}

/// <summary>
/// The values of a line as it is assessed date by date, and the depth that two consecutive assessments have confirmed so far (R-NADIR-1, R-NADIR-3).
/// </summary>
internal sealed class NadirHistory(LineFrame frame)
{
    private readonly List<(Sample Sample, ResponseLevel Level)>[] _values = [[], [], [], [], []];
    private readonly List<Lesions> _lesions = [];
    private Sample? _lowestCirculating = frame.Baseline.Circulating;
    private ResponseLevel _previous = ResponseLevel.NotEvaluable;
    private ResponseLevel _confirmed = ResponseLevel.NotEvaluable;

    /// <summary>Imaging of the line so far, baseline first.</summary>
    public IReadOnlyList<Lesions> Imaging => _lesions;

    public Sample? LowestCirculating => _lowestCirculating;

    /// <summary>Takes a date in, once its category is known.</summary>
    public void Add(SampleDay day, ResponseLevel level)
    {
        Add(ResponseMarker.SerumM, day.Serum, level);
        Add(ResponseMarker.UrineM, day.Urine, level);
        Add(ResponseMarker.Dflc, frame.Dflc(day), level);
        Add(ResponseMarker.Marrow, day.Marrow, level);
        if (!day.Lesions.IsEmpty)
            _lesions.Add(Lesions.Of(day.Lesions));
        if (day.Circulating is { } cells && (_lowestCirculating is not { } lowest || cells.Value.Low < lowest.Value.Low))
            _lowestCirculating = cells;
    }

    /// <summary>Two consecutive assessments confirm the lower of both; a date that is not evaluable is skipped, a PD breaks the pair (R-CONF-2, R-CONF-3).</summary>
    public void Confirm(ResponseLevel level)
    {
        if (level == ResponseLevel.NotEvaluable)
            return;
        if (_previous >= ResponseLevel.Stable && level >= ResponseLevel.Stable)
            _confirmed = ResponseLadder.Deeper(_confirmed, ResponseLadder.Lower(_previous, level));
        _previous = level;
    }

    /// <summary>The nadir that decides; every earlier value for markers outside the frozen set and for marrow.</summary>
    public NadirValue? Deciding(ResponseMarker marker) =>
        frame.Policy.NadirLowestSingle || !NeedsConfirmation(marker)
            ? Lowest(marker)
            : Of(marker, value => value.Level >= ResponseLevel.Stable && value.Level <= _confirmed);

    /// <summary>The lowest single value.</summary>
    public NadirValue? Lowest(ResponseMarker marker) => Of(marker, _ => true);

    private bool NeedsConfirmation(ResponseMarker marker) => marker switch
    {
        ResponseMarker.SerumM => frame.Set.IsFollowedBySerum(),
        ResponseMarker.UrineM => frame.Set.IsFollowedByUrine(),
        ResponseMarker.Dflc => frame.Set == MeasurableBy.Flc,
        ResponseMarker.Marrow or ResponseMarker.Lesion => false,
    };

    private NadirValue? Of(ResponseMarker marker, Func<(Sample Sample, ResponseLevel Level), bool> counts)
    {
        var baseline = frame.Baseline[marker];
        NadirValue? nadir = NadirValue.Lower(null, baseline is { Spurious: true } ? null : baseline);
        foreach (var value in _values[(int)marker])
        {
            if (counts(value))
                nadir = NadirValue.Lower(nadir, value.Sample);
        }

        return nadir;
    }

    // R-NADIR-2: a value that the hospital marked spurious is no nadir.
    private void Add(ResponseMarker marker, Sample? sample, ResponseLevel level)
    {
        if (sample is { Spurious: false })
            _values[(int)marker].Add((sample, level));
    }
}
