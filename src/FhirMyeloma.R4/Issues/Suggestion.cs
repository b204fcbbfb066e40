using System.Text;

namespace FhirMyeloma.R4.Issues;

/// <summary>"Did you mean …?": the known word that a misspelt one is closest to.</summary>
public static class Suggestion
{
    private const int LongestShown = 64;

    /// <summary>The closest known word, at most a third of its letters away and never more than three; null when none is close.</summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestShown)
            return null;
        string? best = null;
        var bestDistance = Math.Min(3, (word.Length + 2) / 3) + 1;
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - word.Length) >= bestDistance || candidate == word)
                continue;
            var distance = string.Equals(candidate, word, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(word, candidate);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>A resource type as a noun: an Observation, a Patient.</summary>
    public static string WithArticle(string type) => $"{(type is ['A' or 'E' or 'I' or 'O', ..] ? "an" : "a")} {type}";

    /// <summary>A code, unit or member name fit for a message: no control characters, at most 64 characters.</summary>
    public static string Shown(string word)
    {
        var shown = new StringBuilder();
        foreach (var letter in word.Length > LongestShown ? word[..LongestShown] : word)
            shown.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? '\uFFFD' : letter);
        return word.Length > LongestShown ? shown.Append('…').ToString() : shown.ToString();
    }

    /// <summary>Edits between two words; swapping neighbours counts one.</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var change = left[i - 1] == right[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[left.Length, right.Length];
    }
}

/// <summary>The last issue of a list that was cut.</summary>
internal static class IssueLimits
{
    public static Issue LeftOut(IssueSeverity severity, int count) =>
        new(severity, IssueCodes.IssuesLeftOut, IssueType.TooCostly, $"{count} more issues are not listed; correct those above and send again.", []);
}
