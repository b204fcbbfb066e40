using System.Collections.Concurrent;
using System.Collections.Frozen;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;

namespace FhirMyeloma.R4.Profiles;

/// <summary>
/// What a validator knows beyond the base types of R4: profiles, extension definitions, value sets, code systems, concept
/// maps and the global profiles of implementation guides, found by canonical url, with <c>|version</c> or without. Immutable and free to share between threads; what it
/// compiles it keeps, so build one and hold on to it.
/// </summary>
public sealed class DefinitionSet
{
    private static readonly FrozenSet<string> Kinds = FrozenSet.Create(StringComparer.Ordinal, "StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap", "NamingSystem", "ImplementationGuide");

    private readonly FrozenDictionary<(string Kind, string Url), Element[]> given;
    private readonly ConcurrentDictionary<string, ProfileSchema?> profiles = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FhirPathExpression?> expressions = new(StringComparer.Ordinal);

    private readonly (string Type, string Profile)[] globals;

    private DefinitionSet(FrozenDictionary<(string Kind, string Url), Element[]> given)
    {
        this.given = given;
        globals =
        [
            .. given.Where(pair => pair.Key.Kind == "ImplementationGuide")
                .SelectMany(pair => pair.Value[0].Children("global"))
                .Select(global => (global["type"].Text ?? "", global["profile"].Text ?? "")),
        ];
    }

    /// <summary>The R4 core package alone: its profiles and its extension definitions.</summary>
    public static DefinitionSet R4 { get; } = new(FrozenDictionary<(string, string), Element[]>.Empty);

    /// <summary>
    /// This set and the given definitions, which may be single resources or Bundles of them; other resources are passed over.
    /// Of the same url and version the later one wins; a url without version finds the last one given.
    /// </summary>
    /// <param name="definitions">Documents as they were read; they are kept.</param>
    public DefinitionSet With(IEnumerable<FhirDocument> definitions)
    {
        var all = given.ToDictionary(pair => pair.Key, pair => pair.Value.ToList());
        foreach (var resource in definitions.SelectMany(Resources))
        {
            if (!Kinds.Contains(resource.TypeName) || resource["url"].Text is not { Length: > 0 } url)
                continue;
            var key = (resource.TypeName, url);
            if (!all.TryGetValue(key, out var versions))
                all.Add(key, versions = []);
            versions.Insert(0, resource);
        }
        return new(all.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray()));
    }

    /// <summary>True when the canonical names a profile of this set, in that version if it names one, or a base type of R4.</summary>
    public bool KnowsProfile(string canonical) => BaseType(canonical) is not null || FindStructureDefinition(canonical).Exists;

    /// <summary>The compiled rules of a profile or an extension definition; null when it is not known in that version. A base type has none.</summary>
    internal ProfileSchema? FindProfile(string canonical)
    {
        if (profiles.TryGetValue(canonical, out var known))
            return known;
        // Only what is known is kept: canonicals come from outside. Compiled outside of any lock: twice at the same time gives the same.
        // One element of a profile, as a type may ask for it.
        if (canonical.IndexOf('#', StringComparison.Ordinal) is > 0 and var hash)
            return FindProfile(canonical[..hash]) is { } whole && whole.Root.FindById(canonical[(hash + 1)..]) is { } part ? profiles.GetOrAdd(canonical, new ProfileSchema(whole.Definition, whole.Url, whole.Version, "BackboneElement", part)) : null;
        var definition = FindStructureDefinition(canonical);
        return definition.Exists ? profiles.GetOrAdd(canonical, ProfileCompiler.Compile(definition, this)) : null;
    }

    /// <summary>An expression that a definition of this set contains, compiled once; null when it is no FHIRPath.</summary>
    internal FhirPathExpression? Expression(string text) =>
        expressions.GetOrAdd(text, static text => FhirPathExpression.TryCompile(text, out var expression, out _) ? expression : null);

    /// <summary>The definition of a profile or an extension; the element that does not exist when it is not known.</summary>
    internal Element FindStructureDefinition(string canonical) => Find("StructureDefinition", canonical);

    /// <summary>A given ValueSet; those of the core package are tables, see the value sets.</summary>
    internal Element FindValueSet(string canonical) => Find("ValueSet", canonical);

    /// <summary>A given CodeSystem.</summary>
    internal Element FindCodeSystem(string canonical) => Find("CodeSystem", canonical);

    /// <summary>Whether codes are in value sets: those given, those of the core package, and those that other standards define.</summary>
    internal ValueSets ValueSets => field ??= new(FindValueSet, FindCodeSystem);

    /// <summary>A given ConceptMap.</summary>
    internal Element FindConceptMap(string canonical) => Find("ConceptMap", canonical);

    /// <summary>The profiles that the given ImplementationGuides want every resource of a type to meet (ImplementationGuide.global).</summary>
    internal string[] GlobalProfiles(string type) => globals.Length == 0 ? [] : [.. globals.Where(one => one.Type == type).Select(one => one.Profile).Distinct(StringComparer.Ordinal)];

    /// <summary>Every url of a kind that was given; the core package is not counted.</summary>
    internal IEnumerable<string> Given(string kind) => given.Keys.Where(key => key.Kind == kind).Select(key => key.Url);

    /// <summary>The base type that a canonical names, <c>http://hl7.org/fhir/StructureDefinition/Observation</c>; null for anything else.</summary>
    internal static TypeEntry? BaseType(string canonical)
    {
        var url = Split(canonical).Url;
        return url.StartsWith(CoreUrl, StringComparison.Ordinal) ? SchemaCatalog.R4.Find(url[CoreUrl.Length..]) : null;
    }

    /// <summary>Url and version of a canonical; the version is null when it names none. A fragment belongs to neither.</summary>
    internal static (string Url, string? Version) Split(string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0)
            return (canonical, null);
        return (canonical[..bar], bar + 1 < canonical.Length ? canonical[(bar + 1)..] : null);
    }

    internal const string CoreUrl = "http://hl7.org/fhir/StructureDefinition/";

    private Element Find(string kind, string canonical)
    {
        var (url, version) = Split(canonical);
        if (given.TryGetValue((kind, url), out var versions))
        {
            foreach (var candidate in versions)
            {
                if (version is null || Fits(candidate["version"].Text, version))
                    return candidate;
            }
        }
        return kind == "StructureDefinition" && (version is null || Fits(CoreDefinitions.Version, version)) ? CoreDefinitions.R4.Find(url) : default;
    }

    /// <summary>A canonical may leave out the last parts of a version: <c>|4.0</c> is met by 4.0.1.</summary>
    private static bool Fits(string? actual, string asked) =>
        actual is not null && actual.StartsWith(asked, StringComparison.Ordinal) && (actual.Length == asked.Length || actual[asked.Length] is '.' or '-');

    private static IEnumerable<Element> Resources(FhirDocument document) =>
        document.ResourceType == "Bundle"
            ? document.Root.Children("entry").ToArray().Select(entry => entry["resource"]).Where(resource => resource.Exists)
            : [document.Root];
}
