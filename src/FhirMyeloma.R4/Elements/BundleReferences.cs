using System.Collections.Immutable;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Elements;

/// <summary>The indexes behind <see cref="Bundle"/>.</summary>
internal sealed class BundleReferences
{
    private readonly FhirDocument document;
    private readonly ImmutableArray<BundleEntry> entries;
    private readonly Dictionary<string, List<BundleEntry>> byFullUrl = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<BundleEntry>> byTypeAndId = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Dictionary<string, Element>> contained = [];
    private readonly Dictionary<List<BundleEntry>, ResolvedReference> picked = [];
    private Dictionary<(string? System, string Value), List<BundleEntry>>? byIdentifier;

    // More resources of one identifier than a person would ever have; looking further would let a Bundle cost the square of its size.
    private const int MostOfOneIdentifier = 100;

    public BundleReferences(FhirDocument document, ImmutableArray<BundleEntry> entries)
    {
        this.document = document;
        this.entries = entries;
        foreach (var entry in entries.Where(entry => entry.Resource.Exists))
        {
            if (entry.FullUrl is { } fullUrl)
            {
                Add(byFullUrl, fullUrl, entry);
                if (LiteralReference.Parse(fullUrl) is { TypeName: { } type, Id: { } id } && id != entry.Id)
                    Add(byTypeAndId, $"{type}/{id}", entry);
            }
            if (entry.Id is { } ownId)
                Add(byTypeAndId, $"{entry.Resource.TypeName}/{ownId}", entry);
        }
    }

    public ResolvedReference Resolve(Element reference, Element from)
    {
        var literal = reference["reference"].Text;
        var found = string.IsNullOrEmpty(literal) ? new ResolvedReference(Resolution.Empty) : ResolveLiteral(literal, from);
        if (found.Resolution is Resolution.Resolved or Resolution.Dangling)
            return found;
        var identifier = new Identifier(reference["identifier"]);
        if (identifier.Value is not { } value)
            return found;
        var type = reference["type"].Text;
        return Single(WithIdentifier(identifier.System ?? "", value).Where(entry => type is null || entry.Resource.TypeName == type));
    }

    /// <summary>The entry that an element belongs to; null outside of every entry.</summary>
    public BundleEntry? EntryOf(Element element)
    {
        for (var at = entries.IsEmpty ? default : element; at.Exists; at = at.Parent)
        {
            if (at.Name == "entry" && at.Parent.Index == 0)
                return entries[at.Node.Ordinal];
        }
        return null;
    }

    public ResolvedReference ResolveLiteral(string literal, Element from)
    {
        var parsed = LiteralReference.Parse(literal);
        switch (parsed.Form)
        {
            case ReferenceForm.Contained:
                return ResolveContained(parsed.Id!, from);
            case ReferenceForm.Urn:
                return byFullUrl.TryGetValue(literal, out var named) ? Resolved(named[0]) : new(Resolution.Dangling);
            case ReferenceForm.Conditional:
                return ResolveConditional(literal, parsed.TypeName!);
            case ReferenceForm.Absolute:
                return Pick(byFullUrl.GetValueOrDefault($"{parsed.BaseUrl}{parsed.TypeName}/{parsed.Id}"), parsed.Version);
            case ReferenceForm.Relative:
                var local = $"{parsed.TypeName}/{parsed.Id}";
                // Beside its own server first, then anywhere in the Bundle: hospitals mix urn and relative forms.
                if (EntryOf(from)?.FullUrl is { } own && LiteralReference.Parse(own) is { BaseUrl: { } server } && byFullUrl.TryGetValue(server + local, out var beside))
                    return Pick(beside, parsed.Version);
                return Pick(byTypeAndId.GetValueOrDefault(local), parsed.Version);
            case ReferenceForm.Other:
                return byFullUrl.TryGetValue(literal, out var other) ? Resolved(other[0]) : new(Resolution.NotInBundle);
            default:
                return new(Resolution.NotInBundle);
        }
    }

    private ResolvedReference ResolveContained(string id, Element from)
    {
        var container = from.Resource;
        while (container.Name == "contained")
            container = container.Parent.Resource;
        if (!container.Exists)
            return new(Resolution.Dangling);
        if (id.Length == 0)
            return new(Resolution.Resolved, container, EntryOf(container));
        if (!contained.TryGetValue(container.Index, out var ids))
        {
            contained.Add(container.Index, ids = new(StringComparer.Ordinal));
            foreach (var resource in container.Children("contained"))
            {
                if (resource["id"].Text is { } own)
                    ids.TryAdd(own, resource);
            }
        }
        return ids.TryGetValue(id, out var target) ? new(Resolution.Resolved, target, EntryOf(container)) : new(Resolution.Dangling);
    }

    /// <summary>Only <c>identifier=system|value</c>: what hospitals send; every other search is left to a server.</summary>
    private ResolvedReference ResolveConditional(string literal, string type)
    {
        var query = literal[(literal.IndexOf('?', StringComparison.Ordinal) + 1)..];
        if (!query.StartsWith("identifier=", StringComparison.Ordinal) || query.Contains('&', StringComparison.Ordinal))
            return new(Resolution.NotInBundle);
        var token = Uri.UnescapeDataString(query[11..]);
        var bar = token.IndexOf('|', StringComparison.Ordinal);
        var value = bar < 0 ? token : token[(bar + 1)..];
        return Single(WithIdentifier(bar < 0 ? null : token[..bar], value).Where(entry => entry.Resource.TypeName == type));
    }

    /// <summary>The entries with an identifier; of any system when that is null.</summary>
    private List<BundleEntry> WithIdentifier(string? system, string value)
    {
        if (byIdentifier is null)
        {
            byIdentifier = [];
            foreach (var entry in entries.Where(entry => entry.Resource.Exists))
            {
                foreach (var identifier in Identifiers(entry.Resource))
                {
                    if (identifier.Value is not { } own)
                        continue;
                    Add(byIdentifier, (identifier.System ?? "", own), entry);
                    Add(byIdentifier, (null, own), entry);
                }
            }
        }
        return byIdentifier.GetValueOrDefault((system, value)) ?? [];
    }

    private static IEnumerable<Identifier> Identifiers(Element resource) => resource.Children("identifier").Select(identifier => new Identifier(identifier));

    /// <summary>The stated version when the Bundle has it, else the current one. Resources of two servers are only one when they say the same.</summary>
    private ResolvedReference Pick(List<BundleEntry>? candidates, string? version)
    {
        if (candidates is null)
            return new(Resolution.NotInBundle);
        if (version is not null && candidates.Find(entry => entry.Resource["meta"]["versionId"].Text == version) is { } exact)
            return Resolved(exact);
        if (candidates.Count == 1)
            return Resolved(candidates[0]);
        if (picked.TryGetValue(candidates, out var known))
            return known;
        var isHistory = document.Root["type"].TextEquals("history"u8);
        var current = BundleVersions.Current([.. candidates], isHistory);
        var one = current.Length < 2 || AreCopies(current) ? Resolved(current.Length > 0 ? current[0] : candidates[0]) : Undecided(current);
        picked.Add(candidates, one);
        return one;
    }

    private static bool AreCopies(ImmutableArray<BundleEntry> entries)
    {
        var first = FhirJsonWriter.WriteCanonical(entries[0].Resource);
        return entries.Skip(1).All(entry => FhirJsonWriter.WriteCanonical(entry.Resource).AsSpan().SequenceEqual(first));
    }

    private static ResolvedReference Single(IEnumerable<BundleEntry> matches)
    {
        BundleEntry[] distinct = [.. matches.DistinctBy(entry => (entry.FullUrl, entry.Resource.TypeName, entry.Id)).Take(MostOfOneIdentifier + 1)];
        return distinct.Length == 1 ? Resolved(distinct[0]) : Undecided([.. distinct]);
    }

    private static ResolvedReference Undecided(ImmutableArray<BundleEntry> entries) =>
        new(Resolution.NotInBundle) { Several = entries.Length > MostOfOneIdentifier ? [] : entries };

    private static ResolvedReference Resolved(BundleEntry entry) => new(Resolution.Resolved, entry.Resource, entry);

    private static void Add<TKey>(Dictionary<TKey, List<BundleEntry>> index, TKey key, BundleEntry entry) where TKey : notnull
    {
        if (!index.TryGetValue(key, out var entries))
            index.Add(key, entries = []);
        entries.Add(entry);
    }
}
