using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Which panel or report lists an Observation. Grouping adds no fact: it lends a date, a subject and the name of the report.</summary>
internal sealed class Grouping
{
    private const int MaxDepth = 8;
    private readonly Dictionary<Element, Element> _parents = [];

    public Grouping(Intake intake)
    {
        foreach (var entry in intake.Bundle.Current)
        {
            var resource = entry.Resource;
            var members = resource.TypeName switch
            {
                "Observation" => resource.Children("hasMember"),
                "DiagnosticReport" => resource.Children("result"),
                _ => default,
            };
            foreach (var member in members)
            {
                var target = intake.Follow(member, "Observation");
                if (target.Exists && target != resource && Prefer(resource, target))
                    _parents[target] = resource;
            }
        }
    }

    /// <summary>The panels and reports above an Observation, nearest first.</summary>
    public IEnumerable<Element> Above(Element observation)
    {
        var at = observation;
        for (var depth = 0; depth < MaxDepth && _parents.TryGetValue(at, out var parent) && parent != observation; depth++)
        {
            yield return parent;
            at = parent;
        }
    }

    // Of several the panel, then the one that comes first by its own name, so that the order of entries does not matter.
    private bool Prefer(Element parent, Element target)
    {
        if (!_parents.TryGetValue(target, out var known))
            return true;
        var (isPanel, wasPanel) = (parent.TypeName is "Observation", known.TypeName is "Observation");
        return isPanel != wasPanel ? isPanel : string.CompareOrdinal(Name(parent), Name(known)) < 0;
    }

    private static string Name(Element resource) => resource.Parent["fullUrl"].Text ?? resource["id"].Text ?? "";
}
