using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Elements;

/// <summary>What a node holds in the source.</summary>
internal enum NodeKind : byte
{
    /// <summary>An object whose members are the following nodes.</summary>
    Object,

    String,
    Number,
    True,
    False,

    /// <summary>A primitive without a value: padded by null, or known only by its <c>_name</c> companion.</summary>
    NoValue,

    /// <summary>Something that does not fit the schema; only its bytes are kept.</summary>
    Raw,
}

[Flags]
internal enum NodeFlags : byte
{
    None = 0,

    /// <summary>An item of a JSON array.</summary>
    InArray = 1,

    /// <summary>Not an element of its own: a companion that belongs to a value, or the place of an empty array.</summary>
    Hidden = 2,

    /// <summary>The object of a <c>_name</c> member.</summary>
    Companion = 4,

    /// <summary>The string contains escapes.</summary>
    Escaped = 8,

    /// <summary>A resource: <see cref="Node.Link"/> is its type's id.</summary>
    Resource = 16,

    /// <summary>The value, or one below it, did not fit its definition.</summary>
    Unknown = 32,
}

/// <summary>
/// One element on the tape: depth first, children right behind their parent, so that a subtree is one stretch and reading
/// a document makes one array. Strings and numbers stay in the source and are looked at where they lie.
/// </summary>
internal struct Node
{
    /// <summary>Null for the root and for unknown members.</summary>
    public PropertySchema? Property;

    /// <summary>Offset of the value's first byte: a string's first character, an object's brace.</summary>
    public int Start;

    /// <summary>Bytes of the value.</summary>
    public int Length;

    /// <summary>The node after this subtree.</summary>
    public int End;

    public int Parent;

    /// <summary>Position among the items of its array; 0 for a single one.</summary>
    public int Ordinal;

    /// <summary>
    /// Of a primitive its companion and of a hidden companion its primitive (0: none), of a resource the type's id,
    /// of an unknown member the offset of its name.
    /// </summary>
    public int Link;

    public NodeKind Kind;
    public NodeFlags Flags;

    public readonly bool Is(NodeFlags flag) => (Flags & flag) != NodeFlags.None;
}
