using System.Text;
using System.Text.RegularExpressions;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>Everything of <c>profiles/</c>, whoever wrote it.</summary>
public sealed partial class PublishedFilesTests
{
    private static readonly Dictionary<string, byte[]> Files =
        Directory.EnumerateFiles(Path.Combine(Repo.Root, "profiles"), "*.json")
            .Where(file => !file.Contains(".received.", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllBytes, StringComparer.Ordinal);

    private static readonly HashSet<string> Canonicals = [.. Files.Keys.Select(Root).Select(definition => definition["url"].Text!)];

    public static TheoryData<string> Names => [.. Files.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string> Profiles => [.. Files.Keys.Where(name => name.StartsWith("StructureDefinition-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_valid_R4(string name) =>
        Assert.Empty(new Validator(PublishedCodes.Definitions).Validate(FhirJsonReader.Read(Files[name])).Where(issue => issue.Severity <= IssueSeverity.Warning).Select(issue => $"{issue.Code} {string.Join(' ', issue.Expressions)}: {issue.Text}"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_file_its_id_and_its_canonical_agree(string name)
    {
        var definition = Root(name);
        Assert.Equal(name, $"{definition.TypeName}-{definition["id"].Text}");
        Assert.Equal($"{PublishedFile.Canon}/{definition.TypeName}/{definition["id"].Text}", definition["url"].Text);
        Assert.Contains("not for patient care", definition["description"].Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_it_names_of_ours_is_published(string name)
    {
        var named = OwnCanonical().Matches(Encoding.UTF8.GetString(Files[name])).Select(match => match.Groups["canonical"].Value);
        Assert.Empty(named.Except(Canonicals, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_paths_of_a_profile_are_its_ids_without_slices_and_begin_with_its_type(string name)
    {
        var definition = Root(name);
        var elements = definition["differential"].Children("element").ToArray();
        Assert.Equal(definition["type"].Text, elements[0]["path"].Text);
        Assert.All(elements, element => Assert.Equal(string.Join('.', element["id"].Text!.Split('.').Select(part => part.Split(':')[0])), element["path"].Text));
        Assert.Equal(elements.Length, elements.Select(element => element["id"].Text).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_kind_of_result_has_its_profile() =>
        Assert.Empty(PublishedCodes.Of("myeloma-result").Select(code => $"StructureDefinition-{code}").Except(Files.Keys, StringComparer.Ordinal));

    [Fact]
    public void Every_file_stands_in_the_list()
    {
        var list = File.ReadAllText(Path.Combine(Repo.Root, "profiles", "README.md"));
        Assert.All(Files.Keys, name => Assert.Contains($"`{name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..]}`", list, StringComparison.Ordinal));
    }

    [GeneratedRegex("\"(?<canonical>https://fhirmyeloma\\.org/fhir/(?:StructureDefinition|ValueSet|CodeSystem|ConceptMap|OperationDefinition)/[a-z0-9-]+)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OwnCanonical();

    private static Element Root(string name) => FhirJsonReader.Read(Files[name]).Document!.Root;
}
