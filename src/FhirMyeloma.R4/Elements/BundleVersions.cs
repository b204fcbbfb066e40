using System.Collections.Immutable;
using System.Globalization;

namespace FhirMyeloma.R4.Elements;

/// <summary>Which version of each resource of a Bundle counts.</summary>
internal static class BundleVersions
{
    public static ImmutableArray<BundleEntry> Current(ImmutableArray<BundleEntry> entries, bool isHistory)
    {
        var current = ImmutableArray.CreateBuilder<BundleEntry>();
        foreach (var versions in entries.Where(entry => entry.Resource.Exists || entry.IsDelete).GroupBy(Identity, StringComparer.Ordinal).SelectMany(group => ByServer([.. group])))
        {
            if (isHistory)
            {
                if (Newest(versions) is { IsDelete: false } newest && newest.Resource.Exists)
                    current.Add(newest);
            }
            else if (!versions.Any(entry => entry.IsDelete))
            {
                if (versions.Length > 1 && versions.Select(Version).Distinct().Count() == versions.Length)
                    current.Add(Newest(versions));
                else
                    current.AddRange(versions);
            }
        }
        current.Sort((left, right) => left.Index.CompareTo(right.Index));
        return current.ToImmutable();
    }

    /// <summary>
    /// Two hospitals may use one id, so resources of two servers are two. What names no server belongs to the only one that is named; with several, a DELETE
    /// without server counts for each.
    /// </summary>
    private static IEnumerable<BundleEntry[]> ByServer(BundleEntry[] sameId)
    {
        if (sameId.Length == 1)
            return [sameId];
        var servers = sameId.ToLookup(Server, StringComparer.Ordinal);
        if (servers.Count(server => server.Key.Length > 0) < 2)
            return [sameId];
        BundleEntry[] deleted = [.. servers[""].Where(entry => entry.IsDelete)];
        return servers.Select(server => server.Key.Length == 0 ? server.ToArray() : [.. server, .. deleted]);
    }

    /// <summary>The server that a fullUrl names, without its scheme, which feeds mix; empty for none.</summary>
    private static string Server(BundleEntry entry)
    {
        var url = entry.FullUrl ?? (entry.IsDelete ? entry.RequestUrl : null);
        return url is not null && LiteralReference.Parse(url).BaseUrl is { } server ? server[(server.IndexOf("://", StringComparison.Ordinal) + 3)..] : "";
    }

    /// <summary>Type and id; else the fullUrl; else the entry itself.</summary>
    private static string Identity(BundleEntry entry)
    {
        if (entry.IsDelete && entry.RequestUrl is { } url && LiteralReference.Parse(url) is { TypeName: { } type, Id: { } id })
            return $"{type}/{id}";
        if (entry.FullUrl is { } fullUrl)
        {
            return LiteralReference.Parse(fullUrl) is { TypeName: { } fullType, Id: { } fullId } ? $"{fullType}/{fullId}" : fullUrl;
        }
        if (entry.Resource.Exists && entry.Id is { } ownId)
            return $"{entry.Resource.TypeName}/{ownId}";
        return string.Create(CultureInfo.InvariantCulture, $"#{entry.Index}");
    }

    /// <summary>
    /// By time where all say it, else by version number where all have one, else a DELETE, whose resource is then taken as gone, else the first: a history lists
    /// the newest first.
    /// </summary>
    private static BundleEntry Newest(BundleEntry[] versions)
    {
        if (versions.All(entry => Updated(entry) is not null) && versions.Select(Updated).Distinct().Count() > 1)
            return versions.OrderByDescending(Updated).ThenByDescending(entry => Version(entry) ?? 0).First();
        return versions.All(entry => Version(entry) is not null) ? versions.MaxBy(Version)! : Array.Find(versions, entry => entry.IsDelete) ?? versions[0];
    }

    private static DateTimeOffset? Updated(BundleEntry entry) =>
        (FhirDate.Of(entry.Resource["meta"]["lastUpdated"]) ?? FhirDate.Of(entry.Element["response"]["lastModified"]))?.Instant;

    private static long? Version(BundleEntry entry)
    {
        var text = entry.Resource["meta"]["versionId"].Text ?? entry.Element["response"]["etag"].Text?.Replace("W/", "", StringComparison.Ordinal).Trim('"');
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }
}
