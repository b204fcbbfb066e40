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
            && (before.Sample.Value.High is not { } top || high < top || (high == top && sample.Value.Low < before.Sample.Value.Low)
                || (sample.Value == before.Sample.Value && sample.Date < before.Sample.Date));
        return new(before.Value.Lower(sample.Value), isLower ? sample : before.Sample);
    }
}

/// <summary>
/// The values of a line as it is assessed date by date, and the depth that two consecutive assessments have confirmed so far (R-NADIR-1, R-NADIR-3).
/// </summary>
internal sealed class NadirHistory
{
    private readonly LineFrame _frame;
    private readonly Series[] _series;
    private readonly List<Lesions> _lesions;
    private ResponseLevel _previous = ResponseLevel.NotEvaluable;
    private ResponseLevel _confirmed = ResponseLevel.NotEvaluable;

    public NadirHistory(LineFrame frame)
    {
        _frame = frame;
        _series = [.. Enum.GetValues<ResponseMarker>().Select(marker => new Series(frame.Baseline[marker]))];
        LowestCirculating = frame.Baseline.Circulating is { Spurious: true } ? null : frame.Baseline.Circulating;
        _lesions = [frame.Baseline.Lesions];
    }

    /// <summary>Some result of the line so far has no known value: what is lowest, or confirmed, may be otherwise.</summary>
    public bool HasBlanks { get; private set; }

    /// <summary>Imaging of the line so far, its baseline first.</summary>
    public IReadOnlyList<Lesions> Imaging => _lesions;

    public Sample? LowestCirculating { get; private set; }

    /// <summary>Takes a date in, once its category is known.</summary>
    public void Add(SampleDay day, ResponseLevel level)
    {
        HasBlanks |= LineFrame.IsBlank(day);
        Add(ResponseMarker.SerumM, day.Serum, level);
        Add(ResponseMarker.UrineM, day.Urine, level);
        Add(ResponseMarker.Dflc, _frame.Dflc(day), level);
        Add(ResponseMarker.Marrow, day.Marrow, level);
        if (!day.Lesions.IsEmpty)
            _lesions.Add(Lesions.Of(day.Lesions));
        if (day.Circulating is { Spurious: false, IsBlank: false } cells && (LowestCirculating is not { } lowest || cells.Value.Low < lowest.Value.Low))
            LowestCirculating = cells;
    }

    /// <summary>A followed value that is not known stands between two assessments: nobody knows whether they are consecutive.</summary>
    public void Break() => _previous = ResponseLevel.NotEvaluable;

    /// <summary>Two consecutive assessments confirm the lower of both; a date that is not evaluable is skipped, a PD breaks the pair (R-CONF-2, R-CONF-3).</summary>
    public void Confirm(ResponseLevel level)
    {
        if (level == ResponseLevel.NotEvaluable)
            return;
        if (_previous >= ResponseLevel.Stable && level >= ResponseLevel.Stable && ResponseLadder.Lower(_previous, level) is var pair && pair > _confirmed)
        {
            _confirmed = pair;
            foreach (var series in _series)
                series.Confirm(pair);
        }

        _previous = level;
    }

    /// <summary>The nadir that decides; every earlier value for markers outside the frozen set and for marrow.</summary>
    public NadirValue? Deciding(ResponseMarker marker) =>
        NeedsConfirmation(marker) ? _series[(int)marker].LowestConfirmed : _series[(int)marker].Lowest;

    /// <summary>The lowest single value.</summary>
    public NadirValue? Lowest(ResponseMarker marker) => _series[(int)marker].Lowest;

    /// <summary>The nadir if what is not known had been as low as can be: a marker that was measured without a known value may have been at any height.</summary>
    public NadirValue? LowestPossible(ResponseMarker marker) => _series[(int)marker].LowestPossible ?? Deciding(marker);

    /// <summary>Some marker's lowest single value is not yet its confirmed nadir.</summary>
    public bool HasUnconfirmed
    {
        get
        {
            foreach (var series in _series)
            {
                if (series.HasPending)
                    return true;
            }

            return false;
        }
    }

    private bool NeedsConfirmation(ResponseMarker marker) => !_frame.Policy.NadirLowestSingle && marker switch
    {
        ResponseMarker.SerumM => _frame.Set.IsFollowedBySerum(),
        ResponseMarker.UrineM => _frame.Set.IsFollowedByUrine(),
        ResponseMarker.Dflc => _frame.Set == MeasurableBy.Flc,
        ResponseMarker.Marrow or ResponseMarker.Lesion => false,
    };

    // R-NADIR-2: a value that the hospital marked spurious is no nadir.
    private void Add(ResponseMarker marker, Sample? sample, ResponseLevel level)
    {
        if (sample is { IsBlank: true, Spurious: false })
            _series[(int)marker].AddBlank(sample);
        else if (sample is { Spurious: false })
            _series[(int)marker].Add(sample, level, _confirmed);
    }

    /// <summary>The running minima of one marker, so that no date looks back over all others.</summary>
    private sealed class Series
    {
        private readonly List<(Sample Sample, ResponseLevel Level)> _pending = [];

        public Series(Sample? baseline) => Lowest = LowestConfirmed = NadirValue.Lower(null, baseline is { Spurious: true } ? null : baseline);

        public NadirValue? Lowest { get; private set; }

        public NadirValue? LowestConfirmed { get; private set; }

        public bool HasPending { get; private set; }

        private Sample? Blank { get; set; }

        /// <summary>Null where every value is known.</summary>
        public NadirValue? LowestPossible => Blank is not { } blank ? null
            : Lowest is { } lowest ? new(lowest.Value.Lower(Reading.Any), lowest.Sample) : new(Reading.Any, blank);

        public void AddBlank(Sample sample) => Blank ??= sample;

        public void Add(Sample sample, ResponseLevel level, ResponseLevel confirmed)
        {
            Lowest = NadirValue.Lower(Lowest, sample);
            if (level >= ResponseLevel.Stable && level <= confirmed)
                LowestConfirmed = NadirValue.Lower(LowestConfirmed, sample);
            else
                _pending.Add((sample, level));
            HasPending = _pending.Count > 0;
        }

        public void Confirm(ResponseLevel confirmed)
        {
            for (var i = _pending.Count - 1; i >= 0; i--)
            {
                if (_pending[i].Level < ResponseLevel.Stable || _pending[i].Level > confirmed)
                    continue;
                LowestConfirmed = NadirValue.Lower(LowestConfirmed, _pending[i].Sample);
                _pending.RemoveAt(i);
            }

            HasPending = _pending.Count > 0;
        }
    }
}
