using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>
/// One result in two shapes: a panel that repeats, as its component, what a member says itself counts once, by the member. One dose or sample reported by
/// several resources otherwise stays in the case once per resource, and the derivation collapses it with all its sources.
/// </summary>
internal static class SameEvent
{
    /// <summary>The Observations that a panel lists.</summary>
    public static List<Element> Members(Intake intake, Element panel)
    {
        List<Element> members = [];
        foreach (var member in panel.Children("hasMember"))
        {
            var target = intake.Follow(member, "Observation");
            if (target.Exists)
                members.Add(target);
        }
        return members;
    }

    /// <summary>True when a final member of the panel reports the concept of the component with the same value, or with any where the component has none.</summary>
    public static bool IsReportedBy(List<Element> members, Element component, ObservationConcept concept)
    {
        foreach (var member in members)
        {
            if (!member["status"].TextEquals("final"u8) || !SameValue(component, member))
                continue;
            foreach (var coding in member["code"].Children("coding"))
            {
                if (coding["code"].Text is { } code && LabCodes.Find(CodeSystems.Key(coding["system"].Text), code)?.Concept == concept)
                    return true;
            }
            foreach (var text in ConceptReading.Texts(member["code"]))
            {
                if (LabCodes.FindByName(text)?.Concept == concept)
                    return true;
            }
        }
        return false;
    }

    private static bool SameValue(Element component, Element member)
    {
        var (a, b) = (component.Choice("value"), member.Choice("value"));
        return !a.Exists ? b.Exists : b.Exists && string.Equals(a.TypeName, b.TypeName, StringComparison.Ordinal)
            && a["value"].Decimal == b["value"].Decimal && string.Equals(a.Text, b.Text, StringComparison.Ordinal) && string.Equals(a["code"].Text ?? a["unit"].Text, b["code"].Text ?? b["unit"].Text, StringComparison.Ordinal);
    }
}
