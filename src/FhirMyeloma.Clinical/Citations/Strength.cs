using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>
/// The sources of a case from the strongest to the weakest: administration over statement over order, final over preliminary; then the earlier, then the
/// ordinally smaller (issue 4).
/// </summary>
internal sealed class Strength : IComparer<SourceId>
{
    private readonly Dictionary<SourceId, (int Weakness, ClinicalDate? Date)> _rank = [];
    private readonly HashSet<SourceId> _doses = [];
    private ImmutableArray<SourceId> _all;

    public Strength(MyelomaCase patient)
    {
        foreach (var exposure in patient.Drugs)
        {
            Take(exposure.Source, (int)exposure.Evidence, exposure.Start ?? exposure.End);
            _doses.Add(exposure.Source);
        }

        foreach (var result in patient.Measurements)
        {
            Take(result.Source, result.Status == ResultStatus.Preliminary ? 1 : 0, result.Date);
            if (result.SpuriousSource is { } said)
                Take(said, 0, result.Date);
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
    }

    /// <summary>Every source, the strongest first.</summary>
    public ImmutableArray<SourceId> All => _all.IsDefault ? _all = [.. _rank.Keys.Order(this)] : _all;

    /// <summary>True for an administration, a statement or an order.</summary>
    public bool IsDose(SourceId source) => _doses.Contains(source);

    public int Compare(SourceId x, SourceId y)
    {
        var (a, b) = (_rank.GetValueOrDefault(x), _rank.GetValueOrDefault(y));
        var byWeakness = a.Weakness.CompareTo(b.Weakness);
        if (byWeakness != 0)
            return byWeakness;
        var byDate = Comparer<ClinicalDate?>.Default.Compare(a.Date, b.Date);
        return byDate != 0 ? byDate : x.CompareTo(y);
    }

    private void Take<T>(ImmutableArray<T> facts, Func<T, SourceId> source, Func<T, ClinicalDate?> date)
    {
        foreach (var fact in facts)
            Take(source(fact), 0, date(fact));
    }

    private void Take(SourceId source, int weakness, ClinicalDate? date)
    {
        if (!_rank.TryGetValue(source, out var before) || weakness < before.Weakness)
            _rank[source] = (weakness, date);
    }
}
