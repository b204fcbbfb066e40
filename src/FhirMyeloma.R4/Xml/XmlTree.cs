using System.Buffers;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Xml;

/// <summary>An element of FHIR XML, or one of the attributes that FHIR counts as elements (<c>id</c>, <c>url</c>).</summary>
internal struct XmlNode
{
    /// <summary>Null for the root and for what R4 does not know.</summary>
    public PropertySchema? Property;

    /// <summary>The local name; of a resource the name of its type.</summary>
    public string Name;

    /// <summary>Where it begins in the XML.</summary>
    public SourcePlace Place;

    public int Parent;

    /// <summary>First and last child and the next sibling; 0 when there is none, since the root is nobody's child.</summary>
    public int First, Last, Next;

    /// <summary>Position among the siblings of the same property; known when the JSON is written.</summary>
    public int Ordinal;

    /// <summary>Where the value lies in the texts, or in the source for a narrative; -1 when there is none.</summary>
    public int Start, Length;

    public bool IsResource;

    /// <summary>The value is a stretch of the source.</summary>
    public bool IsVerbatim;

    /// <summary>Children of one property do not stand together.</summary>
    public bool IsScattered;
}

/// <summary>The elements of one XML text, flat: a node refers to others by their position, all values lie in one buffer.</summary>
internal sealed class XmlTree(ReadOnlyMemory<byte> source) : IDisposable
{
    private XmlNode[] nodes = ArrayPool<XmlNode>.Shared.Rent(Math.Max(64, source.Length / 40));
    private byte[] texts = ArrayPool<byte>.Shared.Rent(Math.Max(256, source.Length / 4));
    private int textLength;

    public int Count { get; private set; }

    public ref XmlNode this[int index] => ref nodes[index];

    public void Dispose()
    {
        ArrayPool<XmlNode>.Shared.Return(nodes, clearArray: true);
        ArrayPool<byte>.Shared.Return(texts);
        (nodes, texts) = ([], []);
    }

    public int Add(PropertySchema? property, string name, int parent, SourcePlace place)
    {
        if (Count == nodes.Length)
            Grow(ref nodes, Count, Count + 1, clear: true);
        ref var node = ref nodes[Count];
        node = default;
        node.Property = property;
        node.Name = name;
        node.Place = place;
        node.Parent = parent;
        node.Start = -1;
        if (parent >= 0)
        {
            ref var container = ref nodes[parent];
            if (container.First == 0)
                container.First = Count;
            else
                nodes[container.Last].Next = Count;
            container.Last = Count;
        }
        return Count++;
    }

    /// <summary>Gives the node a value, kept as UTF-8. Half a surrogate pair, which XML excludes, cannot get here.</summary>
    public void SetValue(int index, ReadOnlySpan<char> value)
    {
        var room = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (texts.Length - textLength < room)
            Grow(ref texts, textLength, (long)textLength + room, clear: false);
        nodes[index].Start = textLength;
        nodes[index].Length = Encoding.UTF8.GetBytes(value, texts.AsSpan(textLength));
        textLength += nodes[index].Length;
    }

    private static void Grow<T>(ref T[] array, int used, long needed, bool clear)
    {
        var larger = ArrayPool<T>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(array.Length * 2L, needed)));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array, clear);
        array = larger;
    }

    /// <summary>Gives the node a stretch of the source as its value.</summary>
    public void SetVerbatim(int index, int start, int length) =>
        (nodes[index].Start, nodes[index].Length, nodes[index].IsVerbatim) = (start, length, true);

    public ReadOnlySpan<byte> Value(in XmlNode node) => (node.IsVerbatim ? source.Span : texts).Slice(node.Start, node.Length);

    /// <summary>Links the children anew, so that those of one property stand together where the first of them stood.</summary>
    public void Gather(int parent)
    {
        List<int> children = [];
        for (var at = nodes[parent].First; at > 0; at = nodes[at].Next)
            children.Add(at);
        var last = 0;
        foreach (var child in children.GroupBy(child => (object?)nodes[child].Property ?? nodes[child].Name).SelectMany(group => group))
        {
            if (last == 0)
                nodes[parent].First = child;
            else
                nodes[last].Next = child;
            last = child;
        }
        nodes[last].Next = 0;
        nodes[parent].Last = last;
    }

    /// <summary>Simple FHIRPath of the node, as <see cref="ElementPath"/> will render it for the element that is made of it.</summary>
    public string Path(int index)
    {
        var steps = new Stack<int>();
        for (var at = index; at > 0; at = nodes[at].Parent)
            steps.Push(at);
        var path = new StringBuilder(SchemaCatalog.R4.IsConcreteResource(nodes[0].Name) ? nodes[0].Name : "Resource");
        foreach (var step in steps)
        {
            ref readonly var node = ref nodes[step];
            path.Append('.').Append(node.Property?.Element.Name ?? node.Name);
            if (node.Property is { Repeats: true } || node.Property is not null && node.Ordinal > 0)
                path.Append(System.Globalization.CultureInfo.InvariantCulture, $"[{node.Ordinal}]");
        }
        return path.ToString();
    }
}
