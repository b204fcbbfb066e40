namespace FhirMyeloma.R4.FhirPath;

internal static class Factory
{
    public static TypeName Type { get; } = new("System", "Factory");
}
