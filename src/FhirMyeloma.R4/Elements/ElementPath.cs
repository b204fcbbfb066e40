using System.Globalization;
using System.Text;

namespace FhirMyeloma.R4.Elements;

/// <summary>Renders the simple FHIRPath of a node: element names, an index on what repeats, no type suffix on choices.</summary>
internal static class ElementPath
{
    public static string Of(FhirTape tape, int index)
    {
        Span<int> chain = stackalloc int[160];
        var depth = 0;
        for (var at = index; at > 0 && depth < chain.Length; at = tape.OwnerOf(at))
            chain[depth++] = at;
        var path = new StringBuilder(tape.TypeName(0) is { Length: > 0 } root ? root : "Resource");
        while (depth > 0)
        {
            ref readonly var node = ref tape.Nodes[chain[--depth]];
            path.Append('.').Append(node.Property?.Element.Name ?? tape.Name(chain[depth]));
            if (node.Property is { Repeats: true } || node.Property is not null && node.Ordinal > 0)
                path.Append(CultureInfo.InvariantCulture, $"[{node.Ordinal}]");
        }
        return path.ToString();
    }
}
