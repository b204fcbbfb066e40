using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Profiles;

/// <summary>One concept of a code system.</summary>
internal sealed class Concept(string code, string? display)
{
    public string Code { get; } = code;

    public string? Display { get; } = display;

    /// <summary>Concepts that it is directly under, by nesting, by its <c>parent</c> or by another's <c>child</c> property.</summary>
    public List<Concept> Parents { get; } = [];

    /// <summary>Its properties as text; one code may repeat.</summary>
    public List<(string Code, string Value)> Properties { get; } = [];

    /// <summary>A grouping that cannot be chosen (property <c>notSelectable</c>, or <c>abstract</c> as older systems have it).</summary>
    public bool IsAbstract => Has("notSelectable", "true") || Has("abstract", "true");

    /// <summary>No longer to be used (<c>inactive</c>, or a <c>status</c> of retired).</summary>
    public bool IsInactive => Has("inactive", "true") || Has("status", "retired") || Has("status", "inactive");

    /// <summary>True when it is below <paramref name="other"/> at any distance.</summary>
    public bool IsBelow(Concept other)
    {
        var seen = new HashSet<Concept>();
        var open = new Stack<Concept>(Parents);
        while (open.TryPop(out var concept))
        {
            if (concept == other)
                return true;
            if (!seen.Add(concept))
                continue;
            foreach (var parent in concept.Parents)
                open.Push(parent);
        }
        return false;
    }

    private bool Has(string code, string value) => Properties.Contains((code, value));
}

/// <summary>What a CodeSystem resource says about its concepts.</summary>
internal sealed class CodeList
{
    private readonly Dictionary<string, Concept> concepts;
    private readonly HashSet<string> declared;

    private CodeList(bool isComplete, bool isCaseSensitive, bool hasSubsumption, HashSet<string> declared)
    {
        IsComplete = isComplete;
        HasSubsumption = hasSubsumption;
        Comparer = isCaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        concepts = new(Comparer);
        this.declared = declared;
    }

    /// <summary>False when the resource has only some of the codes, so that absence proves nothing.</summary>
    public bool IsComplete { get; }

    /// <summary>False when the hierarchy groups or describes parts: then "is a" cannot be read from it.</summary>
    public bool HasSubsumption { get; }

    /// <summary>How codes of this system are compared.</summary>
    public StringComparer Comparer { get; }

    public IEnumerable<string> Codes => concepts.Values.Select(concept => concept.Code);

    public Concept? Find(string code) => concepts.GetValueOrDefault(code);

    /// <summary>Is the property one that concepts of this system have?</summary>
    public bool Declares(string property) => declared.Contains(property);

    public static CodeList Read(Element codeSystem)
    {
        HashSet<string> properties = new(StringComparer.Ordinal) { "inactive", "notSelectable", "status" };
        foreach (var property in codeSystem.Children("property"))
            properties.Add(property["code"].Text ?? "");
        var list = new CodeList(
            codeSystem["content"].Text is "complete",
            codeSystem["caseSensitive"].Boolean is not false,
            codeSystem["hierarchyMeaning"].Text is null or "is-a",
            properties);
        foreach (var concept in codeSystem.Children("concept"))
            list.Add(concept, parent: null);
        list.LinkProperties();
        return list;
    }

    // JSON nests at most 64 deep, so this recursion is shallow.
    private void Add(Element element, Concept? parent)
    {
        if (element["code"].Text is not { } code)
            return;
        if (!concepts.TryGetValue(code, out var concept))
        {
            concept = new(code, element["display"].Text);
            concepts.Add(code, concept);
        }
        if (parent is not null)
            concept.Parents.Add(parent);
        foreach (var property in element.Children("property"))
        {
            var value = property.Choice("value");
            if (property["code"].Text is { } name && (value.TypeName == "Coding" ? value["code"].Text : value.Text) is { } text)
                concept.Properties.Add((name, text));
        }
        foreach (var child in element.Children("concept"))
            Add(child, concept);
    }

    private void LinkProperties()
    {
        foreach (var concept in concepts.Values)
        {
            foreach (var (name, value) in concept.Properties)
            {
                if (name is "parent" or "subsumedBy" && Find(value) is { } parent)
                    concept.Parents.Add(parent);
                else if (name == "child" && Find(value) is { } child)
                    child.Parents.Add(concept);
            }
        }
    }
}
