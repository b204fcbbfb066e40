using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>One abnormality that a text mentions.</summary>
/// <param name="Abnormality">Which.</param>
/// <param name="Present">Found, looked for and absent, or left open by the text.</param>
/// <param name="ClonalFraction">Per cent of cells.</param>
internal sealed record MentionedAbnormality(Abnormality Abnormality, Tri Present, Reading? ClonalFraction);

/// <summary>
/// Cytogenetic findings in English and Spanish text. A mention without more is a finding; a negation before a list holds for the list until something positive is said; one behind
/// an item holds for that item, in the plural for the items before it too, in the singular it leaves them open.
/// </summary>
internal static partial class CytogeneticsText
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(Wording.MatchTimeout);

    private static readonly ImmutableArray<(Abnormality? Abnormality, Regex Pattern)> Patterns = [.. VocabularyTable.Read("cytogenetics.csv")
        .Select(row => (AbnormalityOf(row[0]), new Regex(row[1], RegexOptions.CultureInvariant, Limit)))];

    private sealed class Mention(Abnormality? abnormality, int start, int end)
    {
        public Abnormality? Abnormality { get; set; } = abnormality;
        public int Start { get; } = start;
        public int End { get; } = end;
        public Tri? Present { get; set; }
        public Reading? Fraction { get; set; }
    }

    /// <summary>The findings of a text; empty when it mentions none.</summary>
    public static ImmutableArray<MentionedAbnormality> Read(string text)
    {
        var folded = Wording.Fold(text.Replace("\n", ". ", StringComparison.Ordinal));
        // Every pattern has a digit, a ploidy or a fusion with IGH in it; most texts that are tried have none.
        if (!folded.AsSpan().ContainsAnyInRange('0', '9') && !folded.Contains("ploid", StringComparison.Ordinal) && !folded.Contains("igh", StringComparison.Ordinal))
            return [];
        var mentions = Find(folded);
        if (mentions.Count == 0)
            return [];
        foreach (var sentence in Sentences(folded, mentions))
            Judge(folded, sentence.Mentions, sentence.Start, sentence.End);
        return [.. mentions
            .Where(mention => mention.Abnormality is not null)
            .GroupBy(mention => mention.Abnormality!.Value)
            .Select(group => new MentionedAbnormality(group.Key, Merge(group), group.Select(mention => mention.Fraction).FirstOrDefault(fraction => fraction is not null)))];
    }

    private static Tri Merge(IEnumerable<Mention> mentions)
    {
        var said = mentions.Select(mention => mention.Present ?? Tri.Met).Distinct().ToList();
        return said.Count == 1 ? said[0] : Tri.Unknown;
    }

    private static List<Mention> Find(string folded)
    {
        List<Mention> mentions = [];
        foreach (var (abnormality, pattern) in Patterns)
        {
            foreach (Match match in pattern.Matches(folded))
            {
                if (mentions.TrueForAll(other => match.Index >= other.End || match.Index + match.Length <= other.Start))
                    mentions.Add(new(abnormality, match.Index, match.Index + match.Length));
            }
        }
        mentions.Sort((a, b) => a.Start.CompareTo(b.Start));
        return mentions;
    }

    private static IEnumerable<(int Start, int End, List<Mention> Mentions)> Sentences(string folded, List<Mention> mentions)
    {
        var start = 0;
        for (var i = 0; i <= folded.Length; i++)
        {
            var ends = i == folded.Length || folded[i] == ';' || (folded[i] == '.' && (i + 1 == folded.Length || folded[i + 1] == ' '));
            if (!ends || (i < folded.Length && mentions.Exists(mention => i >= mention.Start && i < mention.End)))
                continue;
            var inside = mentions.FindAll(mention => mention.Start >= start && mention.End <= i);
            if (inside.Count > 0)
                yield return (start, i, inside);
            start = i + 1;
        }
    }

    private static void Judge(string folded, List<Mention> mentions, int start, int end)
    {
        Tri? running = null;
        List<Mention> open = [];
        for (var i = 0; i < mentions.Count; i++)
        {
            var mention = mentions[i];
            var before = folded[(i == 0 ? start : mentions[i - 1].End)..mention.Start];
            var after = folded[mention.End..(i + 1 == mentions.Count ? end : mentions[i + 1].Start)];
            if (i > 0)
                before = before[(Separator(before) + 1)..];
            if (i + 1 < mentions.Count && Separator(after) is >= 0 and var at)
                after = after[..at];
            running = Before(before) ?? running;
            var said = After(after);
            mention.Fraction = Fraction(after) ?? Fraction(before);
            Copies(mention, before + " " + after);
            if (said is null && mention.Fraction is { } fraction)
                said = fraction is { IsExact: true, Low: 0 } ? Tri.NotMet : fraction.IsBelowLimit ? Tri.Unknown : Tri.Met;
            mention.Present = said ?? running;
            if (mention.Present is null)
            {
                open.Add(mention);
                continue;
            }
            if (said is { IsNotMet: true })
            {
                foreach (var earlier in open)
                    earlier.Present = Plural().IsMatch(after) ? Tri.NotMet : Tri.Unknown;
            }
            else if (said is { IsMet: true } && running is { IsNotMet: true })
                running = null;
            open.Clear();
        }
    }

    // Between two items the last comma or conjunction divides what belongs to either.
    private static int Separator(string between)
    {
        var comma = between.LastIndexOfAny([',', '/', '|']);
        var match = Conjunction().Matches(between).LastOrDefault();
        return Math.Max(comma, match is null ? -1 : match.Index);
    }

    private static Tri? Before(string text) => ResultWords.Of(text.Replace('.', ' ')) switch
    {
        ResultMeaning.Negative => Tri.NotMet,
        ResultMeaning.Positive => Tri.Met,
        ResultMeaning.Unclear => Tri.Unknown,
        _ => Negation().IsMatch(text) ? Tri.NotMet : null,
    };

    private static Tri? After(string text) =>
        text.Contains("(-)", StringComparison.Ordinal) ? Tri.NotMet
        : text.Contains("(+)", StringComparison.Ordinal) ? Tri.Met
        : ResultWords.Of(text.Replace('.', ' ')) switch
        {
            ResultMeaning.Negative => Tri.NotMet,
            ResultMeaning.Positive => Tri.Met,
            ResultMeaning.Unclear => Tri.Unknown,
            _ => No().IsMatch(text) ? Tri.NotMet : Yes().IsMatch(text) ? Tri.Met : null,
        };

    private static Reading? Fraction(string text)
    {
        var match = Percent().Match(text);
        if (!match.Success || NumberText.Parse(match.Groups["number"].Value) is not (NumberReading.Clear, <= 100 and var value))
            return null;
        return match.Groups["comparator"].Value switch
        {
            "<" => Reading.LessThan(value),
            "<=" => Reading.AtMost(value),
            ">" => Reading.MoreThan(value),
            ">=" => Reading.AtLeast(value),
            _ => Reading.Exact(value),
        };
    }

    private static void Copies(Mention mention, string around)
    {
        if (mention.Abnormality is Abnormality.Gain1q && CopyNumber().Match(around) is { Success: true } match)
            mention.Abnormality = int.Parse(match.Groups["copies"].Value, CultureInfo.InvariantCulture) >= 4 ? Abnormality.Amp1q : Abnormality.Gain1q;
    }

    private static Abnormality? AbnormalityOf(string word) => word switch
    {
        "t-4-14" => Abnormality.T4_14,
        "t-14-16" => Abnormality.T14_16,
        "t-14-20" => Abnormality.T14_20,
        "t-11-14" => Abnormality.T11_14,
        "t-6-14" => Abnormality.T6_14,
        "biallelic-del-1p32" => Abnormality.Del1p32Biallelic,
        "other-1p" => null,
        _ => VocabularyTable.Word<Abnormality>(word),
    };

    [GeneratedRegex(@"(?<![a-z])(?:y|e|and|ni|nor|or|o|con|with)(?![a-z])", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex Conjunction();

    [GeneratedRegex(@"(?<![a-z])(?:no|sin|not|without|ni|ningun|ninguna|none of|nor)(?![a-z])", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex Negation();

    [GeneratedRegex(@"^\s*[:=]?\s*(?:no|n)(?![a-z])|(?:^|\s)normal(?:es)?(?![a-z])", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex No();

    [GeneratedRegex(@"^\s*[:=]?\s*(?:si|yes|s)(?![a-z])", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex Yes();

    [GeneratedRegex(@"negativos|negativas|no detectadas|no detectados|ausentes|todas|todos|ambas|ambos|all|both|were not|are not|no se detectan|no se observan", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex Plural();

    [GeneratedRegex(@"(?<comparator><=|>=|<|>)?\s*(?<number>\d+(?:[.,]\d+)?)\s*%", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex Percent();

    [GeneratedRegex(@"(?<copies>\d)\s*(?:copias|copies|x)(?![a-z])", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex CopyNumber();
}
