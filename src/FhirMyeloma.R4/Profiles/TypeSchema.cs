using System.Text;

namespace FhirMyeloma.R4.Profiles;

/// <summary>What a property holds, as far as reading JSON cares.</summary>
internal enum PropertyKind : byte
{
    Complex,
    Resource,
    Primitive,
}

/// <summary>The 20 primitive types of R4.</summary>
internal enum PrimitiveKind : byte
{
    None,
    Base64Binary,
    Boolean,
    Canonical,
    Code,
    Date,
    DateTime,
    Decimal,
    Id,
    Instant,
    Integer,
    Markdown,
    Oid,
    PositiveInt,
    String,
    Time,
    UnsignedInt,
    Uri,
    Url,
    Uuid,
    Xhtml,
}

/// <summary>One of the types that R4 defines; its structure is compiled when the first instance of it is met.</summary>
internal sealed class TypeEntry(SchemaCatalog catalog, int id, string name, bool isResource, bool isAbstract, string baseName, string constrains, int offset)
{
    private StructSchema? structure;

    public int Id { get; } = id;
    public string Name { get; } = name;

    /// <summary>The type's name in JSON and paths: a SimpleQuantity is a Quantity.</summary>
    public string TypeName { get; } = constrains.Length == 0 ? name : constrains;

    public bool IsResource { get; } = isResource;
    public bool IsAbstract { get; } = isAbstract;
    public string BaseName { get; } = baseName;
    public PrimitiveKind Primitive { get; } = SchemaCompiler.PrimitiveOf(name);

    /// <summary>Where its lines begin in the definitions.</summary>
    public int Offset { get; } = offset;

    public StructSchema Structure => structure ??= catalog.Compile(this);
}

/// <summary>A set of named children: a type, or a backbone element inside one.</summary>
internal sealed class StructSchema(string path, string typeName, TypeEntry type)
{
    /// <summary>The definition's path: <c>Observation</c>, <c>Observation.component</c>.</summary>
    public string Path { get; } = path;

    public string TypeName { get; } = typeName;
    public TypeEntry Type { get; } = type;

    /// <summary>In the order of the definition; the position is the element's slot.</summary>
    public ElementSchema[] Elements { get; set; } = [];

    public Utf8Table<PropertySchema> Properties { get; set; } = null!;

    /// <summary>One bit for each slot that must occur.</summary>
    public ulong Required { get; set; }
}

/// <summary>One element of a structure, for instance <c>value[x]</c> of an Observation.</summary>
internal sealed class ElementSchema(string name, bool isChoice, int slot, int min, string max)
{
    /// <summary>The name without <c>[x]</c>, as paths show it.</summary>
    public string Name { get; } = name;

    public bool IsChoice { get; } = isChoice;
    public int Slot { get; } = slot;
    public int Min { get; } = min;
    public bool Repeats { get; } = max is not ("0" or "1");
    public bool Prohibited { get; } = max == "0";
    public string RequiredValueSet { get; set; } = "";
    public ValueSet? Binding { get; set; }
    public PropertySchema[] Properties { get; set; } = [];

    /// <summary>As the definition writes it: <c>value[x]</c>.</summary>
    public string DefinedName => IsChoice ? Name + "[x]" : Name;
}

/// <summary>A JSON property of a structure: the element, or one type of a choice (<c>valueQuantity</c>).</summary>
internal sealed class PropertySchema(string name, ElementSchema element, TypeEntry type, StructSchema? backbone, string typeName)
{
    public string Name { get; } = name;

    /// <summary>The name as JSON writes it before a value: <c>"name":</c>.</summary>
    public byte[] QuotedName { get; } = Encoding.UTF8.GetBytes($"\"{name}\":");

    public ElementSchema Element { get; } = element;
    public string TypeName { get; } = typeName;
    public PrimitiveKind Primitive { get; } = backbone is null ? type.Primitive : PrimitiveKind.None;

    public PropertyKind Kind { get; } = backbone is not null ? PropertyKind.Complex
        : type.Primitive != PrimitiveKind.None ? PropertyKind.Primitive
        : type.IsResource ? PropertyKind.Resource
        : PropertyKind.Complex;

    /// <summary>Children of the value; for a primitive those of its <c>_name</c> companion.</summary>
    public StructSchema Structure => backbone ?? type.Structure;

    /// <summary>Allowed target types of a reference; null when any will do.</summary>
    public string[]? Targets { get; init; }

    public bool IsReference { get; } = type.TypeName == "Reference" && backbone is null;
    public bool Repeats { get; } = element.Repeats;

    /// <summary>A required, enumerable binding on a <c>code</c>.</summary>
    public ValueSet? CodeBinding { get; } = type.Primitive == PrimitiveKind.Code && backbone is null ? element.Binding : null;

    /// <summary>A required, enumerable binding on a CodeableConcept or Coding.</summary>
    public ValueSet? ConceptBinding { get; } = type.Name is "CodeableConcept" or "Coding" && backbone is null ? element.Binding : null;
}

/// <summary>The codes of an enumerable value set.</summary>
internal sealed class ValueSet(string url, Utf8Table<string> codes, IReadOnlySet<(string System, string Code)> concepts)
{
    public string Url { get; } = url;

    /// <summary>Codes whatever their system: what a <c>code</c> element can say.</summary>
    public Utf8Table<string> Codes { get; } = codes;

    public bool Contains(string system, string code) => concepts.Contains((system, code));

    public IEnumerable<string> AllCodes => concepts.Select(concept => concept.Code).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Systems => concepts.Select(concept => concept.System).Distinct(StringComparer.Ordinal);
}
