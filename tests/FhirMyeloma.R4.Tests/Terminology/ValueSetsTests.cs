using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Terminology;

/// <summary>The composition of value sets: definitions and questions in value-sets.json.</summary>
public sealed class ValueSetsTests
{
    private static readonly JsonDocument Table = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Terminology", "value-sets.json")));

    private static readonly Dictionary<string, Element> Definitions = Table.RootElement.GetProperty("definitions").EnumerateArray()
        .Select(definition => FhirJsonReader.Read(System.Text.Encoding.UTF8.GetBytes(definition.GetRawText())).Document!.Root)
        .ToDictionary(root => root["url"].Text!, StringComparer.Ordinal);

    private static readonly ValueSets Sets = new(Find, Find);

    public static IEnumerable<object[]> CompositionCases => Table.RootElement.GetProperty("cases").EnumerateArray().Select(item => new object[]
    {
        item.GetProperty("valueSet").GetString()!,
        item.TryGetProperty("system", out var system) ? system.GetString()! : "",
        item.GetProperty("code").GetString()!,
        item.GetProperty("verdict").GetString()!,
        item.GetProperty("because").GetString()!,
    });

    [Theory]
    [MemberData(nameof(CompositionCases))]
    public void A_value_set_is_what_it_includes_less_what_it_excludes(string valueSet, string system, string code, string verdict, string because)
    {
        var fullSystem = system.Length == 0 ? null : system.Contains(':', StringComparison.Ordinal) ? system : "http://example.org/" + system;
        var got = Sets.Contains("http://example.org/" + valueSet, fullSystem, code);
        Assert.True(got == Enum.Parse<Membership>(verdict), $"{got}: {because}");
    }

    [Fact]
    public void Suggestions_come_from_the_codes_that_are_in() =>
        Assert.Equal("beside del17p high old t414", string.Join(' ', Sets.Listed("http://example.org/less").Order(StringComparer.Ordinal)));

    [Fact]
    public void A_lattice_of_imports_ends()
    {
        // Each set imports the next one twice: 2 to the power of 60 ways.
        var lattice = Enumerable.Range(0, 60).ToDictionary(level => $"http://example.org/{level}", level => Read(
            $$"""
            {"resourceType":"ValueSet","status":"active","compose":{"include":[
              { "valueSet": [ "http://example.org/{{level + 1}}" ] }, { "valueSet": [ "http://example.org/{{level + 1}}" ] } ] } }
            """),
            StringComparer.Ordinal);
        var sets = new ValueSets(url => lattice.GetValueOrDefault(url), _ => default);
        Assert.Equal(Membership.CannotSay, sets.Contains("http://example.org/0", "http://example.org", "a"));
    }

    [Fact]
    public void A_parent_of_itself_does_not_hang()
    {
        var system = Read("""
            {"resourceType":"CodeSystem","url":"http://example.org/s","status":"active","content":"complete",
             "concept":[{"code":"a","property":[{"code":"parent","valueCode":"b"}]},{"code":"b","property":[{"code":"parent","valueCode":"a"}]},{"code":"c"}]}
            """);
        var set = Read("""
            {"resourceType":"ValueSet","status":"active","compose":{"include":[{"system":"http://example.org/s","filter":[{"property":"concept","op":"is-a","value":"c"}]}]}}
            """);
        var sets = new ValueSets(_ => set, url => url == "http://example.org/s" ? system : default);
        Assert.Equal(Membership.Out, sets.Contains("http://example.org/v", "http://example.org/s", "a"));
    }

    private static Element Find(string canonical) => Definitions.GetValueOrDefault(canonical);

    private static Element Read(string json) => FhirJsonReader.Read(System.Text.Encoding.UTF8.GetBytes(json)).Document!.Root;
}
