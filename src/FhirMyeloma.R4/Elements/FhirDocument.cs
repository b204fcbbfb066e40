using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Elements;

/// <summary>One resource as it was read: immutable, free to share between threads, a view on the bytes that were given to the reader.</summary>
public sealed class FhirDocument
{
    private readonly int[] references;

    internal FhirDocument(ReadOnlyMemory<byte> source, Node[] nodes, int[] references)
    {
        Tape = new(source, nodes, nodes.Length);
        this.references = references;
    }

    /// <summary>The resource.</summary>
    public Element Root => new(this, 0);

    /// <summary>The type of the resource, for instance <c>Bundle</c>; empty when the source names none of R4.</summary>
    public string ResourceType => Tape.TypeName(0);

    /// <summary>The JSON: the bytes that were read, without a byte order mark, or, when XML was read, the JSON that equals it.</summary>
    public ReadOnlyMemory<byte> Source => Tape.Source;

    internal FhirTape Tape { get; }

    /// <summary>Where the elements stood in the XML; null when JSON was read.</summary>
    internal PlaceMap? Places { get; init; }

    /// <summary>Finds lines and columns of the text that was sent, by offsets into <see cref="Source"/>.</summary>
    internal PlaceFinder FindPlaces() => new(Source.Span, Places);

    /// <summary>Every element of type Reference in the document, in source order.</summary>
    public IEnumerable<Element> References => references.Select(index => new Element(this, index));

    internal ReadOnlySpan<int> ReferenceNodes => references;

    /// <summary>
    /// What the references of the document break: a <c>#id</c> or <c>urn:</c> without target, a resolved target of a type that
    /// the element does not allow; of a Bundle also fullUrls that occur twice, and (as information) references that leave it.
    /// </summary>
    public ImmutableArray<Issue> CheckReferences() => Bundle.Over(this).CheckReferences();
}
