using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>What every rule of one validation shares. Belongs to one document and one thread.</summary>
internal sealed class ValidationScope(FhirDocument document, DefinitionSet definitions, ValidationOptions options)
{
    public FhirDocument Document { get; } = document;

    /// <summary>What is known beyond the base types.</summary>
    public DefinitionSet Definitions { get; } = definitions;

    public ValidationOptions Options { get; } = options;

    /// <summary>Where rules report.</summary>
    public IssueList Issues { get; } = new(document, options);

    /// <summary>The checks against profiles.</summary>
    public ProfileChecks Profiles => field ??= new(this);

    /// <summary>The checks of bindings.</summary>
    public Bindings Bindings => field ??= new(this);

    /// <summary>The checks of extensions.</summary>
    public Extensions Extensions => field ??= new(this);

    /// <summary>The ids of contained resources so far, each with the node that it stands under.</summary>
    public HashSet<(int Container, string Id)> ContainedIds => field ??= [];

    /// <summary>The entries of a Bundle of the document.</summary>
    /// <param name="bundle">The node of the Bundle.</param>
    public BundleIndex IndexOf(int bundle)
    {
        if (!indexes.TryGetValue(bundle, out var index))
            indexes.Add(bundle, index = new(Document.Tape, bundle));
        return index;
    }

    /// <summary>What FHIRPath may ask about at an element.</summary>
    public FhirPathContext FhirPath(Element focus)
    {
        var resource = focus.Resource;
        return Expressions with { Resource = resource, RootResource = new(Document, Document.Tape.ContainerOf(resource.Index)) };
    }

    private readonly Dictionary<int, BundleIndex> indexes = [];
    /// <summary>True when the rules that need FHIRPath have cost all that a document of this size may cost; they are skipped from then on.</summary>
    public bool IsSpent => budget.IsSpent;

    // A resource of a hospital needs a few hundred steps at most; a large definition some millions.
    private readonly FhirPathBudget budget = new(10_000_000 + 2L * document.Source.Length);

    // One index of the Bundle serves every expression that follows references.
    private FhirPathContext Expressions => field ??= new()
    {
        Lenient = true,
        Budget = budget,
        Resolve = (literal, from) => Bundle.Resolve(literal, from),
        MemberOf = (valueSet, system, code) => Definitions.ValueSets.Contains(valueSet, system, code) switch
        {
            Membership.In => true,
            Membership.Out => false,
            Membership.CannotSay => null,
        },
    };

    /// <summary>The document as a Bundle (of a single resource: without entries), for following references.</summary>
    public Bundle Bundle => field ??= Bundle.Over(Document);

    /// <summary>The resource that a reference leads to inside the document, else the element that does not exist.</summary>
    public Element Resolve(Element reference) => Bundle.Resolve(reference).Target;
}
