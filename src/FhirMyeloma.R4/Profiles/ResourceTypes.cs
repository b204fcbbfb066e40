using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Profiles;

/// <summary>The names of R4's resource types.</summary>
public static class ResourceTypes
{
    /// <summary>All of them, abstract ones left out, in alphabetical order.</summary>
    public static ImmutableArray<string> All { get; } =
        [.. SchemaCatalog.R4.ById.Where(static type => type is { IsResource: true, IsAbstract: false }).Select(static type => type.Name).Order(StringComparer.Ordinal)];

    /// <summary>True for a type of which there are resources; names are case-sensitive.</summary>
    public static bool IsKnown(string name) => SchemaCatalog.R4.IsConcreteResource(name);

    /// <summary>The type that a misspelt name is closest to; null when none is close.</summary>
    public static string? Closest(string name) =>
        Suggestion.Closest(name, All);
}
