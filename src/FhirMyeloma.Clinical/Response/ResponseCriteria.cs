using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FhirMyeloma.Clinical.Response;

/// <summary>One consensus as a table: its ladders, its progression rules, its conditions of CR. A second consensus is a second row, never a branch in the first.</summary>
internal sealed record ResponseCriteria
{
    /// <summary>First part of the rule ids that it decides, e.g. <c>IMWG-2016/VGPR</c>.</summary>
    public required string Name { get; init; }

    public required ImmutableArray<Rung> Serum { get; init; }

    public required ImmutableArray<Rung> UrineWithSerum { get; init; }

    public required ImmutableArray<Rung> UrineOnly { get; init; }

    public required ImmutableArray<Rung> LightChains { get; init; }

    public required ImmutableArray<Rung> MarrowOrLesion { get; init; }

    public required ImmutableArray<ProgressionRule> Progression { get; init; }

    /// <summary>CR asks for a normal light-chain ratio in every line, not only in light-chain disease.</summary>
    public bool RatioForComplete { get; init; }

    /// <summary>The consensus knows sCR.</summary>
    public bool HasStringent { get; init; } = true;

    /// <summary>The consensus knows MR.</summary>
    public bool HasMinimal => Serum.Any(rung => rung.Level == ResponseLevel.Minimal);

    /// <summary>The deepest level of the consensus that is no deeper than this one.</summary>
    public ResponseLevel Cap(ResponseLevel level) => level switch
    {
        ResponseLevel.StringentComplete when !HasStringent => ResponseLevel.Complete,
        ResponseLevel.Minimal when !HasMinimal => ResponseLevel.Stable,
        _ => level,
    };

    public string Id(ResponseLevel level) => Ids[(Name, level)];

    private static readonly ResponseCriteria Imwg2016 = new()
    {
        Name = "IMWG-2016",
        Serum = ResponseLadder.Serum,
        UrineWithSerum = ResponseLadder.UrineWithSerum,
        UrineOnly = ResponseLadder.UrineOnly,
        LightChains = ResponseLadder.LightChains,
        MarrowOrLesion = ResponseLadder.Half,
        Progression = ProgressionRules.Imwg2016,
    };

    private static readonly ResponseCriteria Imwg2016FlcMinimal = Imwg2016 with { LightChains = ResponseLadder.LightChainsWithMinimal };

    /// <summary>Durie 2006: no MR; marrow progresses to an absolute 10 %; hypercalcaemia is progression.</summary>
    private static readonly ResponseCriteria Imwg2006 = WithoutMinimal(Imwg2016) with { Name = "IMWG-2006", Progression = ProgressionRules.Imwg2006 };

    /// <summary>What is known of the revision of 2026 (a.8): no sCR, no MR, and CR asks for a normal ratio in every line. Provisional.</summary>
    private static readonly ResponseCriteria Imwg2026Provisional =
        WithoutMinimal(Imwg2016) with { Name = "IMWG-2026-PROVISIONAL", HasStringent = false, RatioForComplete = true };

    private static readonly FrozenDictionary<(string, ResponseLevel), string> Ids =
        new[] { Imwg2016, Imwg2006, Imwg2026Provisional }
            .SelectMany(criteria => Enum.GetValues<ResponseLevel>().Select(level => (criteria.Name, level)))
            .ToFrozenDictionary(key => key, key => $"{key.Name}/{key.level.Code()}");

    public static ResponseCriteria Of(ResponseRuleset ruleset, DerivationPolicy policy) => ruleset switch
    {
        ResponseRuleset.Imwg2016 => policy.FlcMinimalResponse ? Imwg2016FlcMinimal : Imwg2016,
        ResponseRuleset.Imwg2006 => Imwg2006,
        ResponseRuleset.Imwg2026Provisional => Imwg2026Provisional,
    };

    private static ResponseCriteria WithoutMinimal(ResponseCriteria criteria) => criteria with
    {
        Serum = [.. criteria.Serum.Where(NotMinimal)],
        UrineWithSerum = [.. criteria.UrineWithSerum.Where(NotMinimal)],
        UrineOnly = [.. criteria.UrineOnly.Where(NotMinimal)],
        LightChains = [.. criteria.LightChains.Where(NotMinimal)],
    };

    private static bool NotMinimal(Rung rung) => rung.Level != ResponseLevel.Minimal;
}
