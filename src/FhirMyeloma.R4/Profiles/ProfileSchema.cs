using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Profiles;

/// <summary>A profile or an extension definition, compiled.</summary>
internal sealed class ProfileSchema(Element definition, string url, string? version, string typeName)
{
    /// <summary>The StructureDefinition as it was read: contexts of an extension, its name and status.</summary>
    public Element Definition { get; } = definition;

    public string Url { get; } = url;
    public string? Version { get; } = version;

    /// <summary>The type that it constrains, <c>Observation</c> or <c>Extension</c>.</summary>
    public string TypeName { get; } = typeName;
}
