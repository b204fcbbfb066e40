using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>
/// Profiles, value sets and concept maps that are made from tables, so that they cannot drift apart; <c>ACCEPT_GOLDENS=1</c> writes them anew.
/// </summary>
public sealed class GeneratedFilesTests
{
    private static readonly Dictionary<string, PublishedFile> Files =
        DerivedProfiles.Files().Concat(ValueSetFiles.Files()).Concat(ConceptMapFiles.Files()).ToDictionary(file => file.Path, StringComparer.Ordinal);

    /// <summary>Types of which every file is generated.</summary>
    private static readonly string[] Whole = ["ValueSet", "ConceptMap"];

    public static TheoryData<string> Paths => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_file_is_what_the_tables_say(string path) => Golden.Check(path, Files[path].Text);

    [Fact]
    public void The_table_of_components_has_those_that_are_emitted_and_no_others() =>
        Assert.Equal(
            PublishedCodes.Of("myeloma-result-component"),
            PublishedCodes.Of("myeloma-result").SelectMany(DerivedProfiles.Components).Select(row => row["component"]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);

    [Fact]
    public void Nothing_lies_there_that_no_table_says() =>
        Assert.Empty(Whole
            .SelectMany(type => Directory.EnumerateFiles(Path.Combine(Repo.Root, "profiles"), $"{type}-*.json"))
            .Select(file => $"profiles/{Path.GetFileName(file)}")
            .Where(path => !path.Contains(".received", StringComparison.Ordinal))
            .Except(Files.Keys, StringComparer.Ordinal));
}
