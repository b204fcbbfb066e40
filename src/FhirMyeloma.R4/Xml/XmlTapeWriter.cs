using System.Text;
using System.Xml;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Xml;

/// <summary>Writes stretches of the tape as XML; one list of children serves all levels as a stack.</summary>
internal sealed class XmlTapeWriter(FhirTape tape, XmlOutput xml, bool indented)
{
    private const string XhtmlNamespace = "http://www.w3.org/1999/xhtml";
    private static readonly XmlReaderSettings Strict = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    private readonly Node[] nodes = tape.Nodes;
    private int[] stack = new int[256];
    private int top;
    private int depth;

    public void WriteDocument(int index)
    {
        xml.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"u8);
        var name = nodes[index].Is(NodeFlags.Resource) ? tape.TypeName(index) : tape.Name(index);
        if (name.Length > 0 && nodes[index].Kind != NodeKind.Raw)
            WriteElement(Encoding.UTF8.GetBytes(name), index, isRoot: true);
    }

    private void WriteElement(ReadOnlySpan<byte> name, int index, bool isRoot = false)
    {
        ref readonly var node = ref nodes[index];
        Open(name);
        if (isRoot)
            xml.Append(" xmlns=\"http://hl7.org/fhir\""u8);

        var start = top;
        var isPrimitive = node.Property is { Kind: PropertyKind.Primitive };
        // The id and the extensions of a primitive are those of its companion, which may be all there is of it.
        var content = !isPrimitive || node.Is(NodeFlags.Companion) ? index : node.Link;
        if (content > 0 || !isPrimitive)
            PushChildren(content);
        WriteAttributes(start, content);
        if (HasValue(index))
            WriteAttribute(" value=\""u8, index, isAlone: false);
        if (top == start)
        {
            xml.Append("/>"u8);
            return;
        }

        xml.Append(">"u8);
        depth++;
        var end = top;
        for (var child = start; child < end; child++)
            WriteChild(stack[child]);
        top = start;
        depth--;
        Close(name);
    }

    private void WriteChild(int index)
    {
        ref readonly var node = ref nodes[index];
        var name = node.Property!.QuotedName.AsSpan(1..^2);
        if (node.Property.Primitive == PrimitiveKind.Xhtml)
        {
            WriteNarrative(index);
            return;
        }
        if (!node.Is(NodeFlags.Resource))
        {
            WriteElement(name, index);
            return;
        }
        Open(name);
        xml.Append(">"u8);
        depth++;
        WriteElement(Encoding.UTF8.GetBytes(tape.TypeName(index)), index);
        depth--;
        Close(name);
    }

    /// <summary>Puts the children on the stack that XML can say, in the order of the definition.</summary>
    private void PushChildren(int parent)
    {
        var start = top;
        var previous = -1;
        var isOrdered = true;
        for (var at = parent + 1; at < nodes[parent].End; at = nodes[at].End)
        {
            if (nodes[at].Property is not { } property || nodes[at].Is(NodeFlags.Hidden) || nodes[at].Kind == NodeKind.Raw || nodes[at] is { Kind: NodeKind.NoValue, Link: 0 })
                continue;
            if (top == stack.Length)
                Array.Resize(ref stack, top * 2);
            stack[top++] = at;
            // A companion that is longer than its values may lie apart from them.
            isOrdered &= property.Element.Slot >= previous && !nodes[at].Is(NodeFlags.Companion);
            previous = property.Element.Slot;
        }
        if (isOrdered)
            return;
        var sorted = stack.AsSpan(start, top - start).ToArray().OrderBy(at => nodes[at].Property!.Element.Slot).ThenBy(at => nodes[at].Property!.Name, StringComparer.Ordinal).ThenBy(at => nodes[at].Ordinal);
        sorted.ToArray().CopyTo(stack, start);
    }

    /// <summary>Writes those of the children that are attributes in XML, the id of an element and the url of an extension, and takes them off the stack.</summary>
    private void WriteAttributes(int start, int parent)
    {
        var kept = start;
        for (var child = start; child < top; child++)
        {
            var at = stack[child];
            var property = nodes[at].Property!;
            if (property is { Name: "id", TypeName: "string" })
                WriteAttribute(" id=\""u8, at);
            else if (property.Name == "url" && nodes[parent].Property?.TypeName == "Extension")
                WriteAttribute(" url=\""u8, at);
            else
                stack[kept++] = at;
        }
        top = kept;
    }

    private void WriteAttribute(ReadOnlySpan<byte> opening, int index, bool isAlone = true)
    {
        // Of several, which is a fault, the first.
        if (!HasValue(index) || nodes[index].Ordinal > 0 && isAlone)
            return;
        xml.Append(opening);
        if (nodes[index].Is(NodeFlags.Escaped))
            xml.AppendEscaped(Encoding.UTF8.GetBytes(tape.Text(index)!));
        else
            xml.AppendEscaped(tape.Bytes(index));
        xml.Append("\""u8);
    }

    private bool HasValue(int index) => nodes[index].Kind is NodeKind.String or NodeKind.Number or NodeKind.True or NodeKind.False;

    private void WriteNarrative(int index)
    {
        if (!HasValue(index))
            return;
        NewLine();
        var text = (tape.Text(index) ?? "").Trim(' ', '\t', '\r', '\n');
        if (text.StartsWith("<?xml ", StringComparison.Ordinal) && text.IndexOf("?>", StringComparison.Ordinal) is > 0 and var end)
            text = text[(end + 2)..].TrimStart(' ', '\t', '\r', '\n');
        if (IsDiv(text))
        {
            xml.Append(Encoding.UTF8.GetBytes(text));
            return;
        }
        xml.Append("<div xmlns=\"http://www.w3.org/1999/xhtml\">"u8);
        xml.AppendEscaped(Encoding.UTF8.GetBytes(text));
        xml.Append("</div>"u8);
    }

    private static bool IsDiv(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Strict);
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "div" || reader.NamespaceURI != XhtmlNamespace)
                return false;
            while (reader.Read())
            {
                // Only the end decides.
            }
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private void Open(ReadOnlySpan<byte> name)
    {
        NewLine();
        xml.Append("<"u8);
        xml.Append(name);
    }

    private void Close(ReadOnlySpan<byte> name)
    {
        NewLine();
        xml.Append("</"u8);
        xml.Append(name);
        xml.Append(">"u8);
    }

    private void NewLine()
    {
        if (!indented)
            return;
        xml.Append("\n"u8);
        for (var level = 0; level < depth; level++)
            xml.Append("  "u8);
    }
}
