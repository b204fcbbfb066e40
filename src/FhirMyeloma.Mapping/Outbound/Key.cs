using System.Globalization;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>Numbers inside row keys.</summary>
internal static class Key
{
    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);
}
