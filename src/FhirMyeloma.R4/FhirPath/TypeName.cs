using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>A type of the System namespace, of FHIR R4, or of both when only the name is given; also what <c>type()</c> returns.</summary>
/// <param name="Namespace"><c>System</c>, <c>FHIR</c>, or null when unqualified.</param>
/// <param name="Name">The name.</param>
internal sealed record TypeName(string? Namespace, string Name)
{
    private const string SystemNamespace = "System";
    private const string FhirNamespace = "FHIR";

    private static readonly TypeName[] SystemTypes =
        [.. Enum.GetValues<ItemKind>().Select(kind => new TypeName(SystemNamespace, kind == ItemKind.None ? "Any" : kind.ToString()))];

    /// <summary>The System type; None when it is none.</summary>
    private ItemKind SystemKind { get; } = Namespace is null or SystemNamespace ? KindOf(Name) : ItemKind.None;

    /// <summary>The type of R4; null when it is none.</summary>
    public TypeEntry? Fhir { get; } = Namespace is null or FhirNamespace ? SchemaCatalog.R4.Find(Name) : null;

    /// <summary>Binds a name once; an unknown one is a fault, but one of System simply has no instances.</summary>
    public static TypeName Resolve(string? space, string name, int position)
    {
        var type = new TypeName(space, name);
        if (space is not (null or SystemNamespace or FhirNamespace))
            throw new FhirPathException($"'{space}.{name}' is no type: only the namespaces System and FHIR are known", position);
        return type.Fhir is null && type.SystemKind == ItemKind.None && space != SystemNamespace
            ? throw new FhirPathException($"There is no type '{name}' in R4 or in System", position)
            : type;
    }

    /// <summary>Is the item of this type, or of one derived from it?</summary>
    public bool Matches(in Item item, bool lenient)
    {
        if (item.Kind != ItemKind.Element)
            return item.Kind == SystemKind || Namespace != FhirNamespace && Name == "Any";
        var (document, index) = (item.Document, item.Index);
        if (IsUntyped(document, index))
            return SystemKind != ItemKind.None && item.Value.Kind == SystemKind;
        if (Fhir is { } wanted && EntryOf(document, index) is { } own && Derives(own, wanted))
            return true;
        if (SystemKind is ItemKind.None)
            return false;
        return IsSystemString(document, index) ? SystemKind == ItemKind.String : lenient && item.Value.Kind == SystemKind;
    }

    /// <summary>The type of an item, as <c>type()</c> says it.</summary>
    public static TypeName Of(in Item item)
    {
        if (item.Kind != ItemKind.Element)
            return SystemTypes[(int)item.Kind];
        if (IsUntyped(item.Document, item.Index) && item.Value is { IsNone: false } value)
            return SystemTypes[(int)value.Kind];
        if (IsSystemString(item.Document, item.Index))
            return SystemTypes[(int)ItemKind.String];
        return new(FhirNamespace, item.Element.TypeName);
    }

    public static TypeEntry? EntryOf(FhirDocument document, int index)
    {
        ref readonly var node = ref document.Tape.Nodes[index];
        if (node.Is(NodeFlags.Resource))
            return SchemaCatalog.R4.ById[node.Link];
        return node.Property is { } property ? SchemaCatalog.R4.Find(property.TypeName) : null;
    }

    public static bool Derives(TypeEntry? type, TypeEntry from)
    {
        for (; type is not null; type = SchemaCatalog.R4.Find(type.BaseName))
        {
            if (ReferenceEquals(type, from))
                return true;
        }
        return false;
    }

    public override string ToString() => Namespace is null ? Name : $"{Namespace}.{Name}";

    /// <summary>The specification gives <c>id</c> of an element and <c>url</c> of an extension the System type.</summary>
    private static bool IsSystemString(FhirDocument document, int index)
    {
        ref readonly var node = ref document.Tape.Nodes[index];
        return node.Property is { Primitive: PrimitiveKind.String or PrimitiveKind.Uri or PrimitiveKind.Id } property
            && (property.Name == "id" && !document.Tape.Nodes[document.Tape.OwnerOf(index)].Is(NodeFlags.Resource)
                || property.Name == "url" && document.Tape.TypeName(document.Tape.OwnerOf(index)) == "Extension");
    }

    private static bool IsUntyped(FhirDocument document, int index)
    {
        ref readonly var node = ref document.Tape.Nodes[index];
        return !node.Is(NodeFlags.Resource) && node.Property is null or { TypeName: "" };
    }

    private static ItemKind KindOf(string name) => name switch
    {
        "Boolean" => ItemKind.Boolean,
        "String" => ItemKind.String,
        "Integer" => ItemKind.Integer,
        "Long" => ItemKind.Long,
        "Decimal" => ItemKind.Decimal,
        "Date" => ItemKind.Date,
        "DateTime" => ItemKind.DateTime,
        "Time" => ItemKind.Time,
        "Quantity" => ItemKind.Quantity,
        _ => ItemKind.None,
    };
}
