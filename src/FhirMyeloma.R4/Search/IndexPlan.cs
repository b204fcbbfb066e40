using System.Collections.Frozen;
using System.Collections.Immutable;

namespace FhirMyeloma.R4.Search;

/// <summary>
/// What the index holds, beside every reference parameter: what narrows a search to few resources. The rest (status, category, values) is
/// read off the resources that the others leave.
/// </summary>
internal static class IndexPlan
{
    private static readonly FrozenDictionary<string, string[]> Chosen = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["CarePlan"] = ["identifier", "date"],
        ["ConceptMap"] = ["identifier", "url"],
        ["Condition"] = ["identifier", "code", "onset-date"],
        ["DiagnosticReport"] = ["identifier", "code", "date"],
        ["Encounter"] = ["identifier", "date"],
        ["Medication"] = ["identifier", "code", "ingredient-code"],
        ["MedicationAdministration"] = ["identifier", "code", "effective-time"],
        ["MedicationRequest"] = ["identifier", "code", "authoredon"],
        ["MedicationStatement"] = ["identifier", "code", "effective"],
        ["Observation"] = ["identifier", "code", "component-code", "date"],
        ["Organization"] = ["identifier", "name"],
        ["Patient"] = ["identifier", "name", "birthdate"],
        ["Procedure"] = ["identifier", "code", "date"],
        ["Provenance"] = ["recorded"],
        ["ServiceRequest"] = ["identifier", "requisition", "code", "authored"],
        ["Specimen"] = ["identifier", "accession", "container-id", "collected"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What others of a type find as well, so that it needs no rows of its own.</summary>
    private static readonly FrozenDictionary<(string Type, string Code), string[]> Instead = new Dictionary<(string, string), string[]>
    {
        [("Observation", "combo-code")] = ["code", "component-code"],
        [("Patient", "family")] = ["name"],
        [("Patient", "given")] = ["name"],
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, ImmutableArray<SearchParameter>> Plans = Chosen.ToFrozenDictionary(
        static type => type.Key,
        static type => ImmutableArray.CreateRange(SearchParameters.For(type.Key).Where(parameter => parameter.Type == SearchType.Reference || type.Value.Contains(parameter.Code, StringComparer.Ordinal))),
        StringComparer.Ordinal);

    /// <summary>The parameters whose values a resource of that type leaves in the index.</summary>
    public static ImmutableArray<SearchParameter> For(string resourceType) => Plans.TryGetValue(resourceType, out var plan) ? plan : [];

    /// <summary>The codes under which the index has a superset of the parameter's values; empty when it has none.</summary>
    public static ImmutableArray<string> CodesOf(string resourceType, SearchParameter parameter)
    {
        if (Instead.TryGetValue((resourceType, parameter.Code), out var others))
            return [.. others];
        return For(resourceType).Any(indexed => indexed.Code == parameter.Code) ? [parameter.Code] : [];
    }
}
