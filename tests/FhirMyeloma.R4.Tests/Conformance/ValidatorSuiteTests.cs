using System.Text.Json;
using System.Text.RegularExpressions;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.R4.Xml;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Conformance;

/// <summary>
/// The cases of the FHIR validator test suite; what is expected is what the Java reference validator says. A case has one step, or two: the
/// second validates the same file against a profile as well. Issues that came from its terminology server do not count.
/// </summary>
public partial class ValidatorSuiteTests(ITestOutputHelper output)
{
    private static readonly Lazy<List<Step>> AllSteps = new(() => [.. Steps()]);

    private sealed record Step(string Name, string Tier, bool IsValid, string[] ErrorsAt, IReadOnlyList<Issue> Issues)
    {
        public IEnumerable<Issue> Errors => Issues.Where(issue => issue.IsError);
        public string? FirstError => Errors.Select(issue => $"{issue.Code} at {issue.Expressions.FirstOrDefault()}: {issue.Text}").FirstOrDefault();
    }

    [CorporaFact]
    public void Valid_and_invalid_are_told_apart_as_by_the_reference_validator() =>
        Finish(AllSteps.Value.GroupBy(step => step.Tier, StringComparer.Ordinal).Select(tier =>
        {
            var suite = new Suite($"validator/{tier.Key}", output);
            foreach (var step in tier)
                suite.Case(step.Name, step.IsValid == !step.Errors.Any() ? null : step.IsValid ? step.FirstError : $"accepted, but it has errors at {string.Join(", ", step.ErrorsAt)}");
            return suite;
        }));

    [CorporaFact]
    public void Expected_errors_are_found_at_the_same_element() =>
        Finish(AllSteps.Value.Where(step => step.Tier is "base" or "profile" && !step.IsValid).GroupBy(step => step.Tier, StringComparer.Ordinal).Select(tier =>
        {
            var suite = new Suite($"validator/{tier.Key}-elements", output);
            foreach (var step in tier)
            {
                var found = step.Errors.SelectMany(issue => issue.Expressions).Select(Simple).ToHashSet(StringComparer.Ordinal);
                foreach (var (at, expected) in step.ErrorsAt.Index())
                    suite.Case($"{step.Name} {at + 1} {expected}", found.Contains(expected) ? null : $"no error of ours there; ours are at {string.Join(", ", found)}");
            }
            return suite;
        }));

    [CorporaFact]
    public void No_valid_resource_is_refused()
    {
        var suite = new Suite("validator/valid-accepted", output);
        foreach (var step in AllSteps.Value.Where(step => step.IsValid))
            suite.Case(step.Name, step.FirstError);
        suite.Finish();
    }

    /// <summary>All suites are counted before one fails.</summary>
    private static void Finish(IEnumerable<Suite> suites)
    {
        List<string> faults = [];
        foreach (var suite in suites)
        {
            try
            {
                suite.Finish();
            }
            catch (Xunit.Sdk.XunitException surprise)
            {
                faults.Add(surprise.Message);
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IEnumerable<Step> Steps()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repo.Corpora!, "validator", "cases.json")));
        foreach (var one in json.RootElement.EnumerateArray())
        {
            var (name, file) = (one.GetProperty("name").GetString()!, one.GetProperty("file").GetString()!);
            var definitions = DefinitionSet.R4.With(Documents(Files(one, "supporting")));
            yield return Run(one, name, file, one.GetProperty("expect"), definitions, null);
            if (!one.TryGetProperty("profile", out var profile))
                continue;
            var source = Documents([profile.GetProperty("source").GetString()!]).ToList();
            definitions = definitions.With(Documents(Files(profile, "supporting"))).With(source);
            yield return Run(one, $"{name} (profile)", file, profile.GetProperty("expect"), definitions, source.Select(document => document.Root["url"].Text).FirstOrDefault());
        }
    }

    private static Step Run(JsonElement one, string name, string file, JsonElement expect, DefinitionSet definitions, string? profile)
    {
        var issues = new Validator(definitions).Validate(Read(file), Options(one) with { Profiles = profile is null ? [] : [profile] });
        var hasIssues = expect.TryGetProperty("issues", out var listed) && listed.GetArrayLength() > 0;
        var errors = hasIssues
            ? listed.EnumerateArray().Where(issue => issue.GetProperty("severity").GetString() is "error" or "fatal" && !(issue.TryGetProperty("tx", out var tx) && tx.ValueKind == JsonValueKind.True)).ToList()
            : [];
        // Without a list only the verdict is known.
        var isValid = hasIssues ? errors.Count == 0 : expect.GetProperty("valid").GetBoolean();
        return new(name, one.GetProperty("tier").GetString()!, isValid, [.. errors.Select(Place)], issues);
    }

    /// <summary>Where the reference validator says an error is. What it says of links in a Bundle it counts from 1.</summary>
    private static string Place(JsonElement issue)
    {
        var place = issue.TryGetProperty("expression", out var expression) ? Simple(expression.GetString() ?? "") : "";
        var text = issue.TryGetProperty("text", out var said) ? said.GetString() ?? "" : "";
        return text.Contains("' in the bundle (", StringComparison.Ordinal) || text.Contains("isn't reachable by traversing links", StringComparison.Ordinal)
            ? Index().Replace(place, match => $"[{int.Parse(match.ValueSpan[1..^1], System.Globalization.CultureInfo.InvariantCulture) - 1}]")
            : place;
    }

    /// <summary>Once loaded by one case, the definitions of the suite itself are known to the later ones.</summary>
    private const string OwnExtensions = "http://hl7.org/fhir/test/";

    /// <summary>The reference validator refuses unknown extensions unless told otherwise, and the cases rely on it; the rest is what a case asks for and we have.</summary>
    private static ValidationOptions Options(JsonElement one)
    {
        var options = new ValidationOptions { ExtensionsMustBeKnown = true, ExtensionDomains = [OwnExtensions] };
        if (!one.TryGetProperty("options", out var asked))
            return options;
        if (asked.TryGetProperty("examples", out var examples) && !examples.GetBoolean())
            options = options with { ExampleUrls = false };
        if (asked.TryGetProperty("noHtmlInMarkdown", out var noHtml) && noHtml.GetBoolean())
            options = options with { HtmlInMarkdown = false };
        if (asked.TryGetProperty("allowed-extension-domain", out var domain))
            options = options with { ExtensionDomains = [OwnExtensions, domain.GetString()!] };
        if (asked.TryGetProperty("bundle-param", out var bundle) && bundle.GetProperty("rule").GetString()!.Split(':') is [var type, var index])
            options = options with { EntryProfiles = [new(type, int.Parse(index, System.Globalization.CultureInfo.InvariantCulture), bundle.GetProperty("profile").GetString()!)] };
        return options;
    }

    private static IEnumerable<string> Files(JsonElement of, string property) =>
        of.TryGetProperty(property, out var files) ? files.EnumerateArray().Select(file => file.GetString()!) : [];

    private static IEnumerable<FhirDocument> Documents(IEnumerable<string> files) =>
        files.Select(file => Read(file).Document).OfType<FhirDocument>();

    private static ReadResult Read(string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repo.Corpora!, "validator", "files", file));
        return file.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) ? FhirXmlReader.Read(bytes) : FhirJsonReader.Read(bytes);
    }

    /// <summary>Paths as both sides can say them: no type of a choice, no comment; of the Java validator's XPath only the names.</summary>
    private static string Simple(string expression)
    {
        var simple = TypeOrComment().Replace(expression, "");
        return simple.StartsWith("/f:", StringComparison.Ordinal) ? simple[3..].Replace("/f:", ".", StringComparison.Ordinal) : simple;
    }

    [GeneratedRegex(@"\.ofType\([^)]*\)|/\*.*?\*/", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeOrComment();

    [GeneratedRegex(@"\[[1-9][0-9]*\]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Index();
}
