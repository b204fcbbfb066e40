using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>
/// What a record would be had only part of it been sent. Facts are kept by their source, so that a small part of a long record is put together quickly.
/// </summary>
internal sealed class RecordParts
{
    private readonly MyelomaCase _whole;
    private readonly Strength _sources;
    private readonly FactsBySource<Measurement> _measurements;
    private readonly FactsBySource<DrugExposure> _drugs;
    private readonly FactsBySource<Immunofixation> _fixations;
    private readonly FactsBySource<MarrowClonality> _clonality;
    private readonly FactsBySource<LesionFinding> _lesions;
    private readonly FactsBySource<DrugBandAssay> _bandAssays;
    private readonly FactsBySource<MrdResult> _mrd;
    private readonly FactsBySource<TherapyProcedure> _procedures;
    private readonly FactsBySource<PlannedTherapy> _plans;
    private readonly FactsBySource<StatedResponse> _statedResponses;
    private readonly FactsBySource<DocumentedCycles> _cycles;
    private readonly FactsBySource<StatedWashout> _statedWashouts;
    private readonly FactsBySource<StatedLine> _statedLines;
    private readonly FactsBySource<StatedRefractoriness> _statedRefractoriness;
    private readonly FactsBySource<StatedProgression> _statedProgressions;
    private readonly FactsBySource<StatedStage> _statedStages;
    private readonly FactsBySource<CytogeneticFinding> _cytogenetics;
    private readonly FactsBySource<CytogeneticReport> _cytogeneticReports;

    public RecordParts(MyelomaCase whole, Strength sources)
    {
        (_whole, _sources) = (whole, sources);
        _measurements = new(whole.Measurements, sources, m => m.Source);
        _drugs = new(whole.Drugs, sources, e => e.Source);
        _fixations = new(whole.Immunofixations, sources, f => f.Source);
        _clonality = new(whole.Clonality, sources, c => c.Source);
        _lesions = new(whole.Lesions, sources, l => l.Source);
        _bandAssays = new(whole.DrugBandAssays, sources, a => a.Source);
        _mrd = new(whole.Mrd, sources, m => m.Source);
        _procedures = new(whole.Procedures, sources, p => p.Source);
        _plans = new(whole.Plans, sources, p => p.Source);
        _statedResponses = new(whole.StatedResponses, sources, r => r.Source);
        _cycles = new(whole.DocumentedCycles, sources, c => c.Source);
        _statedWashouts = new(whole.StatedWashouts, sources, w => w.Source);
        _statedLines = new(whole.StatedLines, sources, l => l.Source);
        _statedRefractoriness = new(whole.StatedRefractoriness, sources, r => r.Source);
        _statedProgressions = new(whole.StatedProgressions, sources, p => p.Source);
        _statedStages = new(whole.Diagnosis.StatedStages, sources, s => s.Source);
        _cytogenetics = new(whole.Diagnosis.Cytogenetics, sources, f => f.Source);
        _cytogeneticReports = new(whole.Diagnosis.CytogeneticReports, sources, r => r.Source);
    }

    /// <summary>
    /// The case as the Patient and these sources give it. The Patient's own facts stay; a fact of the diagnosis whose source is gone is gone with it. What the
    /// mapping would read from what is left in place of a source that is gone (a later Condition's date) is not known here.
    /// </summary>
    public MyelomaCase Of(SourceSet keep)
    {
        bool Has(SourceId source) => _sources.NumberOf(source) is { } number && keep.Contains(number);
        bool HasIfSaid(SourceId? source) => source is not { } said || Has(said);

        var measurements = Measured(_measurements.Of(keep), HasIfSaid);
        var drugs = _drugs.Of(keep);
        var fixations = _fixations.Of(keep);
        var plans = _plans.Of(keep);
        var isDead = HasIfSaid(_whole.DeathSource);
        return _whole with
        {
            Death = isDead ? _whole.Death : null,
            DeathDueToMyeloma = _whole.DeathDueToMyeloma && isDead && HasIfSaid(_whole.DeathCauseSource),
            LastContact = _whole.LastContactSources.All(Has) ? _whole.LastContact : null,
            HasMyelomaEvidence = _whole.HasMyelomaEvidence
                && (HasIfSaid(_whole.MyelomaEvidenceSource) || ShowsMyeloma(measurements, fixations, drugs, plans) || _whole.Diagnosis.Sources.Any(Has)),
            Diagnosis = DiagnosisOf(keep, Has, HasIfSaid),
            Measurements = measurements,
            Immunofixations = fixations,
            Clonality = _clonality.Of(keep),
            Lesions = _lesions.Of(keep),
            DrugBandAssays = _bandAssays.Of(keep),
            Mrd = _mrd.Of(keep),
            Drugs = drugs,
            Procedures = _procedures.Of(keep),
            Plans = plans,
            StatedResponses = Numbered(_statedResponses.Of(keep)),
            DocumentedCycles = _cycles.Of(keep),
            StatedWashouts = _statedWashouts.Of(keep),
            StatedLines = _statedLines.Of(keep),
            StatedRefractoriness = _statedRefractoriness.Of(keep),
            StatedProgressions = _statedProgressions.Of(keep),
        };
    }

    /// <summary>An excretion goes with its volume; a value whose spuriousness nobody states any more is a value.</summary>
    private static ImmutableArray<Measurement> Measured(ImmutableArray<Measurement> kept, Func<SourceId?, bool> isThere)
    {
        foreach (var measurement in kept)
        {
            if (!isThere(measurement.VolumeSource) || !isThere(measurement.SpuriousSource))
            {
                return
                [
                    .. kept.Where(m => isThere(m.VolumeSource))
                        .Select(m => isThere(m.SpuriousSource) ? m : m with { Spurious = false, SpuriousSource = null }),
                ];
            }
        }

        return kept;
    }

    /// <summary>A result or drug that is evidence of myeloma by itself (contract section 3, last paragraph).</summary>
    private static bool ShowsMyeloma(
        ImmutableArray<Measurement> measurements, ImmutableArray<Immunofixation> fixations, ImmutableArray<DrugExposure> drugs, ImmutableArray<PlannedTherapy> plans) =>
        fixations.Any(static f => !f.Positive.IsUnknown)
        || measurements.Any(static m => !m.Value.IsAny && m.Marker is Marker.SerumMProtein or Marker.UrineMProtein or Marker.FlcKappa or Marker.FlcLambda or Marker.FlcRatio)
        || drugs.Any(static e => e.Drug.IsSpecific()) || plans.Any(static plan => plan.Drugs.Any(static drug => drug.IsSpecific()));

    private Diagnosis DiagnosisOf(SourceSet keep, Func<SourceId, bool> has, Func<SourceId?, bool> hasIfSaid)
    {
        var diagnosis = _whole.Diagnosis;
        var heavy = hasIfSaid(diagnosis.HeavyChainSource);
        var light = hasIfSaid(diagnosis.LightChainSource);
        return diagnosis with
        {
            Date = hasIfSaid(diagnosis.DateSource) ? diagnosis.Date : null,
            Sources = diagnosis.Sources.All(has) ? diagnosis.Sources : [.. diagnosis.Sources.Where(has)],
            HeavyChain = heavy ? diagnosis.HeavyChain : HeavyChain.Unknown,
            HeavyChainSource = heavy ? diagnosis.HeavyChainSource : null,
            LightChain = light ? diagnosis.LightChain : LightChain.Unknown,
            LightChainSource = light ? diagnosis.LightChainSource : null,
            Plasmacytoma = diagnosis.Plasmacytoma && diagnosis.PlasmacytomaSources.All(has),
            StatedStages = _statedStages.Of(keep),
            Cytogenetics = _cytogenetics.Of(keep),
            CytogeneticReports = _cytogeneticReports.Of(keep),
        };
    }

    /// <summary>Of the statements of one date the first is 0, as the mapping numbers them.</summary>
    private static ImmutableArray<StatedResponse> Numbered(ImmutableArray<StatedResponse> stated) => stated.IsEmpty ? stated :
    [
        .. stated.GroupBy(one => one.Date)
            .SelectMany(sameDay => sameDay.OrderBy(one => one.Order).Select((one, order) => one with { Order = order })),
    ];

    /// <summary>Facts of one kind, found by the number of their source.</summary>
    private sealed class FactsBySource<T>
    {
        private readonly ImmutableArray<T> _facts;
        // The facts of source n are those at _at[_first[n]] up to _at[_first[n + 1]].
        private readonly int[] _first = [];
        private readonly int[] _at = [];

        public FactsBySource(ImmutableArray<T> facts, Strength sources, Func<T, SourceId> source)
        {
            _facts = facts;
            if (facts.IsEmpty)
                return;
            var numbers = new int[facts.Length];
            _first = new int[sources.Count + 1];
            for (var i = 0; i < facts.Length; i++)
            {
                numbers[i] = sources.NumberOf(source(facts[i]))!.Value;
                _first[numbers[i] + 1]++;
            }

            for (var n = 0; n < sources.Count; n++)
                _first[n + 1] += _first[n];
            var next = _first.AsSpan().ToArray();
            _at = new int[facts.Length];
            for (var i = 0; i < facts.Length; i++)
                _at[next[numbers[i]]++] = i;
        }

        /// <summary>Those from these sources, in the order of the record.</summary>
        public ImmutableArray<T> Of(SourceSet keep)
        {
            if (_facts.IsEmpty)
                return _facts;
            var count = 0;
            foreach (var source in keep)
                count += _first[source + 1] - _first[source];
            if (count == 0)
                return [];
            if (count == _facts.Length)
                return _facts;
            Span<int> at = count <= 256 ? stackalloc int[count] : new int[count];
            var n = 0;
            foreach (var source in keep)
            {
                for (var i = _first[source]; i < _first[source + 1]; i++)
                    at[n++] = _at[i];
            }

            at.Sort();
            var kept = ImmutableArray.CreateBuilder<T>(count);
            foreach (var i in at)
                kept.Add(_facts[i]);
            return kept.MoveToImmutable();
        }
    }
}
