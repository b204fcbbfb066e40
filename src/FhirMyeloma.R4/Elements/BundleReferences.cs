using System.Collections.Immutable;
using System.Text;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Elements;

/// <summary>The indexes behind <see cref="Bundle"/>.</summary>
internal sealed class BundleReferences
{
    private readonly FhirDocument document;
    private readonly ImmutableArray<BundleEntry> entries;
    private readonly BundleIndex index;
    private readonly Dictionary<int, Dictionary<string, Element>> contained = [];
    private readonly Dictionary<int, ResolvedReference> picked = [];
    private readonly Dictionary<int, Dictionary<string, BundleEntry>> versions = [];
    private Dictionary<(string? System, string Value), List<BundleEntry>>? byIdentifier;

    // More resources of one identifier than a person would ever have; looking further would let a Bundle cost the square of its size.
    private const int MostOfOneIdentifier = 100;

    public BundleReferences(FhirDocument document, ImmutableArray<BundleEntry> entries)
    {
        this.document = document;
        this.entries = entries;
        index = new(document.Tape, document.ResourceType == "Bundle" ? 0 : -1);
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
        if (literal.StartsWith('#'))
            return ResolveContained(literal[1..], from);
        var utf8 = Encoding.UTF8.GetBytes(literal);
        if (utf8.AsSpan().StartsWith("urn:"u8))
            return index.ByFullUrl(utf8) is { Exists: true } named ? Resolved(entries[named.Entry]) : new(Resolution.Dangling);
        var parts = LiteralReference.Split(utf8);
        if (parts is { Type: { } searched, IsConditional: true, TypeAt: 0 })
            return ResolveConditional(literal, searched.Name);
        if (parts.Type is null || parts.IsConditional)
            return index.ByFullUrl(utf8) is { Exists: true } other ? Resolved(entries[other.Entry]) : new(Resolution.NotInBundle);

        var version = parts.VersionAt == 0 ? null : Encoding.UTF8.GetString(utf8.AsSpan(parts.VersionAt)).Split('#')[0];
        if (parts.TypeAt > 0)
            return Pick(index.ByFullUrl(utf8.AsSpan(0, parts.IdAt + parts.IdLength)), version);
        // Beside its own server first, then anywhere in the Bundle: hospitals mix urn and relative forms.
        if (EntryOf(from)?.FullUrl is { } own && LiteralReference.Parse(own) is { BaseUrl: { } server }
            && index.ByFullUrl([.. Encoding.UTF8.GetBytes(server), .. utf8.AsSpan(0, parts.IdAt + parts.IdLength)]) is { Exists: true } beside)
        {
            return Pick(beside, version);
        }
        return Pick(index.ByTypeAndId(parts.Type.Id, utf8.AsSpan(parts.IdAt, parts.IdLength)), version);
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
    private ResolvedReference Pick(BundleIndex.Match first, string? version)
    {
        if (!first.Exists)
            return new(Resolution.NotInBundle);
        if (!index.Next(first).Exists)
            return Resolved(entries[first.Entry]);
        if (version is not null && Versions(first).TryGetValue(version, out var exact))
            return Resolved(exact);
        if (picked.TryGetValue(first.Key, out var known))
            return known;
        var candidates = Candidates(first);
        var isHistory = document.Root["type"].TextEquals("history"u8);
        var current = BundleVersions.Current(candidates, isHistory);
        var one = current.Length < 2 || AreCopies(current) ? Resolved(current.Length > 0 ? current[0] : candidates[0]) : Undecided(current);
        picked.Add(first.Key, one);
        return one;
    }

    private ImmutableArray<BundleEntry> Candidates(BundleIndex.Match first)
    {
        var candidates = ImmutableArray.CreateBuilder<BundleEntry>();
        for (var match = first; match.Exists; match = index.Next(match))
            candidates.Add(entries[match.Entry]);
        return candidates.ToImmutable();
    }

    private Dictionary<string, BundleEntry> Versions(BundleIndex.Match first)
    {
        if (versions.TryGetValue(first.Key, out var known))
            return known;
        versions.Add(first.Key, known = new(StringComparer.Ordinal));
        foreach (var entry in Candidates(first))
        {
            if (entry.Resource["meta"]["versionId"].Text is { } version)
                known.TryAdd(version, entry);
        }
        return known;
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
