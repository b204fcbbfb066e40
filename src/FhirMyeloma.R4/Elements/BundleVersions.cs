using System.Collections.Immutable;
using System.Globalization;

namespace FhirMyeloma.R4.Elements;

/// <summary>Which version of each resource of a Bundle counts.</summary>
internal static class BundleVersions
{
    public static ImmutableArray<BundleEntry> Current(ImmutableArray<BundleEntry> entries, bool isHistory)
    {
        var current = ImmutableArray.CreateBuilder<BundleEntry>();
        foreach (var group in entries.Where(entry => entry.Resource.Exists || entry.IsDelete).GroupBy(Identity, StringComparer.Ordinal))
        {
            BundleEntry[] versions = [.. group];
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

    /// <summary>Type and id, since a server may spell fullUrls of one resource differently; else the fullUrl; else the entry itself.</summary>
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

    /// <summary>By time where all say it, else by version number where all have one, else the first: a history lists the newest first.</summary>
    private static BundleEntry Newest(BundleEntry[] versions)
    {
        if (versions.All(entry => Updated(entry) is not null) && versions.Select(Updated).Distinct().Count() > 1)
            return versions.OrderByDescending(Updated).ThenByDescending(entry => Version(entry) ?? 0).First();
        return versions.All(entry => Version(entry) is not null) ? versions.MaxBy(Version)! : versions[0];
    }

    private static DateTimeOffset? Updated(BundleEntry entry) =>
        (FhirDate.Of(entry.Resource["meta"]["lastUpdated"]) ?? FhirDate.Of(entry.Element["response"]["lastModified"]))?.Instant;

    private static long? Version(BundleEntry entry)
    {
        var text = entry.Resource["meta"]["versionId"].Text ?? entry.Element["response"]["etag"].Text?.Replace("W/", "", StringComparison.Ordinal).Trim('"');
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }
}
