using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Profiles;

/// <summary>Turns a StructureDefinition into rules.</summary>
internal static class ProfileCompiler
{
    public static ProfileSchema Compile(Element definition, DefinitionSet _) =>
        new(definition, definition["url"].Text!, definition["version"].Text, definition["type"].Text ?? "");
}
