using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>
/// Where references lead: inside their container, inside the Bundle around them, or away. Works on the bytes; what is found
/// at once costs two look-ups and no string.
/// </summary>
internal sealed class References(ValidationScope scope)
{
    public static readonly int LiteralSlot = WrittenInvariants.Slot(SchemaCatalog.R4.Find("Reference")!.Structure, "reference");
    private static readonly int MetaSlot = WrittenInvariants.Slot(SchemaCatalog.R4.Find("Resource")!.Structure, "meta");
    private static readonly int BundleType = SchemaCatalog.R4.Find("Bundle")!.Id;

    private readonly FhirTape tape = scope.Document.Tape;
    private int container = -1;
    private Dictionary<string, int> containedIds = [];

    /// <summary>Checks every Reference of the document.</summary>
    public void Check()
    {
        foreach (var reference in scope.Document.ReferenceNodes)
            Check(reference);
    }

    private void Check(int reference)
    {
        var literal = tape.Utf8(tape.Child(reference, LiteralSlot));
        if (literal.Length == 0)
            return;
        if (literal[0] == '#')
        {
            CheckContained(reference, literal[1..]);
            return;
        }
        if (Enclosing(reference) is not { } bundle)
            return;
        if (literal.StartsWith("urn:"u8))
        {
            var named = bundle.ByFullUrl(literal);
            if (named.Exists)
                CheckTarget(reference, bundle.Resource(named.Entry));
            else
                Dangling(reference, "no entry of the Bundle has that fullUrl", scope.Options.ReferencesMustResolve ? IssueSeverity.Error : IssueSeverity.Warning);
            return;
        }

        var parts = LiteralReference.Split(literal);
        if (parts.Type is null || parts.IsConditional)
        {
            if (parts is { Type: null, IsConditional: false } && bundle.ByFullUrl(literal) is { Exists: true } other)
                CheckTarget(reference, bundle.Resource(other.Entry));
            else
                Leaves(reference);
            return;
        }
        var target = parts.TypeAt > 0 ? bundle.ByFullUrl(literal[..(parts.IdAt + parts.IdLength)]) : bundle.ByTypeAndId(parts.Type.Id, literal.Slice(parts.IdAt, parts.IdLength));
        if (!target.Exists && parts.TypeAt == 0 && ByUuid(bundle, literal.Slice(parts.IdAt, parts.IdLength)) is { Exists: true } same && tape.Nodes[bundle.Resource(same.Entry)].Link != parts.Type.Id)
            OtherType(reference, parts.Type.Name, bundle.Resource(same.Entry), bundle.Entry(same.Entry));
        else if (!target.Exists || bundle.Next(target).Exists)
            Leaves(reference);
        else if (tape.Nodes[bundle.Resource(target.Entry)].Link != parts.Type.Id)
            OtherType(reference, parts.Type.Name, bundle.Resource(target.Entry), bundle.Entry(target.Entry));
    }

    /// <summary>The entry that a literal names beyond doubt; -1 for none or several.</summary>
    public static int EntryOf(in FhirTape tape, BundleIndex bundle, ReadOnlySpan<byte> literal)
    {
        if (literal.Length == 0 || literal[0] == '#')
            return -1;
        var named = bundle.ByFullUrl(literal);
        var version = "";
        if (!named.Exists && !literal.StartsWith("urn:"u8) && LiteralReference.Split(literal) is { Type: { } type, IdAt: > 0 } parts)
        {
            named = parts.TypeAt > 0 ? bundle.ByFullUrl(literal[..(parts.IdAt + parts.IdLength)]) : bundle.ByTypeAndId(type.Id, literal.Slice(parts.IdAt, parts.IdLength));
            version = parts.VersionAt > 0 ? Encoding.UTF8.GetString(literal[parts.VersionAt..]) : "";
        }
        if (!named.Exists || !bundle.Next(named).Exists)
            return named.Entry;
        // Several versions of one: the stated one, looked for among a hundred at most.
        for (var (match, looked) = (named, 0); match.Exists && version.Length > 0 && looked < 100; (match, looked) = (bundle.Next(match), looked + 1))
        {
            if (tape.Child(bundle.Resource(match.Entry), MetaSlot) is >= 0 and var meta && tape.TextOfChild(meta, "versionId") == version)
                return match.Entry;
        }
        return -1;
    }

    /// <summary>The entry whose fullUrl is this id as a urn:uuid: the id is unique enough to say that it is meant.</summary>
    private static BundleIndex.Match ByUuid(BundleIndex bundle, ReadOnlySpan<byte> id)
    {
        if (id.Length != 36)
            return bundle.ByFullUrl([]);
        Span<byte> urn = stackalloc byte[45];
        "urn:uuid:"u8.CopyTo(urn);
        id.CopyTo(urn[9..]);
        return bundle.ByFullUrl(urn);
    }

    /// <summary>The index of the nearest Bundle around; null outside of one.</summary>
    private BundleIndex? Enclosing(int index)
    {
        for (var at = tape.Nodes[index].Parent; at >= 0; at = tape.Nodes[at].Parent)
        {
            if (!tape.Nodes[at].Is(NodeFlags.Resource) || tape.Nodes[at].Link != BundleType)
                continue;
            return scope.IndexOf(at);
        }
        return null;
    }

    private void CheckContained(int reference, ReadOnlySpan<byte> id)
    {
        var holder = tape.ContainerOf(reference);
        if (id.Length == 0)
        {
            CheckTarget(reference, holder);
            return;
        }
        if (holder != container)
        {
            container = holder;
            containedIds = [];
            for (var at = holder + 1; at < tape.Nodes[holder].End; at = tape.Nodes[at].End)
            {
                if (tape.Nodes[at].Is(NodeFlags.Resource) && tape.TextOfChild(at, "id") is { } own)
                    containedIds.TryAdd(own, at);
            }
        }
        if (containedIds.TryGetValue(Encoding.UTF8.GetString(id), out var target))
            CheckTarget(reference, target);
        else
            Dangling(reference, $"{tape.TypeName(holder)} contains no resource with that id", IssueSeverity.Error);
    }

    /// <summary>The type of a target that the literal itself does not tell; what it tells was checked while reading.</summary>
    private void CheckTarget(int reference, int target)
    {
        if (tape.Nodes[reference].Property is not { Targets: { } targets } property || tape.TypeName(target) is not { Length: > 0 } type || Array.IndexOf(targets, type) >= 0)
            return;
        if (scope.Issues.Wants(IssueSeverity.Error))
            scope.Issues.Add(IssueSeverity.Error, IssueCodes.ReferenceTypeNotAllowed, IssueType.Structure, At(reference), DocumentBuilder.ReferenceTypeText(property, type));
    }

    private void OtherType(int reference, string said, int target, int entry)
    {
        if (!scope.Issues.Wants(IssueSeverity.Error))
            return;
        var issue = Issue.Error(IssueCodes.ReferenceTypeNotAllowed, IssueType.Structure,
            $"'{tape.Name(reference)}' refers to {Suggestion.WithArticle(said)}, but the entry with that fullUrl holds {Suggestion.WithArticle(tape.TypeName(target))}.", At(reference).Path, At(entry).Path);
        scope.Issues.Add(issue, IssueList.OffsetOf(At(reference)));
    }

    private void Dangling(int reference, string why, IssueSeverity severity)
    {
        if (!scope.Issues.Wants(severity))
            return;
        var literal = Suggestion.Shown(At(reference)["reference"].Text ?? "");
        scope.Issues.Add(severity, IssueCodes.ReferenceDangling, IssueType.NotFound, At(reference), $"'{tape.Name(reference)}' refers to '{literal}', but {why}.");
    }

    /// <summary>Not found by its literal alone: perhaps by identifier or version, else as information.</summary>
    private void Leaves(int reference)
    {
        var element = At(reference);
        var resolved = IsOfRoot(reference) ? scope.Bundle.Resolve(element) : new(Resolution.NotInBundle);
        if (resolved.IsResolved || !scope.Issues.Wants(IssueSeverity.Information))
            return;
        var type = LiteralReference.Parse(element["reference"].Text ?? "").TypeName ?? element["type"].Text;
        var target = type is null ? "something" : Suggestion.WithArticle(Suggestion.Shown(type));
        scope.Issues.Add(IssueSeverity.Information, IssueCodes.ReferenceLeavesBundle, IssueType.Informational, element,
            $"{element.Resource.TypeName}.{tape.Nodes[reference].Property?.Element.Name} refers to {target} that is {(resolved.Several.Length > 1 ? "several times" : "not")} in the Bundle.");
    }

    /// <summary>A Bundle inside a Bundle resolves its references itself.</summary>
    private bool IsOfRoot(int reference)
    {
        for (var at = tape.Nodes[reference].Parent; at > 0; at = tape.Nodes[at].Parent)
        {
            if (tape.Nodes[at].Is(NodeFlags.Resource) && tape.Nodes[at].Link == BundleType)
                return false;
        }
        return true;
    }

    private Element At(int index) => new(scope.Document, index);
}
