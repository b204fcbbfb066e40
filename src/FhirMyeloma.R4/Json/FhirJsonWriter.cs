using System.Text;
using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Json;

/// <summary>Elements back to FHIR JSON.</summary>
public static class FhirJsonWriter
{
    /// <summary>
    /// The canonical bytes: members in the order of R4's definitions, no white space, only required escapes, decimals without
    /// exponent and trailing zeros. Equal content gives equal bytes.
    /// </summary>
    public static byte[] WriteCanonical(Element element)
    {
        var json = new CanonicalJson();
        WriteCanonical(element, json);
        return json.ToArray();
    }

    /// <summary>As <see cref="WriteCanonical(Element)"/>, as the next value of a text that is being written.</summary>
    public static void WriteCanonical(Element element, CanonicalJson json)
    {
        if (element.Exists)
            WriteElement(element, json, canonical: true);
    }

    /// <summary>The content as it was written: order of members kept, numbers to the digit, white space and needless escapes dropped.</summary>
    public static byte[] WriteAsRead(Element element)
    {
        var json = new CanonicalJson();
        if (element.Exists)
            WriteElement(element, json, canonical: false);
        return json.ToArray();
    }

    private static void WriteElement(Element element, CanonicalJson json, bool canonical)
    {
        ref readonly var node = ref element.Node;
        switch (node.Kind)
        {
            case NodeKind.Object:
                json.StartObject();
                if (element.ResourceEntry is { } type)
                    json.Member("resourceType", type.Name);
                WriteMembers(element, json, canonical);
                json.EndObject();
                break;
            case NodeKind.String when node.Is(NodeFlags.Escaped):
                json.String(element.Text!);
                break;
            case NodeKind.String:
                json.String(element.SourceBytes.Span);
                break;
            case NodeKind.Number when canonical:
                json.Raw(Encoding.UTF8.GetBytes(CanonicalJson.Decimal(element.Text!)));
                break;
            case NodeKind.Raw:
                WriteRaw(element, json, canonical);
                break;
            case NodeKind.Number:
            case NodeKind.True:
            case NodeKind.False:
            case NodeKind.NoValue:
                json.Raw(element.SourceBytes.Span);
                break;
        }
    }

    private static void WriteMembers(Element element, CanonicalJson json, bool canonical)
    {
        var children = element.Children().ToArray();
        if (canonical)
            children = [.. children.OrderBy(Slot).ThenBy(child => child.Name, StringComparer.Ordinal).ThenBy(child => child.Node.Ordinal)];
        HashSet<PropertySchema>? written = null;
        for (var first = 0; first < children.Length; first++)
        {
            var property = children[first].Node.Property;
            if (property is null)
            {
                json.Name(children[first].Name);
                WriteElement(children[first], json, canonical);
                continue;
            }
            if (written is not null && written.Contains(property))
                continue;
            // Items of one array are neighbours, unless its companion array is longer than its values.
            var items = children.Skip(first).Where(child => ReferenceEquals(child.Node.Property, property)).ToArray();
            if (items.Length > 1)
                (written ??= []).Add(property);
            WriteProperty(property, items, json, canonical);
        }
    }

    private static int Slot(Element child) => child.Node.Property?.Element.Slot ?? int.MaxValue;

    private static void WriteProperty(PropertySchema property, Element[] items, CanonicalJson json, bool canonical)
    {
        if (property.Kind != PropertyKind.Primitive)
        {
            json.Name(property.Name);
            WriteItems(items, json, item => WriteElement(item, json, canonical));
            return;
        }
        if (items.Any(HasJsonValue))
        {
            var values = items[..(Array.FindLastIndex(items, item => !IsCompanion(item)) + 1)];
            json.Name(property.Name);
            WriteItems(values, json, item =>
            {
                if (HasJsonValue(item))
                    WriteElement(item, json, canonical);
                else
                    json.Null();
            });
        }
        if (items.Any(HasCompanion))
        {
            json.Name("_" + property.Name);
            WriteItems(items, json, item =>
            {
                if (!HasCompanion(item))
                {
                    json.Null();
                    return;
                }
                json.StartObject();
                WriteMembers(item, json, canonical);
                json.EndObject();
            });
        }
    }

    private static bool IsCompanion(Element item) => item.Node.Is(NodeFlags.Companion);

    private static bool HasJsonValue(Element item) => item.HasValue || item.Node.Kind == NodeKind.Raw;

    private static bool HasCompanion(Element item) => IsCompanion(item) || item.Node.Link > 0;

    private static void WriteItems(Element[] items, CanonicalJson json, Action<Element> write)
    {
        var isArray = items[0].Node.Is(NodeFlags.InArray);
        if (isArray)
            json.StartArray();
        foreach (var item in items)
            write(item);
        if (isArray)
            json.EndArray();
    }

    /// <summary>Content that R4 does not know is kept, without white space.</summary>
    private static void WriteRaw(Element element, CanonicalJson json, bool canonical)
    {
        var reader = new Utf8JsonReader(element.SourceBytes.Span);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject: json.StartObject(); break;
                case JsonTokenType.EndObject: json.EndObject(); break;
                case JsonTokenType.StartArray: json.StartArray(); break;
                case JsonTokenType.EndArray: json.EndArray(); break;
                case JsonTokenType.PropertyName: json.Name(reader.GetString()!); break;
                case JsonTokenType.String: json.String(reader.GetString()!); break;
                case JsonTokenType.Number when canonical: json.Raw(Encoding.UTF8.GetBytes(CanonicalJson.Decimal(Encoding.UTF8.GetString(reader.ValueSpan)))); break;
                default: json.Raw(reader.ValueSpan); break;
            }
        }
    }
}
