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

    private static void Write(Element element, CanonicalJson json, bool canonical)
    {
        if (element.Document is { } document)
            new TapeWriter(document.Tape, json, canonical).WriteElement(element.Index);
    }
}
