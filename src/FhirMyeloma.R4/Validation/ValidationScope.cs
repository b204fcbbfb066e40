using FhirMyeloma.R4.Elements;
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

    /// <summary>Its entries when it is a Bundle.</summary>
    public BundleIndex Index => field ??= new(Document.Tape, Document.ResourceType == "Bundle" ? 0 : -1);

    /// <summary>The document as a Bundle (of a single resource: without entries), for following references.</summary>
    public Bundle Bundle => field ??= Bundle.Over(Document);

    /// <summary>The resource that a reference leads to inside the document, else the element that does not exist.</summary>
    public Element Resolve(Element reference) => Bundle.Resolve(reference).Target;
}
