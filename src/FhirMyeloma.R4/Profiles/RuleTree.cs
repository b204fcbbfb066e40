using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Profiles;

/// <summary>
/// The rules of a profile while they are collected: finds the place of an ElementDefinition by its id, or, where the id is
/// missing or does not name the slices, by its path and what was said just before it.
/// </summary>
internal sealed class RuleTree
{
    // A definition may come from anybody: what goes beyond these is noted and passed over.
    private const int MostSteps = 64;
    private const int MostReslices = 16;
    private const int MostElements = 20_000;

    private readonly List<ProfileGap> gaps;
    private readonly Dictionary<ElementRules, Shape> shapes = [];
    private readonly List<(string Path, ElementRules Rules)> open = [];
    private bool idsNameSlices = true;

    public RuleTree(string typeName, List<ProfileGap> gaps)
    {
        this.gaps = gaps;
        Root = new(typeName, typeName, null);
        shapes.Add(Root, new(null, SchemaCatalog.R4.Find(typeName) is { } type ? [type.Structure] : []));
    }

    private const string TooLarge = "it has too many elements; the last ones are left out";

    public ElementRules Root { get; }

    /// <summary>A new list of elements begins.</summary>
    public void Begin()
    {
        idsNameSlices = true;
        open.Clear();
        open.Add((Root.Name, Root));
    }

    /// <summary>The rules that an element of a differential or snapshot is about; null when its path does not exist, which is noted.</summary>
    public ElementRules? Find(Element element)
    {
        var path = element["path"].Text ?? "";
        var slice = element["sliceName"].Text;
        var id = element["id"].Text;
        if (Depth(path) > MostSteps || id is not null && Depth(id) > MostSteps || (slice ?? id ?? "").AsSpan().Count('/') > MostReslices)
            return Note(element, "a path has too many steps");
        if (shapes.Count > MostElements)
            return gaps.Exists(gap => gap.Text == TooLarge) ? null : Note(element, TooLarge);
        if (!path.Contains('.', StringComparison.Ordinal))
            return path == Root.Name && slice is null ? Root : Note(element, $"{id ?? path} is not an element of {Root.Name}");

        // Where the id of a slice does not name it, those of its children do not either.
        idsNameSlices &= slice is null || id is null || id.Contains(':', StringComparison.Ordinal) || id.EndsWith("." + slice, StringComparison.Ordinal);
        var rules = id is not null && (idsNameSlices || id.Contains(':', StringComparison.Ordinal)) && NamesTheSame(id, path, slice) ? Walk(id) : WalkOn(path, slice);
        if (rules is null)
            return Note(element, $"{path} is not an element of {Root.Name}");
        var depth = Depth(path);
        while (open.Count > 0 && Depth(open[^1].Path) >= depth)
            open.RemoveAt(open.Count - 1);
        open.Add((path, rules));
        return rules;
    }

    /// <summary>The rules of an element by its id, made when there are none yet; null when there is no such element.</summary>
    public ElementRules? FindById(string id) => id == Root.Name ? Root : Walk(id);

    private ElementRules? Note(Element element, string gap)
    {
        gaps.Add(new(element, gap, IsFault: true));
        return null;
    }

    private static int Depth(string path) => path.AsSpan().Count('.');

    /// <summary>An id that leaves out the slices, or that belongs to another path, says nothing.</summary>
    private static bool NamesTheSame(string id, string path, string? slice)
    {
        var ids = id.Split('.');
        var names = path.Split('.');
        if (ids.Length != names.Length || slice is not null && !ids[^1].EndsWith(":" + slice, StringComparison.Ordinal) && ids[^1] != slice)
            return false;
        for (var at = 0; at < ids.Length; at++)
        {
            var colon = ids[at].IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? ids[at] : ids[at][..colon];
            if (name != names[at] && !(name.EndsWith("[x]", StringComparison.Ordinal) && names[at].StartsWith(name[..^3], StringComparison.Ordinal)))
                return false;
        }
        return true;
    }

    private ElementRules? Walk(string id)
    {
        var at = Root;
        foreach (var step in id.Split('.').AsSpan(1))
        {
            var colon = step.IndexOf(':', StringComparison.Ordinal);
            var child = Child(at, colon < 0 ? step : step[..colon]);
            if (child is null)
                return null;
            at = colon < 0 ? child : Slice(child, step[(colon + 1)..]);
        }
        return at;
    }

    /// <summary>From the nearest of the elements that were said before: children of a slice follow their slice.</summary>
    private ElementRules? WalkOn(string path, string? slice)
    {
        var from = open.FindLastIndex(entry => path.StartsWith(entry.Path + ".", StringComparison.Ordinal));
        var (start, at) = from < 0 ? (Root.Name, Root) : open[from];
        if (!path.StartsWith(start + ".", StringComparison.Ordinal))
            return null;
        foreach (var step in path[(start.Length + 1)..].Split('.'))
        {
            if (Child(at, step) is not { } child)
                return null;
            at = child;
        }
        return slice is null || at.SliceName == slice ? at : Slice(at, slice);
    }

    /// <summary>The child of that defined name; <c>valueQuantity</c> is the slice of that type of <c>value[x]</c>.</summary>
    private ElementRules? Child(ElementRules parent, string step)
    {
        foreach (var structure in StructuresOf(parent))
        {
            foreach (var element in structure.Elements)
            {
                if (element.DefinedName == step || element.Name == step)
                    return Child(parent, element);
                if (element.IsChoice && Array.Exists(element.Properties, property => property.Name == step))
                    return Slice(Child(parent, element), step);
            }
        }
        return null;
    }

    private ElementRules Child(ElementRules parent, ElementSchema element)
    {
        if (parent.Child(element.Name) is { } known)
            return known;
        var child = new ElementRules($"{parent.Id}.{element.DefinedName}", element.Name, null) { Base = element };
        shapes.Add(child, new(element, null));
        parent.Children.Add(child);
        return child;
    }

    private ElementRules Slice(ElementRules rules, string name)
    {
        var slicing = rules.Slicing ??= new();
        if (slicing.Slices.Find(slice => slice.SliceName == name) is { } known)
            return known;
        // a/b divides the slice a again.
        var slash = name.LastIndexOf('/');
        if (slash > 0 && slicing.Slices.Exists(slice => slice.SliceName == name[..slash]))
            return Slice(Slice(rules, name[..slash]), name);

        var shape = shapes[rules];
        var slice = new ElementRules($"{(rules.SliceName is null ? rules.Id : rules.Id[..rules.Id.LastIndexOf(':')])}:{name}", rules.Name, name) { Base = shape.Element };
        shapes.Add(slice, shape);
        slicing.Slices.Add(slice);
        if (shape.Element is { IsChoice: true } choice)
        {
            if (slicing.Discriminators.Count == 0)
                slicing.Discriminators = [new(DiscriminatorKind.Type, "$this")];
            if (Array.Find(choice.Properties, property => property.Name == name) is { } property)
                slice.Types = [new(property.TypeName, [], [], [])];
        }
        else if (rules.Name is "extension" or "modifierExtension" && slicing.Discriminators.Count == 0)
        {
            slicing.Discriminators = [new(DiscriminatorKind.Value, "url")];
        }
        return slice;
    }

    /// <summary>The structures that the element can have, as far as its types are known by now.</summary>
    private IEnumerable<StructSchema> StructuresOf(ElementRules rules)
    {
        var shape = shapes[rules];
        if (shape.Structures is { } structures)
            return structures;
        var declared = shape.Element!.Properties;
        if (rules.Types is { } types)
        {
            var narrowed = types.Select(type => Array.Find(declared, property => property.TypeName == type.Code)?.Structure ?? SchemaCatalog.R4.Find(type.Code)?.Structure).OfType<StructSchema>().ToList();
            if (narrowed.Count > 0)
                return narrowed;
        }
        // Any resource: what is said of it must be said with its type, or hold for all.
        return declared.Select(property => property.Structure).Distinct();
    }

    private sealed record Shape(ElementSchema? Element, StructSchema[]? Structures);
}
