using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Hospitals by name.</summary>
internal static class Centres
{
    /// <summary>The name of the organisation that a reference leads to: its name, the display, the identifier or the literal; null when it leads to something else.</summary>
    public static string? Name(Intake intake, Element reference)
    {
        if (!reference.Exists)
            return null;
        var organization = intake.Follow(reference, "Organization");
        if (organization.Exists)
            return organization["name"].Text ?? reference["display"].Text ?? organization["identifier"]["value"].Text ?? organization["id"].Text;
        var literal = reference["reference"].Text;
        var isOrganization = reference["type"].Text is "Organization" || literal?.Contains("Organization/", StringComparison.Ordinal) == true;
        return isOrganization ? reference["display"].Text ?? reference["identifier"]["value"].Text ?? literal : null;
    }
}
