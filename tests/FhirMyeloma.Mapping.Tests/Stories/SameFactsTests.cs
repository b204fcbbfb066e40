using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Mapping.Tests.Outbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using OutboundIds = FhirMyeloma.Mapping.Outbound.Ids;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>"The same bytes" of the wire contract, section 2: the same facts said differently give the same answer.</summary>
public sealed class SameFactsTests
{
    private static readonly Dictionary<string, string> OtherCodes = new(StringComparer.Ordinal)
    {
        ["L01FC01"] = "L01XC24",
        ["L01FC02"] = "L01XC38",
        ["L01XG01"] = "L01XX32",
        ["L01XG02"] = "L01XX45",
    };

    private static readonly Dictionary<string, (string Unit, decimal Factor)> OtherUnits = new(StringComparer.Ordinal)
    {
        ["g/dL"] = ("g/L", 10m),
        ["g/L"] = ("g/dL", 0.1m),
        ["mg/L"] = ("mg/dL", 0.1m),
        ["mg/dL"] = ("mg/L", 10m),
        ["mg/(24.h)"] = ("g/(24.h)", 0.001m),
    };

    private static readonly string[] Types = ["collection", "searchset", "transaction", "batch", "history"];

    private static readonly string[] LightChains = ["36916-5", "33944-0"];

    private static readonly string[] OfExposure = ["contained", "medicationCodeableConcept", "medicationReference", "subject", "effectiveDateTime", "effectivePeriod"];

    public static TheoryData<string> Names => [.. Story.Names];

    public static TheoryData<string, string> NamesAndTypes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in Story.Names)
            {
                foreach (var type in Types)
                    data.Add(name, type);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndTypes))]
    public void Neither_the_order_of_entries_nor_the_type_of_the_bundle_matters(string name, string type)
    {
        var expected = Story.Of(name).Root;
        var shuffled = Story.Of(Shuffled(name, type, seed: Array.IndexOf(Types, type))).Root;
        Listed.Same(Results(expected), Results(shuffled));
        Listed.Same(Outcome(expected), Outcome(shuffled));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Other_units_and_codes_of_the_same_meaning_change_nothing(string name)
    {
        var other = Changed(name, resource =>
        {
            Recode(resource);
            if (IsOf(resource, "Observation"))
                Convert(resource);
        });
        Listed.Same(Results(Story.Of(name).Root), Results(Story.Of(other).Root));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_decimal_comma_in_a_text_is_the_same_value(string name)
    {
        var other = Changed(name, resource =>
        {
            if (IsOf(resource, "Observation"))
                SayAsText(resource);
        });
        Listed.Same(Results(Story.Of(name).Root), Results(Story.Of(other).Root));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_panel_and_single_observations_say_the_same(string name)
    {
        var input = JsonNode.Parse(Story.Input(name))!.AsObject();
        var entries = input["entry"]!.AsArray();
        foreach (var entry in entries.Where(entry => IsPanel(entry!["resource"]!)).ToList())
            Split(entries, entry!.AsObject());
        Listed.Same(Facts(Story.Of(name).Root), Facts(Story.Of(Bytes(input)).Root));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Single_light_chains_and_a_panel_say_the_same(string name)
    {
        var input = JsonNode.Parse(Story.Input(name))!.AsObject();
        Gather(input["entry"]!.AsArray());
        Listed.Same(Facts(Story.Of(name).Root), Facts(Story.Of(Bytes(input)).Root));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_statement_beside_its_administration_adds_nothing(string name)
    {
        var input = JsonNode.Parse(Story.Input(name))!.AsObject();
        var entries = input["entry"]!.AsArray();
        foreach (var entry in entries.Where(entry => IsOf(entry!["resource"]!, "MedicationAdministration") && entry["resource"]!["status"]!.GetValue<string>() == "completed").ToList())
            State(entries, entry!.AsObject());
        Listed.Same(Facts(Story.Of(name).Root), Facts(Story.Of(Bytes(input)).Root));
    }

    [Fact]
    public void Language_changes_only_texts()
    {
        var english = Story.Of("two-centres-pooled");
        var spanish = Story.Of(Story.Input("two-centres-pooled"), Language.Spanish);
        Listed.Same(Ids(english), Ids(spanish));
        Assert.Contains(spanish.Root.Resources(), resource => resource["note"]["text"].Text?.Contains("98,29 %", StringComparison.Ordinal) == true);
    }

    private static IEnumerable<string?> Ids(Story story) => story.Root.Resources().Select(resource => resource["id"].Text);

    /// <summary>All entries but the OperationOutcome.</summary>
    private static IEnumerable<string> Results(Element bundle) =>
        bundle.Children("entry").ToArray().SkipLast(1).Select(entry => Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(entry)));

    /// <summary>All entries but the OperationOutcome, without what may name other resources: derivedFrom, entity, evidence-level.</summary>
    private static IEnumerable<string> Facts(Element bundle) => Results(bundle).Select(text =>
    {
        var resource = JsonNode.Parse(text)!["resource"]!.AsObject();
        resource.Remove("derivedFrom");
        resource.Remove("entity");
        if (resource["component"] is JsonArray components)
            components.RemoveAll(component => component!["code"]!["coding"]![0]!["code"]!.GetValue<string>() == "evidence-level");
        return resource.ToJsonString();
    });

    private static IEnumerable<string> Outcome(Element bundle) => bundle.Resources()[^1].Children("issue").ToArray().Select(issue =>
    {
        var node = JsonNode.Parse(FhirJsonWriter.WriteCanonical(issue))!.AsObject();
        node.Remove("expression");
        node.Remove("location");
        node.Remove("extension");
        return node.ToJsonString();
    });

    private static byte[] Shuffled(string name, string type, int seed)
    {
        var input = JsonNode.Parse(Story.Input(name))!.AsObject();
        input["type"] = type;
        input.Remove("total");
        input.Remove("link");
        var entries = input["entry"]!.AsArray().Select(entry => entry!.DeepClone().AsObject()).ToArray();
        new Random(seed).Shuffle(entries);
        foreach (var entry in entries)
        {
            var resource = entry["resource"]!.AsObject();
            entry.Remove("search");
            entry.Remove("request");
            entry.Remove("response");
            if (type is "transaction" or "batch" or "history")
                entry["request"] = resource["id"] is { } id
                    ? new JsonObject { ["method"] = "PUT", ["url"] = $"{Type(resource)}/{id.GetValue<string>()}" }
                    : new JsonObject { ["method"] = "POST", ["url"] = Type(resource) };
            if (type == "history")
                entry["response"] = new JsonObject { ["status"] = "200" };
        }
        input["entry"] = new JsonArray([.. entries]);
        return Bytes(input);
    }

    private static byte[] Changed(string name, Action<JsonObject> change)
    {
        var input = JsonNode.Parse(Story.Input(name))!.AsObject();
        foreach (var entry in input["entry"]!.AsArray())
            change(entry!["resource"]!.AsObject());
        return Bytes(input);
    }

    private static void Recode(JsonNode? node)
    {
        foreach (var inner in Inside(node))
        {
            if (inner is JsonObject coding && coding["code"] is JsonValue code && coding["system"]?.GetValue<string>() == "http://www.whocc.no/atc"
                && OtherCodes.TryGetValue(code.GetValue<string>(), out var other))
                coding["code"] = other;
        }
    }

    private static void Convert(JsonNode resource)
    {
        foreach (var quantity in Inside(resource).OfType<JsonObject>().Where(node => node["value"] is JsonValue && node["code"] is JsonValue).ToList())
        {
            if (!OtherUnits.TryGetValue(quantity["code"]!.GetValue<string>(), out var other))
                continue;
            quantity["value"] = JsonNode.Parse(Decimals.Text(decimal.Parse(quantity["value"]!.ToJsonString(), CultureInfo.InvariantCulture) * other.Factor));
            quantity["code"] = other.Unit;
            quantity["unit"] = other.Unit;
        }
    }

    private static void SayAsText(JsonNode resource)
    {
        foreach (var holder in Inside(resource).OfType<JsonObject>().Where(node => node["valueQuantity"] is JsonObject).ToList())
        {
            var quantity = holder["valueQuantity"]!.AsObject();
            if (quantity["comparator"] is not null || quantity["code"]?.GetValue<string>() is not ("g/dL" or "g/L" or "mg/L"))
                continue;
            holder["valueString"] = $"{quantity["value"]!.ToJsonString().Replace('.', ',')} {quantity["code"]!.GetValue<string>()}";
            holder.Remove("valueQuantity");
        }
    }

    /// <summary>Results side by side; components that explain a value, as the method of an MRD result, are no panel.</summary>
    private static bool IsPanel(JsonNode resource) =>
        IsOf(resource, "Observation")
        && resource["component"] is JsonArray components
        && components.All(component => component!["valueQuantity"] is not null)
        && !resource.AsObject().Any(member => member.Key.StartsWith("value", StringComparison.Ordinal));

    /// <summary>Kappa and lambda of one sample become one Observation with components; what referred to the lambda refers to it no more.</summary>
    private static void Gather(JsonArray entries)
    {
        var samples = entries.Select(entry => entry!.AsObject())
            .Where(entry => IsOf(entry["resource"]!, "Observation") && entry["resource"]!["valueQuantity"] is not null && LightChains.Contains(Loinc(entry["resource"]!), StringComparer.Ordinal))
            .GroupBy(entry => (entry["resource"]!["effectiveDateTime"]!.GetValue<string>(), entry["resource"]!["subject"]!.ToJsonString()))
            .Where(sample => sample.Select(entry => Loinc(entry["resource"]!)).Distinct(StringComparer.Ordinal).Count() == 2 && sample.Count() == 2)
            .ToList();
        foreach (var sample in samples)
        {
            var (kept, dropped) = (sample.First(), sample.Last());
            var panel = kept["resource"]!.AsObject();
            panel["component"] = new JsonArray([.. sample.Select(entry => new JsonObject
            {
                ["code"] = entry["resource"]!["code"]!.DeepClone(),
                ["valueQuantity"] = entry["resource"]!["valueQuantity"]!.DeepClone(),
            })]);
            panel.Remove("valueQuantity");
            panel["code"] = new JsonObject { ["text"] = "Serum free light chains" };
            entries.Remove(dropped);
            foreach (var list in entries.SelectMany(entry => new[] { entry!["resource"]!["hasMember"], entry["resource"]!["result"] }).OfType<JsonArray>())
                list.RemoveAll(reference => reference!["reference"]!.GetValue<string>() == dropped["fullUrl"]?.GetValue<string>());
        }
    }

    private static string? Loinc(JsonNode resource) =>
        resource["code"]?["coding"]?.AsArray().FirstOrDefault(coding => coding!["system"]?.GetValue<string>() == "http://loinc.org")?["code"]?.GetValue<string>();

    /// <summary>A panel becomes one Observation per component.</summary>
    private static void Split(JsonArray entries, JsonObject entry)
    {
        var panel = entry["resource"]!.AsObject();
        var number = 0;
        foreach (var component in panel["component"]!.AsArray().Select(item => item!.AsObject()))
        {
            number++;
            var single = panel.DeepClone().AsObject();
            foreach (var member in single.Select(member => member.Key).Where(key => key is "component" or "identifier" || key.StartsWith("value", StringComparison.Ordinal)).ToList())
                single.Remove(member);
            foreach (var (key, value) in component)
                single[key] = value?.DeepClone();
            if (panel["id"] is { } id)
                single["id"] = $"{id.GetValue<string>()}-{number}";
            var made = new JsonObject();
            if (entry["fullUrl"]?.GetValue<string>() is { } url)
                made["fullUrl"] = url.StartsWith("urn:uuid:", StringComparison.Ordinal)
                    ? UrlFor($"{url}#{number}")
                    : $"{url}-{number}";
            made["resource"] = single;
            if (entry["request"] is not null)
                made["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Observation" };
            entries.Add(made);
        }
        panel.Remove("component");
        entries.Remove(entry);
    }

    private static void State(JsonArray entries, JsonObject entry)
    {
        var administration = entry["resource"]!.AsObject();
        var statement = new JsonObject { ["resourceType"] = "MedicationStatement", ["status"] = "completed" };
        foreach (var key in OfExposure)
        {
            if (administration[key] is { } value)
                statement[key] = value.DeepClone();
        }
        var url = UrlFor($"statement of {entry["fullUrl"]?.GetValue<string>() ?? administration["id"]!.GetValue<string>()}");
        statement["id"] = url["urn:uuid:".Length..];
        var made = new JsonObject { ["fullUrl"] = entry["fullUrl"]?.GetValue<string>() is { } own && own.StartsWith("http", StringComparison.Ordinal) ? own[..(own.LastIndexOf("MedicationAdministration", StringComparison.Ordinal))] + "MedicationStatement/" + statement["id"]!.GetValue<string>() : url, ["resource"] = statement };
        if (entry["request"] is not null)
            made["request"] = new JsonObject { ["method"] = "POST", ["url"] = "MedicationStatement" };
        entries.Add(made);
    }

    private static string UrlFor(string name) => OutboundIds.Url(OutboundIds.Version5(OutboundIds.Namespace, name));

    private static string Type(JsonNode resource) => resource["resourceType"]!.GetValue<string>();

    private static bool IsOf(JsonNode resource, string type) => Type(resource) == type;

    private static IEnumerable<JsonNode> Inside(JsonNode? node) => node switch
    {
        JsonObject members => [node, .. members.SelectMany(member => Inside(member.Value))],
        JsonArray items => items.SelectMany(Inside),
        _ => [],
    };

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
