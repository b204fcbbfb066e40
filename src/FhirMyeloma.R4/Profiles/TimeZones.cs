using System.Collections.Frozen;

namespace FhirMyeloma.R4.Profiles;

/// <summary>The zones and links of the IANA time zone database. The computer's own database is not asked: a verdict must not depend on where it is made.</summary>
internal static class TimeZones
{
    public const string System = "https://www.iana.org/time-zones";

    private static readonly Lazy<FrozenSet<string>> Loaded = new(() => WordList.Read("time-zones.txt"));

    public static FrozenSet<string> Names => Loaded.Value;
}
