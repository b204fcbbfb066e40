using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using FhirMyeloma.Mapping.Vocabulary;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>
/// Spanish for the issue texts of the layers before this one, which speak English: a table of sentences with places for codes, units and paths,
/// and of the words that fill them. What the table does not know stays English.
/// </summary>
internal static class IssueTexts
{
    private static readonly ImmutableArray<Row> Sentences = Read("sentence");
    private static readonly ImmutableArray<Row> Words = Read("word");

    /// <summary>The Spanish sentence; null when the table has none.</summary>
    public static string? Spanish(string english) => Find(Sentences, english);

    private static string? Find(ImmutableArray<Row> rows, string english)
    {
        foreach (var row in rows)
        {
            if (row.Fill(english) is { } spanish)
                return spanish;
        }
        return null;
    }

    /// <summary>Rows with more fixed text first, so that the more exact of two sentences speaks.</summary>
    private static ImmutableArray<Row> Read(string kind) =>
    [
        .. VocabularyTable.Read("issue-texts.csv")
            .Where(cells => cells[0] == kind)
            .Select(cells => new Row(cells[1], cells[2]))
            .OrderByDescending(row => row.FixedLength),
    ];

    private sealed class Row
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(Wording.MatchTimeout);
        private readonly string english;
        private readonly string spanish;
        private readonly Regex? pattern;

        public Row(string english, string spanish)
        {
            (this.english, this.spanish) = (english, spanish);
            var parts = Regex.Split(english, @"\{\d\}", RegexOptions.CultureInvariant, Longest);
            FixedLength = parts.Sum(part => part.Length);
            if (parts.Length > 1)
                pattern = new("^" + string.Join("(.+?)", parts.Select(Regex.Escape)) + "$", RegexOptions.CultureInvariant | RegexOptions.Singleline, Longest);
        }

        public int FixedLength { get; }

        public string? Fill(string text)
        {
            if (pattern is null)
                return text == english ? spanish : null;
            var match = pattern.Match(text);
            if (!match.Success)
                return null;
            object[] fills = [.. match.Groups.Values.Skip(1).Select(group => Translate(group.Value))];
            return string.Format(CultureInfo.InvariantCulture, spanish, fills);
        }

        private static string Translate(string word) => Find(Words, word) ?? Find(Words, char.ToLowerInvariant(word[0]) + word[1..]) ?? word;
    }
}
