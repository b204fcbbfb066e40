using System.Xml.Linq;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests.House;

/// <summary>Which project may know which.</summary>
public class Arrows
{
    private static readonly Dictionary<string, string[]> _allowed = new(StringComparer.Ordinal)
    {
        ["FhirMyeloma.R4"] = [],
        ["FhirMyeloma.Clinical"] = [],
        ["FhirMyeloma.Mapping"] = ["FhirMyeloma.Clinical", "FhirMyeloma.R4"],
        ["FhirMyeloma.Store"] = ["FhirMyeloma.R4"],
        ["FhirMyeloma.Service"] = ["FhirMyeloma.Mapping", "FhirMyeloma.Store"],
    };

    private static readonly string[] _pure = ["FhirMyeloma.R4", "FhirMyeloma.Clinical", "FhirMyeloma.Mapping"];

    [Fact]
    public void Every_project_of_src_has_its_arrows_written_here() =>
        Assert.Equal(_allowed.Keys.Order(StringComparer.Ordinal), Sources.Projects.Select(static file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void Project_references_are_exactly_the_arrows() => Assert.All(Sources.Projects, static file => Assert.Equal(
        _allowed[Path.GetFileNameWithoutExtension(file)],
        References(file, "ProjectReference").Select(static path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal),
        StringComparer.Ordinal));

    [Fact]
    public void The_pure_projects_use_no_package_and_no_other_framework() => Assert.All(_pure, static name =>
    {
        var file = Sources.Projects.Single(project => Path.GetFileNameWithoutExtension(project) == name);
        Assert.Empty(References(file, "PackageReference"));
        Assert.Empty(References(file, "FrameworkReference"));
        Assert.Equal("Microsoft.NET.Sdk", XDocument.Load(file).Root!.Attribute("Sdk")!.Value);
    });

    [Fact]
    public void What_every_project_gets_is_an_analyzer_only() => Assert.All(
        XDocument.Load(Path.Combine(Repo.Root, "Directory.Build.props")).Descendants("PackageReference"),
        static package => Assert.EndsWith(".Analyzer", package.Attribute("Include")!.Value, StringComparison.Ordinal));

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(project).Descendants(kind).Select(static reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));
}

internal static class Sources
{
    public static string[] Projects { get; } = Directory.GetFiles(Path.Combine(Repo.Root, "src"), "*.csproj", SearchOption.AllDirectories);

    /// <summary>All C# files below a folder of the repository.</summary>
    public static IEnumerable<string> Code(string folder) => Directory.EnumerateFiles(Path.Combine(Repo.Root, folder), "*.cs", SearchOption.AllDirectories);

    public static string Name(string file) => Path.GetRelativePath(Repo.Root, file).Replace('\\', '/');
}
