using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Json;

/// <summary>Writes stretches of the tape; one list of children serves all levels as a stack.</summary>
/// <param name="tape">The document.</param>
/// <param name="json">Where it is written to.</param>
/// <param name="canonical">In the order of R4's definitions, numbers in one form.</param>
/// <param name="texts">Texts that stand in place of those of the document, by node; null for none.</param>
internal sealed class TapeWriter(FhirTape tape, CanonicalJson json, bool canonical, IReadOnlyDictionary<int, string>? texts = null)
{
    private readonly Node[] nodes = tape.Nodes;
    private int[] stack = new int[256];
    private int top;

    /// <summary>Which nodes are written; null for all.</summary>
    public Func<int, bool>? Keep { get; init; }

    public void WriteElement(int index)
    {
        ref readonly var node = ref nodes[index];
        switch (node.Kind)
        {
            case NodeKind.Object:
                json.StartObject();
                if (node.Is(NodeFlags.Resource))
                    json.Member("resourceType", tape.TypeName(index));
                WriteMembers(index);
                json.EndObject();
                break;
            case NodeKind.String when texts is not null && texts.TryGetValue(index, out var text):
                json.String(text);
                break;
            case NodeKind.String when node.Is(NodeFlags.Escaped):
                json.String(tape.Text(index)!);
                break;
            case NodeKind.String:
                json.String(tape.Bytes(index));
                break;
            case NodeKind.Number when canonical:
                json.CanonicalNumber(tape.Bytes(index));
                break;
            case NodeKind.Raw:
                WriteRaw(tape.Bytes(index));
                break;
            case NodeKind.Number:
            case NodeKind.True:
            case NodeKind.False:
            case NodeKind.NoValue:
                json.Raw(tape.Bytes(index));
                break;
        }
    }

    /// <summary>The members of an object, or of a companion, without its braces and without those of two names.</summary>
    public void WriteMembers(int parent, string? but = null, string? andBut = null)
    {
        var start = top;
        var previous = long.MinValue;
        var ordered = true;
        var companionsStand = false;
        for (var at = parent + 1; at < nodes[parent].End; at = nodes[at].End)
        {
            if (nodes[at].Is(NodeFlags.Hidden) || (Keep is not null && !Keep(at)) || (but is not null && nodes[at].Property?.Name is { } name && (name == but || name == andBut)))
                continue;
            if (top == stack.Length)
                Array.Resize(ref stack, top * 2);
            stack[top++] = at;
            var rank = Rank(at);
            ordered &= rank >= previous;
            previous = rank;
            companionsStand |= nodes[at].Is(NodeFlags.Companion);
        }
        var end = top;
        // A companion array that is longer than its values may lie apart from them.
        if (companionsStand || canonical && !ordered)
            Sort(start, end);
        for (var first = start; first < end;)
        {
            var property = nodes[stack[first]].Property;
            var next = first + 1;
            while (property is not null && next < end && ReferenceEquals(nodes[stack[next]].Property, property))
                next++;
            WriteProperty(property, first, next);
            first = next;
        }
        top = start;
    }

    /// <summary>Canonical: by definition, then position. As read: members stay where they began, positions in order.</summary>
    private void Sort(int start, int end)
    {
        var children = stack.AsSpan(start, end - start).ToArray();
        IEnumerable<int> sorted;
        if (canonical)
        {
            sorted = children.OrderBy(Rank).ThenBy(at => tape.Name(at), StringComparer.Ordinal).ThenBy(at => nodes[at].Ordinal);
        }
        else
        {
            var began = children.Where(at => nodes[at].Property is not null).GroupBy(at => nodes[at].Property!).ToDictionary(group => group.Key, group => group.First());
            sorted = children.OrderBy(at => nodes[at].Property is { } property ? began[property] : at).ThenBy(at => nodes[at].Ordinal);
        }
        sorted.ToArray().CopyTo(stack, start);
    }

    private long Rank(int at) => nodes[at].Property is { } property ? property.Element.Slot : long.MaxValue;

    private void WriteProperty(PropertySchema? property, int first, int end)
    {
        if (property is null)
        {
            json.Name(tape.Name(stack[first]));
            WriteElement(stack[first]);
            return;
        }
        if (property.Kind != PropertyKind.Primitive)
        {
            json.QuotedName(property.QuotedName);
            WriteItems(first, end, companions: false);
            return;
        }
        var lastValue = -1;
        var hasValue = false;
        var hasCompanion = false;
        for (var item = first; item < end; item++)
        {
            hasValue |= HasJsonValue(stack[item]);
            hasCompanion |= HasCompanion(stack[item]);
            if (!nodes[stack[item]].Is(NodeFlags.Companion))
                lastValue = item;
        }
        if (hasValue)
        {
            json.QuotedName(property.QuotedName);
            WriteItems(first, lastValue + 1, companions: false);
        }
        if (hasCompanion)
        {
            json.Name("_" + property.Name);
            WriteItems(first, end, companions: true);
        }
    }

    private void WriteItems(int first, int end, bool companions)
    {
        var isArray = nodes[stack[first]].Is(NodeFlags.InArray);
        if (isArray)
            json.StartArray();
        for (var item = first; item < end; item++)
        {
            var at = stack[item];
            if (companions)
                WriteCompanion(at);
            else if (HasJsonValue(at) || nodes[at].Kind == NodeKind.Object && !nodes[at].Is(NodeFlags.Companion))
                WriteElement(at);
            else
                json.Null();
        }
        if (isArray)
            json.EndArray();
    }

    private void WriteCompanion(int at)
    {
        if (!HasCompanion(at))
        {
            json.Null();
            return;
        }
        json.StartObject();
        WriteMembers(nodes[at].Is(NodeFlags.Companion) ? at : nodes[at].Link);
        json.EndObject();
    }

    private bool HasJsonValue(int at) => nodes[at].Kind is not (NodeKind.Object or NodeKind.NoValue);

    private bool HasCompanion(int at) => nodes[at].Is(NodeFlags.Companion) || nodes[at].Property is not null && nodes[at].Link > 0;

    /// <summary>Content that R4 does not know is kept, without white space.</summary>
    private void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
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
                case JsonTokenType.Number when canonical: json.CanonicalNumber(reader.ValueSpan); break;
                default: json.Raw(reader.ValueSpan); break;
            }
        }
    }
}
