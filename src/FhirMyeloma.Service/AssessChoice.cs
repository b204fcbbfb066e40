using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Http;

namespace FhirMyeloma.Service;

/// <summary>One parameter as somebody said it.</summary>
/// <param name="Name">Lower case, as on the wire.</param>
/// <param name="Value">The value.</param>
/// <param name="Where">Expression of the place that said it.</param>
internal readonly record struct Said(string Name, string? Value, string Where);

/// <summary>What a caller of <c>$assess</c> may choose, from a query string, a Parameters body or the command line.</summary>
/// <param name="Policy">Rulesets and response policies.</param>
/// <param name="HighRiskDefinition">The definition of high risk that tables over many patients use; a derived Bundle carries all of them.</param>
/// <param name="Language">Of notes and texts.</param>
internal sealed record AssessChoice(DerivationPolicy Policy, string HighRiskDefinition, Language Language)
{
    private static readonly FrozenDictionary<string, ResponseRuleset> _rulesets = new Dictionary<string, ResponseRuleset>(StringComparer.Ordinal)
    {
        ["imwg-2016"] = ResponseRuleset.Imwg2016,
        ["imwg-2006"] = ResponseRuleset.Imwg2006,
        ["imwg-2026-provisional"] = ResponseRuleset.Imwg2026Provisional,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, LineRuleset> _lineRulesets = new Dictionary<string, LineRuleset>(StringComparer.Ordinal)
    {
        ["rrs-2015"] = LineRuleset.Rrs2015,
        ["rwd-28-90"] = LineRuleset.Rwd28_90,
        ["cibmtr"] = LineRuleset.Cibmtr,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, UrinePolicy> _urinePolicies = new Dictionary<string, UrinePolicy>(StringComparer.Ordinal)
    {
        ["assume-negative-if-baseline-negative"] = UrinePolicy.AssumeNegativeIfBaselineNegative,
        ["strict"] = UrinePolicy.Strict,
        ["ignore"] = UrinePolicy.Ignore,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, MeasurableSerum> _measurableSerum = new Dictionary<string, MeasurableSerum>(StringComparer.Ordinal)
    {
        ["imwg"] = MeasurableSerum.Standard,
        ["serum-0.5-non-igg"] = MeasurableSerum.HalfGramNonIgG,
        ["serum-0.5"] = MeasurableSerum.HalfGram,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The parameters, their values (the default first) and their meaning.</summary>
    public static ImmutableArray<RouteParameter> Parameters { get; } =
    [
        new("ruleset", "Response ruleset; repeat it to derive under several.", ["imwg-2016", "imwg-2006", "imwg-2026-provisional"], "imwg-2016", Repeats: true),
        new("line-ruleset", "How drugs become lines of therapy.", ["rrs-2015", "rwd-28-90", "cibmtr"], "rrs-2015"),
        new("urine-policy", "What missing urine results mean.", ["assume-negative-if-baseline-negative", "strict", "ignore"], "assume-negative-if-baseline-negative"),
        new("nadir", "Which lowest value a rise is counted from: the lowest confirmed one or the lowest single one.", ["confirmed", "lowest"], "confirmed"),
        new("progression-confirmation", "What confirms a progression by laboratory values: a second sample, or also a second marker on the same date.", ["two-samples", "two-markers"], "two-samples"),
        new("measurable-disease", "From which serum M-protein on a line is followed by it: 1 g/dL, or 0.5 g/dL as in some trials.", ["imwg", "serum-0.5-non-igg", "serum-0.5"], "imwg"),
        new("flc-minimal-response", "Whether a fall of 25 % in light chains is MR, which IMWG does not define.", ["off", "on"], "off"),
        new("new-therapy", "What new therapy before progression does to PFS, TTP and duration of response: the time ends censored, or goes on.", ["censors", "ignored"], "censors"),
        new("unconfirmed-progression", "Whether a progression that stays unconfirmed ends a time.", ["counts", "ignored"], "counts"),
        new("response-death", "Which deaths end the duration of response.", ["due-to-myeloma", "any"], "due-to-myeloma"),
        new("next-treatment-death", "Whether death before the next line is an event of the time to next treatment.", ["counts", "censors"], "counts"),
        new("missed-assessments", "What two or more missed assessments before progression or death do: nothing, or the time ends censored before them.", ["ignored", "censors"], "ignored"),
        new("high-risk-definition", "Definition of high risk that tables over many patients use; a derived Bundle always carries all of them.", ["imwg-2016", "r-iss", "ims-imwg-2025", "msmart"], "imwg-2016"),
        new("language", "Language of notes and texts; codes and ids do not change.", ["en", "es"], "en"),
    ];

    /// <summary>What holds where nothing is said.</summary>
    public static AssessChoice Default { get; } = Choose([]);

    /// <summary>True when everything is derived as by default, in whatever language it is said.</summary>
    public bool IsDefaultPolicy { get; private init; }

    /// <summary>Reads what was said; what was not said has its default.</summary>
    /// <param name="said">All parameters of the request, from wherever they came.</param>
    /// <returns>The choice, or every issue with it.</returns>
    public static (AssessChoice? Choice, ImmutableArray<Issue> Issues) Read(IReadOnlyCollection<Said> said)
    {
        var issues = ImmutableArray.CreateBuilder<Issue>();
        foreach (var one in said)
        {
            if (Parameters.FirstOrDefault(parameter => parameter.Name == one.Name) is not { } parameter)
                issues.Add(Faults.IssueOf(Faults.UnknownParameter, $"There is no such parameter. Allowed: {string.Join(", ", Parameters.Select(static p => p.Name))}.", one.Where));
            else if (one.Value is null || !parameter.Values.Contains(one.Value, StringComparer.Ordinal))
                issues.Add(Faults.IssueOf(Faults.ParameterValue, $"This value is not allowed for {parameter.Name}. Allowed: {string.Join(", ", parameter.Values)}.", one.Where));
        }

        foreach (var parameter in Parameters.Where(static parameter => !parameter.Repeats))
        {
            var values = said.Where(one => one.Name == parameter.Name).ToList();
            if (values.DistinctBy(static one => one.Value, StringComparer.Ordinal).Skip(1).Any())
                issues.Add(Faults.IssueOf(Faults.ParameterRepeated, $"{parameter.Name} is said more than once with different values; say it once.", [.. values.Select(static one => one.Where).Distinct(StringComparer.Ordinal)]));
        }

        return issues.Count > 0 ? (null, issues.ToImmutable()) : (Choose(said), []);
    }

    private static AssessChoice Choose(IReadOnlyCollection<Said> said)
    {
        var rulesets = said.Where(static one => one.Name == "ruleset").Select(static one => _rulesets[one.Value!]).Distinct();
        return new(
            DerivationPolicy.Default with
            {
                Rulesets = [.. rulesets.DefaultIfEmpty(ResponseRuleset.Imwg2016)],
                LineRuleset = _lineRulesets[One("line-ruleset")],
                UrinePolicy = _urinePolicies[One("urine-policy")],
                NadirLowestSingle = One("nadir") == "lowest",
                TwoMarkerProgression = One("progression-confirmation") == "two-markers",
                MeasurableSerum = _measurableSerum[One("measurable-disease")],
                FlcMinimalResponse = One("flc-minimal-response") == "on",
                TimeToEvent = TimeToEventPolicy.Default with
                {
                    NewTherapy = One("new-therapy") == "ignored" ? NewTherapyPolicy.Ignored : NewTherapyPolicy.Censors,
                    UnconfirmedProgression = One("unconfirmed-progression") == "ignored" ? UnconfirmedProgressionPolicy.Ignored : UnconfirmedProgressionPolicy.Counts,
                    ResponseDeath = One("response-death") == "any" ? ResponseDeathPolicy.Any : ResponseDeathPolicy.DueToMyeloma,
                    NextTreatmentDeath = One("next-treatment-death") == "censors" ? NextTreatmentDeathPolicy.Censors : NextTreatmentDeathPolicy.Counts,
                    MissedAssessments = One("missed-assessments") == "censors" ? MissedAssessmentsPolicy.Censors : MissedAssessmentsPolicy.Ignored,
                },
            },
            One("high-risk-definition"),
            One("language") == "es" ? Language.Spanish : Language.English)
        {
            IsDefaultPolicy = said.All(static one => one.Name is "high-risk-definition" or "language" || Parameters.Single(parameter => parameter.Name == one.Name).Default == one.Value),
        };

        string One(string name) => said.FirstOrDefault(one => one.Name == name).Value ?? Parameters.Single(parameter => parameter.Name == name).Default!;
    }
}
