using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>
/// <c>%factory</c> (FHIR, section "type factory" of the FHIRPath page): makes instances of FHIR types. An instance is written as the
/// value of a Parameters resource and read by the one reader, which so checks it like any other.
/// </summary>
internal static class Factory
{
    public const string VariableName = "factory";

    private static readonly Dictionary<string, string[]> Shapes = new(StringComparer.Ordinal)
    {
        ["Identifier"] = ["system", "value", "use", "type"],
        ["HumanName"] = ["family", "given", "prefix", "suffix", "text", "use"],
        ["ContactPoint"] = ["system", "value", "use"],
        ["Address"] = ["line", "city", "state", "postalCode", "country", "use", "type"],
        ["Quantity"] = ["system", "code", "value", "unit"],
        ["Coding"] = ["system", "code", "display", "version"],
        ["CodeableConcept"] = ["coding", "text"],
    };

    private static readonly FrozenDictionary<string, Function> ByName = ((Function[])[
        .. SchemaCatalog.R4.ById.Where(type => type.Primitive is not (PrimitiveKind.None or PrimitiveKind.Xhtml)).Select(PrimitiveOf),
        .. Shapes.Select(shape => new Function(shape.Key, 1, shape.Value.Length, (in call) => Complex(call, shape.Key, shape.Value))),
        new("Extension", 2, 2, static (in call) => Make(call, "Extension", Object([Member(call, "Extension", "url", call.Argument(0)), Choice(call, call.Argument(1))]), null)),
        new("create", 0, 0, static (in call) => Make(call, call.Syntax.Type!.Name, null, null)) { TakesType = true },
        new("withExtension", 3, 3, WithExtension),
        new("withProperty", 3, 3, WithProperty),
    ]).ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>What the variable itself is: something without a value.</summary>
    public static TypeName Type { get; } = new("System", "Factory");

    public static Function? Find(string name) => ByName.GetValueOrDefault(name);

    private static Function PrimitiveOf(TypeEntry type) => new(type.Name, 1, 2, (in call) =>
    {
        var value = call.One(0).Value;
        if (value.IsNone)
            return Collection.Empty;
        // A number or truth value may come as its text.
        var bare = type.Primitive is PrimitiveKind.Boolean or PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt && value.Kind == ItemKind.String;
        if (bare && !Primitives.IsValid(type.Primitive, Encoding.UTF8.GetBytes(value.String)))
            throw call.Fault($"takes {Primitives.Expectation(type.Primitive)}");
        var extensions = Written(call.Argument(1));
        return Make(call, type.Name, bare ? value.String : Json(value), extensions.Length == 0 ? null : $$"""{"extension":[{{extensions}}]}""");
    });

    private static Collection Complex(in Invocation call, string type, string[] names)
    {
        List<string> members = [];
        for (var i = 0; call.Has(i); i++)
            members.Add(Member(call, type, names[i], call.Argument(i)));
        return Make(call, type, Object(members), null);
    }

    private static Collection WithExtension(in Invocation call)
    {
        var extension = Object([$"\"url\":{Json(call.One(1).Value)}", Choice(call, call.Argument(2))]);
        return With(call, "extension", extension, appends: true);
    }

    private static Collection WithProperty(in Invocation call)
    {
        var name = call.Text(1) ?? throw call.Fault("needs the name of a property");
        var value = call.Argument(2);
        if (value.IsEmpty)
            return call.Argument(0);
        return With(call, name, Written(value), appends: false);
    }

    /// <summary>The instance of the first argument with one member set, or one item more.</summary>
    private static Collection With(in Invocation call, string name, string json, bool appends)
    {
        var element = call.One(0).Element;
        if (!element.Exists || TypeName.EntryOf(element.Document!, element.Index) is not { } type)
            throw call.Fault("takes an instance of a FHIR type");
        var isPrimitive = type.Primitive != PrimitiveKind.None;
        List<string> members = [];
        var repeats = type.Structure.Properties.Find(Encoding.UTF8.GetBytes(name)) is { Repeats: true };
        foreach (var group in element.Children().GroupBy(child => child.Name, StringComparer.Ordinal))
        {
            var items = group.Select(child => Json(child)).ToList();
            if (group.Key == name)
            {
                if (!appends)
                    continue;
                items.Add(json);
            }
            members.Add($"\"{group.Key}\":{(group.First().Node.Is(NodeFlags.InArray) ? $"[{string.Join(',', items)}]" : items[0])}");
        }
        if (!appends || !element[name].Exists)
            members.Add($"{Quoted(name)}:{(repeats ? $"[{json}]" : json)}");
        return isPrimitive ? Make(call, type.Name, element.HasValue ? Json(element) : null, Object(members)) : Make(call, type.Name, Object(members), null);
    }

    /// <summary>A property of a type with the items of an argument; empty without any.</summary>
    private static string Member(in Invocation call, string type, string name, in Collection items)
    {
        if (items.IsEmpty)
            return "";
        var property = SchemaCatalog.R4.Find(type)!.Structure.Properties.Find(Encoding.UTF8.GetBytes(name))!;
        if (!property.Repeats && items.Count > 1)
            throw call.Fault($"takes one {name}, but there are {items.Count}");
        return $"\"{name}\":{(property.Repeats ? $"[{Written(items)}]" : Written(items))}";
    }

    /// <summary><c>value[x]</c> in the type of its value.</summary>
    private static string Choice(in Invocation call, in Collection items)
    {
        if (items.IsEmpty)
            return "";
        if (items.Count > 1)
            throw call.Fault($"takes one value, but there are {items.Count}");
        var item = items[0];
        var type = item.IsElement ? item.Element.TypeName : item.Kind is ItemKind.Quantity ? "Quantity" : char.ToLowerInvariant(item.Kind.ToString()[0]) + item.Kind.ToString()[1..];
        return $"\"value{char.ToUpperInvariant(type[0])}{type[1..]}\":{Written(items)}";
    }

    private static string Object(IEnumerable<string> members) => $"{{{string.Join(',', members.Where(member => member.Length > 0))}}}";

    private static string Written(in Collection items)
    {
        List<string> written = [];
        foreach (ref readonly var item in items.Items)
            written.Add(item.IsElement ? Json(item.Element) : Json(item));
        return string.Join(',', written);
    }

    private static string Json(Element element) => element.Node.Kind switch
    {
        NodeKind.Object => Encoding.UTF8.GetString(FhirJsonWriter.WriteAsRead(element)),
        _ => Json(Item.Of(element).Value is { Kind: ItemKind.Decimal or ItemKind.Integer or ItemKind.Boolean } bare ? bare : Item.Of(element.Text ?? "")),
    };

    private static string Json(in Item value) => value.Kind switch
    {
        ItemKind.Boolean or ItemKind.Integer or ItemKind.Long or ItemKind.Decimal => value.Text!,
        ItemKind.Quantity => $$"""{"value":{{value.Quantity.Value.ToString(CultureInfo.InvariantCulture)}},"system":"http://unitsofmeasure.org","code":{{Quoted(value.Quantity.Calendar?.Ucum() ?? value.Quantity.Unit)}}}""",
        _ => Quoted(value.Text ?? ""),
    };

    private static string Quoted(string text) => $"\"{System.Text.Json.JsonEncodedText.Encode(text)}\"";

    private static Collection Make(in Invocation call, string type, string? value, string? companion)
    {
        var isExtension = type == "Extension";
        var name = isExtension ? "extension" : $"value{char.ToUpperInvariant(type[0])}{type[1..]}";
        List<string> members = ["\"name\":\"value\""];
        // An instance with nothing in it is an empty object.
        if (value is not null || companion is null)
            members.Add($"\"{name}\":{(isExtension ? $"[{value}]" : value ?? "{}")}");
        if (companion is not null)
            members.Add($"\"_{name}\":{companion}");
        var read = FhirJsonReader.Read(Encoding.UTF8.GetBytes($$"""{"resourceType":"Parameters","parameter":[{{Object(members)}}]}"""));
        if (value is not null && read.Issues.FirstOrDefault(issue => issue.IsError && !IsTolerated(issue.Code, type)) is { } fault)
            throw call.Fault($"cannot make this {type}: {fault.Text}");
        var parameter = read.Document?.Root["parameter"] ?? default;
        var made = isExtension ? parameter["extension"] : parameter.Choice("value");
        return made.Exists ? new(Item.Of(made)) : throw call.Fault($"cannot make {type}");
    }

    /// <summary>Value sets are for validation; an empty instance may be a beginning; R4's own pattern lets a uri be empty.</summary>
    private static bool IsTolerated(string code, string type) =>
        code is IssueCodes.CodeNotInValueSet or IssueCodes.EmptyObject || code == IssueCodes.EmptyString && type is "uri" or "url" or "canonical";
}
