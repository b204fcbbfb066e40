using System.Text.RegularExpressions;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests.House;

/// <summary>What is written once about the house stays true.</summary>
public partial class Tidiness
{
    private static readonly string[] _homeless = ["Abstractions", "Common", "Core", "Shared", "Infrastructure", "Helpers", "Utils", "Misc"];

    [Fact]
    public void No_folder_of_src_is_named_for_nothing() =>
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(Repo.Root, "src"), "*", SearchOption.AllDirectories).Select(static folder => Path.GetFileName(folder)).Intersect(_homeless, StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void Muted_rules_have_a_reason_and_are_ten_at_most()
    {
        var muted = File.ReadLines(Path.Combine(Repo.Root, ".editorconfig")).Where(static line => line.Contains(".severity = none", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(muted);
        Assert.All(muted, static line => Assert.Matches(Reasoned(), line));
        Assert.InRange(muted.Count, 1, 10);
    }

    [Fact]
    public void No_rule_is_muted_in_the_code_without_a_reason() =>
        Assert.Empty(Sources.Code("src").Concat(Sources.Code("tests")).Where(static file => Muted().IsMatch(File.ReadAllText(file))).Select(Sources.Name));

    [Fact]
    public void Code_has_no_regions_and_no_notes_to_self() =>
        Assert.Empty(Sources.Code("src").Where(static file => NotesToSelf().IsMatch(File.ReadAllText(file))).Select(Sources.Name));

    [Fact]
    public void What_the_Dockerfile_copies_is_there()
    {
        var copied = File.ReadLines(Path.Combine(Repo.Root, "Dockerfile"))
            .Where(static line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1])
            .ToList();
        Assert.NotEmpty(copied);
        Assert.All(copied, static path => Assert.True(Path.Exists(Path.Combine(Repo.Root, path)), path));
    }

    [Fact]
    public void The_Dockerfile_restores_every_project_that_the_service_is_made_of() => Assert.All(
        Sources.Projects,
        static project => Assert.Contains($"COPY {Sources.Name(project)} ", File.ReadAllText(Path.Combine(Repo.Root, "Dockerfile")), StringComparison.Ordinal));

    [Fact]
    public void The_stories_that_Swagger_offers_are_there() => Assert.All(
        Published.Shown,
        static story => Assert.True(Directory.Exists(Path.Combine(Repo.Root, "fhir-examples", story)), story));

    [Fact]
    public void Every_lock_file_is_beside_its_project() => Assert.All(
        Directory.EnumerateFiles(Repo.Root, "*.csproj", SearchOption.AllDirectories),
        static project => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), project));

    [GeneratedRegex(@"= none\s+# \S.{10,}", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Reasoned();

    [GeneratedRegex(@"^\s*#pragma warning|SuppressMessage\((?!.*Justification = ""[^""]{10})", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Muted();

    [GeneratedRegex(@"^\s*#region|\b(TODO|FIXME|HACK)\b|//.*\bXXX\b", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex NotesToSelf();
}
