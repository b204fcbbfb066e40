using System.Collections.Frozen;
using System.Xml;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>The XHTML that a narrative may hold (R4, narrative page): basic formatting, no scripts, forms, frames or events, and some content.</summary>
internal static class Narrative
{
    private const string Xhtml = "http://www.w3.org/1999/xhtml";

    // Entities of HTML are no XML; they are letters here.
    private const int LongestText = 5_242_880;

    private static readonly FrozenSet<string> Elements = FrozenSet.ToFrozenSet(
    [
        "p", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "b", "em", "i", "strong", "small", "big", "tt", "dfn", "q", "var", "abbr", "acronym", "cite",
        "blockquote", "hr", "address", "bdo", "kbd", "sub", "sup", "ul", "ol", "li", "dl", "dt", "dd", "pre", "table", "caption", "colgroup", "col", "thead", "tr", "tfoot", "tbody", "th", "td",
        "code", "samp", "img", "map", "area", "u", "s", "center", "del", "ins", "figure", "figcaption",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Attributes = FrozenSet.ToFrozenSet(
    [
        "title", "style", "class", "id", "lang", "dir", "accesskey", "tabindex", "span", "width", "align", "valign", "char", "charoff", "abbr", "axis", "headers", "scope", "rowspan", "colspan",
        "summary", "border", "frame", "rules", "cellspacing", "cellpadding", "href", "name", "rel", "rev", "type", "hreflang", "charset", "target", "src", "alt", "longdesc", "height", "usemap", "ismap",
        "shape", "coords", "nohref", "cite", "datetime", "nowrap", "bgcolor", "start", "value", "compact", "clear", "noshade", "size", "hspace", "vspace", "color", "face", "data-fhir",
    ], StringComparer.Ordinal);

    public static bool IsAllowed(string div)
    {
        if (div.Length > LongestText)
            return false;
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, ConformanceLevel = ConformanceLevel.Fragment };
        try
        {
            using var text = new StringReader(WithoutEntities(div));
            using var reader = XmlReader.Create(text, settings);
            return IsAllowed(reader);
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool IsAllowed(XmlReader reader)
    {
        var content = false;
        var roots = 0;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth == 0 && (++roots > 1 || reader.LocalName != "div"))
                        return false;
                    if (reader.NamespaceURI is not (Xhtml or "") || !Elements.Contains(reader.LocalName) || !HasAllowedAttributes(reader))
                        return false;
                    content |= reader.LocalName == "img";
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    if (reader.Depth == 0)
                        return false;
                    content |= !string.IsNullOrWhiteSpace(reader.Value);
                    break;
                case XmlNodeType.ProcessingInstruction:
                    return false;
            }
        }
        return content && roots == 1;
    }

    private static bool HasAllowedAttributes(XmlReader reader)
    {
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.Prefix is "xmlns" or "xml" || reader.Name == "xmlns")
                continue;
            var script = reader.LocalName is "href" or "src" && reader.Value.AsSpan().TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase);
            if (!Attributes.Contains(reader.LocalName) || script)
                return false;
        }
        reader.MoveToElement();
        return true;
    }

    /// <summary>&amp;nbsp; and the other entities of HTML as the letters that they are; those of XML stay.</summary>
    private static string WithoutEntities(string div)
    {
        if (!div.Contains('&', StringComparison.Ordinal))
            return div;
        var plain = new System.Text.StringBuilder(div.Length);
        for (var at = 0; at < div.Length;)
        {
            var start = div.IndexOf('&', at);
            var end = start < 0 ? -1 : div.IndexOf(';', start);
            if (end < 0)
                return plain.Append(div, at, div.Length - at).ToString();
            var entity = div[start..(end + 1)];
            var letter = entity is "&amp;" or "&lt;" or "&gt;" or "&quot;" or "&apos;" || entity[1] == '#' ? entity : System.Net.WebUtility.HtmlDecode(entity);
            plain.Append(div, at, start - at).Append(letter);
            at = end + 1;
        }
        return plain.ToString();
    }
}
