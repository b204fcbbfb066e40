using System.Collections.Concurrent;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Profiles;

/// <summary>
/// Answers whether a code is in a value set, without a terminology server: from the resources given, from the sets that the core definitions enumerate,
/// and by syntax for the systems that other standards define (UCUM, BCP 47, media types, ISO 4217, IANA time zones). Otherwise it cannot say.
/// Immutable to its users, safe to share between threads.
/// </summary>
/// <param name="findValueSet">The ValueSet resource of a canonical (with or without version); the element that does not exist when unknown.</param>
/// <param name="findCodeSystem">The CodeSystem resource, likewise.</param>
internal sealed class ValueSets(Func<string, Element> findValueSet, Func<string, Element> findCodeSystem)
{
    // Canonicals come from outside; only those that are known are kept, and there cannot be more of them than definitions.
    private readonly ConcurrentDictionary<string, CodeSet> sets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CodeList> systems = new(StringComparer.Ordinal);

    /// <summary>The core definitions only.</summary>
    public static ValueSets Core { get; } = new(_ => default, _ => default);

    /// <summary>Is the code in the value set? A null system means a bare code, as an element of type <c>code</c> has it.</summary>
    public Membership Contains(string canonical, string? system, string code) => Find(canonical)?.Contains(system, code) ?? Membership.CannotSay;

    /// <summary>Codes of the value set to choose a suggestion from; empty when there is no list.</summary>
    public IEnumerable<string> Listed(string canonical) => Find(canonical)?.Listed ?? [];

    /// <summary>The value set, to be kept by those who ask often; null when it is not known.</summary>
    public CodeSet? Find(string canonical)
    {
        if (sets.TryGetValue(canonical, out var known))
            return known;
        var url = WithoutVersion(canonical);
        if (findValueSet(canonical) is { Exists: true } resource)
            return sets.GetOrAdd(canonical, new ComposedSet(this, url, resource));
        // The core has one version of a set: whatever version is asked for, it is kept once.
        if (sets.TryGetValue(url, out known) && known is not ComposedSet)
            return known;
        CodeSet? found = SchemaCatalog.R4.FindValueSet(url) is { } enumerated ? new EnumeratedSet(enumerated) : SystemSet.OfValueSet(url);
        return found is null || findValueSet(url).Exists ? found : sets.GetOrAdd(url, found);
    }

    /// <summary>Does the system define the code? Null when its codes are not all known.</summary>
    public bool? IsCodeOf(string system, string code)
    {
        if (FindSystem(system) is { } list)
            return list.Find(code) is not null ? true : list.IsComplete ? false : null;
        if (SystemSet.Of(system) is { } syntax)
            return syntax.Contains(system, code) == Membership.In;
        // A code system of the core that has a value set of the same name for it alone is enumerated by that set; the versions 2 and 3 of HL7 have no such habit.
        if (CoreSystem(system) is not { } all)
            return null;
        return all.Contains(system, code);
    }

    /// <summary>Codes of the system to choose a suggestion from; empty when there is no list.</summary>
    public IEnumerable<string> ListedOf(string system) => FindSystem(system)?.Codes ?? CoreSystem(system)?.AllCodes ?? [];

    /// <summary>The concepts of a CodeSystem resource; null when there is none.</summary>
    internal CodeList? FindSystem(string system)
    {
        if (systems.TryGetValue(system, out var known))
            return known;
        var resource = findCodeSystem(system);
        if (!resource.Exists || resource["content"].Text is "supplement")
            return null;
        return systems.GetOrAdd(system, CodeList.Read(resource));
    }

    private static ValueSet? CoreSystem(string system)
    {
        const string Hl7 = "http://hl7.org/fhir/";
        const string Terminology = "http://terminology.hl7.org/CodeSystem/";
        var name = system.StartsWith(Terminology, StringComparison.Ordinal) ? system[Terminology.Length..]
            : system.StartsWith(Hl7, StringComparison.Ordinal) ? system[Hl7.Length..]
            : "";
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal) || name.StartsWith("v2-", StringComparison.Ordinal) || name.StartsWith("v3-", StringComparison.Ordinal))
            return null;
        return SchemaCatalog.R4.FindValueSet($"{Hl7}ValueSet/{name}") is { } set && set.Systems.SequenceEqual([system], StringComparer.Ordinal) ? set : null;
    }

    private static string WithoutVersion(string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        return bar < 0 ? canonical : canonical[..bar];
    }
}
