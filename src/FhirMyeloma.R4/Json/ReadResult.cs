using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Json;

/// <summary>What reading gave.</summary>
/// <param name="Document">Null only when the bytes cannot be read at all, see <see cref="IsUnreadable"/>.</param>
/// <param name="Issues">In the order of the source; at most <see cref="ReadLimits.MaxIssues"/> and one that says how many more.</param>
public sealed record ReadResult(FhirDocument? Document, ImmutableArray<Issue> Issues)
{
    /// <summary>How many issues were only counted; the last of <see cref="Issues"/> says it.</summary>
    internal int LeftOut { get; init; }

    /// <summary>Not JSON, not UTF-8, too deep, a duplicate key, no resourceType: HTTP 400.</summary>
    public bool IsUnreadable => Document is null;

    /// <summary>True when an issue is an error: HTTP 422 where the resource must be valid.</summary>
    public bool HasErrors
    {
        get
        {
            foreach (var issue in Issues)
            {
                if (issue.IsError)
                    return true;
            }
            return false;
        }
    }
}

/// <summary>How far reading goes.</summary>
/// <param name="MaxIssues">Issues that are kept; the rest is only counted.</param>
/// <param name="Check">False trusts the source: only what cannot be read, and what does not fit the types, is reported. For resources that were checked before they were stored.</param>
public sealed record ReadLimits(int MaxIssues = 1000, bool Check = true)
{
    /// <summary>Checks everything, keeps a thousand issues.</summary>
    public static ReadLimits Default { get; } = new();

    /// <summary>JSON levels (objects and arrays) that a document may nest.</summary>
    public const int MaxDepth = 64;
}
