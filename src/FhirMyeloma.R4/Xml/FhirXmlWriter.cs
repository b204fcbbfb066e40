using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Xml;

/// <summary>Elements to FHIR XML.</summary>
public static class FhirXmlWriter
{
    /// <summary>
    /// The XML of a resource, in UTF-8 with its declaration: elements in the order of R4's definitions, no white space between
    /// them, the default namespace, numbers to the digit, a narrative as it is (its text alone, should it not be one well-formed
    /// div). What FHIR XML has no room for is left out: members that R4 does not know, values that do not fit their element;
    /// neither passes the reader without an error. Of an element that is no resource, its own XML under its own name.
    /// </summary>
    /// <param name="element">A resource or a part of one; of the element that does not exist, no bytes.</param>
    /// <param name="indented">One element a line, for people; narratives stay as they are.</param>
    public static byte[] Write(Element element, bool indented = false)
    {
        if (element.Document is not { } document)
            return [];
        var output = new XmlOutput(element.SourceBytes.Length + (element.SourceBytes.Length / 2) + 256);
        new XmlTapeWriter(document.Tape, output, indented).WriteDocument(element.Index);
        return output.ToArray();
    }
}
