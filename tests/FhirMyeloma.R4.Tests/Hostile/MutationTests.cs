using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Hostile;

/// <summary>No input makes the reader throw, and what it has read can be walked, checked and written.</summary>
public class MutationTests
{
    private const int Rounds = 20_000;

    private static readonly byte[][] Fragments =
    [
        .. new[]
        {
            "null", "[]", "{}", "\"\"", "{\"a\":1}", "[null]", "1e999", "true", "\\u0000", "\\ud83d", "\\", "\"", "{", "}", "[", "]", ",", ":", "resourceType",
            "_given", "\"_status\":{\"id\":\"x\"},", "\"contained\":[{\"resourceType\":\"Patient\"}],", "\"reference\":\"#\"", "urn:uuid:1", "Patient/", "?", "/_history/", "\uFEFF", "é",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Mutated_resources_never_make_it_throw()
    {
        const int seed = 20251122;
        var dice = new Random(seed);
        byte[][] seeds =
        [
            File.ReadAllBytes(Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Data", "valid-bundle.json")),
            """{"resourceType":"Patient","name":[{"_given":[null,{"id":"x"}],"given":["A",null]}],"contained":[{"resourceType":"Organization","id":"o"}],"managingOrganization":{"reference":"#o"},"multipleBirthInteger":2,"x":[1,{"y":2}]}"""u8.ToArray(),
        ];
        var unreadable = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var mutant = Mutate(seeds[round % seeds.Length], dice);
            try
            {
                unreadable += Exercise(mutant) ? 0 : 1;
            }
            catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, round {round}: {fault}\n{Encoding.UTF8.GetString(mutant)}");
            }
        }
        // Both ways must have been taken often, or the mutations are too wild or too tame.
        Assert.InRange(unreadable, Rounds / 20, Rounds * 19 / 20);
    }

    private static bool Exercise(byte[] bytes)
    {
        var result = FhirJsonReader.Read(bytes);
        OperationOutcomes.Render(result.Issues);
        Assert.All(result.Issues, issue => Assert.True(issue.Text.Length > 0 && issue.Place is not null));
        if (result.Document is not { } document)
        {
            Assert.Equal(IssueSeverity.Fatal, Assert.Single(result.Issues).Severity);
            return false;
        }
        Walk(document.Root);
        _ = Bundle.From(document)?.Current;
        OperationOutcomes.RenderSummary(document.CheckReferences());
        FhirJsonWriter.WriteCanonical(document.Root);
        Assert.NotNull(FhirJsonReader.Read(FhirJsonWriter.WriteAsRead(document.Root)).Document);
        return true;
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

    private static byte[] Mutate(byte[] seed, Random dice)
    {
        List<byte> bytes = [.. seed];
        for (var change = dice.Next(1, 4); change > 0; change--)
        {
            var at = dice.Next(bytes.Count);
            switch (dice.Next(5))
            {
                case 0:
                    bytes[at] = (byte)dice.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(dice.Next(1, 20), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, Fragments[dice.Next(Fragments.Length)]);
                    break;
                case 3:
                    var from = dice.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(dice.Next(1, 60), bytes.Count - from)));
                    break;
                default:
                    // A whole value gives way to a fragment, so that the JSON often stays JSON.
                    var colon = bytes.IndexOf((byte)':', at);
                    var end = colon < 0 ? -1 : bytes.FindIndex(colon, value => value is (byte)',' or (byte)'}');
                    if (end > 0)
                    {
                        bytes.RemoveRange(colon + 1, end - colon - 1);
                        bytes.InsertRange(colon + 1, Fragments[dice.Next(10)]);
                    }
                    break;
            }
            if (bytes.Count == 0)
                bytes.Add((byte)'{');
        }
        return [.. bytes];
    }
}
