using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>The days on which a dose, or the doses of a period, can have been given.</summary>
internal readonly record struct Exposed(DateOnly First, DateOnly Last, SourceId Source)
{
    /// <summary>The fewest days from such a dose to <paramref name="date"/>; null when all lie after it.</summary>
    public int? DaysBefore(ClinicalDate date) =>
        First > date.Last ? null : Math.Max(0, date.First.DayNumber - Math.Min(Last.DayNumber, date.Last.DayNumber));
}

/// <summary>A patient's results by day, in time order, and the doses of antibody that can show as a band.</summary>
internal sealed class Timeline
{
    private static readonly Marker[] Disease =
        [Marker.SerumMProtein, Marker.UrineMProtein, Marker.FlcKappa, Marker.FlcLambda, Marker.FlcRatio, Marker.MarrowPlasmaCells, Marker.CirculatingPlasmaCells];

    private Timeline(MyelomaCase patient, ImmutableArray<SampleDay> days, ImmutableArray<Exposed> antibodyDoses, ImmutableArray<Sample>[] organs)
    {
        Patient = patient;
        Days = days;
        AntibodyDoses = antibodyDoses;
        (Hemoglobin, Calcium, Creatinine, QuantitativeIgA) = (organs[0], organs[1], organs[2], organs[3]);
    }

    public MyelomaCase Patient { get; }

    /// <summary>Every date with a result of the disease, by date.</summary>
    public ImmutableArray<SampleDay> Days { get; }

    /// <summary>When an anti-CD38 antibody was given.</summary>
    public ImmutableArray<Exposed> AntibodyDoses { get; }

    public ImmutableArray<Sample> Hemoglobin { get; }

    /// <summary>Calcium corrected for albumin where it was sent, else as measured.</summary>
    public ImmutableArray<Sample> Calcium { get; }

    public ImmutableArray<Sample> Creatinine { get; }

    public ImmutableArray<Sample> QuantitativeIgA { get; }

    public static Timeline Of(MyelomaCase patient)
    {
        ArgumentNullException.ThrowIfNull(patient);
        var days = new Dictionary<ClinicalDate, Collected>();
        foreach (var measurement in patient.Measurements)
        {
            if (Array.IndexOf(Disease, measurement.Marker) is var slot and >= 0)
                At(days, measurement.Date).Add(slot, measurement);
            else if (measurement.Marker is Marker.Calcium or Marker.CalciumCorrected)
                At(days, measurement.Date).Calcium.Add(measurement);
        }

        foreach (var fixation in patient.Immunofixations)
            At(days, fixation.Date).Add(fixation);
        foreach (var clonality in patient.Clonality)
            At(days, clonality.Date).Clonality.Add(clonality);
        foreach (var lesion in patient.Lesions)
            At(days, lesion.Date).Lesions.Add(lesion);
        foreach (var assay in patient.DrugBandAssays)
            At(days, assay.Date).Assays.Add(assay);

        var joined = new List<SampleDay>(days.Count);
        foreach (var (date, collected) in days)
        {
            var day = collected.Join(date, patient.Diagnosis);
            if (!day.IsEmpty)
                joined.Add(day);
        }

        joined.Sort((a, b) => a.Date.CompareTo(b.Date));
        return new(
            patient,
            [.. joined],
            Doses(patient),
            [
                Samples(patient, Marker.Hemoglobin),
                patient.Measurements.Any(m => m.Marker == Marker.CalciumCorrected) ? Samples(patient, Marker.CalciumCorrected) : Samples(patient, Marker.Calcium),
                Samples(patient, Marker.Creatinine),
                Samples(patient, Marker.IgA),
            ]);
    }

    private static Collected At(Dictionary<ClinicalDate, Collected> days, ClinicalDate date)
    {
        if (!days.TryGetValue(date, out var day))
            days.Add(date, day = new());
        return day;
    }

    private static ImmutableArray<Sample> Samples(MyelomaCase patient, Marker marker)
    {
        List<Measurement> results = [];
        foreach (var measurement in patient.Measurements)
        {
            if (measurement.Marker == marker)
                results.Add(measurement);
        }

        results.Sort((a, b) => a.Date.CompareTo(b.Date));
        var samples = ImmutableArray.CreateBuilder<Sample>(results.Count);
        for (var i = 0; i < results.Count;)
        {
            var next = i + 1;
            while (next < results.Count && results[next].Date == results[i].Date)
                next++;
            if (Sample.Of(results.GetRange(i, next - i), patient.Diagnosis) is { } sample)
                samples.Add(sample);
            i = next;
        }

        return samples.ToImmutable();
    }

    // An order proves no dose (R-WO-5); a dose of unknown status does not count (R-WO-4).
    private static ImmutableArray<Exposed> Doses(MyelomaCase patient)
    {
        var doses = ImmutableArray.CreateBuilder<Exposed>();
        foreach (var exposure in patient.Drugs)
        {
            if (exposure.Drug is not (Drug.Daratumumab or Drug.Isatuximab or Drug.OtherAntiCd38)
                || exposure.Evidence == ExposureEvidence.Order || exposure.Status == ExposureStatus.Unknown
                || (exposure.Start ?? exposure.End) is not { } start)
                continue;
            doses.Add(new(start.First, exposure.IsOpenPeriod ? DateOnly.MaxValue : (exposure.End ?? start).Last, exposure.Source));
        }

        return doses.ToImmutable();
    }

    private sealed class Collected
    {
        private static readonly List<Measurement> NoResults = [];
        private readonly List<Measurement>?[] _measurements = new List<Measurement>?[Disease.Length];
        private List<Immunofixation>? _serum;
        private List<Immunofixation>? _urine;
        private List<MarrowClonality>? _clonality;
        private List<LesionFinding>? _lesions;
        private List<DrugBandAssay>? _assays;
        private List<Measurement>? _calcium;

        public List<MarrowClonality> Clonality => _clonality ??= [];

        public List<LesionFinding> Lesions => _lesions ??= [];

        public List<DrugBandAssay> Assays => _assays ??= [];

        public List<Measurement> Calcium => _calcium ??= [];

        public void Add(int slot, Measurement measurement) => (_measurements[slot] ??= []).Add(measurement);

        public void Add(Immunofixation fixation)
        {
            if (fixation.Sample == ImmunofixationSample.Serum)
                (_serum ??= []).Add(fixation);
            else
                (_urine ??= []).Add(fixation);
        }

        public SampleDay Join(ClinicalDate date, Diagnosis diagnosis)
        {
            var serum = One(Marker.SerumMProtein, diagnosis);
            var urine = One(Marker.UrineMProtein, diagnosis);
            return new(date)
            {
                Serum = serum,
                Urine = urine,
                LightChains = LightChains.Of(date, Of(Marker.FlcKappa), Of(Marker.FlcLambda), Of(Marker.FlcRatio), diagnosis),
                SerumFixation = WithText(_serum is null ? null : Fixation.Of(_serum, diagnosis), serum),
                UrineFixation = WithText(_urine is null ? null : Fixation.Of(_urine, diagnosis), urine),
                Marrow = One(Marker.MarrowPlasmaCells, diagnosis),
                Circulating = One(Marker.CirculatingPlasmaCells, diagnosis),
                Calcium = _calcium is null ? null
                    : Sample.Of([.. _calcium.Where(m => m.Marker == Marker.CalciumCorrected)], diagnosis) ?? Sample.Of(_calcium, diagnosis),
                Lesions = _lesions is null ? [] : [.. _lesions.OrderBy(lesion => lesion.Source)],
                Clonality = _clonality is null ? [] : [.. _clonality.OrderBy(clonality => clonality.Source)],
                BandAssays = _assays is null ? [] : [.. _assays.OrderBy(assay => assay.Source)],
            };
        }

        private List<Measurement> Of(Marker marker) => _measurements[Array.IndexOf(Disease, marker)] ?? NoResults;

        private Sample? One(Marker marker, Diagnosis diagnosis) => Of(marker) is { Count: > 0 } results ? Sample.Of(results, diagnosis) : null;

        // R-UNIT-7: "present, too small to quantify" is a positive immunofixation.
        private static Fixation? WithText(Fixation? fixation, Sample? sample) =>
            sample is not { BandByText: true } ? fixation
            : fixation is { Positive.IsMet: true } ? fixation
            : new(sample.Date, Tri.Met, false, true, fixation is not null, sample.Preliminary, sample.Sources);
    }
}
