using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Json;

/// <summary>Elements back to FHIR JSON.</summary>
public static class FhirJsonWriter
{
    /// <summary>
    /// The canonical bytes: members in the order of R4's definitions, no white space, only required escapes, decimals without
    /// exponent and trailing zeros. Equal content gives equal bytes.
    /// </summary>
    public static byte[] WriteCanonical(Element element)
    {
        var json = new CanonicalJson(element.SourceBytes.Length + 64);
        WriteCanonical(element, json);
        return json.ToArray();
    }

    /// <summary>As <see cref="WriteCanonical(Element)"/>, as the next value of a text that is being written.</summary>
    public static void WriteCanonical(Element element, CanonicalJson json) => Write(element, json, canonical: true);

    /// <summary>The content as it was written: order of members kept, numbers to the digit, white space and needless escapes dropped.</summary>
    public static byte[] WriteAsRead(Element element)
    {
        var json = new CanonicalJson(element.SourceBytes.Length + 64);
        WriteAsRead(element, json);
        return json.ToArray();
    }

    /// <summary>As <see cref="WriteAsRead(Element)"/>, as the next value of a text that is being written.</summary>
    public static void WriteAsRead(Element element, CanonicalJson json) => Write(element, json, canonical: false);

    /// <summary>
    /// A resource as a server keeps it: as it was written, but with the server's id, version and time of the change, and with some texts replaced
    /// (references to what got another id). <c>resourceType</c>, <c>id</c> and <c>meta</c> come first.
    /// </summary>
    /// <param name="resource">A resource: the root of a document or of a Bundle entry.</param>
    /// <param name="id">Its logical id.</param>
    /// <param name="version">Its version.</param>
    /// <param name="lastUpdated">When it was changed, as an instant.</param>
    /// <param name="texts">What stands in place of the texts of these elements; null for none.</param>
    /// <param name="json">Where to; may hold text before it.</param>
    /// <returns>Where in <paramref name="json"/> version and time stand: all in which two versions of equal content differ.</returns>
    public static Range WriteStored(Element resource, string id, string version, string lastUpdated, IReadOnlyDictionary<Element, string>? texts, CanonicalJson json)
    {
        if (resource.Document is not { } document)
            return default;
        var writer = new TapeWriter(document.Tape, json, canonical: false, texts is null or { Count: 0 } ? null : texts.ToDictionary(static text => text.Key.Index, static text => text.Value));
        json.StartObject().Member("resourceType", resource.TypeName).Member("id", id).Name("meta").StartObject();
        var start = json.Length;
        json.Member("versionId", version).Member("lastUpdated", lastUpdated);
        var end = json.Length;
        if (resource["meta"] is { Exists: true } meta)
            writer.WriteMembers(meta.Index, "versionId", "lastUpdated");
        json.EndObject();
        writer.WriteMembers(resource.Index, "id", "meta");
        json.EndObject();
        return start..end;
    }

    private static void Write(Element element, CanonicalJson json, bool canonical)
    {
        if (element.Document is { } document)
            new TapeWriter(document.Tape, json, canonical).WriteElement(element.Index);
    }
}
