using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.R4.Xml;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Hostile;

/// <summary>
/// Damaged examples: nothing throws, and what is accepted comes back the same in both forms. <c>FUZZ_ROUNDS</c> sets how many
/// (per form), <c>FUZZ_SEED</c> where chance begins.
/// </summary>
public class MutationTests(ITestOutputHelper output)
{
    private const int LargestSeed = 12_000;
    private const int MostSeeds = 60;

    private static readonly int Rounds = Setting("FUZZ_ROUNDS", 5_000);
    private static readonly int Seed = Setting("FUZZ_SEED", 20251122);
    private static readonly Lazy<byte[][]> Seeds = new(() => [.. FindSeeds()]);

    [Fact]
    public void Mutated_JSON_never_makes_it_throw_and_comes_back_when_it_is_accepted() =>
        Fuzz(Mutator.Json, Seeds.Value, bytes => FhirJsonReader.Read(bytes));

    [Fact]
    public void Mutated_XML_never_makes_it_throw_and_comes_back_when_it_is_accepted() =>
        Fuzz(Mutator.Xml, [.. Seeds.Value.Select(json => FhirXmlWriter.Write(FhirJsonReader.Read(json).Document!.Root))], bytes => FhirXmlReader.Read(bytes));

    private void Fuzz(Mutator mutator, byte[][] seeds, Func<byte[], ReadResult> read)
    {
        var dice = new Random(Seed);
        int unreadable = 0, accepted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var mutant = mutator.Mutate(seeds[round % seeds.Length], dice);
            try
            {
                var result = read(mutant);
                unreadable += result.IsUnreadable ? 1 : 0;
                accepted += Exercise(result) ? 1 : 0;
            }
            catch (Exception fault)
            {
                Assert.Fail($"seed {Seed}, round {round}: {fault}\n{Encoding.UTF8.GetString(mutant)}");
            }
        }
        output.WriteLine($"{Rounds} mutants of {seeds.Length} seeds: {unreadable} unreadable, {accepted} accepted");
        // All ways must have been taken often, or the mutations are too wild or too tame.
        Assert.InRange(unreadable, Rounds / 20, Rounds * 19 / 20);
        Assert.InRange(accepted, Rounds / 50, Rounds / 2);
    }

    /// <summary>True when the resource is accepted.</summary>
    private static bool Exercise(ReadResult result)
    {
        OperationOutcomes.Render(result.Issues);
        Assert.All(result.Issues, issue => Assert.True(issue.Text.Length > 0 && issue.Place is not null));
        if (result.Document is not { } document)
        {
            Assert.Equal(IssueSeverity.Fatal, Assert.Single(result.Issues).Severity);
            return false;
        }
        Walk(document.Root);
        _ = Bundle.From(document)?.Current;
        var verdict = Validator.R4.Validate(result);
        OperationOutcomes.RenderSummary(verdict);

        var canonical = FhirJsonWriter.WriteCanonical(document.Root);
        var json = FhirJsonReader.Read(FhirJsonWriter.WriteAsRead(document.Root));
        Assert.NotNull(json.Document);
        var xml = FhirXmlReader.Read(FhirXmlWriter.Write(document.Root));
        // A root of no known type has no name in XML.
        Assert.Equal(document.ResourceType.Length == 0, xml.IsUnreadable);
        if (result.HasErrors)
            return false;
        Assert.Equal(canonical, FhirJsonWriter.WriteCanonical(json.Document.Root));
        if (CanBeXml(document.Root))
            Assert.Equal(Encoding.UTF8.GetString(canonical), Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(xml.Document!.Root)));
        return verdict.All(issue => !issue.IsError);
    }

    private static void Walk(Element element)
    {
        Assert.Equal(element.Path, element.ToString());
        _ = (element.Text, element.Decimal, element.Boolean, element.TypeName, element.Place);
        foreach (var child in element.Children())
        {
            Assert.Equal(element, child.Parent);
            Walk(child);
        }
    }

    /// <summary>False for characters that XML excludes, for narratives that are not exactly one element, and for elements with nothing in them.</summary>
    private static bool CanBeXml(Element element)
    {
        if (element.Text is { } text && (text.Any(letter => !XmlConvert.IsXmlChar(letter) && !char.IsSurrogate(letter)) || element.TypeName == "xhtml" && !IsOneElement(text)))
            return false;
        foreach (var child in element.Children())
        {
            if (!CanBeXml(child))
                return false;
        }
        return true;
    }

    private static bool IsOneElement(string text)
    {
        try
        {
            XElement.Parse(text);
            return text is ['<', not ('!' or '?'), .., '>'] && !text.EndsWith("-->", StringComparison.Ordinal) && !text.EndsWith("?>", StringComparison.Ordinal);
        }
        catch (XmlException)
        {
            return false;
        }
    }

    /// <summary>The shared examples where they are, else the resources of the stories.</summary>
    private static IEnumerable<byte[]> FindSeeds()
    {
        yield return File.ReadAllBytes(Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Data", "valid-bundle.json"));
        yield return """{"resourceType":"Patient","name":[{"_given":[null,{"id":"x"}],"given":["A",null]}],"contained":[{"resourceType":"Organization","id":"o"}],"managingOrganization":{"reference":"#o"},"multipleBirthInteger":2,"x":[1,{"y":2}]}"""u8.ToArray();
        var examples = Repo.Corpora is { } corpora && Directory.Exists(Path.Combine(corpora, "r4-examples", "json"))
            ? Directory.EnumerateFiles(Path.Combine(corpora, "r4-examples", "json"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)
            : Directory.EnumerateFiles(Path.Combine(Repo.Root, "fhir-examples"), "input.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .SelectMany(file => FhirJsonReader.Read(File.ReadAllBytes(file)).Document!.Root.Children("entry").ToArray().Select(entry => FhirJsonWriter.WriteAsRead(entry["resource"])));
        var small = examples.Where(example => example.Length is > 2 and <= LargestSeed && !FhirJsonReader.Read(example).IsUnreadable).ToList();
        for (var at = 0; at < small.Count; at += Math.Max(1, small.Count / MostSeeds))
            yield return small[at];
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
