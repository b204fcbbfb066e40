using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>The isotype that a text states; Unknown for a chain that it does not name.</summary>
/// <param name="Heavy">Heavy chain, or light chains only, or non-secretory.</param>
/// <param name="Light">Light chain.</param>
/// <param name="Several">The text names more than one of a kind (biclonal, a list): nothing is taken from it.</param>
internal readonly record struct Isotype(HeavyChain Heavy, LightChain Light, bool Several = false)
{
    /// <summary>Nothing is stated.</summary>
    public bool IsEmpty => Heavy == HeavyChain.Unknown && Light == LightChain.Unknown;
}

/// <summary>Reads "IgG kappa", "IgG-k", "FLC kappa", "cadenas ligeras lambda", "no secretor" out of a text.</summary>
internal static class CloneText
{
    /// <summary>The isotype that a diagnosis, a subtype or a band states.</summary>
    /// <param name="text">English or Spanish.</param>
    /// <param name="adjacentOnly">Only "IgG kappa" with the chains side by side: for notes, where an IgG alone may be a concentration.</param>
    public static Isotype Read(string text, bool adjacentOnly = false)
    {
        var words = Wording.Words(Wording.Fold(text));
        var heavies = new HashSet<HeavyChain>();
        var lights = new HashSet<LightChain>();
        var lightChainWords = false;
        for (var i = 0; i < words.Count; i++)
        {
            var (heavy, light) = Chain(words[i], i > 0 ? words[i - 1] : "");
            if (heavy is { } h)
            {
                var next = light ?? (i + 1 < words.Count ? Chain(words[i + 1], words[i]).Light : null);
                if (adjacentOnly && next is null)
                    continue;
                heavies.Add(h);
            }
            if (light is { } l && (!adjacentOnly || heavy is not null || (i > 0 && (Chain(words[i - 1], "").Heavy is not null || IsLightChainWord(words[i - 1])))))
                lights.Add(l);
            lightChainWords |= IsLightChainWord(words[i]) && (words[i] is not ("ligera" or "ligeras") || (i > 0 && words[i - 1] is "cadena" or "cadenas" && i > 0));
        }
        var folded = string.Join(' ', words);
        if (folded.Contains("no secretor", StringComparison.Ordinal) || folded.Contains("non secretory", StringComparison.Ordinal) || folded.Contains("nonsecretory", StringComparison.Ordinal))
            heavies.Add(HeavyChain.NonSecretory);
        if (heavies.Count > 1 || lights.Count > 1)
            return new(HeavyChain.Unknown, LightChain.Unknown, Several: true);
        var chain = heavies.Count == 1 ? heavies.First() : lightChainWords && lights.Count == 1 ? HeavyChain.LightChainOnly : HeavyChain.Unknown;
        return new(chain, lights.Count == 1 ? lights.First() : LightChain.Unknown);
    }

    private static bool IsLightChainWord(string word) => word is "flc" or "sflc" or "lc" or "cll" or "bj" or "ligera" or "ligeras" or "bence" or "jones" or "chain" or "chains" or "micromolecular" or "lcmm";

    private static (HeavyChain? Heavy, LightChain? Light) Chain(string word, string before)
    {
        HeavyChain? heavy = word.Length >= 3 && word[0] == 'i' && word[1] == 'g' ? word[2] switch
        {
            'g' => HeavyChain.IgG,
            'a' => HeavyChain.IgA,
            'm' => HeavyChain.IgM,
            'd' => HeavyChain.IgD,
            'e' => HeavyChain.IgE,
            _ => null,
        } : null;
        if (heavy is not null)
        {
            return word[3..].TrimStart('1', '2', '3', '4') switch
            {
                "" => (heavy, null),
                "k" or "kappa" => (heavy, LightChain.Kappa),
                "l" or "lambda" => (heavy, LightChain.Lambda),
                _ => (null, null),
            };
        }
        return word switch
        {
            "kappa" => (null, LightChain.Kappa),
            "lambda" => (null, LightChain.Lambda),
            // A single letter counts only beside a chain: "IgG k", "cadenas ligeras k".
            "k" when Chain(before, "").Heavy is not null || IsLightChainWord(before) => (null, LightChain.Kappa),
            "l" when Chain(before, "").Heavy is not null || IsLightChainWord(before) => (null, LightChain.Lambda),
            _ => (null, null),
        };
    }
}
