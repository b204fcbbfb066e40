using System.Text;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Validation;

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

    /// <summary>Value set of an extensible binding that the type itself has, whatever element uses it (Age, Distance, Duration); else empty.</summary>
    public string ExtensibleValueSet { get; init; } = "";

    /// <summary>Value set of its maximum binding; else empty.</summary>
    public string MaxValueSet { get; init; } = "";

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

    /// <summary>Constraints of the structure itself, as its definition lists them, and those that every DomainResource inherits.</summary>
    public Constraint[] Constraints { get; set; } = [];

    /// <summary>The constraints, compiled when the first instance is validated.</summary>
    public StructRules Rules => rules ??= StructRules.Compile(this);

    private StructRules? rules;
}

/// <summary>A constraint as the definition states it.</summary>
/// <param name="Key">For instance <c>obs-6</c>; unique within its structure.</param>
/// <param name="Severity">Error or warning.</param>
/// <param name="IsBestPractice">True for what R4 recommends only.</param>
/// <param name="Expression">FHIRPath.</param>
internal sealed record Constraint(string Key, IssueSeverity Severity, bool IsBestPractice, string Expression);

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

    /// <summary>Value set of an extensible binding; else empty.</summary>
    public string ExtensibleValueSet { get; set; } = "";

    /// <summary>Its codes as the core definitions enumerate them; null when they cannot.</summary>
    public ValueSet? ExtensibleCore => ExtensibleValueSet.Length == 0 ? null : extensibleCore ??= SchemaCatalog.R4.FindValueSet(ExtensibleValueSet.Split('|')[0]);

    private ValueSet? extensibleCore;

    /// <summary>Value set that no code may leave, although the binding itself is weaker; else empty.</summary>
    public string MaxValueSet { get; set; } = "";

    /// <summary>True when its value changes what the rest means.</summary>
    public bool IsModifier { get; set; }

    /// <summary>True when the summary of a resource shows it; of the elements of datatypes it is not known.</summary>
    public bool IsSummary { get; set; }

    /// <summary>Constraints of each of its values, beside those of their type.</summary>
    public Constraint[] Constraints { get; set; } = [];

    /// <summary>The same, compiled when the first value is validated.</summary>
    public Invariant[] Invariants => invariants ??= StructRules.Compile(this);

    private Invariant[]? invariants;

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

    /// <summary>The bit of the element's slot.</summary>
    public ulong Bit { get; } = 1UL << element.Slot;

    public string TypeName { get; } = typeName;
    public PrimitiveKind Primitive { get; } = backbone is null ? type.Primitive : PrimitiveKind.None;

    public PropertyKind Kind { get; } = backbone is not null ? PropertyKind.Complex
        : type.Primitive != PrimitiveKind.None ? PropertyKind.Primitive
        : type.IsResource ? PropertyKind.Resource
        : PropertyKind.Complex;

    /// <summary>Children of the value; for a primitive those of its <c>_name</c> companion.</summary>
    public StructSchema Structure => backbone ?? Type.Structure;

    /// <summary>Allowed target types of a reference; null when any will do.</summary>
    public string[]? Targets { get; init; }

    public bool IsReference { get; } = type.TypeName == "Reference" && backbone is null;
    public bool Repeats { get; } = element.Repeats;

    /// <summary>A required, enumerable binding on a <c>code</c>.</summary>
    public ValueSet? CodeBinding { get; } = type.Primitive == PrimitiveKind.Code && backbone is null ? element.Binding : null;

    /// <summary>A required, enumerable binding on a CodeableConcept or Coding.</summary>
    public ValueSet? ConceptBinding { get; } = type.Name is "CodeableConcept" or "Coding" && backbone is null ? element.Binding : null;

    /// <summary>Of which type the value is: a SimpleQuantity, where <see cref="TypeName"/> says Quantity.</summary>
    public TypeEntry Type { get; } = type;

    /// <summary>What validation owes to each value, beside the constraints of its structure.</summary>
    public Duties Duties { get; } = DutiesOf(element, type, backbone);

    private static Duties DutiesOf(ElementSchema element, TypeEntry type, StructSchema? backbone)
    {
        var duties = Duties.None;
        if (backbone is not null)
            return duties;
        if (type.Name == "Extension")
            duties |= Duties.Extension;
        if (type.TypeName is "Quantity" or "Age" or "Distance" or "Duration" or "Count")
            duties |= Duties.Unit;
        if (type.Name == "Attachment")
            duties |= Duties.Attachment;
        if (element.Constraints.Length > 0)
            duties |= Duties.Constraint;
        if (element.RequiredValueSet.Length > 0 && element.Binding is null || element.ExtensibleValueSet.Length > 0 || element.MaxValueSet.Length > 0)
            duties |= type.Name is "code" or "uri" or "string" or "Coding" or "CodeableConcept" ? Duties.Binding : Duties.None;
        if (type.ExtensibleValueSet.Length > 0)
            duties |= Duties.Binding;
        return duties;
    }
}

/// <summary>What validation has to look at when it meets a value.</summary>
[Flags]
internal enum Duties : byte
{
    None = 0,

    /// <summary>Whether the extension is known and may stand here.</summary>
    Extension = 1,

    /// <summary>Whether a unit of UCUM is one.</summary>
    Unit = 2,

    /// <summary>A binding that reading does not check: extensible, maximum, or to a value set that is not enumerated.</summary>
    Binding = 4,

    /// <summary>Constraints of the element itself.</summary>
    Constraint = 8,

    /// <summary>Whether the stated size is that of the data.</summary>
    Attachment = 16,
}

/// <summary>The codes of an enumerable value set.</summary>
internal sealed class ValueSet(string url, Utf8Table<string> codes, IReadOnlyDictionary<string, IReadOnlyCollection<string>> concepts)
{
    private readonly Utf8Table<Utf8Table<string>> bySystem = new([.. concepts.Select(system =>
        KeyValuePair.Create(Encoding.UTF8.GetBytes(system.Key), new Utf8Table<string>([.. system.Value.Select(code => KeyValuePair.Create(Encoding.UTF8.GetBytes(code), code))])))]);

    public string Url { get; } = url;

    /// <summary>Codes whatever their system: what a <c>code</c> element can say.</summary>
    public Utf8Table<string> Codes { get; } = codes;

    public bool Contains(string system, string code) => Contains(Encoding.UTF8.GetBytes(system), Encoding.UTF8.GetBytes(code));

    public bool Contains(ReadOnlySpan<byte> system, ReadOnlySpan<byte> code) => bySystem.Find(system)?.Find(code) is not null;

    /// <summary>True when the value set has codes of that system.</summary>
    public bool HasSystem(ReadOnlySpan<byte> system) => bySystem.Find(system) is not null;

    public IEnumerable<string> AllCodes => concepts.Values.SelectMany(static codes => codes).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Systems => concepts.Keys;

    /// <summary>The codes of one system; empty when it has none of it.</summary>
    public IEnumerable<string> CodesOf(string system) => concepts.GetValueOrDefault(system) ?? [];
}
