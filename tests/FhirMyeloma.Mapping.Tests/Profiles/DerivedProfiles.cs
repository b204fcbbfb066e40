using System.Text.Json.Nodes;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>The profile of every kind of derived Observation, from the tables derived-observations.csv, derived-components.csv and derived-invariants.csv.</summary>
internal static class DerivedProfiles
{
    private const string Folder = "tests/FhirMyeloma.Mapping.Tests/Profiles";
    private const string Ucum = "http://unitsofmeasure.org";
    private const string Ncit = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl";
    private const string CodeSystem = PublishedFile.Canon + "/CodeSystem/";

    private static readonly string[] Order = ["id", "path", "sliceName", "slicing", "short", "min", "max", "type", "pattern", "constraint", "binding"];

    /// <summary>mCODE names two of the stages by codes of the NCI Thesaurus, which stand beside ours.</summary>
    private static readonly Dictionary<string, string> StageCodes = new(StringComparer.Ordinal) { ["iss-stage"] = "C139007", ["r-iss-stage"] = "C141392" };

    private static readonly Dictionary<string, string[]> Subsets =
        ValueSetFiles.Subsets.ToDictionary(row => row["id"], row => row["codes"].Split(' '), StringComparer.Ordinal);

    public static IEnumerable<PublishedFile> Files() => Table.Read($"{Folder}/derived-observations.csv").Select(Profile);

    /// <summary>Rows of the component table of one profile.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Components(string profile) =>
        Table.Read($"{Folder}/derived-components.csv").Where(row => row["profile"] == profile);

    private static PublishedFile Profile(IReadOnlyDictionary<string, string> row)
    {
        var id = row["profile"];
        var profile = PublishedFile.Head(
            "StructureDefinition", id, $"FhirMyeloma{PublishedFile.NameOf(id)}", row["title"], $"One per {row["one per"]}: {row["because"]}.");
        profile["fhirVersion"] = "4.0.1";
        profile["kind"] = "resource";
        profile["abstract"] = false;
        profile["type"] = "Observation";
        profile["baseDefinition"] = $"{PublishedFile.Canon}/StructureDefinition/derived-observation";
        profile["derivation"] = "constraint";
        profile["differential"] = new JsonObject { ["element"] = new JsonArray([.. Root(row).Concat(Values(row)).Concat(Slices(id)).Select(InOrder)]) };
        return new(profile);
    }

    private static IEnumerable<JsonObject> Root(IReadOnlyDictionary<string, string> row)
    {
        var id = row["profile"];
        var own = Table.Read($"{Folder}/derived-invariants.csv").Where(invariant => invariant["profile"] == id).Select(Constraint);
        yield return Constrained(Element("Observation"), [.. own, .. Methods(row)]);
        if (row["status"].Length > 0)
            yield return Element("Observation.status").With("patternCode", row["status"]);
        var codings = new JsonArray(Coding("myeloma-result", id));
        if (StageCodes.TryGetValue(id, out var ncit))
            codings.Add(new JsonObject { ["system"] = Ncit, ["code"] = ncit });
        yield return Element("Observation.code").With("patternCodeableConcept", new JsonObject { ["coding"] = codings });
        yield return Element("Observation.focus").Times(row["focus"]);
    }

    private static IEnumerable<JsonObject> Values(IReadOnlyDictionary<string, string> row)
    {
        var effective = row["effective"].Split(' ');
        yield return Element("Observation.effective[x]").Times(effective[0]).Typed(effective[1]);
        var value = row["value"].Split(' ');
        var element = Element("Observation.value[x]").Times(value[0]);
        if (value[1] == "Quantity|Range")
        {
            yield return element.With("slicing", Slicing("type", "$this")).Typed(value[1]);
            yield return Element("Observation.value[x]:valueQuantity", "valueQuantity").Times("0..1").Typed("Quantity").With("patternQuantity", Unit("d"));
            yield return Element("Observation.value[x]:valueQuantity.value").Times("1..1");
            yield return Element("Observation.value[x]:valueQuantity.comparator").Times("0..0");
            yield return Element("Observation.value[x]:valueRange", "valueRange").Times("0..1").Typed("Range");
            yield return Element("Observation.value[x]:valueRange.low").Times("1..1").With("patternQuantity", Unit("d"));
            yield return Element("Observation.value[x]:valueRange.high").With("patternQuantity", Unit("d"));
        }
        else
            yield return Bound(element.Typed(value[1]), row["binding"]);
        if (row["absent"] == "no")
            yield return Element("Observation.dataAbsentReason").Times("0..0");
        if (!Subsets.ContainsKey(row["first ruleset"]))
            yield return Element("Observation.method").With("patternCodeableConcept", new JsonObject { ["coding"] = new JsonArray(Coding("ruleset", row["first ruleset"])) });
        var least = row["second ruleset"].Length > 0 && row["focus"] == "1..1" ? 2 : 1;
        yield return Element("Observation.method.coding").Times($"{least}..{(row["second ruleset"].Length > 0 ? 2 : 1)}");
    }

    private static IEnumerable<JsonObject> Slices(string profile)
    {
        var rows = Components(profile).ToList();
        var least = rows.Sum(row => row["cardinality"][0] - '0');
        yield return Element("Observation.component").With("slicing", Slicing("pattern", "code")).Times($"{least}..*");
        foreach (var row in rows)
        {
            var slice = $"Observation.component:{row["component"]}";
            var isAmount = row["value"] == "Quantity|Range";
            var constraints = new List<JsonObject>();
            if (isAmount)
                constraints.Add(Amount(row["limit"].Split(' ')));
            if (row["limit"] == "%")
                constraints.Add(Invariant("hundredths-1", "A percentage has two decimals at most.", "(value.ofType(Quantity).value * 100).truncate() = value.ofType(Quantity).value * 100"));
            yield return Constrained(Element(slice, row["component"]).Times(row["cardinality"]).With("short", row["because"]), [.. constraints]);
            yield return Element($"{slice}.code").With("patternCodeableConcept", new JsonObject { ["coding"] = new JsonArray(Coding("myeloma-result-component", row["component"])) });
            var mayBeAbsent = row["value"].EndsWith(" or absent", StringComparison.Ordinal);
            var value = Element($"{slice}.value[x]").Times(mayBeAbsent ? "0..1" : "1..1").Typed(row["value"].Split(' ')[0]);
            if (row["value"] == "Quantity")
                value.With("patternQuantity", Unit(row["limit"]));
            else if (!isAmount)
                value = Bound(value, row["limit"]);
            yield return value;
            if (!mayBeAbsent)
                yield return Element($"{slice}.dataAbsentReason").Times("0..0");
        }
    }

    /// <summary>Which rulesets decide, in which place.</summary>
    private static IEnumerable<JsonObject> Methods(IReadOnlyDictionary<string, string> row)
    {
        if (Subsets.TryGetValue(row["first ruleset"], out var first))
            yield return Invariant("method-1", $"The first coding of the method is a {row["first ruleset"].Replace('-', ' ')}.", $"method.coding.first().code in ({Literals(first)})");
        if (Subsets.TryGetValue(row["second ruleset"], out var second))
            yield return Invariant("method-2", $"The second coding of the method is a {row["second ruleset"].Replace('-', ' ')}.", $"method.coding.tail().all(code in ({Literals(second)}))");
    }

    private static JsonObject Amount(string[] units) => Invariant(
        "amount-1",
        $"The unit is {string.Join(" or ", units)} in UCUM.",
        $"(value.ofType(Quantity) | value.ofType(Range).low | value.ofType(Range).high).all(value.exists() and system = '{Ucum}' and code in ({Literals(units)}))");

    private static string Literals(IEnumerable<string> codes) => string.Join(" | ", codes.Select(code => $"'{code}'"));

    private static JsonObject Constrained(JsonObject element, JsonObject[] constraints) =>
        constraints.Length > 0 ? element.With("constraint", new JsonArray([.. constraints])) : element;

    private static JsonObject Constraint(IReadOnlyDictionary<string, string> row) => Invariant(row["key"], row["human"], row["expression"]);

    private static JsonObject Invariant(string key, string human, string expression) => new()
    {
        ["key"] = key,
        ["severity"] = "error",
        ["human"] = human,
        ["expression"] = expression,
    };

    /// <summary>Members in the order of the definition of ElementDefinition.</summary>
    private static JsonObject InOrder(JsonObject element) =>
        new(element.OrderBy(member => Array.FindIndex(Order, name => member.Key.StartsWith(name, StringComparison.Ordinal))).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

    private static JsonObject Element(string id, string? slice = null)
    {
        var path = string.Join('.', id.Split('.').Select(part => part.Split(':')[0]));
        var element = new JsonObject { ["id"] = id, ["path"] = path };
        return slice is null ? element : element.With("sliceName", slice);
    }

    private static JsonObject Slicing(string discriminator, string path) => new()
    {
        ["discriminator"] = new JsonArray(new JsonObject { ["type"] = discriminator, ["path"] = path }),
        ["ordered"] = false,
        ["rules"] = "closed",
    };

    private static JsonObject Coding(string system, string code) => new() { ["system"] = CodeSystem + system, ["code"] = code };

    private static JsonObject Unit(string code) => new() { ["system"] = Ucum, ["code"] = code };

    private static JsonObject Bound(JsonObject element, string valueSet) => valueSet.Length == 0
        ? element
        : element.With("binding", new JsonObject { ["strength"] = "required", ["valueSet"] = $"{PublishedFile.Canon}/ValueSet/{valueSet}" });

    private static JsonObject Typed(this JsonObject element, string types) =>
        element.With("type", new JsonArray([.. types.Split('|').Select(type => new JsonObject { ["code"] = type })]));

    private static JsonObject Times(this JsonObject element, string cardinality)
    {
        var ends = cardinality.Split("..");
        return element.With("min", int.Parse(ends[0], System.Globalization.CultureInfo.InvariantCulture)).With("max", ends[1]);
    }

    private static JsonObject With(this JsonObject element, string name, JsonNode value)
    {
        element[name] = value;
        return element;
    }
}
