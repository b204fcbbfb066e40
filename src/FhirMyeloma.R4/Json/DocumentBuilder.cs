using System.Buffers;
using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Xml;

namespace FhirMyeloma.R4.Json;

/// <summary>
/// The one pass: walks the tokens beside the compiled structure of the type at hand and writes the tape. What does not fit
/// is reported (see the other part) and stepped over.
/// </summary>
internal ref partial struct DocumentBuilder
{
    private readonly ReadOnlyMemory<byte> source;
    private readonly SchemaCatalog catalog;
    private readonly ReadLimits limits;
    private readonly XmlOrigin? xml;
    private readonly List<PendingIssue> issues;
    private readonly List<int> references;
    private Utf8JsonReader reader;
    private Node[] nodes;
    private int count;
    private int issuesLeftOut;
    private byte[]? scratch;

    /// <param name="source">UTF-8.</param>
    /// <param name="limits">How far to go.</param>
    /// <param name="xml">What the JSON was made from; null when it was sent as JSON.</param>
    public DocumentBuilder(ReadOnlyMemory<byte> source, ReadLimits limits, XmlOrigin? xml = null)
    {
        this.source = source;
        this.limits = limits;
        this.xml = xml;
        catalog = SchemaCatalog.R4;
        issues = xml is null ? [] : [.. xml.Issues.Select(issue => new PendingIssue(issue, 0))];
        issuesLeftOut = xml?.IssuesLeftOut ?? 0;
        references = [];
        // Deeper than the limit, so that the limit is ours to report.
        reader = new(source.Span, new JsonReaderOptions { MaxDepth = ReadLimits.MaxDepth + 8 });
        nodes = ArrayPool<Node>.Shared.Rent(Math.Max(64, source.Length / 20));
    }

    private readonly int Offset => (int)reader.BytesConsumed;

    public void Dispose()
    {
        ArrayPool<Node>.Shared.Return(nodes, clearArray: true);
        if (scratch is not null)
            ArrayPool<byte>.Shared.Return(scratch);
    }

    public ReadResult ReadDocument()
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            SkipValue();
            reader.Read();
            throw new UnreadableException("The JSON is not an object; a FHIR resource is an object with a resourceType") { Code = IssueCodes.ResourceTypeMissing };
        }
        ReadResource(null, -1, 0, NodeFlags.None, insideContained: false);
        reader.Read();
        var document = new FhirDocument(source, nodes.AsSpan(0, count).ToArray(), [.. references]) { Places = xml?.Places };
        return new(document, Issues()) { LeftOut = issuesLeftOut };
    }

    private int Add(PropertySchema? property, int parent, int ordinal, NodeKind kind, NodeFlags flags, int start, int length)
    {
        if (count == nodes.Length)
            Grow();
        ref var node = ref nodes[count];
        node.Property = property;
        node.Start = start;
        node.Length = length;
        node.End = count + 1;
        node.Parent = parent;
        node.Ordinal = ordinal;
        node.Link = 0;
        node.Kind = kind;
        node.Flags = flags;
        return count++;
    }

    private void Grow()
    {
        var larger = ArrayPool<Node>.Shared.Rent(nodes.Length * 2);
        nodes.AsSpan(0, count).CopyTo(larger);
        ArrayPool<Node>.Shared.Return(nodes, clearArray: true);
        nodes = larger;
    }

    private readonly void EnterLevel() => EnterLevel(in reader);

    private static void EnterLevel(in Utf8JsonReader at)
    {
        if (at.CurrentDepth >= ReadLimits.MaxDepth)
        {
            throw new UnreadableException($"The JSON nests deeper than {ReadLimits.MaxDepth} levels")
            {
                Code = IssueCodes.TooDeep,
                Offset = (int)at.TokenStartIndex,
            };
        }
    }

    private void ReadResource(PropertySchema? property, int parent, int ordinal, NodeFlags flags, bool insideContained)
    {
        EnterLevel();
        var start = (int)reader.TokenStartIndex;
        var index = Add(property, parent, ordinal, NodeKind.Object, flags, start, 0);
        var type = ResourceType(index);
        if (type is null)
        {
            SkipValue();
            ref var raw = ref nodes[index];
            raw.Kind = NodeKind.Raw;
            raw.Length = Offset - start;
            return;
        }
        nodes[index].Flags |= NodeFlags.Resource;
        nodes[index].Link = type.Id;
        ReadMembers(type.Structure, index, isResource: true, insideContained);
    }

    private void ReadObject(StructSchema schema, int index, bool insideContained)
    {
        EnterLevel();
        ReadMembers(schema, index, isResource: false, insideContained);
    }

    private void ReadMembers(StructSchema schema, int index, bool isResource, bool insideContained)
    {
        ulong seen = 0, seenCompanions = 0;
        var merge = false;
        var typeSeen = false;
        var empty = true;
        HashSet<string>? unknown = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            var name = reader.ValueIsEscaped ? Unescape() : reader.ValueSpan;
            if (schema.Properties.Find(name) is { } property)
            {
                var bit = 1UL << property.Element.Slot;
                if ((seen & bit) != 0)
                    Repeated(property, index, companion: false);
                seen |= bit;
                reader.Read();
                ReadProperty(property, index, ref merge, insideContained);
            }
            else if (isResource && name.SequenceEqual("resourceType"u8))
            {
                if (typeSeen)
                    throw Duplicate("resourceType", index);
                typeSeen = true;
                reader.Read();
            }
            else if (name.Length > 1 && name[0] == '_' && schema.Properties.Find(name[1..]) is { Kind: PropertyKind.Primitive } owner)
            {
                var bit = 1UL << owner.Element.Slot;
                if ((seenCompanions & bit) != 0)
                    Repeated(owner, index, companion: true);
                seenCompanions |= bit;
                merge = true;
                reader.Read();
                ReadCompanion(owner, index);
            }
            else
            {
                ReadUnknown(schema, name, index, unknown ??= new(StringComparer.Ordinal));
            }
        }

        nodes[index].End = count;
        nodes[index].Length = Offset - nodes[index].Start;
        if (merge)
            MergeCompanions(index);
        if (!limits.Check)
            return;
        if (empty)
            EmptyObject(index);
        else if ((schema.Required & ~(seen | seenCompanions)) is not 0 and var missing)
            Missing(schema, missing, index);
    }

    private void ReadProperty(PropertySchema property, int parent, ref bool merge, bool insideContained)
    {
        if (property.Element.Prohibited)
            NotAllowed(property, parent);
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            EnterLevel();
            if (!property.Repeats)
                ArrayNotExpected(property, parent);
            var start = (int)reader.TokenStartIndex;
            var ordinal = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                ReadItem(property, parent, ordinal++, NodeFlags.InArray, ref merge, insideContained);
            if (ordinal == 0)
                EmptyArray(property, parent, start);
            return;
        }
        if (property.Repeats && reader.TokenType != JsonTokenType.Null)
            ArrayExpected(property, parent);
        ReadItem(property, parent, 0, NodeFlags.None, ref merge, insideContained);
    }

    private void ReadItem(PropertySchema property, int parent, int ordinal, NodeFlags flags, ref bool merge, bool insideContained)
    {
        var token = reader.TokenType;
        if (property.Kind == PropertyKind.Primitive)
        {
            if (token == JsonTokenType.String)
                ReadString(property, parent, ordinal, flags);
            else if (token is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False)
                ReadNumberOrBoolean(property, parent, ordinal, flags);
            else if (token == JsonTokenType.Null)
                ReadNull(property, parent, ordinal, flags, ref merge);
            else
                ReadMisfit(property, parent, ordinal, flags);
        }
        else if (token != JsonTokenType.StartObject)
        {
            ReadMisfit(property, parent, ordinal, flags);
        }
        else if (property.Kind == PropertyKind.Resource)
        {
            var contained = property.Name == "contained";
            if (contained && insideContained && ordinal == 0)
                ContainedInContained(property, parent);
            ReadResource(property, parent, ordinal, flags, insideContained || contained);
        }
        else
        {
            var index = Add(property, parent, ordinal, NodeKind.Object, flags, (int)reader.TokenStartIndex, 0);
            ReadObject(property.Structure, index, insideContained);
            if (property.IsReference)
                Reference(property, index);
            else if (property.ConceptBinding is { } valueSet && limits.Check)
                CheckConcept(property, valueSet, index);
        }
    }

    private void ReadString(PropertySchema property, int parent, int ordinal, NodeFlags flags)
    {
        var value = reader.ValueSpan;
        var escaped = reader.ValueIsEscaped;
        var index = Add(property, parent, ordinal, NodeKind.String, escaped ? flags | NodeFlags.Escaped : flags, (int)reader.TokenStartIndex + 1, value.Length);
        // From XML only what is no number or boolean comes as a string here: its format is wrong, not its JSON.
        var misfits = property.Primitive is PrimitiveKind.Boolean or PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt;
        if (misfits && xml is null)
            WrongType(property, index, "a string");
        else if (misfits || limits.Check)
            CheckString(property, index, escaped ? Unescape() : value);
    }

    private void ReadNumberOrBoolean(PropertySchema property, int parent, int ordinal, NodeFlags flags)
    {
        var token = reader.TokenType;
        var kind = token switch { JsonTokenType.Number => NodeKind.Number, JsonTokenType.True => NodeKind.True, _ => NodeKind.False };
        var value = reader.ValueSpan;
        var index = Add(property, parent, ordinal, kind, flags, (int)reader.TokenStartIndex, value.Length);
        var expected = property.Primitive switch
        {
            PrimitiveKind.Boolean => kind != NodeKind.Number,
            PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt => kind == NodeKind.Number,
            _ => false,
        };
        if (!expected)
            WrongType(property, index, kind == NodeKind.Number ? "a number" : "a boolean");
        else if (kind == NodeKind.Number && property.Primitive != PrimitiveKind.Decimal && limits.Check && !Primitives.IsValid(property.Primitive, value))
            WrongFormat(property, index);
    }

    /// <summary>Null pads an array of primitives whose companion array says more; anywhere else it is a fault.</summary>
    private void ReadNull(PropertySchema property, int parent, int ordinal, NodeFlags flags, ref bool merge)
    {
        var padding = (flags & NodeFlags.InArray) != NodeFlags.None;
        var index = Add(property, parent, ordinal, NodeKind.NoValue, padding ? flags : flags | NodeFlags.Hidden, (int)reader.TokenStartIndex, 4);
        if (padding)
            merge = true;
        else
            NullNotAllowed(property, index);
    }

    private void ReadCompanion(PropertySchema property, int parent)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            EnterLevel();
            if (!property.Repeats)
                ArrayNotExpected(property, parent);
            var start = (int)reader.TokenStartIndex;
            var ordinal = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                ReadCompanionItem(property, parent, ordinal++, NodeFlags.InArray);
            if (ordinal == 0)
                EmptyArray(property, parent, start, companion: true);
            return;
        }
        if (property.Repeats)
            ArrayExpected(property, parent);
        ReadCompanionItem(property, parent, 0, NodeFlags.None);
    }

    private void ReadCompanionItem(PropertySchema property, int parent, int ordinal, NodeFlags flags)
    {
        var start = (int)reader.TokenStartIndex;
        flags |= NodeFlags.Companion | NodeFlags.Hidden;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadObject(property.Structure, Add(property, parent, ordinal, NodeKind.Object, flags, start, 0), insideContained: false);
            return;
        }
        if (reader.TokenType == JsonTokenType.Null && (flags & NodeFlags.InArray) != NodeFlags.None)
            return;
        WrongCompanion(property, parent);
        SkipValue();
    }

    /// <summary>Joins each value with its <c>_name</c> object; a companion without a value becomes the element itself.</summary>
    private void MergeCompanions(int parent)
    {
        for (var at = parent + 1; at < count;)
        {
            var property = nodes[at].Property;
            if (!nodes[at].Is(NodeFlags.Companion))
            {
                at = nodes[at].End;
                continue;
            }
            var value = FirstValue(parent, property!);
            for (; at < count && nodes[at].Is(NodeFlags.Companion) && ReferenceEquals(nodes[at].Property, property); at = nodes[at].End)
            {
                while (value >= 0 && nodes[value].Ordinal < nodes[at].Ordinal)
                    value = NextValue(value, property!);
                if (value >= 0 && nodes[value].Ordinal == nodes[at].Ordinal)
                    (nodes[value].Link, nodes[at].Link) = (at, value);
                else
                    nodes[at].Flags &= ~NodeFlags.Hidden;
            }
        }
        for (var at = parent + 1; at < count; at = nodes[at].End)
        {
            if (nodes[at].Kind == NodeKind.NoValue && nodes[at].Is(NodeFlags.InArray) && nodes[at].Link == 0 && !nodes[at].Is(NodeFlags.Hidden))
                NullNotAllowed(nodes[at].Property!, at);
        }
    }

    private readonly int FirstValue(int parent, PropertySchema property)
    {
        var at = parent + 1;
        while (at < count && !(ReferenceEquals(nodes[at].Property, property) && !nodes[at].Is(NodeFlags.Hidden)))
            at = nodes[at].End;
        return at < count ? at : -1;
    }

    private readonly int NextValue(int value, PropertySchema property)
    {
        var at = nodes[value].End;
        return at < count && ReferenceEquals(nodes[at].Property, property) && !nodes[at].Is(NodeFlags.Hidden) ? at : -1;
    }

    /// <summary>Steps over a value of any shape; duplicate keys and depth are still watched.</summary>
    private void SkipValue()
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            EnterLevel();
            HashSet<string> names = new(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (!names.Add(name))
                    throw Duplicate(name, -1);
                reader.Read();
                SkipValue();
            }
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            EnterLevel();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                SkipValue();
        }
    }

    /// <summary>The current string without its escapes; valid until the next call.</summary>
    private ReadOnlySpan<byte> Unescape()
    {
        var length = reader.ValueSpan.Length;
        if (scratch is null || scratch.Length < length)
        {
            if (scratch is not null)
                ArrayPool<byte>.Shared.Return(scratch);
            scratch = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1024));
        }
        return scratch.AsSpan(0, reader.CopyString(scratch));
    }
}
