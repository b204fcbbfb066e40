using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>ISS, R-ISS and R2-ISS as codes and as text ("ISS III, R-ISS II").</summary>
internal static partial class StageText
{
    private static readonly FrozenDictionary<(string System, string Code), (StagingSystem System, int? Stage)> ByCode = VocabularyTable.Read("stage-codes.csv")
        .ToFrozenDictionary(row => (row[0], row[1]), row => (VocabularyTable.Word<StagingSystem>(row[2]), row[3].Length == 0 ? (int?)null : int.Parse(row[3], CultureInfo.InvariantCulture)));

    /// <summary>The system, and the stage when the code says it; null when it is no stage of myeloma.</summary>
    public static (StagingSystem System, int? Stage)? Find(string systemKey, string code) => ByCode.TryGetValue((systemKey, code), out var found) ? found : null;

    /// <summary>Every stage with its system that a text states.</summary>
    public static ImmutableArray<(StagingSystem System, int Stage)> FindAll(string text) => [.. Stated().Matches(Wording.Fold(text))
        .Select(match => (SystemOf(match.Groups["system"].Value), Number(match.Groups["stage"].Value)))
        .Where(found => found.Item2 <= (found.Item1 == StagingSystem.R2Iss ? 4 : 3))
        .Distinct()];

    /// <summary>The system that a text names without a stage; null for none.</summary>
    public static StagingSystem? SystemIn(string text)
    {
        var folded = Wording.Fold(text);
        if (folded.Contains("revised international staging", StringComparison.Ordinal))
            return StagingSystem.RIss;
        var match = Named().Match(folded);
        return match.Success ? SystemOf(match.Value) : folded.Contains("international staging system", StringComparison.Ordinal) ? StagingSystem.Iss : null;
    }

    /// <summary>A stage alone: "III", "Stage 2", "Estadio II"; null when the text says more.</summary>
    public static int? Alone(string text)
    {
        var match = Single().Match(Wording.Fold(text));
        return match.Success ? Number(match.Groups["stage"].Value) : null;
    }

    private static StagingSystem SystemOf(string text) =>
        text.StartsWith("r2", StringComparison.Ordinal) ? StagingSystem.R2Iss : string.Equals(text, "iss", StringComparison.Ordinal) ? StagingSystem.Iss : StagingSystem.RIss;

    private static int Number(string stage) => stage switch { "i" or "1" => 1, "ii" or "2" => 2, "iii" or "3" => 3, _ => 4 };

    [GeneratedRegex(@"(?<![a-z0-9])(?<system>r2[\s-]?iss|r[\s-]?iss|iss[\s-]?r(?![a-z0-9])|iss revisado|iss)(?:\s|:|=|-|stage|estadio|etapa|de)*(?<stage>iv|iii|ii|i|[1-4])(?![a-z0-9])", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex Stated();

    [GeneratedRegex(@"(?<![a-z0-9])(?:r2[\s-]?iss|r[\s-]?iss|iss[\s-]?r|iss revisado|iss)(?![a-z0-9])", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex Named();

    [GeneratedRegex(@"^(?:stage|estadio|etapa)?\s*(?<stage>iv|iii|ii|i|[1-4])$", RegexOptions.CultureInvariant, Wording.MatchTimeout)]
    private static partial Regex Single();
}
