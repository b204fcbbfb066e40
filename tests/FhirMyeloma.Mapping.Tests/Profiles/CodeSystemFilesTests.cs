using System.Globalization;
using System.Text.RegularExpressions;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

public sealed partial class CodeSystemFilesTests
{
    public static TheoryData<string> Ids => [.. PublishedCodes.Systems.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_is_valid_R4(string id) =>
        Assert.Empty(FhirJsonReader.Read(File.ReadAllBytes(Path.Combine(Repo.Root, "profiles", $"CodeSystem-{id}.json"))).Issues);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_file_its_id_and_its_canonical_agree(string id)
    {
        var system = PublishedCodes.Systems[id];
        Assert.Equal("CodeSystem", system.TypeName);
        Assert.Equal(id, system["id"].Text);
        Assert.Equal($"https://fhirmyeloma.org/fhir/CodeSystem/{id}", system["url"].Text);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_codes_are_counted_unique_and_case_sensitive(string id)
    {
        var codes = PublishedCodes.Of(id);
        Assert.NotEmpty(codes);
        Assert.Equal(codes.Length, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(codes.Length.ToString(CultureInfo.InvariantCulture), PublishedCodes.Systems[id]["count"].Text);
        Assert.Equal("true", PublishedCodes.Systems[id]["caseSensitive"].Text);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_concept_has_a_definition_and_a_name_in_both_languages(string id) =>
        Assert.All(PublishedCodes.Systems[id].Children("concept"), concept =>
        {
            Assert.False(string.IsNullOrWhiteSpace(concept["display"].Text));
            Assert.False(string.IsNullOrWhiteSpace(concept["definition"].Text));
            Assert.Contains(concept.Children("designation"), named => named["language"].Text == "es" && !string.IsNullOrWhiteSpace(named["value"].Text));
        });

    [Fact]
    public void Rule_ids_are_those_of_the_rules_page_and_the_categories_of_the_other_rulesets()
    {
        var others = Categories("IMWG-2006", "MR").Concat(Categories("IMWG-2026-PROVISIONAL", "sCR", "MR"));
        var stated = RuleRow().Matches(File.ReadAllText(Path.Combine(Repo.Root, "docs", "rules.md"))).Select(row => row.Groups["id"].Value);
        Assert.Equal(stated.Concat(others).Order(StringComparer.Ordinal), PublishedCodes.Of("criterion"), StringComparer.Ordinal);
    }

    /// <summary>Ids of the categories of a ruleset, without those that it does not know.</summary>
    private static IEnumerable<string> Categories(string ruleset, params string[] unknown) =>
        PublishedCodes.Of("imwg-response").Except(unknown, StringComparer.Ordinal).Select(category => $"{ruleset}/{category}");

    /// <summary>A row of a table of rules begins with the id alone.</summary>
    [GeneratedRegex(@"^\| (?<id>R-[A-Z]+-\d+|IMWG-2016/[\w-]+) \|", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RuleRow();
}
