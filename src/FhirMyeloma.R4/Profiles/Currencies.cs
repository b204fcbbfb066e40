using System.Collections.Frozen;

namespace FhirMyeloma.R4.Profiles;

/// <summary>Currency codes of ISO 4217: those in use (list one) and, since bills may be old, those withdrawn since 1990 (list three).</summary>
internal static class Currencies
{
    public const string System = "urn:iso:std:iso:4217";

    private static readonly Lazy<FrozenSet<string>> Loaded = new(() => WordList.Read("currencies.txt"));

    public static FrozenSet<string> Codes => Loaded.Value;
}
