using System.Collections.Frozen;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>What a broken constraint demands, in words that say what to do; see invariant-texts.csv.</summary>
internal static class InvariantTexts
{
    private static readonly Lazy<FrozenDictionary<(string Key, string Path), string>> Table = new(Load);

    public static string Of(Constraint constraint, string path)
    {
        // Constraints that many structures share are listed once, without a path.
        if (Table.Value.TryGetValue((constraint.Key, path), out var text) || Table.Value.TryGetValue((constraint.Key, ""), out text))
            return text;
        return constraint.Key.EndsWith("-0", StringComparison.Ordinal)
            ? "'name' should be usable by software: begin with a capital letter, then at most 254 letters, digits and underscores."
            : $"The rule {constraint.Key} of {path} does not hold; it demands: {constraint.Expression}";
    }

    private static FrozenDictionary<(string Key, string Path), string> Load()
    {
        using var stream = typeof(InvariantTexts).Assembly.GetManifestResourceStream("invariant-texts.csv") ?? throw new InvalidOperationException("The texts of the invariants are not embedded in this build.");
        using var reader = new StreamReader(stream);
        var texts = new Dictionary<(string, string), string>();
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(',', 3);
            texts.Add((fields[0], fields[1]), fields[2].Trim('"'));
        }
        return texts.ToFrozenDictionary();
    }
}
