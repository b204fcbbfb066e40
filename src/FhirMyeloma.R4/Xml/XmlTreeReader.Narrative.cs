using System.Text;
using System.Xml;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Xml;

/// <summary>The one place where FHIR XML has text of its own: the div of a narrative.</summary>
internal sealed partial class XmlTreeReader
{
    /// <summary>Keeps the bytes of the narrative as they are. The reader is left at its last node.</summary>
    private void ReadNarrative(int index, SourcePlace place)
    {
        var start = scanner.Offset(lines.LineNumber, lines.LinePosition - 1);
        var (nameLength, isOpen, depth) = (xml.Name.Length, !xml.IsEmptyElement, xml.Depth);
        HashSet<string>? used = null, own = null;
        if (hasPrefixes)
            (used, own) = (new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        do
        {
            if (used is not null && xml.NodeType == XmlNodeType.Element)
                Prefixes(used, xml.Depth == depth ? own : null);
        }
        while (isOpen && xml.Read() && xml.Depth > depth);

        var end = EndOfTag(isOpen ? scanner.Offset(lines.LineNumber, lines.LinePosition) : start);
        if (start < 0 || end < 0)
            throw new XmlUnreadableException(IssueCodes.XmlSyntax, "The narrative has no end", place);
        // What is declared further out is declared on the div, so that it stands for itself.
        var declarations = used is null ? "" : string.Concat(used.Except(own!, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Declaration));
        if (declarations.Length > 0)
            tree.SetValue(index, Encoding.UTF8.GetString(source.Span[start..end]).Insert(1 + nameLength, declarations));
        else
            tree.SetVerbatim(index, start, end - start);
    }

    /// <summary>Collects the prefixes that an element and its attributes use, and those that it declares.</summary>
    private void Prefixes(HashSet<string> used, HashSet<string>? declared)
    {
        used.Add(xml.Prefix);
        while (xml.MoveToNextAttribute())
        {
            if (xml.NamespaceURI != NamespaceOfDeclarations)
                used.Add(xml.Prefix);
            else if (xml.Prefix.Length > 0)
                declared?.Add(xml.LocalName);
        }
        xml.MoveToElement();
    }

    private string Declaration(string prefix) => prefix is "" or "xml" || xml.LookupNamespace(prefix) is not { } space ? ""
        : $" xmlns:{prefix}=\"{space.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)}\"";

    /// <summary>Offset after the tag that begins or is at this offset; -1 when it has no end.</summary>
    private int EndOfTag(int offset)
    {
        if (offset < 0)
            return -1;
        var span = source.Span;
        for (byte quote = 0; offset < span.Length; offset++)
        {
            var value = span[offset];
            if (quote != 0)
                quote = value == quote ? (byte)0 : quote;
            else if (value is (byte)'"' or (byte)'\'')
                quote = value;
            else if (value == '>')
                return offset + 1;
        }
        return -1;
    }
}
