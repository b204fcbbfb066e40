using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>
/// Checks elements of one document against compiled profiles: cardinality and slicing here, what concerns one element in the
/// other part. What the base types say is checked elsewhere and not repeated.
/// </summary>
internal sealed partial class ProfileChecks(ValidationScope scope)
{
    private const int MaxDepth = 200;
    private const int Unsure = 1 << 30;

    private static readonly int MetaSlot = Array.Find(SchemaCatalog.R4.Find("Resource")!.Structure.Elements, element => element.Name == "meta")!.Slot;

    private readonly Dictionary<(int, ElementRules), bool> met = [];
    private int trials;
    private int depth;
    private bool failed;
    private Element failedAt;

    /// <summary>Every resource of the document against what it claims, and the root also against what the caller asks for.</summary>
    public void Run()
    {
        var nodes = scope.Document.Tape.Nodes;
        var root = scope.Document.Root;
        foreach (var canonical in scope.Options.Profiles)
            Check(root, canonical, root);
        foreach (var asked in scope.Options.EntryProfiles)
        {
            if (scope.Bundle.Entries.Where(entry => entry.Resource.TypeName == asked.ResourceType).Skip(asked.Index).FirstOrDefault() is { } entry)
                Check(entry.Resource, asked.Profile, entry.Resource);
        }
        for (var at = 0; at < nodes.Length; at++)
        {
            if (!nodes[at].Is(NodeFlags.Resource))
                continue;
            var resource = new Element(scope.Document, at);
            CheckClaims(resource);
            if (resource.TypeName == "StructureDefinition")
                new DefinitionChecks(scope).Check(resource);
        }
    }

    /// <summary>The profiles that a resource claims in meta.profile, each once, and those that an implementation guide wants for all of its type.</summary>
    public void CheckClaims(Element resource)
    {
        foreach (var canonical in scope.Definitions.GlobalProfiles(resource.TypeName))
            Check(resource, canonical, resource);
        // Every resource has its meta at the same slot.
        if (scope.Document.Tape.Child(resource.Index, MetaSlot) is not (> 0 and var at))
            return;
        var meta = new Element(scope.Document, at);
        foreach (var claim in meta.Children("profile"))
        {
            if (!ClaimsItsType(resource, claim) && claim.Text is { } canonical && !IsRepeated(meta, claim, canonical))
                Check(resource, canonical, claim);
        }
    }

    /// <summary>Many senders claim the base type, which says nothing; seen without making a string.</summary>
    private static bool ClaimsItsType(Element resource, Element claim)
    {
        var canonical = claim.Document!.Tape.Utf8(claim.Index);
        return canonical.StartsWith("http://hl7.org/fhir/StructureDefinition/"u8) && SchemaCatalog.R4.Find(canonical["http://hl7.org/fhir/StructureDefinition/"u8.Length..]) is { } type && type == resource.ResourceEntry;
    }

    private static bool IsRepeated(Element meta, Element claim, string canonical)
    {
        if (claim.Node.Ordinal == 0)
            return false;
        foreach (var earlier in meta.Children("profile"))
        {
            if (earlier == claim)
                return false;
            if (earlier.Text == canonical)
                return true;
        }
        return false;
    }

    /// <summary>A resource against the profile that a canonical names; an unknown one is reported at the claim.</summary>
    /// <param name="resource">What must conform.</param>
    /// <param name="canonical">Url of the profile, with or without version. A base type is no profile and is met by every instance of it.</param>
    /// <param name="claim">Where the profile is claimed, meta.profile; the resource when the caller asks for it.</param>
    public void Check(Element resource, string canonical, Element claim)
    {
        if (DefinitionSet.BaseType(canonical) is { } type)
        {
            if (!IsOfType(resource, type.Name))
                OtherType(resource, canonical, type.Name, claim);
            return;
        }
        var schema = scope.Definitions.FindProfile(canonical);
        if (schema is null)
        {
            if (scope.Issues.Wants(IssueSeverity.Warning))
            {
                scope.Issues.Add(IssueSeverity.Warning, IssueCodes.ProfileUnknown, IssueType.NotFound, claim,
                    $"The profile {Suggestion.Shown(canonical)} is not known here, so {resource.TypeName} was not checked against it; load its StructureDefinition, or take the claim away.", canonical);
            }
            return;
        }
        if (!IsOfType(resource, schema.TypeName) && schema.TypeName.Length > 0)
        {
            OtherType(resource, schema.Canonical, schema.TypeName, claim);
            return;
        }
        foreach (var gap in schema.Gaps)
            Warn(claim, IssueCodes.ProfileNotChecked, IssueType.Incomplete, schema, gap.Text, $"{schema.Canonical} is checked without a part of it: {gap.Text}.");
        Element(resource, schema.Root, schema);
    }

    /// <summary>True when the element breaks no rule of the profile; null when the profile is not known.</summary>
    public bool? Meets(Element at, string canonical)
    {
        if (DefinitionSet.BaseType(canonical) is { } type)
            return IsOfType(at, type.Name);
        if (scope.Definitions.FindProfile(canonical) is not { } schema)
            return null;
        return IsOfType(at, schema.TypeName) && Meets(at, schema.Root, schema);
    }

    /// <summary>True when the element breaks none of the rules. A question that leads back to itself is answered with yes.</summary>
    public bool Meets(Element at, ElementRules rules, ProfileSchema schema)
    {
        var key = (at.Index, rules);
        if (met.TryGetValue(key, out var known))
            return known;
        met.Add(key, true);
        var before = failed;
        failed = false;
        trials++;
        Element(at, rules, schema);
        trials--;
        var holds = !failed;
        failed = before;
        return met[key] = holds;
    }

    public Element Resolve(Element reference) => reference.TypeName == "Reference" ? scope.Resolve(reference) : default;

    /// <summary>The type of a reference's target, as far as the reference itself says it.</summary>
    public static string? ImpliedType(Element reference) =>
        reference["reference"].Text is { } literal && LiteralReference.Parse(literal).TypeName is { } implied ? implied : reference["type"].Text;

    public static bool IsOfType(Element at, string type)
    {
        var actual = at.TypeName;
        if (actual == type || type is "Element" or "BackboneElement")
            return true;
        for (var entry = SchemaCatalog.R4.Find(actual); entry is { BaseName.Length: > 0 }; entry = SchemaCatalog.R4.Find(entry.BaseName))
        {
            if (entry.BaseName == type)
                return true;
        }
        return false;
    }

    private void Element(Element at, ElementRules rules, ProfileSchema schema)
    {
        // Of a value of another type nothing more needs to be said.
        if (depth >= MaxDepth || rules.Types is { } types && !Types(at, types, rules, schema))
            return;
        depth++;
        if (rules.HasOwnRules)
            Own(at, rules, schema);
        if (rules.Children.Count > 0)
            Children(at, rules, schema);
        if (rules.Content is { Children.Count: > 0 } content)
            Children(at, content, schema);
        depth--;
    }

    private void Children(Element at, ElementRules rules, ProfileSchema schema)
    {
        if (StructureOf(at) is not { } structure || trials > 0 && failed)
            return;
        var slots = rules.SlotsOf(structure);
        var counts = rules.Counters <= 32 ? stackalloc int[32] : new int[rules.Counters];
        foreach (var child in at.Children())
        {
            if (child.Node.Property?.Element is not { } element || element.Slot >= slots.Length || slots[element.Slot] is not { } childRules)
                continue;
            counts[childRules.Counter]++;
            Element(child, childRules, schema);
            if (childRules.Slicing is { } slicing)
                Slices(child, slicing, childRules, schema, counts);
        }
        foreach (var childRules in rules.Children)
        {
            var count = counts[childRules.Counter];
            // What the base type asks for already is missed there.
            if (count < childRules.Min && count >= childRules.Base!.Min)
                TooFew(at, childRules, schema, count);
            if (count > childRules.Max && (childRules.Max == 0 || childRules.Base!.Repeats))
                TooMany(at, childRules, schema, count);
            if (childRules.Slicing is { } slicing)
                CountSlices(at, slicing, schema, counts);
        }
    }

    private void Slices(Element item, SlicingRules slicing, ElementRules rules, ProfileSchema schema, Span<int> counts)
    {
        var tests = slicing.Tests ??= new SliceTestCompiler(scope.Definitions).Compile(slicing);
        var decides = new Slicing(this, schema);
        var first = -1;
        var isUnsure = false;
        for (var at = 0; at < tests.Length; at++)
        {
            var slice = slicing.Slices[at];
            var belongs = decides.Belongs(item, slice, tests[at]);
            if (belongs is null)
            {
                counts[slice.Counter] |= Unsure;
                isUnsure = true;
            }
            if (belongs != true || slice.Max == 0 && slicing.Mode == SlicingMode.Closed)
                continue;
            first = first < 0 ? at : first;
            counts[slice.Counter]++;
            if (!tests[at].ByEverything)
                Element(item, slice, schema);
            if (slice.Slicing is { } again)
                Slices(item, again, slice, schema, counts);
        }
        if (first < 0 && !isUnsure && slicing.Mode == SlicingMode.Closed)
        {
            Fail(item, IssueCodes.ProfileSlicing, IssueType.Structure, schema, rules.Id,
                $"This {rules.Name} fits none of the slices {Names(slicing)} of {rules.Id}, and the profile {schema.Canonical} allows no others; take it away or make it fit one.");
        }
        if (isUnsure || !slicing.IsOrdered && slicing.Mode != SlicingMode.OpenAtEnd)
            return;
        ref var progress = ref counts[slicing.Progress];
        if (first >= 0 && first < progress)
        {
            Fail(item, IssueCodes.ProfileSlicing, IssueType.Structure, schema, rules.Id,
                progress == int.MaxValue
                    ? $"This {rules.Name} belongs to the slice {slicing.Slices[first].SliceName} and stands behind others that belong to none; in {schema.Canonical} those come last."
                    : $"This {rules.Name} belongs to the slice {slicing.Slices[first].SliceName} and stands too late; the order of {schema.Canonical} is {Names(slicing)}.");
        }
        else if (first >= 0 && slicing.IsOrdered)
        {
            progress = first;
        }
        else if (first < 0 && slicing.Mode == SlicingMode.OpenAtEnd)
        {
            progress = int.MaxValue;
        }
    }

    private void CountSlices(Element at, SlicingRules slicing, ProfileSchema schema, Span<int> counts)
    {
        foreach (var slice in slicing.Slices)
        {
            var count = counts[slice.Counter] & ~Unsure;
            if (count < slice.Min && (counts[slice.Counter] & Unsure) == 0)
                TooFew(at, slice, schema, count);
            if (count > slice.Max)
                TooMany(at, slice, schema, count);
            if (count > 0 && slice.Slicing is { } again)
                CountSlices(at, again, schema, counts);
        }
    }

    private static StructSchema? StructureOf(Element at)
    {
        if (at.ResourceEntry is { } resource)
            return resource.Structure;
        return at.Node.Property is { } property ? property.Structure : null;
    }
}
