using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Validation;

namespace FhirMyeloma.R4.Profiles;

/// <summary>
/// A profile or an extension definition, compiled: what it adds to the type that it constrains, its parents included.
/// <see cref="ToString"/> prints it, one rule a line.
/// </summary>
internal sealed class ProfileSchema(Element definition, string url, string? version, string typeName, ElementRules root)
{
    /// <summary>The StructureDefinition as it was read: contexts of an extension, its name and status.</summary>
    public Element Definition { get; } = definition;

    public string Url { get; } = url;
    public string? Version { get; } = version;

    /// <summary>The type that it constrains, <c>Observation</c> or <c>Extension</c>.</summary>
    public string TypeName { get; } = typeName;

    /// <summary>The rules of the resource or datatype itself, and below it those of its elements.</summary>
    public ElementRules Root { get; } = root;

    /// <summary>What of the definition could not be compiled, in words; a validator that uses the profile must say so.</summary>
    public IReadOnlyList<ProfileGap> Gaps { get; init; } = [];

    /// <summary>Url and version.</summary>
    public string Canonical { get; } = version is null ? url : $"{url}|{version}";

    /// <summary>One rule a line, in the order in which they are checked.</summary>
    public override string ToString() => ProfilePrinter.Print(this);
}

/// <summary>Something in a definition that cannot be compiled.</summary>
/// <param name="At">The element of the definition that says it.</param>
/// <param name="Text">What is wrong, as the end of a sentence.</param>
/// <param name="IsFault">True when the definition is at fault, false when only something is missing or not supported here.</param>
internal sealed record ProfileGap(Element At, string Text, bool IsFault);

/// <summary>What a profile says about one element, or about one slice of it. Written by the compiler, then only read.</summary>
internal sealed class ElementRules(string id, string name, string? sliceName)
{
    private Layout? layout;

    /// <summary>As FHIR writes it: <c>Observation.component:systolic.value[x]</c>.</summary>
    public string Id { get; } = id;

    /// <summary>The element of the base type; null for the root.</summary>
    public ElementSchema? Base { get; init; }

    /// <summary>The name of the element, of a choice without type: <c>value</c>.</summary>
    public string Name { get; } = name;

    public string? SliceName { get; } = sliceName;
    public int Min { get; set; }
    public int Max { get; set; } = int.MaxValue;

    /// <summary>The types that are left; null when the profile leaves them open.</summary>
    public TypeRule[]? Types { get; set; }

    /// <summary>The exact value; does not exist when there is none.</summary>
    public Element Fixed { get; set; }

    /// <summary>What the value must contain.</summary>
    public Element Pattern { get; set; }

    public Element MinValue { get; set; }
    public Element MaxValue { get; set; }
    public int? MaxLength { get; set; }
    public BindingRule? Binding { get; set; }
    public List<ConstraintRule> Constraints { get; } = [];

    /// <summary>True when a primitive must have a value and not only extensions.</summary>
    public bool MustHaveValue { get; set; }

    /// <summary>Extensions that may stand in for a missing value; empty when it is not restricted.</summary>
    public string[] ValueAlternatives { get; set; } = [];

    /// <summary>Of a narrative, what its language sections must be; see <see cref="Validation.NarrativeLanguages"/>.</summary>
    public string[] NarrativeLanguages { get; set; } = [];

    /// <summary>Rules of the elements below.</summary>
    public List<ElementRules> Children { get; } = [];

    /// <summary>How the items of the element are told apart.</summary>
    public SlicingRules? Slicing { get; set; }

    /// <summary>The element whose children this one has too (Questionnaire.item.item is a Questionnaire.item).</summary>
    public ElementRules? Content { get; set; }

    /// <summary>True when something besides the type is to be checked on the element itself.</summary>
    public bool HasOwnRules { get; private set; }

    /// <summary>Position of its counter among those of its siblings and their slices.</summary>
    public int Counter { get; private set; }

    /// <summary>Counters that its children and their slices need.</summary>
    public int Counters { get; private set; }

    /// <summary>The rules with that id, these or some below; null when there are none.</summary>
    public ElementRules? FindById(string id)
    {
        if (Id == id)
            return this;
        if (!id.StartsWith(Id, StringComparison.Ordinal))
            return null;
        foreach (var below in Slicing is null ? Children : Children.Concat(Slicing.Slices))
        {
            if (below.FindById(id) is { } found)
                return found;
        }
        return null;
    }

    public ElementRules? Child(string name)
    {
        foreach (var child in Children)
        {
            if (child.Name == name)
                return child;
        }
        return null;
    }

    /// <summary>The children's rules at the slots of a structure, so that the checks find them without comparing names.</summary>
    public ElementRules?[] SlotsOf(StructSchema structure)
    {
        var known = layout;
        if (known?.Structure == structure)
            return known.Slots;
        var slots = new ElementRules?[structure.Elements.Length];
        foreach (var element in structure.Elements)
            slots[element.Slot] = Child(element.Name);
        layout = new(structure, slots);
        return slots;
    }

    /// <summary>Done once, when everything is known.</summary>
    public void Seal()
    {
        HasOwnRules = Fixed.Exists || Pattern.Exists || MinValue.Exists || MaxValue.Exists || MaxLength is not null
            || Binding is not null || Constraints.Count > 0 || MustHaveValue || ValueAlternatives.Length > 0 || NarrativeLanguages.Length > 0;
        var next = 0;
        foreach (var child in Children)
            next = child.Number(next);
        Counters = next;
        foreach (var child in Children)
            child.Seal();
        foreach (var slice in Slicing?.Slices ?? [])
            slice.Seal();
    }

    private int Number(int next)
    {
        Counter = next++;
        if (Slicing is null)
            return next;
        Slicing.Progress = next++;
        foreach (var slice in Slicing.Slices)
            next = slice.Number(next);
        return next;
    }

    private sealed record Layout(StructSchema Structure, ElementRules?[] Slots);
}

/// <summary>One of the types that an element may have.</summary>
/// <param name="Code">The type's name.</param>
/// <param name="Profiles">Canonicals of which the value must meet one; empty when any value will do.</param>
/// <param name="Targets">Of a reference, canonicals of which the target must meet one; empty when any target will do.</param>
/// <param name="Aggregation">Of a reference, where its target may be: contained, referenced, bundled; empty when anywhere.</param>
internal sealed record TypeRule(string Code, string[] Profiles, string[] Targets, string[] Aggregation);

/// <summary>A binding that can be broken: required, extensible, or with a maximum value set.</summary>
/// <param name="IsRequired">True when a code from elsewhere is an error.</param>
/// <param name="IsExtensible">True when a code from elsewhere is worth a warning.</param>
/// <param name="ValueSet">Canonical of the value set.</param>
/// <param name="Limits">Value sets that no code may leave, whatever the strength.</param>
internal sealed record BindingRule(bool IsRequired, bool IsExtensible, string ValueSet, string[] Limits);

/// <summary>An invariant.</summary>
internal sealed class ConstraintRule
{
    private Known? presence;

    public ConstraintRule(string key, bool isError, bool isBestPractice, string expression, string? human)
    {
        (Key, IsError, IsBestPractice, Expression, Human) = (key, isError, isBestPractice, expression, human);
        FhirPathExpression.TryCompile(expression, out var compiled, out var fault);
        (Compiled, Fault) = (compiled, fault);
    }

    /// <summary>Its key, <c>vs-2</c>.</summary>
    public string Key { get; }

    /// <summary>False for a warning.</summary>
    public bool IsError { get; }

    /// <summary>True when its author marks it as a recommendation only.</summary>
    public bool IsBestPractice { get; }

    /// <summary>FHIRPath as written.</summary>
    public string Expression { get; }

    /// <summary>What its author says about it; null when nothing.</summary>
    public string? Human { get; }

    /// <summary>Null when the expression cannot be read; then <see cref="Fault"/> says why.</summary>
    public FhirPathExpression? Compiled { get; }

    public FhirPathFault? Fault { get; }

    /// <summary>The combinations of children of a structure for which the rule is broken, or has to be evaluated; for all others it holds.</summary>
    public PresenceTerm[] TermsOn(StructSchema structure)
    {
        var known = presence;
        if (known?.Structure == structure)
            return known.Terms;
        var invariant = new Invariant(new(Key, IsError ? IssueSeverity.Error : IssueSeverity.Warning, IsBestPractice, Expression), null);
        presence = known = new(structure, [.. new Presence(structure).Terms(Compiled!.Root, invariant)]);
        return known.Terms;
    }

    private sealed record Known(StructSchema Structure, PresenceTerm[] Terms);
}

/// <summary>Whether items that fit no slice are allowed.</summary>
internal enum SlicingMode : byte
{
    Open,
    OpenAtEnd,
    Closed,
}

/// <summary>The kinds of discriminator.</summary>
internal enum DiscriminatorKind : byte
{
    Value,
    Exists,
    Type,
    Profile,
}

/// <summary>What tells the slices apart.</summary>
internal sealed record Discriminator(DiscriminatorKind Kind, string Path);

/// <summary>How the items of an element are divided.</summary>
internal sealed class SlicingRules
{
    /// <summary>Empty when the slices are told apart by everything that they say.</summary>
    public List<Discriminator> Discriminators { get; set; } = [];

    public bool IsOrdered { get; set; }
    public SlicingMode Mode { get; set; }

    /// <summary>In the order of the definition.</summary>
    public List<ElementRules> Slices { get; } = [];

    /// <summary>Position, among the counters, of the last slice that was met.</summary>
    public int Progress { get; set; }

    /// <summary>What an item must answer to belong to each slice, at the position of the slice; made when first needed, since slices may lean on other profiles.</summary>
    public SliceTest[]? Tests { get; set; }
}
