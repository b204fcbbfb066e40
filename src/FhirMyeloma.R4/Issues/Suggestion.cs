using System.Text;

namespace FhirMyeloma.R4.Issues;

/// <summary>"Did you mean …?": the known word that a misspelt one is closest to.</summary>
public static class Suggestion
{
    private const int LongestShown = 64;
    private const int LongestSeparators = 8;
    private const string Separators = " -_.";

    /// <summary>
    /// The known word that was probably meant: the same letters in another case or with other separators (<c>birth_date</c>, <c>entered in error</c>), else
    /// the closest by edits, at most one of three letters, two of six, three of twelve. Of words equally close the one that begins alike. Null when none is close.
    /// </summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestShown)
            return null;
        string? best = null;
        var limit = word.Length switch { < 3 => 0, < 6 => 1, < 12 => 2, _ => 3 };
        var bestDistance = limit + 1;
        var bestPrefix = -1;
        foreach (var candidate in known)
        {
            if (candidate == word || Math.Abs(candidate.Length - word.Length) > Math.Max(limit, LongestSeparators))
                continue;
            var distance = IsSameButForCase(word, candidate) ? 0 : Distance(word, candidate, Math.Min(limit, bestDistance));
            var prefix = word.AsSpan().CommonPrefixLength(candidate);
            // Of several edits none is at the first letter: an object is no misspelt subject.
            if (distance > bestDistance || distance > (prefix > 0 ? limit : Math.Min(limit, 1)))
                continue;
            if (distance < bestDistance || prefix > bestPrefix)
                (best, bestDistance, bestPrefix) = (candidate, distance, prefix);
        }
        return best;
    }

    /// <summary>A resource type as a noun: an Observation, a Patient.</summary>
    public static string WithArticle(string type) => $"{(type is ['A' or 'E' or 'I' or 'O' or 'a' or 'e' or 'i' or 'o', ..] ? "an" : "a")} {type}";

    /// <summary>A code, unit or member name fit for a message: no control characters, at most 64 characters.</summary>
    public static string Shown(string word)
    {
        var shown = new StringBuilder();
        foreach (var letter in word.Length > LongestShown ? word[..LongestShown] : word)
            shown.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? '\uFFFD' : letter);
        return word.Length > LongestShown ? shown.Append('…').ToString() : shown.ToString();
    }

    private static bool IsSameButForCase(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (true)
        {
            left = left.TrimStart(Separators);
            right = right.TrimStart(Separators);
            if (left.IsEmpty || right.IsEmpty)
                return left.IsEmpty && right.IsEmpty;
            if (char.ToUpperInvariant(left[0]) != char.ToUpperInvariant(right[0]))
                return false;
            left = left[1..];
            right = right[1..];
        }
    }

    /// <summary>
    /// Edits between two words, swapping neighbours counts one; more than <paramref name="limit"/> when there are more. Only the band around the diagonal is
    /// walked: a document may hold a thousand misspelt words, and a value set as many codes.
    /// </summary>
    private static int Distance(string left, string right, int limit)
    {
        if (Math.Abs(left.Length - right.Length) > limit)
            return limit + 1;
        var width = right.Length + 1;
        Span<int> rows = stackalloc int[3 * (LongestShown + LongestSeparators + 2)];
        var before = rows[..width];
        var last = rows[width..(2 * width)];
        var row = rows[(2 * width)..(3 * width)];
        for (var j = 0; j < width; j++)
            last[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var (from, to) = (Math.Max(1, i - limit), Math.Min(right.Length, i + limit));
            row.Fill(limit + 1);
            row[0] = i;
            var least = i;
            for (var j = from; j <= to; j++)
            {
                var change = left[i - 1] == right[j - 1] ? 0 : 1;
                var edits = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    edits = Math.Min(edits, before[j - 2] + 1);
                row[j] = edits;
                least = Math.Min(least, edits);
            }
            if (least > limit)
                return limit + 1;
            var free = before;
            before = last;
            last = row;
            row = free;
        }
        return last[right.Length];
    }
}

/// <summary>The last issue of a list that was cut.</summary>
internal static class IssueLimits
{
    public static Issue LeftOut(IssueSeverity severity, int count) =>
        new(severity, IssueCodes.IssuesLeftOut, IssueType.TooCostly, $"{count} more issues are not listed; correct those above and send again.", []);
}
