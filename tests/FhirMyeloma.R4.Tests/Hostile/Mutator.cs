using System.Text;

namespace FhirMyeloma.R4.Tests.Hostile;

/// <summary>Damages a text by chance: rarely its syntax, mostly what it says.</summary>
/// <param name="values">What may stand for a value, and what may not.</param>
/// <param name="items">What may stand where an item begins.</param>
/// <param name="rubble">What belongs nowhere.</param>
/// <param name="valueBegins">The byte before a value.</param>
/// <param name="valueEnds">The bytes after a value.</param>
/// <param name="itemBegins">The byte that an item begins with, or follows.</param>
/// <param name="isInside">True when an item follows the byte, false when it begins with it.</param>
internal sealed class Mutator(string[] values, string[] items, string[] rubble, char valueBegins, string valueEnds, char itemBegins, bool isInside)
{
    private const int LongestCopy = 400;

    public static Mutator Json { get; } = new(
        values: ["null", "[]", "{}", "\"\"", "{\"a\":1}", "[null]", "1e999", "-0.50", "true", "\"\\u0000\"", "\"\\ud83d\"", "\"é\\t\\u00e9 \"", "\"Patient/1\"", "\"#\"", "\"urn:uuid:1\"", "\"\uFFFE\""],
        items:
        [
            "\"_status\":{\"id\":\"x\"},", "\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"c\"}],", "\"reference\":\"#\",", "\"extension\":[{\"url\":\"http://a\",\"valueDecimal\":1.0}],", "\"_given\":[null],",
            "\"meta\":{\"profile\":[\"http://hl7.org/fhir/StructureDefinition/vitalsigns\"]},", "\"id\":\"a\",", "\"language\":\"es\",", "\"x\":{\"y\":[1]},",
            "\"text\":{\"status\":\"empty\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a<br/></div>\"},",
        ],
        rubble: ["\\", "\"", "{", "}", "[", "]", ",", ":", "resourceType", "_", "/_history/", "\uFEFF", "é", "<", "&", "?"],
        valueBegins: ':', valueEnds: ",}]", itemBegins: '{', isInside: true);

    public static Mutator Xml { get; } = new(
        values: ["", "x", "&amp;", "&#10;&#9;", "&#0;", "&nbsp;", "1e999", "-0.50", "true", "  ", "é", "Patient/1", "#", "urn:uuid:1", "http://hl7.org/fhir", "http://www.w3.org/1999/xhtml"],
        items:
        [
            "<x/>", "<_given/>", "<resourceType value=\"Patient\"/>", "<!-- c -->", "<?p?>", "<![CDATA[x]]>", "text", "\r\n", "<p:a xmlns:p=\"urn:p\"/>", "<status value=\"final\"/>", "<id value=\"a\"/>", "<contained/>",
            "<contained><Patient><id value=\"c\"/></Patient></contained>", "<extension url=\"http://a\"><valueDecimal value=\"1.0\"/></extension>", "<modifierExtension id=\"a\"><url value=\"b\"/></modifierExtension>",
            "<text><status value=\"empty\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">a<br/></div></text>", "<language value=\"es\"/>",
        ],
        rubble: ["<", ">", "\"", "/", "=", "&", "]]>", "\uFEFF", "\uFFFE", "<!DOCTYPE p>", " id=\"a\"", " url=\"b\"", " value=\"c\"", " xmlns=\"urn:x\"", " xml:lang=\"es\"", "<contained>", "</div>"],
        valueBegins: '"', valueEnds: "\"", itemBegins: '<', isInside: false);

    public byte[] Mutate(byte[] seed, Random dice)
    {
        List<byte> bytes = [.. seed];
        for (var change = dice.Next(1, 4); change > 0; change--)
        {
            if (bytes.Count == 0)
                bytes.Add((byte)' ');
            Change(bytes, dice);
        }
        return [.. bytes];
    }

    private void Change(List<byte> bytes, Random dice)
    {
        var at = dice.Next(bytes.Count);
        switch (dice.Next(20))
        {
            case 0:
                bytes[at] = (byte)dice.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, Math.Min(dice.Next(1, 20), bytes.Count - at));
                break;
            case 2:
                bytes.InsertRange(at, Any(rubble, dice));
                break;
            case 3:
                bytes.InsertRange(at, Copy(bytes, dice.Next(bytes.Count), dice.Next(1, 60)));
                break;
            case < 8:
                bytes.InsertRange(Item(bytes, at), Any(items, dice));
                break;
            case < 14:
                var (from, length) = SmallItem(bytes, at);
                var copy = Copy(bytes, from, length);
                var what = dice.Next(3);
                // Once more here, once more elsewhere, or only elsewhere.
                if (what == 2)
                    bytes.RemoveRange(from, copy.Count);
                bytes.InsertRange(what == 0 ? from : Item(bytes, dice.Next(bytes.Count + 1)), copy);
                break;
            default:
                var value = Value(bytes, at);
                bytes.RemoveRange(value, Math.Min(LongestCopy, Next(bytes, value, valueEnds) - value));
                bytes.InsertRange(value, Any(values, dice));
                break;
        }
    }

    private static byte[] Any(string[] fragments, Random dice) => Encoding.UTF8.GetBytes(fragments[dice.Next(fragments.Length)]);

    private static List<byte> Copy(List<byte> bytes, int from, int length) => bytes.GetRange(from, Math.Min(Math.Min(length, LongestCopy), bytes.Count - from));

    /// <summary>Where the next item may begin.</summary>
    private int Item(List<byte> bytes, int from) => Math.Min(bytes.Count, Next(bytes, from, [itemBegins]) + (isInside ? 1 : 0));

    /// <summary>An item without others in it: in JSON a member with its comma, in XML an empty element. Nothing when none is near.</summary>
    private (int From, int Length) SmallItem(List<byte> bytes, int from)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            from = Item(bytes, from);
            var end = Next(bytes, from, isInside ? ",{[" : ">");
            if (end < bytes.Count && (isInside ? bytes[end] == ',' : bytes[end - 1] == '/'))
                return (from, end + 1 - from);
            from++;
        }
        return (Math.Min(from, bytes.Count), 0);
    }

    /// <summary>Where the next value begins; in JSON one that is no object or array.</summary>
    private int Value(List<byte> bytes, int from)
    {
        var at = Math.Min(bytes.Count, Next(bytes, from, [valueBegins]) + 1);
        return isInside && at < bytes.Count && bytes[at] is (byte)'{' or (byte)'[' ? Value(bytes, at) : at;
    }

    /// <summary>Where one of these stands next, else the end.</summary>
    private static int Next(List<byte> bytes, int from, ReadOnlySpan<char> any)
    {
        while (from < bytes.Count && !any.Contains((char)bytes[from]))
            from++;
        return Math.Min(from, bytes.Count);
    }
}
