using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Xml;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Xml;

/// <summary>An XML text as UTF-8, and why it may be unreadable.</summary>
internal sealed class XmlSource
{
    private XmlSource(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    /// <summary>Without a byte order mark.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>FHIR is UTF-8 (http.html#mime-type), also where XML alone would allow UTF-16.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> xml, out XmlSource source, out Issue fault)
    {
        fault = null!;
        source = new(xml.Span.StartsWith("\uFEFF"u8) ? xml[3..] : xml);
        if (xml.Span is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] or [0, (byte)'<', ..] or [(byte)'<', 0, ..])
        {
            fault = Unreadable(IssueCodes.NotUtf8, "The text is UTF-16; send it in UTF-8", new(1, 1)).Issues[0];
            return false;
        }

        if (!Utf8IsValid(source, out var place))
            fault = Unreadable(IssueCodes.NotUtf8, "The text is not UTF-8; send it in UTF-8 without any other encoding", place).Issues[0];
        else if (DeclaredEncoding(source.Utf8.Span) is { } declared && declared.ToUpperInvariant() is not ("UTF-8" or "US-ASCII"))
            fault = Unreadable(IssueCodes.NotUtf8, "The XML declares another encoding than UTF-8; send it in UTF-8", new(1, 1)).Issues[0];
        return fault is null;
    }

    /// <summary>A reader that resolves nothing, knows no DTD and expands no entities but those of XML itself.</summary>
    public XmlReader OpenReader()
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = Math.Max(1, Utf8.Length),
            MaxCharactersFromEntities = 1,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        };
        return XmlReader.Create(MemoryMarshal.TryGetArray(Utf8, out var array) ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false) : new MemoryStream(Utf8.ToArray()), settings);
    }

    /// <summary>What the parser found. Its own words are not used: they may repeat what stands in the text.</summary>
    public ReadResult NotWellFormed(XmlException fault)
    {
        // A DTD is refused before its place is taken down.
        if (fault.LineNumber == 0 && Utf8.Span.IndexOf("<!DOCTYPE"u8) is >= 0 and var doctype)
            return Unreadable(IssueCodes.DoctypeNotAllowed, "The XML has a document type declaration, which is not read here: remove it", new PlaceFinder(Utf8.Span).Find(doctype));
        var place = new SourcePlace(Math.Max(1, fault.LineNumber), Math.Max(1, fault.LinePosition));
        var scanner = new SourceScanner(Utf8);
        var offset = scanner.Offset(place.Line, place.Column);
        place = place with { Column = place.Column - scanner.Pairs };
        if (offset > 0 && Utf8.Span[offset - 1] == '&')
            return Unreadable(IssueCodes.XmlSyntax, "The text is not well-formed XML: the only entities are &lt; &gt; &amp; &quot; &apos; and characters by number (&#160;)", place);
        var isEnd = offset < 0 || Utf8.Span[offset..].Trim(" \t\r\n"u8).IsEmpty;
        return Unreadable(IssueCodes.XmlSyntax, isEnd ? "The text ends before the XML does" : "The text is not well-formed XML", place);
    }

    public static ReadResult Unreadable(string code, string text, SourcePlace place, string? expression = null)
    {
        ImmutableArray<string> expressions = expression is null ? [] : [expression];
        var type = code == IssueCodes.TooDeep ? IssueType.TooCostly : IssueType.Structure;
        return new(null, [new Issue(IssueSeverity.Fatal, code, type, $"{text} (line {place.Line}, column {place.Column}).", expressions, place)]);
    }

    private static bool Utf8IsValid(XmlSource source, out SourcePlace place)
    {
        place = default;
        var span = source.Utf8.Span;
        if (System.Text.Unicode.Utf8.IsValid(span))
            return true;
        var at = 0;
        while (Rune.DecodeFromUtf8(span[at..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            at += consumed;
        place = new PlaceFinder(span).Find(at);
        return false;
    }

    /// <summary>The encoding of the XML declaration; null when it names none.</summary>
    private static string? DeclaredEncoding(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.StartsWith("<?xml"u8) || utf8.IndexOf("?>"u8) is not (> 0 and < 200 and var end))
            return null;
        var declaration = Encoding.UTF8.GetString(utf8[..end]);
        var parts = declaration.Split(['"', '\'']);
        for (var part = 0; part + 1 < parts.Length; part += 2)
        {
            if (parts[part].TrimEnd().TrimEnd('=').TrimEnd().EndsWith("encoding", StringComparison.Ordinal))
                return parts[part + 1];
        }
        return null;
    }
}
