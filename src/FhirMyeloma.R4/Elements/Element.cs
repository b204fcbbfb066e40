using System.Buffers.Text;
using System.Globalization;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Elements;

/// <summary>
/// A view of one element of a document: two words, copied freely. <c>default</c> is the element that does not exist; it
/// answers everything with nothing, so that <c>resource["code"]["coding"]["code"].Text</c> needs no checks on its way.
/// </summary>
public readonly struct Element : IEquatable<Element>
{
    private readonly FhirDocument? document;
    private readonly int index;

    internal Element(FhirDocument document, int index)
    {
        this.document = document;
        this.index = index;
    }

    /// <summary>False for the element that is not there.</summary>
    public bool Exists => document is not null;

    /// <summary>The document it belongs to; null when it does not exist.</summary>
    public FhirDocument? Document => document;

    /// <summary>The JSON name, for instance <c>valueQuantity</c>; empty for the root.</summary>
    public string Name => document is null ? "" : document.Tape.Name(index);

    /// <summary>The FHIR type, for instance <c>Quantity</c>, <c>code</c>, <c>BackboneElement</c>, or the resource's type; empty when R4 does not know the element.</summary>
    public string TypeName => document is null ? "" : document.Tape.TypeName(index);

    /// <summary>True for the root, a contained resource and the resource of a Bundle entry.</summary>
    public bool IsResource => document is not null && Node.Is(NodeFlags.Resource);

    /// <summary>True when a primitive has a value (and not only extensions).</summary>
    public bool HasValue => document is not null && Node.Kind is NodeKind.String or NodeKind.Number or NodeKind.True or NodeKind.False;

    /// <summary>The value of a primitive as written, without JSON escapes: <c>1.50</c> stays <c>1.50</c>. Null without value. Makes a string each time.</summary>
    public string? Text => document?.Tape.Text(index);

    /// <summary>The number; null when the element is not a JSON number or beyond what <see cref="decimal"/> holds.</summary>
    public decimal? Decimal
    {
        get
        {
            if (document is null || Node.Kind != NodeKind.Number)
                return null;
            var bytes = document.Tape.Bytes(index);
            if (Utf8Parser.TryParse(bytes, out decimal value, out var consumed) && consumed == bytes.Length)
                return value;
            return decimal.TryParse(bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out value) ? value : null;
        }
    }

    /// <summary>The truth value; null when the element is not a JSON boolean.</summary>
    public bool? Boolean => document is null ? null : Node.Kind switch
    {
        NodeKind.True => true,
        NodeKind.False => false,
        NodeKind.Object or NodeKind.String or NodeKind.Number or NodeKind.NoValue or NodeKind.Raw => null,
    };

    /// <summary>The first child of that JSON name, else the element that does not exist. For a choice of unknown type see <see cref="Choice"/>.</summary>
    public Element this[string name]
    {
        get
        {
            foreach (var child in Children(name))
                return child;
            return default;
        }
    }

    /// <summary>All items of that JSON name, whether JSON has an array or one value. Allocates nothing.</summary>
    public ChildList Children(string name) => new(document, index, name);

    /// <summary>All children in the order of the source. Allocates nothing.</summary>
    public ChildList Children() => new(document, index, null);

    /// <summary>Whichever type a choice element has: <c>Choice("value")</c> gives valueQuantity, valueString, …</summary>
    public Element Choice(string stem)
    {
        foreach (var child in Children())
        {
            if (child.Node.Property is { Element.IsChoice: true } property && property.Element.Name == stem)
                return child;
        }
        return default;
    }

    /// <summary>The element around it; of the root the element that does not exist.</summary>
    public Element Parent => document is null || index == 0 ? default : new(document, document.Tape.OwnerOf(index));

    /// <summary>The nearest resource around it, or itself when it is one.</summary>
    public Element Resource
    {
        get
        {
            var at = this;
            while (at.Exists && !at.IsResource)
                at = at.Parent;
            return at;
        }
    }

    /// <summary>Simple FHIRPath from the root: <c>Bundle.entry[3].resource.component[0].value</c>; empty when it does not exist.</summary>
    public string Path => document is null ? "" : ElementPath.Of(document.Tape, index);

    /// <summary>Line and column in the text that was sent: of its value in JSON, of its tag in XML.</summary>
    public SourcePlace Place => document is null ? default : document.FindPlaces().Find(Node.Kind == NodeKind.String ? Node.Start - 1 : Node.Start);

    /// <summary>True when the primitive's value is exactly this text; makes no string unless the source has escapes.</summary>
    public bool TextEquals(ReadOnlySpan<byte> utf8) =>
        document is not null && (Node.Kind is NodeKind.String && Node.Is(NodeFlags.Escaped)
            ? utf8.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(Text!))
            : HasValue && document.Tape.Bytes(index).SequenceEqual(utf8));

    /// <summary>The bytes of the value in the source: of an object with its braces, of a string without quotes and with its escapes.</summary>
    public ReadOnlyMemory<byte> SourceBytes => document is null ? default : document.Source.Slice(Node.Start, Node.Length);

    internal int Index => index;

    internal ref readonly Node Node => ref document!.Tape.Nodes[index];

    internal TypeEntry? ResourceEntry => IsResource ? SchemaCatalog.R4.ById[Node.Link] : null;

    /// <summary>The same place in the same document.</summary>
    public bool Equals(Element other) => ReferenceEquals(document, other.document) && index == other.index;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Element other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(document, index);

    /// <summary>The same place in the same document.</summary>
    public static bool operator ==(Element left, Element right) => left.Equals(right);

    /// <summary>Another place or document.</summary>
    public static bool operator !=(Element left, Element right) => !left.Equals(right);

    /// <summary>The path: never the value, which may be a patient's.</summary>
    public override string ToString() => Path;
}
