using System.Collections.Frozen;
using System.Net;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>
/// The XHTML that a narrative may hold (R4, narrative page): one well-formed div of basic formatting, no scripts, forms, frames or
/// events, and some content. One pass over the text; nothing is kept of it.
/// </summary>
internal ref struct Narrative
{
    private const string Xhtml = "http://www.w3.org/1999/xhtml";
    private const int DeepestNesting = 256;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Elements = FrozenSet.ToFrozenSet(
    [
        "p", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "b", "em", "i", "strong", "small", "big", "tt", "dfn", "q", "var", "abbr", "acronym", "cite",
        "blockquote", "hr", "address", "bdo", "kbd", "sub", "sup", "ul", "ol", "li", "dl", "dt", "dd", "pre", "table", "caption", "colgroup", "col", "thead", "tr", "tfoot", "tbody", "th", "td",
        "code", "samp", "img", "map", "area", "u", "s", "center", "del", "ins", "figure", "figcaption",
    ], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Attributes = FrozenSet.ToFrozenSet(
    [
        "title", "style", "class", "id", "lang", "dir", "accesskey", "tabindex", "span", "width", "align", "valign", "char", "charoff", "abbr", "axis", "headers", "scope", "rowspan", "colspan",
        "summary", "border", "frame", "rules", "cellspacing", "cellpadding", "href", "name", "rel", "rev", "type", "hreflang", "charset", "target", "src", "alt", "longdesc", "height", "usemap", "ismap",
        "shape", "coords", "nohref", "cite", "datetime", "nowrap", "bgcolor", "start", "value", "compact", "clear", "noshade", "size", "hspace", "vspace", "color", "face",
    ], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly ReadOnlySpan<char> text;
    private int at;
    private bool hasContent;

    private Narrative(ReadOnlySpan<char> text) => this.text = text;

    /// <summary>Does the div keep the rules?</summary>
    public static bool IsAllowed(ReadOnlySpan<char> div)
    {
        var narrative = new Narrative(div);
        return narrative.Scan() && narrative.hasContent;
    }

    private bool Scan()
    {
        Span<(int Start, int Length)> open = stackalloc (int, int)[DeepestNesting];
        var depth = 0;
        var roots = 0;
        while (at < text.Length)
        {
            if (text[at] != '<')
            {
                if (!Text(depth))
                    return false;
            }
            else if (Starts("<!--"))
            {
                if (!SkipTo("-->"))
                    return false;
            }
            else if (Starts("<![CDATA["))
            {
                var start = at + 9;
                if (depth == 0 || !SkipTo("]]>"))
                    return false;
                hasContent |= !text[start..(at - 3)].IsWhiteSpace();
            }
            else if (Starts("</"))
            {
                at += 2;
                var name = Name();
                SkipBlanks();
                if (depth == 0 || !name.SequenceEqual(text.Slice(open[depth - 1].Start, open[depth - 1].Length)) || !Take('>'))
                    return false;
                depth--;
            }
            else
            {
                at++;
                var start = at;
                var name = Name();
                var local = Local(name);
                if (depth == 0 && (roots++ > 0 || !local.SequenceEqual("div")) || depth == DeepestNesting || !Elements.Contains(local))
                    return false;
                hasContent |= local.SequenceEqual("img");
                if (!AllowsAttributes(out var closed))
                    return false;
                if (!closed)
                    open[depth++] = (start, name.Length);
            }
        }
        return depth == 0 && roots == 1;
    }

    /// <summary>Up to the next tag; outside the div white space only.</summary>
    private bool Text(int depth)
    {
        var end = text[at..].IndexOf('<');
        end = end < 0 ? text.Length : at + end;
        var run = text[at..end];
        if (depth == 0 && !run.IsWhiteSpace() || !HasGoodEntities(run))
            return false;
        hasContent |= !run.IsWhiteSpace();
        at = end;
        return true;
    }

    private bool AllowsAttributes(out bool closed)
    {
        closed = false;
        while (true)
        {
            var blank = at < text.Length && char.IsWhiteSpace(text[at]);
            SkipBlanks();
            if (Take('>'))
                return true;
            if (Starts("/>"))
            {
                at += 2;
                return closed = true;
            }
            var name = Name();
            SkipBlanks();
            if (!blank || name.IsEmpty || !Take('='))
                return false;
            SkipBlanks();
            if (at >= text.Length || text[at] is not ('"' or '\'') || text[(at + 1)..].IndexOf(text[at]) is not (>= 0 and var length))
                return false;
            var value = text.Slice(at + 1, length);
            at += length + 2;
            if (value.Contains('<') || !HasGoodEntities(value) || !IsAllowed(name, value))
                return false;
        }
    }

    private static bool IsAllowed(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (name.SequenceEqual("xmlns"))
            return value.SequenceEqual(Xhtml);
        if (name.StartsWith("xmlns:") || name.StartsWith("xml:"))
            return true;
        var isLink = name.SequenceEqual("href") || name.SequenceEqual("src");
        return Attributes.Contains(name) && !(isLink && value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Every ampersand begins an entity of XML or HTML, or the number of a character.</summary>
    private static bool HasGoodEntities(ReadOnlySpan<char> run)
    {
        while (run.IndexOf('&') is >= 0 and var start)
        {
            run = run[start..];
            if (run.IndexOf(';') is not (> 1 and var end))
                return false;
            var entity = run[..(end + 1)];
            if (entity is not ("&amp;" or "&lt;" or "&gt;" or "&quot;" or "&apos;" or "&nbsp;") && WebUtility.HtmlDecode(entity.ToString()) is ['&', _, ..])
                return false;
            run = run[(end + 1)..];
        }
        return true;
    }

    private ReadOnlySpan<char> Name()
    {
        var start = at;
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is ':' or '-' or '_' or '.'))
            at++;
        return text[start..at];
    }

    private static ReadOnlySpan<char> Local(ReadOnlySpan<char> name) => name[(name.IndexOf(':') + 1)..];

    private readonly bool Starts(string what) => text[at..].StartsWith(what);

    private bool SkipTo(string end)
    {
        var found = text[at..].IndexOf(end);
        at += found < 0 ? 0 : found + end.Length;
        return found >= 0;
    }

    private void SkipBlanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
    }

    private bool Take(char expected)
    {
        if (at >= text.Length || text[at] != expected)
            return false;
        at++;
        return true;
    }
}
