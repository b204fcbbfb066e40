using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Xml;

namespace FhirMyeloma.Service;

/// <summary>The formats of FHIR that are read and written here.</summary>
internal enum WireFormat
{
    Json,
    Xml,
}

/// <summary>From bytes to a resource, whatever the format, and back.</summary>
internal static class WireFormats
{
    /// <summary>Reads and checks a resource; both readers give the same elements and the same expressions.</summary>
    public static ReadResult Read(this WireFormat format, ReadOnlyMemory<byte> body) => format switch
    {
        WireFormat.Json => FhirJsonReader.Read(body),
        WireFormat.Xml => FhirXmlReader.Read(body),
    };

    /// <summary>The format of a file, told by its first character.</summary>
    public static WireFormat Of(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (bytes.StartsWith(mark))
            bytes = bytes[mark.Length..];
        return bytes.TrimStart(" \t\r\n"u8) is [(byte)'<', ..] ? WireFormat.Xml : WireFormat.Json;
    }
}
