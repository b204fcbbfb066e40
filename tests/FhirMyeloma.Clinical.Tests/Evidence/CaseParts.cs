using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Tests.Evidence;

/// <summary>A case with part of its sources, put together the plain way: what the record would be had nothing else been sent.</summary>
internal static class CaseParts
{
    /// <summary>
    /// The case as the Patient and these sources give it. The Patient's own facts stay; a fact of the diagnosis whose source is gone is gone with it. What the
    /// mapping would read from what is left in place of a source that is gone (a later Condition's date) is not known here.
    /// </summary>
    public static MyelomaCase Only(this MyelomaCase patient, IReadOnlySet<SourceId> keep)
    {
        var measurements = Kept(patient.Measurements, keep, static m => m.Source);
        if (measurements.Any(m => m.VolumeSource is { } volume && !keep.Contains(volume)))
            measurements = measurements.RemoveAll(m => m.VolumeSource is { } volume && !keep.Contains(volume));
        var drugs = Kept(patient.Drugs, keep, static e => e.Source);
        var fixations = Kept(patient.Immunofixations, keep, static f => f.Source);
        var plans = Kept(patient.Plans, keep, static p => p.Source);
        if (measurements.Any(m => m.SpuriousSource is { } said && !keep.Contains(said)))
            measurements = [.. measurements.Select(m => m.SpuriousSource is { } said && !keep.Contains(said) ? m with { Spurious = false, SpuriousSource = null } : m)];
        var isDead = patient.DeathSource is not { } deathSource || keep.Contains(deathSource);
        return patient with
        {
            Death = isDead ? patient.Death : null,
            DeathDueToMyeloma = patient.DeathDueToMyeloma && isDead && (patient.DeathCauseSource is not { } cause || keep.Contains(cause)),
            LastContact = patient.LastContactSources.All(keep.Contains) ? patient.LastContact : null,
            HasMyelomaEvidence = patient.HasMyelomaEvidence
                && (patient.MyelomaEvidenceSource is not { } evidence || keep.Contains(evidence) || ShowsMyeloma(measurements, fixations, drugs, plans)
                    || patient.Diagnosis.Sources.Any(keep.Contains)),
            Diagnosis = Only(patient.Diagnosis, keep),
            Measurements = measurements,
            Immunofixations = fixations,
            Clonality = Kept(patient.Clonality, keep, static c => c.Source),
            Lesions = Kept(patient.Lesions, keep, static l => l.Source),
            DrugBandAssays = Kept(patient.DrugBandAssays, keep, static a => a.Source),
            Mrd = Kept(patient.Mrd, keep, static m => m.Source),
            Drugs = drugs,
            Procedures = Kept(patient.Procedures, keep, static p => p.Source),
            Plans = plans,
            StatedResponses = Numbered(Kept(patient.StatedResponses, keep, static r => r.Source)),
            DocumentedCycles = Kept(patient.DocumentedCycles, keep, static c => c.Source),
            StatedWashouts = Kept(patient.StatedWashouts, keep, static w => w.Source),
            StatedLines = Kept(patient.StatedLines, keep, static l => l.Source),
            StatedRefractoriness = Kept(patient.StatedRefractoriness, keep, static r => r.Source),
            StatedProgressions = Kept(patient.StatedProgressions, keep, static p => p.Source),
        };
    }

    /// <summary>A result or drug that is evidence of myeloma by itself (contract section 3, last paragraph).</summary>
    private static bool ShowsMyeloma(
        ImmutableArray<Measurement> measurements, ImmutableArray<Immunofixation> fixations, ImmutableArray<DrugExposure> drugs, ImmutableArray<PlannedTherapy> plans) =>
        fixations.Any(static f => !f.Positive.IsUnknown)
        || measurements.Any(static m => !m.Value.IsAny && m.Marker is Marker.SerumMProtein or Marker.UrineMProtein or Marker.FlcKappa or Marker.FlcLambda or Marker.FlcRatio)
        || drugs.Any(static e => e.Drug.IsSpecific()) || plans.Any(static plan => plan.Drugs.Any(static drug => drug.IsSpecific()));

    private static Diagnosis Only(Diagnosis diagnosis, IReadOnlySet<SourceId> keep)
    {
        var dated = diagnosis.DateSource is not { } date || keep.Contains(date);
        var heavy = diagnosis.HeavyChainSource is not { } ofHeavy || keep.Contains(ofHeavy);
        var light = diagnosis.LightChainSource is not { } ofLight || keep.Contains(ofLight);
        return diagnosis with
        {
            Date = dated ? diagnosis.Date : null,
            Sources = [.. diagnosis.Sources.Where(keep.Contains)],
            HeavyChain = heavy ? diagnosis.HeavyChain : HeavyChain.Unknown,
            HeavyChainSource = heavy ? diagnosis.HeavyChainSource : null,
            LightChain = light ? diagnosis.LightChain : LightChain.Unknown,
            LightChainSource = light ? diagnosis.LightChainSource : null,
            Plasmacytoma = diagnosis.Plasmacytoma && diagnosis.PlasmacytomaSources.All(keep.Contains),
            StatedStages = Kept(diagnosis.StatedStages, keep, static s => s.Source),
            Cytogenetics = Kept(diagnosis.Cytogenetics, keep, static f => f.Source),
            CytogeneticReports = Kept(diagnosis.CytogeneticReports, keep, static r => r.Source),
        };
    }

    /// <summary>Of the statements of one date the first is 0, as the mapping numbers them.</summary>
    private static ImmutableArray<StatedResponse> Numbered(ImmutableArray<StatedResponse> stated) => stated.Length == 0 ? stated :
    [
        .. stated.GroupBy(one => one.Date)
            .SelectMany(sameDay => sameDay.OrderBy(one => one.Order).Select((one, order) => one with { Order = order })),
    ];

    private static ImmutableArray<T> Kept<T>(ImmutableArray<T> facts, IReadOnlySet<SourceId> keep, Func<T, SourceId> source)
    {
        if (facts.IsEmpty)
            return facts;
        var kept = ImmutableArray.CreateBuilder<T>();
        foreach (var fact in facts)
        {
            if (keep.Contains(source(fact)))
                kept.Add(fact);
        }

        return kept.Count == facts.Length ? facts : kept.DrainToImmutable();
    }
}
