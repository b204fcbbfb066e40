using System.Collections.Frozen;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>The code systems of <c>profiles/</c>, by id, and everything there as a set of definitions.</summary>
internal static class PublishedCodes
{
    public static FrozenDictionary<string, Element> Systems { get; } =
        Directory.EnumerateFiles(Path.Combine(Repo.Root, "profiles"), "CodeSystem-*.json")
            .ToFrozenDictionary(path => Path.GetFileNameWithoutExtension(path)["CodeSystem-".Length..], Read, StringComparer.Ordinal);

    /// <summary>R4 and all of <c>profiles/</c>.</summary>
    public static DefinitionSet Definitions { get; } = DefinitionSet.R4.With(
        Directory.EnumerateFiles(Path.Combine(Repo.Root, "profiles"), "*.json")
            .Where(file => !file.Contains(".received.", StringComparison.Ordinal))
            .Select(file => FhirJsonReader.Read(File.ReadAllBytes(file)).Document!));

    public static Element Read(string path) => FhirJsonReader.Read(File.ReadAllBytes(path)).Document!.Root;

    /// <summary>The codes of a system, sorted.</summary>
    public static string[] Of(string system) =>
        [.. Systems[system].Children("concept").Select(concept => concept["code"].Text!).Order(StringComparer.Ordinal)];
}
