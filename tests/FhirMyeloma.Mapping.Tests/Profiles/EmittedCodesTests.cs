using System.Reflection;
using System.Text.RegularExpressions;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Clinical.Washout;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>Every code that results can hold is published, and nothing is published that no result can hold.</summary>
public sealed partial class EmittedCodesTests
{
    private static readonly string[] Stages = [.. Enumerable.Range(1, 4).Select(ResultCodes.Roman)];

    public static TheoryData<string, string[]> Emitted => new()
    {
        { "imwg-response", Each<ResponseLevel>(ResponseLevels.Code) },
        { "flag", Each<Flag>(Flags.Code) },
        { "myeloma-drug", Each<Drug>(Drugs.Code) },
        { "washout-category", Each<WashoutCategory>(ResultCodes.Code) },
        { "definition", Each<RiskDefinition>(ResultCodes.Code) },
        { "abnormality", Each<Abnormality>(ResultCodes.Code) },
        { "measurable-by", Each<MeasurableBy>(ResultCodes.Kebab) },
        { "marker", Each<ResponseMarker>(ResultCodes.Kebab) },
        { "phase", Each<PhaseKind>(ResultCodes.Kebab) },
        { "confidence", Each<Confidence>(ResultCodes.Kebab) },
        { "start-reason", Each<LineStartReason>(ResultCodes.Kebab) },
        { "end-reason", Each<LineEndReason>(ResultCodes.Kebab) },
        { "evidence-level", Each<ExposureEvidence>(ResultCodes.Kebab) },
        { "reason", [.. Each<NoWashoutReason>(ResultCodes.Kebab), .. Each<NoDaysReason>(ResultCodes.Kebab)] },
        { "endpoint", Each<Endpoint>(ResultCodes.Kebab) },
        { "event-name", Each<EndpointEvent>(ResultCodes.Kebab) },
        { "censoring-rule", Each<CensoringRule>(ResultCodes.Kebab) },
        { "interference-strength", Each<InterferenceStrength>(ResultCodes.Kebab) },
        { "drug-refractoriness", Each<RefractoryStatus>(ResultCodes.Kebab) },
        { "class-refractoriness", Each<ClassLabel>(ResultCodes.Kebab) },
        { "progression-source", Each<ProgressionSource>(ResultCodes.Kebab) },
        { "mrd-status", Each<MrdStatusCode>(ResultCodes.Kebab) },
        { "mrd-method", Each<MrdMethod>(ResultCodes.Kebab) },
        { "cytogenetic-risk", Each<RiskLevel>(ResultCodes.Kebab) },
        { "reported-response-check", Each<ReportedVerdict>(ResultCodes.Kebab) },
        { "iss-stage", Stages[..3] },
        { "r-iss-stage", Stages[..3] },
        { "r2-iss-stage", Stages },
        { "reported", Stages },
        { "bound-worst", [.. Stages, .. Each<RiskLevel>(ResultCodes.Kebab)] },
        { "bound-best", [.. Stages, .. Each<RiskLevel>(ResultCodes.Kebab)] },
        {
            "ruleset",
            [
                "anti-cd38-washout", .. Each<ResponseRuleset>(ResultCodes.Code)
                    .Concat(Each<LineRuleset>(ResultCodes.Code)).Concat(Each<StagingSystem>(ResultCodes.Code)).Concat(Each<RiskDefinition>(ResultCodes.Code))
                    .Distinct(StringComparer.Ordinal),
            ]
        },
        { "myeloma-result", [.. Kinds().Select(kind => kind.Code)] },
        { "myeloma-result-component", Components() },
    };

    [Theory]
    [MemberData(nameof(Emitted))]
    public void The_system_holds_the_codes_that_are_emitted_and_no_others(string system, string[] codes) =>
        Assert.Equal(codes.Order(StringComparer.Ordinal), PublishedCodes.Of(system), StringComparer.Ordinal);

    [Fact]
    public void Inputs_that_responses_stages_and_risks_miss_are_published_and_no_others() =>
        Assert.Equal(
            Each<MissingInput>(ResultCodes.Snake).Concat(StagingInputs()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            PublishedCodes.Of("missing-input"),
            StringComparer.Ordinal);

    [Fact]
    public void Names_of_results_and_categories_are_the_published_ones()
    {
        Assert.All(Kinds(), kind => Assert.Equal((kind.English, kind.Spanish), Names("myeloma-result", kind.Code)));
        Assert.All(Enum.GetValues<ResponseLevel>(), level => Assert.Equal(level.Display(), Names("imwg-response", level.Code()).English));
        Assert.All(Enum.GetValues<Abnormality>(), abnormality => Assert.Equal(abnormality.Display(), Names("abnormality", abnormality.Code()).English));
    }

    private static string[] Each<T>(Func<T, string> code) where T : struct, Enum => [.. Enum.GetValues<T>().Select(code)];

    private static IEnumerable<ResultKind> Kinds() =>
        typeof(ResultKind).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<ResultKind>();

    /// <summary>The component codes that the writers name; they are written where they are used, so the source is the list.</summary>
    private static string[] Components() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repo.Root, "src", "FhirMyeloma.Mapping", "Outbound"), "*.cs")
            .SelectMany(file => ComponentCode().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["code"].Value)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The names of inputs in the staging rules; <c>ISS</c> there is the rule.</summary>
    private static IEnumerable<string> StagingInputs() =>
        Directory.EnumerateFiles(Path.Combine(Repo.Root, "src", "FhirMyeloma.Clinical", "Staging"), "*.cs")
            .SelectMany(file => InputName().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["code"].Value)
            .Where(name => name != "ISS");

    private static (string English, string Spanish) Names(string system, string code)
    {
        var concept = PublishedCodes.Systems[system].Children("concept").Single(concept => concept["code"].Text == code);
        return (concept["display"].Text!, concept.Children("designation").Single(named => named["language"].Text == "es")["value"].Text!);
    }

    [GeneratedRegex(@"""(?<code>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InputName();

    [GeneratedRegex("""(?:\.Add|\.AddEach|\.AddEachDay|AddEach|new)\("(?<code>[a-z][a-z0-9-]*)",""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ComponentCode();
}
