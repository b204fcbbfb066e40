using System.Text;
using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Tests.FhirPath;

/// <summary>
/// A JSON tree as a document without a model: every name is an element of no type, and <c>_name</c> belongs to <c>name</c>. With the
/// model of R4 the extensions in it have theirs.
/// </summary>
internal sealed class PlainJson
{
    private static readonly TypeEntry NoType = new(SchemaCatalog.R4, -1, "", isResource: false, isAbstract: false, "", "", 0);

    private readonly Dictionary<string, PropertySchema> properties = new(StringComparer.Ordinal);
    private readonly List<Node> nodes = [];
    private readonly List<byte> source = [];
    private readonly bool withModel;

    private PlainJson(bool withModel) => this.withModel = withModel;

    public static Element Read(JsonElement json, bool withModel = false)
    {
        var builder = new PlainJson(withModel);
        builder.Add(json, null, -1, 0, NodeFlags.None, null);
        return new FhirDocument(builder.source.ToArray(), [.. builder.nodes], []).Root;
    }

    private int Add(JsonElement json, PropertySchema? property, int parent, int ordinal, NodeFlags flags, StructSchema? structure)
    {
        var index = nodes.Count;
        nodes.Add(default);
        var raw = json.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? "" : json.GetRawText();
        var quoted = json.ValueKind == JsonValueKind.String ? 1 : 0;
        var start = source.Count;
        var bytes = Encoding.UTF8.GetBytes(raw);
        source.AddRange(bytes);
        if (json.ValueKind == JsonValueKind.Object)
            AddMembers(json, index, structure);
        nodes[index] = new Node
        {
            Property = property,
            Start = start + quoted,
            Length = bytes.Length - (2 * quoted),
            End = nodes.Count,
            Parent = parent,
            Ordinal = ordinal,
            Kind = json.ValueKind switch
            {
                JsonValueKind.Object => NodeKind.Object,
                JsonValueKind.String => NodeKind.String,
                JsonValueKind.Number => NodeKind.Number,
                JsonValueKind.True => NodeKind.True,
                JsonValueKind.False => NodeKind.False,
                _ => NodeKind.NoValue,
            },
            Flags = flags | (quoted == 1 && raw.Contains('\\', StringComparison.Ordinal) ? NodeFlags.Escaped : NodeFlags.None),
        };
        return index;
    }

    private void AddMembers(JsonElement json, int parent, StructSchema? structure)
    {
        var names = json.EnumerateObject().Select(member => member.Name is ['_', _, ..] && member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? member.Name[1..] : member.Name);
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var property = Property(name, structure);
            var (values, isArray) = Items(json, name);
            var (companions, _) = Items(json, "_" + name);
            for (var i = 0; i < Math.Max(values.Length, companions.Length); i++)
            {
                var value = i < values.Length ? values[i] : default;
                var companion = i < companions.Length ? companions[i] : default;
                var flags = isArray ? NodeFlags.InArray : NodeFlags.None;
                var hasCompanion = companion.ValueKind == JsonValueKind.Object;
                var below = property.TypeName == "Extension" ? property.Structure : null;
                if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
                {
                    if (hasCompanion)
                        Add(companion, property, parent, i, flags | NodeFlags.Companion, null);
                    continue;
                }
                var index = Add(value, property, parent, i, flags, below);
                if (!hasCompanion)
                    continue;
                var hidden = Add(companion, property, parent, i, flags | NodeFlags.Companion | NodeFlags.Hidden, null);
                nodes[index] = nodes[index] with { Link = hidden };
                nodes[hidden] = nodes[hidden] with { Link = index };
            }
        }
    }

    private static (JsonElement[] Items, bool IsArray) Items(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value))
            return ([], false);
        return value.ValueKind == JsonValueKind.Array ? ([.. value.EnumerateArray()], true) : ([value], false);
    }

    private PropertySchema Property(string name, StructSchema? structure)
    {
        if (structure?.Properties.Find(Encoding.UTF8.GetBytes(name)) is { } typed)
            return typed;
        if (withModel && name == "extension")
            return SchemaCatalog.R4.Find("Element")!.Structure.Properties.Find("extension"u8)!;
        if (!properties.TryGetValue(name, out var property))
            properties.Add(name, property = new(name, new ElementSchema(name, isChoice: false, 0, 0, "*"), NoType, null, ""));
        return property;
    }
}
