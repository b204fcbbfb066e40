using System.Text.RegularExpressions;

namespace FhirMyeloma.R4.Elements;

/// <summary>
/// The places of a resource that can name another resource and are rewritten when a transaction gives that one an id (R4 http.html#trules): literal references,
/// elements of a type of URL, and <c>href</c> and <c>src</c> in narrative.
/// </summary>
public static partial class Links
{
    /// <summary>The elements of the resource, contained ones included, in the order of the source. Strings that are no URL are never among them.</summary>
    /// <param name="resource">The root of a document or of a Bundle entry.</param>
    public static IEnumerable<Element> Of(Element resource)
    {
        if (resource.Document is not { } document)
            yield break;
        var tape = document.Tape;
        for (var at = resource.Index + 1; at < resource.Node.End; at++)
        {
            if (tape.Nodes[at] is { Kind: NodeKind.String, Property: { } property } && MayLink(tape.Bytes(at), property.TypeName, property.Name))
                yield return new(document, at);
        }
    }

    /// <summary>The narrative with its links replaced.</summary>
    /// <param name="div">XHTML.</param>
    /// <param name="target">What stands for a link; null where it stays.</param>
    public static string RewriteNarrative(string div, Func<string, string?> target) =>
        Attribute().Replace(div, link => target(link.Groups["url"].Value) is { } other ? $"{link.Groups["before"].Value}{other}{link.Groups["quote"].Value}" : link.Value);

    private static bool MayLink(ReadOnlySpan<byte> text, string type, string name) => type switch
    {
        "string" => name == "reference" && text is not [(byte)'#', ..],
        "uri" or "url" or "oid" or "uuid" or "canonical" => text.StartsWith("urn:"u8) || text.IndexOf("/"u8) > 0,
        "xhtml" => text.IndexOf("href"u8) > 0 || text.IndexOf("src"u8) > 0,
        _ => false,
    };

    [GeneratedRegex("(?<before>\\s(href|src)\\s*=\\s*(?<quote>[\"']))(?<url>[^\"']*)\\k<quote>", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Attribute();
}
