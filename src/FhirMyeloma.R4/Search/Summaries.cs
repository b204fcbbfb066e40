using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Search;

/// <summary>A resource with some of its elements only, marked as such; R4 search.html#summary and #elements.</summary>
public static class Summaries
{
    private const string ObservationValue = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
    private const string Subsetted = "SUBSETTED";

    /// <summary>
    /// Canonical JSON. Named elements win over the mode; beside them, as beside the narrative of <see cref="SummaryMode.Text"/>, stand id, meta and what is
    /// mandatory or changes the meaning. What is not the whole resource has <c>SUBSETTED</c> among its tags. <see cref="SummaryMode.Count"/>,
    /// which asks for no resources, writes what <see cref="SummaryMode.True"/> does.
    /// </summary>
    /// <param name="resource">A resource.</param>
    /// <param name="mode">How much.</param>
    /// <param name="elements">Names of elements of the root; empty leaves it to the mode.</param>
    public static byte[] Write(Element resource, SummaryMode mode, ImmutableArray<string> elements)
    {
        var json = new CanonicalJson(resource.SourceBytes.Length + 160);
        Write(resource, mode, elements, json);
        return json.ToArray();
    }

    /// <summary>As <see cref="Write(Element, SummaryMode, ImmutableArray{string})"/>, as the next value of a text that is being written.</summary>
    public static void Write(Element resource, SummaryMode mode, ImmutableArray<string> elements, CanonicalJson json)
    {
        if (resource.Document is not { } document || mode == SummaryMode.False && elements.IsDefaultOrEmpty)
        {
            FhirJsonWriter.WriteCanonical(resource, json);
            return;
        }
        var (tape, root) = (document.Tape, resource.Index);
        json.StartObject().Member("resourceType", resource.TypeName);
        Members(node => NameOf(tape, node) == "id", root);
        WriteMeta(resource["meta"]);
        Members(node => NameOf(tape, node) is not ("id" or "meta") && Keeps(tape, node, mode, elements), root);
        json.EndObject();

        void Members(Func<int, bool> keep, int parent) =>
            new TapeWriter(tape, json, canonical: true) { Keep = node => tape.Nodes[node].Parent == parent ? keep(node) : IsKeptBelow(tape, node, mode, elements) }.WriteMembers(parent);

        void WriteMeta(Element meta)
        {
            json.Name("meta").StartObject();
            if (meta.Exists)
                Members(node => NameOf(tape, node) != "tag", meta.Index);
            json.Name("tag").StartArray();
            var isMarked = false;
            foreach (var tag in meta.Children("tag"))
            {
                FhirJsonWriter.WriteCanonical(tag, json);
                isMarked |= tag["code"].TextEquals("SUBSETTED"u8);
            }
            if (!isMarked)
                json.StartObject().Member("system", ObservationValue).Member("code", Subsetted).EndObject();
            json.EndArray().EndObject();
        }
    }

    private static string? NameOf(FhirTape tape, int node) => tape.Nodes[node].Property?.Element.Name;

    private static bool Keeps(FhirTape tape, int node, SummaryMode mode, ImmutableArray<string> elements)
    {
        if (tape.Nodes[node].Property?.Element is not { } element)
            return false;
        if (!elements.IsDefaultOrEmpty)
            return elements.Contains(element.Name, StringComparer.Ordinal) || element.Min > 0 || element.IsModifier;
        return mode switch
        {
            SummaryMode.False => true,
            SummaryMode.True or SummaryMode.Count => element.IsSummary,
            SummaryMode.Text => element.Name == "text" || element.Min > 0 || element.IsModifier,
            SummaryMode.Data => element.Name != "text",
        };
    }

    /// <summary>Below the root a summary leaves out elements of backbones; a value of a datatype is whole.</summary>
    private static bool IsKeptBelow(FhirTape tape, int node, SummaryMode mode, ImmutableArray<string> elements)
    {
        if (mode is not (SummaryMode.True or SummaryMode.Count) || !elements.IsDefaultOrEmpty)
            return true;
        ref readonly var parent = ref tape.Nodes[tape.Nodes[node].Parent];
        return parent.Property is not { Kind: PropertyKind.Complex, Structure.Type.IsResource: true } || tape.Nodes[node].Property is { Element.IsSummary: true };
    }
}
