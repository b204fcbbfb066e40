using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Json;

/// <summary>The checks that the walk makes, and the words for what they find.</summary>
internal ref partial struct DocumentBuilder
{
    private readonly record struct PendingIssue(Issue Issue, int Offset);

    private void Report(string code, IssueType type, string text, int offset, params ReadOnlySpan<string> expressions)
    {
        if (issues.Count >= limits.MaxIssues)
            issuesLeftOut++;
        else
            issues.Add(new(new Issue(IssueSeverity.Error, code, type, text, [.. expressions]), offset));
    }

    /// <summary>False when a further issue would only be counted: its words are not worth making.</summary>
    private bool CountsOnly()
    {
        if (issues.Count < limits.MaxIssues)
            return false;
        issuesLeftOut++;
        return true;
    }

    private readonly ImmutableArray<Issue> Issues()
    {
        if (issues.Count == 0)
            return [];
        var places = new PlaceFinder(source.Span, xml?.Places);
        var result = ImmutableArray.CreateBuilder<Issue>(issues.Count + 1);
        foreach (var (issue, offset) in xml is null ? issues.OrderBy(pending => pending.Offset) : xml.InOrder(issues, pending => (pending.Issue, pending.Offset)))
            result.Add(issue.Place is null ? issue with { Place = places.Find(offset) } : issue);
        if (issuesLeftOut > 0)
            result.Add(IssueLimits.LeftOut(IssueSeverity.Error, issuesLeftOut));
        return result.ToImmutable();
    }

    /// <summary>Where the value begins, with its quote.</summary>
    private readonly int At(int index) => nodes[index].Kind == NodeKind.String ? nodes[index].Start - 1 : nodes[index].Start;

    private readonly string PathOf(int index) => ElementPath.Of(new FhirTape(source, nodes, count), index);

    private readonly string PathOf(PropertySchema property, int parent) => $"{PathOf(parent)}.{property.Element.Name}";

    private readonly UnreadableException Duplicate(string name, int parent) =>
        new($"The member '{Shown(name)}' occurs twice in one object; keep one of the two")
        {
            Code = IssueCodes.DuplicateKey,
            Offset = (int)reader.TokenStartIndex,
            Expression = parent < 0 ? null : PathOf(parent),
        };

    /// <summary>A second member for one element: the same name is unreadable, another type of a choice is a fault.</summary>
    private void Repeated(PropertySchema property, int parent, bool companion)
    {
        PropertySchema? other = null;
        for (var at = parent + 1; at < count; at = nodes[at].End)
        {
            if (nodes[at].Property is { } sibling && ReferenceEquals(sibling.Element, property.Element) && nodes[at].Is(NodeFlags.Companion) == companion)
            {
                if (ReferenceEquals(sibling, property))
                    throw Duplicate((companion ? "_" : "") + property.Name, parent);
                other = sibling;
            }
        }
        if (!property.Element.IsChoice)
            throw Duplicate((companion ? "_" : "") + property.Name, parent);
        if (other is not null && !companion)
        {
            Report(IssueCodes.ChoiceRepeated, IssueType.Structure,
                $"'{other.Name}' and '{property.Name}' are both there; {property.Element.DefinedName} takes one type only: remove one of them.",
                (int)reader.TokenStartIndex, PathOf(property, parent));
        }
    }

    /// <summary>The type that the object at hand names; the resource is read after it, wherever in the object the name stands.</summary>
    private TypeEntry? ResourceType(int index)
    {
        var ahead = reader;
        var found = false;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            found = ahead.ValueTextEquals("resourceType"u8);
            ahead.Read();
            if (found)
                break;
            SkipAhead(ref ahead);
        }
        var start = (int)reader.TokenStartIndex;
        if (!found || ahead.TokenType != JsonTokenType.String)
        {
            var text = found ? "'resourceType' is not a string" : "The object has no 'resourceType'";
            if (index == 0)
            {
                SkipValue();
                reader.Read();
                throw new UnreadableException(text + ", so it is no FHIR resource") { Code = IssueCodes.ResourceTypeMissing, Offset = start };
            }
            Report(IssueCodes.ResourceTypeMissing, IssueType.Structure, text + "; add the name of a resource type of R4.", start, PathOf(index));
            return null;
        }
        var type = catalog.Find(ahead.GetString()!);
        if (type is { IsResource: true, IsAbstract: false })
            return type;
        if (CountsOnly())
            return null;
        var named = Shown(ahead.GetString()!);
        var hint = type is { IsAbstract: true, IsResource: true } ? "it is abstract." : "R4 has no such resource" + DidYouMean(named, catalog.ById.Where(entry => entry is { IsResource: true, IsAbstract: false }).Select(entry => entry.Name));
        Report(IssueCodes.ResourceTypeUnknown, IssueType.Structure, $"'{named}' cannot be used as resourceType: {hint}", (int)ahead.TokenStartIndex, PathOf(index));
        return null;
    }

    private static void SkipAhead(ref Utf8JsonReader ahead)
    {
        if (ahead.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        var depth = ahead.CurrentDepth;
        EnterLevel(in ahead);
        while (ahead.Read() && ahead.CurrentDepth > depth)
        {
            if (ahead.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                EnterLevel(in ahead);
        }
    }

    private void ReadUnknown(StructSchema schema, ReadOnlySpan<byte> utf8Name, int parent, HashSet<string> seen)
    {
        var name = Encoding.UTF8.GetString(utf8Name);
        if (!seen.Add(name))
            throw Duplicate(name, parent);
        var nameOffset = (int)reader.TokenStartIndex + 1;
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var index = Add(null, parent, 0, NodeKind.Raw, NodeFlags.Unknown, start, 0);
        nodes[index].Link = nameOffset;
        SkipValue();
        nodes[index].Length = Offset - start;
        if (CountsOnly())
            return;

        var container = PathOf(parent);
        var shown = Shown(name);
        var place = $"{container}.{shown}";
        var bare = name.StartsWith('_') ? name[1..] : name;
        if (ChoiceOf(schema, bare) is { } choice)
        {
            var allowed = string.Join(", ", choice.Properties.Take(12).Select(property => property.Name));
            Report(IssueCodes.ChoiceTypeNotAllowed, IssueType.Structure,
                $"'{shown}' is no type of {schema.Path}.{choice.DefinedName}; allowed are {allowed}{(choice.Properties.Length > 12 ? " and others" : "")}.", nameOffset - 1, place, container);
        }
        else if (bare.Length < name.Length && schema.Elements.SelectMany(element => element.Properties).Any(property => property.Name == bare))
        {
            Report(IssueCodes.UnderscoreMisplaced, IssueType.Structure,
                $"'{shown}' belongs beside a primitive only; '{bare}' is none: put the id or extension into it.", nameOffset - 1, place, container);
        }
        else
        {
            var known = schema.Elements.SelectMany(element => element.Properties).Select(property => property.Name);
            Report(IssueCodes.UnknownElement, IssueType.Structure, $"unknown element '{shown}' in {schema.Path}{DidYouMean(bare, known)}", nameOffset - 1, place, container);
        }
    }

    /// <summary>The choice element that the name would be if only its type were allowed.</summary>
    private static ElementSchema? ChoiceOf(StructSchema schema, string name) =>
        schema.Elements.FirstOrDefault(element => element.IsChoice && IsTypeOf(name, element));

    private static bool IsTypeOf(string name, ElementSchema element)
    {
        if (!name.StartsWith(element.Name, StringComparison.Ordinal) || name.Length == element.Name.Length)
            return false;
        var type = name[element.Name.Length..];
        return SchemaCatalog.R4.Find(type) is { IsResource: false } || SchemaCatalog.R4.Find(char.ToLowerInvariant(type[0]) + type[1..]) is { Primitive: not PrimitiveKind.None };
    }

    private void ReadMisfit(PropertySchema property, int parent, int ordinal, NodeFlags flags)
    {
        var token = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        var index = Add(property, parent, ordinal, NodeKind.Raw, flags | NodeFlags.Unknown, start, 0);
        SkipValue();
        nodes[index].Length = Offset - start;
        if (token == JsonTokenType.Null)
            NullNotAllowed(property, index);
        else
            WrongType(property, index, token switch
            {
                JsonTokenType.StartObject => "an object",
                JsonTokenType.StartArray => "an array inside an array",
                JsonTokenType.String => "a string",
                JsonTokenType.Number => "a number",
                _ => "a boolean",
            });
    }

    private void WrongType(PropertySchema property, int index, string found)
    {
        if (CountsOnly())
            return;
        var expected = property.Kind != PropertyKind.Primitive ? "an object" : property.Primitive switch
        {
            PrimitiveKind.Boolean => "a JSON boolean (true or false, without quotes)",
            PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt => "a JSON number (without quotes)",
            _ => "a JSON string",
        };
        Report(IssueCodes.WrongJsonType, IssueType.Structure, $"'{property.Name}' is {found}; the type {property.TypeName} is written as {expected}.", At(index), PathOf(index));
    }

    private void ArrayExpected(PropertySchema property, int parent) =>
        Report(IssueCodes.ArrayExpected, IssueType.Structure, $"'{property.Name}' repeats in R4: write it as an array, also for one item.", (int)reader.TokenStartIndex, PathOf(property, parent));

    private void ArrayNotExpected(PropertySchema property, int parent) =>
        Report(IssueCodes.ArrayNotExpected, IssueType.Structure, $"'{property.Name}' does not repeat in R4: {(xml is null ? "write the one value without an array" : "keep one of the elements")}.", (int)reader.TokenStartIndex, PathOf(property, parent));

    /// <summary>Keeps a hidden node, so that the same member once more is still seen as a duplicate.</summary>
    private void EmptyArray(PropertySchema property, int parent, int start, bool companion = false)
    {
        Add(property, parent, 0, NodeKind.Raw, NodeFlags.Hidden | (companion ? NodeFlags.Companion : NodeFlags.None), start, 0);
        Report(IssueCodes.EmptyArray, IssueType.Structure, $"'{property.Name}' is an empty array: leave the member out.", start, PathOf(property, parent));
    }

    private void EmptyObject(int index) =>
        Report(IssueCodes.EmptyObject, IssueType.Structure, $"The {(xml is null ? "object" : "element")} is empty: leave it out, or say something in it.", At(index), PathOf(index));

    private void NotAllowed(PropertySchema property, int parent) =>
        Report(IssueCodes.ElementNotAllowed, IssueType.Structure, $"'{property.Name}' is not allowed in this use of {nodes[parent].Property?.TypeName}: remove it.", (int)reader.TokenStartIndex, PathOf(property, parent));

    private void NullNotAllowed(PropertySchema property, int index)
    {
        if (!CountsOnly())
            Report(IssueCodes.NullNotAllowed, IssueType.Structure, $"'{property.Name}' is null; null only pads an array of primitives whose '_{property.Name}' says more: leave it out.", At(index), PathOf(index));
    }

    private void WrongCompanion(PropertySchema property, int parent) =>
        Report(IssueCodes.WrongJsonType, IssueType.Structure, $"'_{property.Name}' must be an object with id or extension.", (int)reader.TokenStartIndex, PathOf(property, parent));

    private void ContainedInContained(PropertySchema property, int parent) =>
        Report(IssueCodes.ContainedInContained, IssueType.Structure, "A contained resource must not contain resources: move them to the outermost resource.", (int)reader.TokenStartIndex, PathOf(property, parent));

    private void Missing(StructSchema schema, ulong missing, int index)
    {
        for (; missing != 0; missing &= missing - 1)
        {
            if (CountsOnly())
                continue;
            var element = schema.Elements[BitOperations.TrailingZeroCount(missing)];
            Report(IssueCodes.ElementMissing, IssueType.Required, $"{schema.Path}.{element.DefinedName} is missing; R4 requires it.", At(index), PathOf(index));
        }
    }

    private void CheckString(PropertySchema property, int index, ReadOnlySpan<byte> value)
    {
        if (value.Length == 0)
        {
            Report(IssueCodes.EmptyString, IssueType.Structure, $"'{property.Name}' is an empty string: leave the {(xml is null ? "member" : "element")} out.", At(index), PathOf(index));
        }
        else if (property.Primitive == PrimitiveKind.Xhtml)
        {
            if (!Primitives.IsXhtmlDiv(value))
                Report(IssueCodes.NarrativeNotXhtml, IssueType.Structure, "The narrative must be one div with xmlns=\"http://www.w3.org/1999/xhtml\".", At(index), PathOf(index));
        }
        else if (!Primitives.IsValid(property.Primitive, value))
        {
            WrongFormat(property, index);
        }
        else if (property.CodeBinding is { } valueSet)
        {
            if (valueSet.Codes.Find(value) is null)
                UnknownCode(property.Element, valueSet, index, Encoding.UTF8.GetString(value), valueSet.AllCodes);
        }
        else if (value.Length > Primitives.LongestString && property.Primitive is PrimitiveKind.String or PrimitiveKind.Markdown
            && Encoding.UTF8.GetCharCount(value) > Primitives.LongestString)
        {
            Report(IssueCodes.StringTooLong, IssueType.TooLong, $"'{property.Name}' is longer than the {Primitives.LongestString} characters that R4 allows.", At(index), PathOf(index));
        }
    }

    private void WrongFormat(PropertySchema property, int index)
    {
        if (!CountsOnly())
            Report(IssueCodes.PrimitiveFormat, IssueType.Value, $"The value of '{property.Name}' is no {property.TypeName}; expected is {Primitives.Expectation(property.Primitive)}.", At(index), PathOf(index));
    }

    // The code itself is not repeated: whoever puts a name where a code belongs would find it in logs and screens.
    private void UnknownCode(ElementSchema element, ValueSet valueSet, int index, string code, IEnumerable<string> known)
    {
        if (CountsOnly())
            return;
        Report(IssueCodes.CodeNotInValueSet, IssueType.CodeInvalid,
            $"The code of '{element.Name}' is not in the required value set {valueSet.Url}{DidYouMean(code, known)}", At(index), PathOf(index));
    }

    /// <summary>A required binding on a concept: one of its codings must be of the value set (terminologies page of R4).</summary>
    private void CheckConcept(PropertySchema property, ValueSet valueSet, int index)
    {
        var tape = new FhirTape(source, nodes, count);
        var first = "";
        var hasExtension = false;
        for (var at = index + 1; at < count; at = nodes[at].End)
        {
            hasExtension |= nodes[at].Property?.Name == "extension";
            var isCoding = property.TypeName == "Coding" ? at == index + 1 : nodes[at].Property?.Name == "coding";
            if (!isCoding)
                continue;
            var coding = property.TypeName == "Coding" ? index : at;
            var code = tape.TextOfChild(coding, "code") ?? "";
            if (valueSet.Contains(tape.TextOfChild(coding, "system") ?? "", code))
                return;
            first = first.Length == 0 ? code : first;
        }
        if (first.Length == 0 && hasExtension)
            return;
        if (CountsOnly())
            return;
        var systems = string.Join(", ", valueSet.Systems);
        Report(IssueCodes.CodeNotInValueSet, IssueType.CodeInvalid, first.Length == 0 || valueSet.AllCodes.Contains(first, StringComparer.Ordinal)
            ? $"'{property.Name}' has no coding with the system of the required value set {valueSet.Url}: {systems}."
            : $"No coding of '{property.Name}' is in the required value set {valueSet.Url} (system {systems}){DidYouMean(first, valueSet.AllCodes)}",
            At(index), PathOf(index));
    }

    private void Reference(PropertySchema property, int index)
    {
        references.Add(index);
        if (!limits.Check || property.Targets is not { } targets)
            return;
        TypeEntry? implied = null, named = null;
        for (var at = index + 1; at < count; at = nodes[at].End)
        {
            if (nodes[at].Kind != NodeKind.String || nodes[at].Is(NodeFlags.Hidden))
                continue;
            if (nodes[at].Property?.Name == "reference")
                implied = LiteralReference.ImpliedType(source.Span.Slice(nodes[at].Start, nodes[at].Length));
            else if (nodes[at].Property?.Name == "type")
                named = catalog.Find(source.Span.Slice(nodes[at].Start, nodes[at].Length));
        }
        var type = implied ?? (named is { IsResource: true, IsAbstract: false } ? named : null);
        if (type is null || Array.IndexOf(targets, type.Name) >= 0 || CountsOnly())
            return;
        Report(IssueCodes.ReferenceTypeNotAllowed, IssueType.Structure, ReferenceTypeText(property, type.Name), At(index), PathOf(index));
    }

    internal static string ReferenceTypeText(PropertySchema property, string type) =>
        $"'{property.Name}' must not refer to {type}; allowed are {string.Join(", ", property.Targets ?? [])}.";

    private static string DidYouMean(string name, IEnumerable<string> known) =>
        Suggestion.Closest(name, known) is { } close ? $"; did you mean '{close}'?" : ".";

    private static string Shown(string name) => Suggestion.Shown(name);
}
