using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Tests.FhirPath;
using FhirMyeloma.R4.Xml;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Conformance;

public class FhirPathSuiteTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 10, 11, 12, TimeSpan.FromHours(1));
    private static readonly string Folder = Path.Combine(Repo.Corpora ?? "", "fhirpath");
    private static readonly Dictionary<string, Element> Documents = new(StringComparer.Ordinal);

    [CorporaFact]
    public void The_official_cases_of_R4_hold() => RunOfficial("tests-fhir-r4");

    [CorporaFact]
    public void The_official_cases_of_R5_that_R4_does_not_have_hold() => RunOfficial("tests-fhir-r5-extra");

    [CorporaFact]
    public void The_cases_of_fhirpath_js_hold()
    {
        var suite = new Suite("fhirpath/fhirpathjs-cases", output);
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "fhirpathjs-cases.json")));
        var subjects = file.RootElement.GetProperty("subjects");
        foreach (var test in file.RootElement.GetProperty("tests").EnumerateArray())
        {
            var fault = RunCase(test, subjects);
            // What the reference engine itself skips is no verdict on others, nor what it expects of binary floating point.
            if (fault is not null && (test.TryGetProperty("disable", out _) || test.TryGetProperty("preciseMath", out var precise) && precise.ValueKind == JsonValueKind.False))
                suite.Skip();
            else
                suite.Case(Text(test, "id")!.Trim(), fault);
        }
        suite.Finish();
    }

    private void RunOfficial(string name)
    {
        var suite = new Suite("fhirpath/" + name, output);
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        foreach (var test in file.RootElement.EnumerateArray())
        {
            var fault = RunOfficial(test);
            if (fault is not null && test.TryGetProperty("fhirpathjsDisabled", out _))
                suite.Skip();
            else
                suite.Case(Text(test, "name")!, fault);
        }
        suite.Finish();
    }

    private static string? RunOfficial(JsonElement test)
    {
        var invalid = Text(test, "invalid");
        var expression = Text(test, "expression")!;
        FhirPathResult result;
        try
        {
            var focus = Text(test, "inputfile") is { } input ? Document(Path.Combine(Folder, "inputs", input)) : default;
            var compiled = FhirPathExpression.Compile(expression);
            if ((Text(test, "mode") == "strict" || invalid == "semantic") && focus.Exists && compiled.CheckTypes(focus.TypeName) is [var first, ..])
                return invalid is null ? $"refused: {first}" : null;
            result = compiled.Evaluate(focus, new() { Now = Now });
        }
        catch (FhirPathException fault)
        {
            return invalid is null ? $"{expression}: {fault.Message}" : null;
        }
        catch (FileNotFoundException)
        {
            return "the input is not in the corpus";
        }
        if (invalid is not null)
            return $"{expression}: gave {result} where it must fail ({invalid})";
        if (Text(test, "predicate") == "true")
            return result is [{ Boolean: false }] or { Count: 0 } ? $"{expression}: not true" : null;
        var expected = test.GetProperty("outputs").EnumerateArray().ToList();
        var items = result.ToList();
        var fits = expected.Count == items.Count && (Text(test, "ordered") == "false"
            ? expected.All(one => items.Exists(item => Fits(item, one)))
            : expected.Zip(items).All(pair => Fits(pair.Second, pair.First)));
        return fits ? null : $"{expression}: gave {string.Join(", ", items.Select(item => $"{item.TypeName} {Literal(item)}"))}";
    }

    private static bool Fits(FhirPathItem item, JsonElement expected)
    {
        var type = Text(expected, "type");
        if (type is not null && !string.Equals(type, item.TypeName, StringComparison.OrdinalIgnoreCase))
            return false;
        if (!expected.TryGetProperty("value", out var value) || value.ValueKind == JsonValueKind.Null)
            return true;
        var text = value.GetString()!;
        return item.Number is { } number && item.Kind != FhirPathKind.Quantity
            ? decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var other) && number == other
            : text == Literal(item) || text == item.Text || text == "@" + item.Text;
    }

    /// <summary>Of a FHIR date the literal too.</summary>
    private static string Literal(FhirPathItem item) => item.Item.Value is { IsNone: false, Kind: not ItemKind.String } value ? value.ToString() : item.Text ?? item.ToString();

    private static string? RunCase(JsonElement test, JsonElement subjects)
    {
        var withModel = Text(test, "model") is not null;
        var mustFail = test.TryGetProperty("error", out _);
        var expressions = test.GetProperty("expression");
        foreach (var text in expressions.ValueKind == JsonValueKind.Array ? expressions.EnumerateArray().Select(one => one.GetString()!) : [expressions.GetString()!])
        {
            try
            {
                var focus = Text(test, "inputfile") is { } input ? Document(Path.Combine(Folder, "inputs-json", input), withModel)
                    : subjects.TryGetProperty(Text(test, "file")!, out var subject) ? Tree(subject, withModel) : default;
                var result = FhirPathExpression.Compile(text).Evaluate(focus, new() { Now = Now, Variables = Variables(test, withModel) });
                if (mustFail)
                    return $"{text}: gave {result} where it must fail";
                // The reference engine leaves primitives without a value out of what it prints.
                var items = result.Where(item => !(item.Item.IsElement && item.Item.Value.IsNone && Primitive.IsPrimitive(item.Item.Document, item.Item.Index))).ToList();
                var expected = JsonNode.Parse(test.GetProperty("result").GetRawText())!.AsArray();
                if (expected.Count != items.Count || !expected.Zip(items).All(pair => Fits(pair.Second, pair.First)))
                    return $"{text}: gave {string.Join(", ", items.Select(item => Json(item.Item)?.ToJsonString() ?? "null"))} instead of {expected.ToJsonString()}";
            }
            catch (FhirPathException fault)
            {
                if (!mustFail)
                    return $"{text}: {fault.Message}";
            }
        }
        return null;
    }

    private static ImmutableDictionary<string, object?> Variables(JsonElement test, bool withModel)
    {
        if (!test.TryGetProperty("variables", out var variables))
            return ImmutableDictionary<string, object?>.Empty;
        return variables.EnumerateObject().ToImmutableDictionary(variable => variable.Name, variable => Variable(variable.Value, withModel), StringComparer.Ordinal);
    }

    private static object? Variable(JsonElement value, bool withModel) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => value.EnumerateArray().Select(item => Variable(item, withModel)).ToArray(),
        JsonValueKind.Object => Tree(value, withModel),
        JsonValueKind.Number when value.TryGetInt32(out var whole) => whole,
        JsonValueKind.Number => value.GetDecimal(),
        JsonValueKind.String => value.GetString(),
        _ => value.GetBoolean(),
    };

    private static bool Fits(FhirPathItem item, JsonNode? expected) => Same(Json(item.Item), expected);

    private static bool Same(JsonNode? one, JsonNode? other)
    {
        switch (one, other)
        {
            case (JsonObject left, JsonObject right):
                return left.Count == right.Count && left.All(member => right.TryGetPropertyValue(member.Key, out var value) && Same(member.Value, value));
            case (JsonArray left, JsonArray right):
                return left.Count == right.Count && left.Zip(right).All(pair => Same(pair.First, pair.Second));
            case (JsonValue left, JsonValue right) when left.GetValueKind() == JsonValueKind.Number && right.GetValueKind() == JsonValueKind.Number:
                var (first, second) = (double.Parse(left.ToJsonString(), CultureInfo.InvariantCulture), double.Parse(right.ToJsonString(), CultureInfo.InvariantCulture));
                return Math.Abs(first - second) <= 1e-12 * Math.Max(1, Math.Abs(second));
            case (JsonValue left, JsonValue right):
                return left.ToString() == right.ToString() || SameMoment(left.ToString(), right.ToString());
            default:
                return one is null && other is null;
        }
    }

    /// <summary>The reference engine writes results of date arithmetic in the time zone of its machine.</summary>
    private static bool SameMoment(string one, string other) =>
        one.Length > 19 && other.Length > 19 && one.Contains('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(one, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var first)
        && DateTimeOffset.TryParse(other, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var second) && first == second;

    private static JsonNode? Json(Item item)
    {
        var value = item.Value;
        return value.Kind switch
        {
            ItemKind.Boolean => JsonValue.Create(value.Boolean),
            ItemKind.Integer => JsonValue.Create(value.Integer),
            ItemKind.Decimal => JsonValue.Create(value.Decimal),
            ItemKind.Type => new JsonObject { ["name"] = value.Type.Name, ["namespace"] = value.Type.Namespace },
            ItemKind.None => item.IsElement ? Json(item.Element) : null,
            _ => JsonValue.Create(value.Text!),
        };
    }

    private static JsonObject Json(Element element)
    {
        var json = new JsonObject();
        foreach (var name in element.Children().GroupBy(child => child.Name, StringComparer.Ordinal))
        {
            var items = name.ToList();
            json[name.Key] = items[0].Node.Is(NodeFlags.InArray) ? new JsonArray([.. items.Select(child => Json(Item.Of(child)))]) : Json(Item.Of(items[0]));
        }
        return json;
    }

    private static Element Document(string path, bool withModel = true)
    {
        var key = $"{path}|{withModel}";
        lock (Documents)
        {
            if (!Documents.TryGetValue(key, out var document))
                Documents.Add(key, document = ReadDocument(path, withModel));
            return document;
        }
    }

    private static Element ReadDocument(string path, bool withModel)
    {
        if (path.EndsWith(".xml", StringComparison.Ordinal))
            return FhirXmlReader.Read(File.ReadAllBytes(path)).Document!.Root;
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return Tree(json.RootElement, withModel);
    }

    private static Element Tree(JsonElement json, bool withModel) =>
        withModel && json.ValueKind == JsonValueKind.Object && json.TryGetProperty("resourceType", out var type) && SchemaCatalog.R4.IsConcreteResource(type.GetString()!)
            ? FhirJsonReader.Read(JsonSerializer.SerializeToUtf8Bytes(json)).Document!.Root
            : PlainJson.Read(json, withModel);

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
