using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>What R4 allows and a receiver may still not want; each only when the options ask for it.</summary>
internal static class StrictChecks
{
    /// <summary>The names that RFC 2606 keeps for examples.</summary>
    private static readonly string[] ExampleHosts = ["example.org", "example.com", "example.net", "example.edu"];

    public static void Run(ValidationScope scope)
    {
        if (scope.Options is { ExampleUrls: true, HtmlInMarkdown: true })
            return;
        var tape = scope.Document.Tape;
        for (var at = 0; at < tape.Count; at++)
        {
            ref readonly var node = ref tape.Nodes[at];
            if (node.Kind != NodeKind.String || node.Property is not { } property)
                continue;
            if (!scope.Options.ExampleUrls && property.Primitive is PrimitiveKind.Uri or PrimitiveKind.Url or PrimitiveKind.Canonical && tape.Text(at) is { } url && IsExample(url))
                Report(scope, at, IssueCodes.ExampleUrl, $"{property.Element.Name} is a URL of a domain that is reserved for examples; here only real ones are allowed.");
            else if (!scope.Options.HtmlInMarkdown && property.Primitive is PrimitiveKind.Markdown && tape.Text(at) is { } text && HasTag(text))
                Report(scope, at, IssueCodes.HtmlInMarkdown, $"{property.Element.Name} contains what looks like an HTML tag; write it as markdown, or escape the '<'.");
        }
    }

    /// <summary>True for a URL whose host is a name that is reserved for examples, or below one.</summary>
    public static bool IsExample(string url)
    {
        if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return false;
        var host = url.AsSpan(url.IndexOf("://", StringComparison.Ordinal) + 3);
        var end = host.IndexOfAny('/', ':', '?');
        host = end < 0 ? host : host[..end];
        if (host.EndsWith(".example", StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (var name in ExampleHosts)
        {
            if (host.EndsWith(name, StringComparison.OrdinalIgnoreCase) && (host.Length == name.Length || host[^(name.Length + 1)] == '.'))
                return true;
        }
        return false;
    }

    /// <summary>A '&lt;' before a letter or a slash and a letter, not escaped, not a link in angle brackets, not in code.</summary>
    private static bool HasTag(string markdown)
    {
        for (var at = markdown.IndexOf('<', StringComparison.Ordinal); at >= 0; at = markdown.IndexOf('<', at + 1))
        {
            if (at > 0 && markdown[at - 1] == '\\' || at + 1 == markdown.Length)
                continue;
            var name = at + 1 + (markdown[at + 1] == '/' ? 1 : 0);
            var end = name;
            while (end < markdown.Length && (char.IsAsciiLetterOrDigit(markdown[end]) || markdown[end] == '-'))
                end++;
            if (end > name && char.IsAsciiLetter(markdown[name]) && end < markdown.Length && markdown[end] is ' ' or '>' or '/' or '\t' or '\n' && markdown.AsSpan(0, at).Count('`') % 2 == 0)
                return true;
        }
        return false;
    }

    private static void Report(ValidationScope scope, int at, string code, string text)
    {
        if (scope.Issues.Wants(IssueSeverity.Error))
            scope.Issues.Add(IssueSeverity.Error, code, IssueType.BusinessRule, new Element(scope.Document, at), text);
    }
}
