using System.Text;
using System.Text.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Elements;

/// <summary>The nodes of a document over its source bytes; while reading it still grows.</summary>
internal readonly struct FhirTape(ReadOnlyMemory<byte> source, Node[] nodes, int count)
{
    public ReadOnlyMemory<byte> Source { get; } = source;
    public Node[] Nodes { get; } = nodes;
    public int Count { get; } = count;

    /// <summary>The element that the node belongs to: its parent, or the primitive whose companion its parent is.</summary>
    public int OwnerOf(int index)
    {
        var parent = Nodes[index].Parent;
        if (parent < 0)
            return -1;
        ref readonly var node = ref Nodes[parent];
        return node.Is(NodeFlags.Hidden) && node.Link > 0 ? node.Link : parent;
    }

    public string TypeName(int index)
    {
        ref readonly var node = ref Nodes[index];
        if (node.Is(NodeFlags.Resource))
            return SchemaCatalog.R4.ById[node.Link].Name;
        return node.Property is null or { Kind: PropertyKind.Resource } ? "" : node.Property.TypeName;
    }

    /// <summary>The JSON name; of the root the empty string.</summary>
    public string Name(int index)
    {
        ref readonly var node = ref Nodes[index];
        if (node.Property is not null)
            return node.Property.Name;
        return index == 0 || node.Link == 0 ? "" : ReadString(node.Link, LengthOfString(node.Link), escaped: true);
    }

    public ReadOnlySpan<byte> Bytes(int index) => Source.Span.Slice(Nodes[index].Start, Nodes[index].Length);

    /// <summary>The text of a primitive as written, without JSON escapes; null without value.</summary>
    public string? Text(int index)
    {
        ref readonly var node = ref Nodes[index];
        return node.Kind switch
        {
            NodeKind.String => ReadString(node.Start, node.Length, node.Is(NodeFlags.Escaped)),
            NodeKind.Number => Encoding.UTF8.GetString(Bytes(index)),
            NodeKind.True => "true",
            NodeKind.False => "false",
            NodeKind.Object or NodeKind.NoValue or NodeKind.Raw => null,
        };
    }

    /// <summary>The nearest resource around a node, or itself.</summary>
    public int ResourceOf(int index)
    {
        while (index > 0 && !Nodes[index].Is(NodeFlags.Resource))
            index = Nodes[index].Parent;
        return index;
    }

    /// <summary>The resource around a node that is itself not contained.</summary>
    public int ContainerOf(int index)
    {
        index = ResourceOf(index);
        while (index > 0 && Nodes[index].Property?.Name == "contained")
            index = ResourceOf(Nodes[index].Parent);
        return index;
    }

    /// <summary>The first child in that slot of its structure, also one with only extensions; -1 when there is none.</summary>
    public int Child(int parent, int slot)
    {
        for (var at = parent + 1; at < Nodes[parent].End; at = Nodes[at].End)
        {
            if (Nodes[at].Property is { } property && property.Element.Slot == slot && !Nodes[at].Is(NodeFlags.Hidden))
                return at;
        }
        return -1;
    }

    /// <summary>The next item of the same element behind a child; -1 when there is none.</summary>
    public int NextItem(int item, int parent)
    {
        var slot = Nodes[item].Property!.Element.Slot;
        for (var at = Nodes[item].End; at < Nodes[parent].End; at = Nodes[at].End)
        {
            if (Nodes[at].Property is { } property && property.Element.Slot == slot && !Nodes[at].Is(NodeFlags.Hidden))
                return at;
        }
        return -1;
    }

    /// <summary>True when a primitive's value is exactly this text.</summary>
    public bool Says(int index, ReadOnlySpan<byte> utf8)
    {
        ref readonly var node = ref Nodes[index];
        if (node.Kind != NodeKind.String)
            return false;
        return node.Is(NodeFlags.Escaped) ? Encoding.UTF8.GetBytes(Text(index)!).AsSpan().SequenceEqual(utf8) : Bytes(index).SequenceEqual(utf8);
    }

    /// <summary>The bytes of a string without escapes; of anything else, or of no node (-1), nothing. Copies only what has escapes.</summary>
    public ReadOnlySpan<byte> Utf8(int index)
    {
        if (index < 0 || Nodes[index].Kind != NodeKind.String)
            return default;
        return Nodes[index].Is(NodeFlags.Escaped) ? Encoding.UTF8.GetBytes(Text(index)!) : Bytes(index);
    }

    /// <summary>The text of the first child of that name; null when there is none.</summary>
    public string? TextOfChild(int parent, string name)
    {
        for (var at = parent + 1; at < Math.Min(Nodes[parent].End, Count); at = Nodes[at].End)
        {
            if (Nodes[at].Property?.Name == name && !Nodes[at].Is(NodeFlags.Hidden))
                return Text(at);
        }
        return null;
    }

    private string ReadString(int start, int length, bool escaped)
    {
        if (!escaped)
            return Encoding.UTF8.GetString(Source.Span.Slice(start, length));
        var reader = new Utf8JsonReader(Source.Span.Slice(start - 1, length + 2));
        reader.Read();
        return reader.GetString()!;
    }

    private int LengthOfString(int start)
    {
        var span = Source.Span;
        var at = start;
        while (span[at] != '"')
            at += span[at] == '\\' ? 2 : 1;
        return at - start;
    }
}
