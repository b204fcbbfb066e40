using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>Everything that one date says about the disease: one assessment per patient and calendar day (a.10).</summary>
internal sealed record SampleDay(ClinicalDate Date)
{
    // R-PD-9, mg/dL.
    private const decimal LegacyCalcium = 11.5m;

    public Sample? Serum { get; init; }

    public Sample? Urine { get; init; }

    public LightChains? LightChains { get; init; }

    public Fixation? SerumFixation { get; init; }

    public Fixation? UrineFixation { get; init; }

    public Sample? Marrow { get; init; }

    public Sample? Circulating { get; init; }

    /// <summary>Serum calcium: corrected for albumin where that was sent, else as measured.</summary>
    public Sample? Calcium { get; init; }

    public ImmutableArray<LesionFinding> Lesions { get; init; } = [];

    public ImmutableArray<MarrowClonality> Clonality { get; init; } = [];

    public ImmutableArray<DrugBandAssay> BandAssays { get; init; } = [];

    /// <summary>Everything that was sent of the date.</summary>
    public IEnumerable<SourceId> Sources =>
        new[] { Serum, Urine, LightChains?.Kappa, LightChains?.Lambda, Marrow, Circulating, Calcium }.OfType<Sample>().SelectMany(sample => sample.Sources)
            .Concat(LightChains?.RatioSources ?? []).Concat(SerumFixation?.Sources ?? []).Concat(UrineFixation?.Sources ?? [])
            .Concat(Lesions.Select(lesion => lesion.Source)).Concat(Clonality.Select(clonality => clonality.Source)).Concat(BandAssays.Select(assay => assay.Source));

    /// <summary>A serum date has a serum M-protein, light-chain or serum immunofixation result (a.10).</summary>
    public bool HasSerum => Serum is not null || LightChains is not null || SerumFixation is not null;

    /// <summary>Nothing here speaks of the disease. Calcium that is no progression by R-PD-9 of the older rulesets makes no date of its own.</summary>
    public bool IsEmpty =>
        !HasSerum && Urine is null && UrineFixation is null && Marrow is null && Circulating is null && (Calcium is null || Calcium.Value.IsAtMost(LegacyCalcium).IsMet) && Lesions.IsEmpty && Clonality.IsEmpty && BandAssays.IsEmpty;
}
