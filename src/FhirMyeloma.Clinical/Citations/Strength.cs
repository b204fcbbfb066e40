using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>
/// The sources of a case, numbered from the strongest to the weakest: administration over statement over order, final over preliminary; then the earlier, then
/// the ordinally smaller (issue 4).
/// </summary>
internal sealed class Strength
{
    private readonly Dictionary<SourceId, long> _ranks = [];
    private readonly Dictionary<SourceId, int> _numbers;
    private readonly ImmutableArray<SourceId> _sources;
    private readonly bool[] _doses;
    private readonly HashSet<SourceId> _several = [];

    public Strength(MyelomaCase patient)
    {
        foreach (var exposure in patient.Drugs)
            Take(exposure.Source, (int)exposure.Evidence, exposure.Start ?? exposure.End);
        foreach (var result in patient.Measurements)
        {
            Take(result.Source, result.Status == ResultStatus.Preliminary ? 1 : 0, result.Date);
            if (result.SpuriousSource is { } said)
                Take(said, 0, result.Date);
            if (result.VolumeSource is { } volume)
                Take(volume, 0, result.Date);
        }

        foreach (var result in patient.Immunofixations)
            Take(result.Source, result.Status == ResultStatus.Preliminary ? 1 : 0, result.Date);
        Take(patient.Clonality, one => one.Source, one => one.Date);
        Take(patient.Lesions, one => one.Source, one => one.Date);
        Take(patient.DrugBandAssays, one => one.Source, one => one.Date);
        Take(patient.Mrd, one => one.Source, one => one.Date);
        Take(patient.Procedures, one => one.Source, one => one.Date);
        Take(patient.Plans, one => one.Source, one => one.Start);
        Take(patient.StatedResponses, one => one.Source, one => one.Date);
        Take(patient.DocumentedCycles, one => one.Source, one => one.Date);
        Take(patient.StatedWashouts, one => one.Source, one => one.Date);
        Take(patient.StatedLines, one => one.Source, one => one.Start);
        Take(patient.StatedRefractoriness, one => one.Source, one => one.Date);
        Take(patient.StatedProgressions, one => one.Source, one => one.Date);
        Take(patient.Diagnosis.StatedStages, one => one.Source, one => one.Date);
        Take(patient.Diagnosis.Cytogenetics, one => one.Source, one => one.Date);
        Take(patient.Diagnosis.CytogeneticReports, one => one.Source, one => one.Date);
        foreach (var source in patient.Diagnosis.Sources.Concat(patient.Diagnosis.CloneSources).Concat(patient.Diagnosis.PlasmacytomaSources))
            Take(source, 0, patient.Diagnosis.Date);
        foreach (var source in new[] { patient.Diagnosis.DateSource, patient.MyelomaEvidenceSource, patient.DeathSource, patient.DeathCauseSource }.OfType<SourceId>())
            Take(source, 0, null);
        // Nothing but a date: whatever else shows that date is stronger.
        foreach (var source in patient.LastContactSources)
            Take(source, (int)ExposureEvidence.Order + 1, patient.LastContact);

        var sources = _ranks.ToArray();
        Array.Sort(sources, (a, b) => a.Value.CompareTo(b.Value) is var byRank and not 0 ? byRank : a.Key.CompareTo(b.Key));
        _sources = [.. sources.Select(source => source.Key)];
        _numbers = new(_sources.Length);
        for (var i = 0; i < _sources.Length; i++)
            _numbers.Add(_sources[i], i);
        _doses = new bool[_sources.Length];
        foreach (var exposure in patient.Drugs)
            _doses[_numbers[exposure.Source]] = true;
    }

    /// <summary>How many sources there are; their numbers run from 0.</summary>
    public int Count => _sources.Length;

    public SourceId this[int number] => _sources[number];

    /// <summary>The number of a source; null when no fact is from it.</summary>
    public int? NumberOf(SourceId source) => _numbers.TryGetValue(source, out var number) ? number : null;

    /// <summary>True for an administration, a statement or an order.</summary>
    public bool IsDose(SourceId source) => NumberOf(source) is { } number && _doses[number];

    /// <summary>True where more than one fact is from it: another fact of a source that is cited may stand in for one that goes.</summary>
    public bool SaysSeveral(SourceId source) => _several.Contains(source);

    private void Take<T>(ImmutableArray<T> facts, Func<T, SourceId> source, Func<T, ClinicalDate?> date)
    {
        foreach (var fact in facts)
            Take(source(fact), 0, date(fact));
    }

    private void Take(SourceId source, int weakness, ClinicalDate? date)
    {
        // Days are numbered below 2^22; no date comes first.
        var rank = date is { } day ? ((long)weakness << 48) | ((long)(day.First.DayNumber + 1) << 24) | (long)day.Last.DayNumber : (long)weakness << 48;
        if (!_ranks.TryGetValue(source, out var before))
        {
            _ranks.Add(source, rank);
            return;
        }

        _several.Add(source);
        if (weakness < before >> 48)
            _ranks[source] = rank;
    }
}
