namespace FhirMyeloma.R4.Profiles;

/// <summary>What is known beyond the base types: profiles, extension definitions and value sets. Immutable.</summary>
public sealed class DefinitionSet
{
    private DefinitionSet()
    {
    }

    /// <summary>What HL7 publishes with R4 4.0.1.</summary>
    public static DefinitionSet R4 { get; } = new();
}
