using System.Collections.Frozen;

namespace FhirMyeloma.R4.Profiles;

/// <summary>An embedded list, one word a line; compared to the letter.</summary>
internal static class WordList
{
    public static FrozenSet<string> Read(string name)
    {
        using var stream = typeof(WordList).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
