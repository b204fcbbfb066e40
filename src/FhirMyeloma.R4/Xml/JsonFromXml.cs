using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Xml;

/// <summary>The second pass: writes the tree as the JSON that equals it, and where each part of it stood.</summary>
internal sealed class JsonFromXml(XmlTree tree, CanonicalJson json, PlaceMap places)
{
    public void WriteResource(int index)
    {
        json.StartObject();
        json.Member("resourceType", tree[index].Name);
        WriteMembers(index);
        json.EndObject();
    }

    private void WriteObject(int index)
    {
        json.StartObject();
        WriteMembers(index);
        json.EndObject();
    }

    private void WriteMembers(int parent)
    {
        if (tree[parent].IsScattered)
            tree.Gather(parent);
        for (var first = tree[parent].First; first > 0;)
        {
            var count = 0;
            var next = first;
            for (; next > 0 && AreTogether(first, next); next = tree[next].Next)
                tree[next].Ordinal = count++;
            WriteGroup(first, count);
            first = next;
        }
    }

    private bool AreTogether(int first, int other) => tree[first].Property is { } property
        ? ReferenceEquals(property, tree[other].Property)
        : tree[other].Property is null && tree[first].Name == tree[other].Name;

    private void WriteGroup(int first, int count)
    {
        var property = tree[first].Property;
        var isArray = count > 1 || property is { Repeats: true };
        Mark(first);
        if (property is null)
            json.Name(tree[first].Name);
        else if (property.Kind == PropertyKind.Primitive)
        {
            WritePrimitives(property, first, count, isArray);
            return;
        }
        else
            json.QuotedName(property.QuotedName);

        if (isArray)
            json.StartArray();
        for (var (at, left) = (first, count); left > 0; (at, left) = (tree[at].Next, left - 1))
        {
            Mark(at);
            if (property is null)
                WriteUnknown(at);
            else if (tree[at].IsResource)
                WriteResource(at);
            else
                WriteObject(at);
        }
        if (isArray)
            json.EndArray();
    }

    private void WritePrimitives(PropertySchema property, int first, int count, bool isArray)
    {
        var values = 0;
        var companions = 0;
        for (var (at, item) = (first, 1); item <= count; (at, item) = (tree[at].Next, item + 1))
        {
            if (tree[at].Start >= 0)
                values = item;
            if (HasCompanion(at))
                companions = item;
        }
        if (values > 0)
        {
            json.QuotedName(property.QuotedName);
            if (isArray)
                json.StartArray();
            for (var (at, item) = (first, 1); item <= values; (at, item) = (tree[at].Next, item + 1))
            {
                Mark(at);
                WriteValue(property, at);
            }
            if (isArray)
                json.EndArray();
        }
        if (companions > 0)
        {
            Mark(first);
            json.Name("_" + property.Name);
            if (isArray)
                json.StartArray();
            for (var (at, item) = (first, 1); item <= companions; (at, item) = (tree[at].Next, item + 1))
            {
                Mark(at);
                if (HasCompanion(at))
                    WriteObject(at);
                else
                    json.Null();
            }
            if (isArray)
                json.EndArray();
        }
    }

    /// <summary>Also of an element with nothing in it, which becomes an empty companion.</summary>
    private bool HasCompanion(int index) => tree[index].First > 0 || tree[index].Start < 0;

    private void WriteValue(PropertySchema property, int index)
    {
        ref readonly var node = ref tree[index];
        if (node.Start < 0)
        {
            json.Null();
            return;
        }
        var value = tree.Value(in node);
        var isBare = property.Primitive switch
        {
            PrimitiveKind.Boolean => Primitives.IsValid(PrimitiveKind.Boolean, value),
            PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.UnsignedInt or PrimitiveKind.PositiveInt => Primitives.IsValid(PrimitiveKind.Decimal, value),
            _ => false,
        };
        if (isBare)
            json.Raw(value);
        else
            json.String(value);
    }

    /// <summary>Whatever R4 does not know: an object when there are elements in it, else a string.</summary>
    private void WriteUnknown(int index)
    {
        ref readonly var node = ref tree[index];
        if (node.First > 0)
            WriteObject(index);
        else
            json.String(node.Start < 0 ? [] : tree.Value(in node));
    }

    private void Mark(int index) => places.Add(json.Length, tree[index].Place);
}
