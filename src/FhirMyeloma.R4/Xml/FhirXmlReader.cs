using System.Buffers;
using System.Xml;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Xml;

/// <summary>
/// Bytes of FHIR XML to elements. The XML becomes the JSON that equals it and is read as that, so that both forms of a
/// resource give the same elements and the same issues; places are those in the XML.
/// </summary>
public static class FhirXmlReader
{
    /// <summary>
    /// Reads one resource, with the promise of <see cref="FhirJsonReader.Read"/>: never throws, whatever the bytes are;
    /// unreadable input (not well-formed, with a DTD, not UTF-8, too deep, a root that is not of FHIR) gives no
    /// document and one fatal issue, anything else a document and every issue. Comments and processing instructions are
    /// stepped over. <see cref="FhirDocument.Source"/> of the document is JSON.
    /// </summary>
    public static ReadResult Read(ReadOnlyMemory<byte> xml, ReadLimits? limits = null)
    {
        limits ??= ReadLimits.Default;
        if (!XmlSource.TryDecode(xml, out var source, out var undecodable))
            return new(null, [undecodable]);
        using var tree = new XmlTree(source.Utf8);
        var faults = new XmlFaults(tree, limits.MaxIssues);
        try
        {
            using var reader = source.OpenReader();
            new XmlTreeReader(reader, source.Utf8, tree, faults).Read();
        }
        catch (XmlUnreadableException fault)
        {
            return XmlSource.Unreadable(fault.Code, fault.Message, fault.Place);
        }
        catch (XmlException fault)
        {
            return source.NotWellFormed(fault);
        }

        var places = new PlaceMap();
        return ReadJson(WriteJson(tree, places, source.Utf8.Length), limits, new(places, faults.Issues(), faults.LeftOut));
    }

    private static byte[] WriteJson(XmlTree tree, PlaceMap places, int capacity)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(capacity);
        var json = new CanonicalJson(buffer);
        new JsonFromXml(tree, json, places).WriteResource(0);
        var bytes = json.ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return bytes;
    }

    private static ReadResult ReadJson(ReadOnlyMemory<byte> json, ReadLimits limits, XmlOrigin origin)
    {
        var builder = new DocumentBuilder(json, limits, origin);
        try
        {
            return builder.ReadDocument();
        }
        catch (UnreadableException fault)
        {
            return XmlSource.Unreadable(fault.Code, fault.Message, origin.Places.Find(fault.Offset), fault.Expression);
        }
        finally
        {
            builder.Dispose();
        }
    }
}
