using System.Text;
using System.Xml;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Xml;

/// <summary>
/// The first pass: walks the XML beside the compiled structures and makes the tree. What only XML can get wrong (attributes,
/// text, namespaces, the order of elements) is reported here; all else is left to the reader of the JSON that the tree becomes.
/// </summary>
internal sealed partial class XmlTreeReader
{
    public const string FhirNamespace = "http://hl7.org/fhir";
    private const string NamespaceOfDeclarations = "http://www.w3.org/2000/xmlns/";

    private readonly XmlReader xml;
    private readonly IXmlLineInfo lines;
    private readonly ReadOnlyMemory<byte> source;
    private readonly XmlTree tree;
    private readonly XmlFaults faults;
    private SourceScanner scanner;
    private SourceScanner columns;
    private readonly bool hasPairs;
    private Frame[] frames = new Frame[32];
    private int top = -1;
    private bool hasPrefixes;

    /// <param name="xml">Stands before the first node.</param>
    /// <param name="source">The UTF-8 that it reads, for what is kept verbatim.</param>
    /// <param name="tree">Empty.</param>
    /// <param name="faults">Collects what is wrong with the XML.</param>
    public XmlTreeReader(XmlReader xml, ReadOnlyMemory<byte> source, XmlTree tree, XmlFaults faults)
    {
        this.xml = xml;
        this.source = source;
        this.tree = tree;
        this.faults = faults;
        lines = (IXmlLineInfo)xml;
        scanner = columns = new(source);
        hasPairs = source.Span.IndexOfAnyInRange((byte)0xF0, (byte)0xF4) >= 0;
    }

    private enum FrameKind
    {
        /// <summary>Children are elements of a structure.</summary>
        Elements,

        /// <summary>The element around a resource, such as <c>contained</c>; it has no node.</summary>
        Resources,

        /// <summary>R4 does not know it, so nothing can be said about its children.</summary>
        Unknown,
    }

    /// <summary>An element that is open.</summary>
    private struct Frame
    {
        public FrameKind Kind;

        /// <summary>Its node; of the element around a resource the node that it is in.</summary>
        public int Node;

        /// <summary>Of the element around a resource what it is.</summary>
        public PropertySchema? Property;

        public StructSchema Structure;

        /// <summary>The child that stands furthest down in the definition.</summary>
        public ElementSchema? Furthest;

        /// <summary>The child before.</summary>
        public PropertySchema? Before;

        public string Namespace;
        public SourcePlace Place;

        /// <summary>JSON levels that are open inside it.</summary>
        public int Depth;

        public int Resources;
        public bool TextReported;
    }

    /// <summary>Reads to the end. Throws <see cref="XmlException"/> and <see cref="UnreadableException"/>.</summary>
    public void Read()
    {
        while (xml.Read())
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    var empty = xml.IsEmptyElement;
                    if (Open() && empty)
                        Close();
                    break;
                case XmlNodeType.EndElement:
                    Close();
                    break;
                case XmlNodeType.Text:
                case XmlNodeType.CDATA:
                    Text();
                    break;
            }
        }
    }

    /// <summary>In characters; the reader counts UTF-16 units.</summary>
    private SourcePlace Place(int before = 0)
    {
        var place = new SourcePlace(lines.LineNumber, lines.LinePosition - before);
        return hasPairs && columns.Offset(place.Line, place.Column) >= 0 ? place with { Column = place.Column - columns.Pairs } : place;
    }

    /// <summary>False when the element has been read to its end already.</summary>
    private bool Open()
    {
        var place = Place(before: 1);
        if (top < 0)
        {
            if (xml.NamespaceURI != FhirNamespace)
                throw new XmlUnreadableException(IssueCodes.NamespaceWrong, $"The root element is not in the namespace of FHIR; write xmlns=\"{FhirNamespace}\" on it", place);
            OpenResource(null, -1, place, depth: 0);
            return true;
        }
        ref var frame = ref frames[top];
        if (frame.Kind == FrameKind.Resources)
        {
            frame.Resources++;
            if (frame.Resources == 2 && frame.Property!.Repeats)
                faults.Add(IssueCodes.ResourceRepeated, $"'{frame.Property.Name}' holds more than one resource: write one '{frame.Property.Name}' around each.", place, frame.Node, frame.Property.Element.Name);
            OpenResource(frame.Property, frame.Node, place, frame.Depth);
            return true;
        }
        if (frame.Kind == FrameKind.Unknown)
        {
            OpenUnknown(place);
            return true;
        }
        return OpenElement(ref frame, place);
    }

    private bool OpenElement(ref Frame frame, SourcePlace place)
    {
        var name = xml.LocalName;
        var property = Find(frame.Structure, name);
        if (property is null)
        {
            OpenUnknown(place);
            return true;
        }
        var misplaced = Misplaced(ref frame, property);
        var depth = frame.Depth + (property.Repeats ? 2 : 1);
        if (property.Kind == PropertyKind.Resource)
        {
            if (property.Repeats)
                CheckDepth(depth - 1, place);
            if (misplaced is not null)
                faults.Add(IssueCodes.ElementOrder, misplaced, place, frame.Node, property.Element.Name);
            Push(new() { Kind = FrameKind.Resources, Node = frame.Node, Property = property, Namespace = Namespace(ref frame, place, frame.Node, property.Element.Name), Place = place, Depth = depth - 1 });
            ReadAttributes(-1, null);
            return true;
        }
        var index = tree.Add(property, name, frame.Node, place);
        if (misplaced is not null)
            faults.Add(IssueCodes.ElementOrder, misplaced, place, index);
        if (IsAttribute(frame.Structure, name))
        {
            frames[top].Before = null;
            tree[frame.Node].IsScattered = true;
            faults.Add(IssueCodes.AttributeExpected, $"'{name}' is written as an attribute here, not as an element: <{tree[frame.Node].Name} {name}=\"…\">.", place, index);
        }
        if (property.Primitive == PrimitiveKind.Xhtml)
        {
            ReadNarrative(index, place);
            return false;
        }
        if (property.Kind == PropertyKind.Complex)
            CheckDepth(depth, place);
        Push(new() { Kind = FrameKind.Elements, Node = index, Structure = property.Structure, Namespace = Namespace(ref frame, place, index), Place = place, Depth = depth });
        ReadAttributes(index, property.Structure);
        return true;
    }

    private void OpenResource(PropertySchema? property, int parent, SourcePlace place, int depth)
    {
        var name = xml.LocalName;
        CheckDepth(depth + 1, place);
        var index = tree.Add(property, name, parent, place);
        tree[index].IsResource = true;
        var type = SchemaCatalog.R4.Find(name);
        var isKnown = type is { IsResource: true, IsAbstract: false };
        var space = top < 0 ? FhirNamespace : Namespace(ref frames[top], place, index);
        Push(new() { Kind = isKnown ? FrameKind.Elements : FrameKind.Unknown, Node = index, Structure = isKnown ? type!.Structure : null!, Namespace = space, Place = place, Depth = depth + 1 });
        ReadAttributes(index, isKnown ? type!.Structure : null);
    }

    /// <summary>Kept as it is, so that the JSON reader can say what it might have been; but for names that mean something else in JSON.</summary>
    private void OpenUnknown(SourcePlace place)
    {
        ref var frame = ref frames[top];
        var name = xml.LocalName;
        var isKept = frame.Node >= 0 && name[0] != '_' && name != "resourceType";
        if (!isKept && frame.Kind == FrameKind.Elements)
            faults.Add(IssueCodes.UnknownElement, $"unknown element '{Suggestion.Shown(name)}' in {frame.Structure.Path}.", place, frame.Node, Suggestion.Shown(name));
        CheckDepth(frame.Depth + 1, place);
        var index = isKept ? tree.Add(null, name, frame.Node, place) : -1;
        if (isKept)
            tree[frame.Node].IsScattered = true;
        Push(new() { Kind = FrameKind.Unknown, Node = index, Structure = null!, Namespace = FhirNamespace, Place = place, Depth = frame.Depth + 1 });
        while (xml.MoveToNextAttribute())
        {
            if (isKept && xml.NamespaceURI.Length == 0 && xml.LocalName == "value")
                tree.SetValue(index, xml.Value);
        }
        xml.MoveToElement();
    }

    private void Close()
    {
        ref var frame = ref frames[top--];
        if (frame is { Kind: FrameKind.Resources, Resources: 0 })
            faults.Add(IssueCodes.ResourceTypeMissing, $"'{frame.Property!.Name}' holds no resource: leave it out, or put a resource into it.", frame.Place, frame.Node, frame.Property.Element.Name);
        frame = default;
    }

    private void Push(Frame frame)
    {
        if (++top == frames.Length)
            Array.Resize(ref frames, top * 2);
        frames[top] = frame;
    }

    /// <summary>Attributes of a node; of the element around a resource (-1), which may have none.</summary>
    private void ReadAttributes(int index, StructSchema? structure)
    {
        while (xml.MoveToNextAttribute())
        {
            var name = xml.LocalName;
            var space = xml.NamespaceURI;
            if (space == NamespaceOfDeclarations)
            {
                hasPrefixes |= xml.Prefix.Length > 0;
                continue;
            }
            if (index < 0)
            {
                ref readonly var around = ref frames[top];
                faults.Add(IssueCodes.UnknownAttribute, $"'{around.Property!.Name}' has no attribute '{Suggestion.Shown(xml.Name)}': remove it.", Place(), around.Node, around.Property.Element.Name);
                continue;
            }
            if (space.Length == 0 && name == "value" && tree[index].Property is { Kind: PropertyKind.Primitive })
                tree.SetValue(index, xml.Value);
            else if (space.Length == 0 && structure is not null && IsAttribute(structure, name) && !tree[index].IsResource)
                tree.SetValue(tree.Add(Find(structure, name), name, index, Place()), xml.Value);
            else if (structure is not null)
                faults.Add(IssueCodes.UnknownAttribute, $"'{tree[index].Name}' has no attribute '{Suggestion.Shown(xml.Name)}'{Hint(structure, name, space)}", Place(), index);
        }
        xml.MoveToElement();
    }

    private static string Hint(StructSchema structure, string name, string space)
    {
        if (space.Length == 0 && Find(structure, name) is not null)
            return $"; '{name}' is written as an element.";
        return name == "schemaLocation" ? ": FHIR XML does not name its schema, remove it." : ": remove it.";
    }

    private void Text()
    {
        ref var frame = ref frames[top];
        if (frame.Kind == FrameKind.Unknown || frame.TextReported || string.IsNullOrWhiteSpace(xml.Value))
            return;
        frame.TextReported = true;
        var place = Place();
        if (frame.Kind == FrameKind.Resources)
        {
            faults.Add(IssueCodes.TextNotAllowed, $"'{frame.Property!.Name}' has text beside its resource: remove it.", place, frame.Node, frame.Property.Element.Name);
            return;
        }
        ref readonly var node = ref tree[frame.Node];
        if (node.Property is not { Kind: PropertyKind.Primitive })
        {
            faults.Add(IssueCodes.TextNotAllowed, $"'{node.Name}' has text between its elements; FHIR XML has values in attributes only: remove it.", place, frame.Node);
            return;
        }
        faults.Add(IssueCodes.TextNotAllowed, $"'{node.Name}' has its value as text: write it as the attribute value=\"…\".", place, frame.Node);
        if (node.Start < 0)
            tree.SetValue(frame.Node, xml.Value.AsSpan().Trim());
    }

    /// <summary>Says so when the element stands after one that the definition has below it; null when it is in order.</summary>
    private string? Misplaced(ref Frame frame, PropertySchema property)
    {
        var (before, furthest) = (frame.Before, frame.Furthest);
        frame.Before = property;
        if (furthest is null || property.Element.Slot > furthest.Slot)
        {
            frame.Furthest = property.Element;
            return null;
        }
        if (ReferenceEquals(before, property))
            return null;
        tree[frame.Node].IsScattered = true;
        return property.Element.Slot < furthest.Slot && !ReferenceEquals(before?.Element, property.Element)
            ? $"'{property.Name}' stands after '{furthest.Name}'; in XML the elements follow the order of the definition: put it before."
            : null;
    }

    /// <summary>The namespace of the element, which must be FHIR's; a fault is reported where it begins and not below.</summary>
    private string Namespace(ref Frame around, SourcePlace place, int node, string? child = null)
    {
        var space = xml.NamespaceURI;
        if (space != FhirNamespace && space != around.Namespace)
            faults.Add(IssueCodes.NamespaceWrong, $"'{Suggestion.Shown(xml.LocalName)}' is not in the namespace of FHIR ({FhirNamespace}).", place, node, child);
        return space;
    }

    private static void CheckDepth(int depth, SourcePlace place)
    {
        if (depth > ReadLimits.MaxDepth)
            throw new XmlUnreadableException(IssueCodes.TooDeep, $"The XML nests deeper than the {ReadLimits.MaxDepth} levels that the same resource may have in JSON", place);
    }

    /// <summary>What XML has as attributes: the id of an element (not of a resource) and the url of an extension.</summary>
    private static bool IsAttribute(StructSchema structure, string name) =>
        name == "id" ? !structure.Type.IsResource || structure.Path != structure.Type.TypeName
        : name == "url" && structure.Type.Name == "Extension";

    private static PropertySchema? Find(StructSchema structure, string name)
    {
        Span<byte> utf8 = stackalloc byte[128];
        return Encoding.UTF8.TryGetBytes(name, utf8, out var length) ? structure.Properties.Find(utf8[..length]) : null;
    }
}

/// <summary>Why the XML cannot be read, and where; never leaves <see cref="FhirXmlReader"/>.</summary>
internal sealed class XmlUnreadableException(string code, string message, SourcePlace place) : Exception(message)
{
    public string Code { get; } = code;
    public SourcePlace Place { get; } = place;
}
