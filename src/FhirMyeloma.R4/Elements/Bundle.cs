using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Validation;

namespace FhirMyeloma.R4.Elements;

/// <summary>One entry of a Bundle.</summary>
/// <param name="Index">Position in the Bundle.</param>
/// <param name="Element">The entry.</param>
/// <param name="FullUrl">Its fullUrl; null when there is none.</param>
/// <param name="Resource">Its resource; does not exist when there is none.</param>
/// <param name="RequestMethod">GET, POST, PUT, DELETE, …; null without a request.</param>
/// <param name="RequestUrl">The request's URL.</param>
public sealed record BundleEntry(int Index, Element Element, string? FullUrl, Element Resource, string? RequestMethod, string? RequestUrl)
{
    /// <summary>Id of the resource; null without.</summary>
    public string? Id => Resource["id"].Text;

    /// <summary>True for a request to delete.</summary>
    public bool IsDelete => RequestMethod == "DELETE";
}

/// <summary>What a reference leads to.</summary>
public enum Resolution
{
    /// <summary>There is no literal reference and no identifier.</summary>
    Empty,

    /// <summary>A resource of the Bundle, or a contained one.</summary>
    Resolved,

    /// <summary>It points outside the Bundle, or fits several of its resources.</summary>
    NotInBundle,

    /// <summary>A <c>urn:</c> or <c>#id</c> that could only be here, and is not.</summary>
    Dangling,
}

/// <summary>A followed reference.</summary>
/// <param name="Resolution">How far it led.</param>
/// <param name="Target">The resource when resolved.</param>
/// <param name="Entry">The Bundle entry that holds the target; null for a target outside every entry.</param>
public readonly record struct ResolvedReference(Resolution Resolution, Element Target = default, BundleEntry? Entry = null)
{
    /// <summary>The resources between which it does not decide; empty unless it fits several.</summary>
    public ImmutableArray<BundleEntry> Several { get; init; } = [];

    /// <summary>True when there is a target.</summary>
    public bool IsResolved => Resolution == Resolution.Resolved;
}

/// <summary>A Bundle seen as its entries, with its references. Build one per document and keep it while you ask.</summary>
public sealed class Bundle
{
    private readonly BundleReferences references;

    private Bundle(FhirDocument document)
    {
        Document = document;
        Entries = document.ResourceType == "Bundle" ? ReadEntries(document.Root) : [];
        // Looked up once: members may stand behind a hundred thousand entries, and some ask for each of these.
        Type = document.Root["type"].Text;
        Timestamp = FhirDate.Of(document.Root["timestamp"]);
        references = new(document, Entries);
    }

    /// <summary>The document it is a view of.</summary>
    public FhirDocument Document { get; }

    /// <summary>collection, transaction, batch, searchset, history, document, message, …; null when not stated.</summary>
    public string? Type { get; }

    /// <summary>When it was assembled; null when not stated.</summary>
    public FhirDate? Timestamp { get; }

    /// <summary>All entries, in their order.</summary>
    public ImmutableArray<BundleEntry> Entries { get; }

    /// <summary>
    /// The entries that say what holds now: those with a resource; of several versions of one identity the newest, none when
    /// the identity was deleted last. In the order of the Bundle.
    /// </summary>
    public ImmutableArray<BundleEntry> Current => field.IsDefault ? field = BundleVersions.Current(Entries, Type == "history") : field;

    /// <summary>The view of a Bundle; null when the document is another resource.</summary>
    public static Bundle? From(FhirDocument? document) => document?.ResourceType == "Bundle" ? new(document) : null;

    internal static Bundle Over(FhirDocument document) => new(document);

    /// <summary>
    /// Follows a reference: <c>#id</c>, <c>urn:uuid:</c>, relative (first beside the fullUrl of its own entry), absolute,
    /// <c>Type?identifier=s|v</c>, and <c>Reference.identifier</c> when the literal leads nowhere.
    /// </summary>
    /// <param name="reference">An element of type Reference.</param>
    /// <param name="from">An element of the resource that refers; by default the reference itself.</param>
    public ResolvedReference Resolve(Element reference, Element from = default) => references.Resolve(reference, from.Exists ? from : reference);

    /// <summary>
    /// Follows the URL in one element, without the identifier that a reference may state beside it: the literal of a Reference, or an element of a type of URL.
    /// </summary>
    public ResolvedReference Follow(Element link) => link.Text is { Length: > 0 } literal ? references.ResolveLiteral(literal, link) : new(Resolution.Empty);

    /// <summary>Follows a literal reference or URL; the element that does not exist when it leads out of the Bundle.</summary>
    internal Element Resolve(string literal, Element from) => references.ResolveLiteral(literal, from).Target;

    /// <summary>
    /// The faults of references: a <c>#id</c> or <c>urn:</c> without target, a fullUrl on two resources (both ends named),
    /// a resolved target of a type that the element does not allow; and as information what leaves the Bundle. Whom a
    /// resource is about is not judged here.
    /// </summary>
    public ImmutableArray<Issue> CheckReferences() => BundleRules.CheckReferences(Document);

    private static ImmutableArray<BundleEntry> ReadEntries(Element bundle)
    {
        var entries = ImmutableArray.CreateBuilder<BundleEntry>();
        foreach (var entry in bundle.Children("entry"))
        {
            var request = entry["request"];
            entries.Add(new(entries.Count, entry, entry["fullUrl"].Text, entry["resource"], request["method"].Text, request["url"].Text));
        }
        return entries.ToImmutable();
    }
}
