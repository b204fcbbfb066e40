using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>What all immunofixations of one sample kind on one date say together; one that is both is positive (a.10).</summary>
/// <param name="Date">Date of the sample.</param>
/// <param name="Positive">Met: a band of the patient's clone; NotMet: none.</param>
/// <param name="ForeignIgGKappa">
/// The only bands are IgG kappa and the clone cannot make them: under an anti-CD38 antibody the drug's own (section b), else oligoclonal (a.7).
/// </param>
/// <param name="MaybeDrug">A positive band that an IgG-kappa antibody can explain: stated IgG kappa, or not typed.</param>
/// <param name="Contradictory">Positive and negative on one day.</param>
/// <param name="Preliminary">Only preliminary results exist.</param>
/// <param name="Sources">The results that say so.</param>
internal sealed record Fixation(
    ClinicalDate Date, Tri Positive, bool ForeignIgGKappa, bool MaybeDrug, bool Contradictory, bool Preliminary, ImmutableArray<SourceId> Sources)
{
    public Tri Negative => !Positive;

    /// <summary>Done, and its result is not known.</summary>
    public bool IsBlank => Positive.IsUnknown;

    /// <summary>Joins the results of one date; one without a clear result counts only where no other has one.</summary>
    public static Fixation? Of(IReadOnlyList<Immunofixation> results, Diagnosis diagnosis)
    {
        List<Immunofixation> used = [.. results];
        if (used.Count == 0)
            return null;
        var preliminary = used.TrueForAll(result => result.Status == ResultStatus.Preliminary);
        if (!preliminary)
            used.RemoveAll(result => result.Status == ResultStatus.Preliminary);
        used.Sort((a, b) => a.Source.CompareTo(b.Source));
        if (used.TrueForAll(result => result.Positive.IsUnknown))
            return new(used[0].Date, Tri.Unknown, false, false, false, preliminary, [used[0].Source]);
        used.RemoveAll(result => result.Positive.IsUnknown);

        List<Immunofixation> positive = [.. used.Where(result => result.Positive.IsMet)];
        List<Immunofixation> own = [.. positive.Where(result => !Sample.IsForeign(result.BandHeavyChain, result.BandLightChain, diagnosis))];
        var deciding = own.Count > 0 ? own : positive.Count > 0 ? positive : used;
        return new(
            used[0].Date,
            Tri.Of(own.Count > 0),
            own.Count == 0 && positive.Exists(IsIgGKappa),
            positive.Count > 0 && positive.TrueForAll(result => IsIgGKappa(result) || IsUntyped(result)),
            positive.Count > 0 && positive.Count < used.Count,
            preliminary,
            [deciding[0].Source]);
    }

    private static bool IsIgGKappa(Immunofixation result) => result is { BandHeavyChain: HeavyChain.IgG, BandLightChain: LightChain.Kappa };

    private static bool IsUntyped(Immunofixation result) => result is { BandHeavyChain: HeavyChain.Unknown, BandLightChain: LightChain.Unknown };
}
