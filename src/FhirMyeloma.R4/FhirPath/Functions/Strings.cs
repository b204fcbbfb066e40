using System.Globalization;
using System.Net;
using System.Text;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>Section 5.6.</summary>
internal static class Strings
{
    // What is no UTF-8 is not to be patched up.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Function[] All { get; } =
    [
        WithPart("indexOf", static (text, part) => Collection.Of(Characters(text, text.IndexOf(part, StringComparison.Ordinal)))),
        WithPart("lastIndexOf", static (text, part) => Collection.Of(Characters(text, text.LastIndexOf(part, StringComparison.Ordinal)))),
        new("substring", 1, 2, Substring),
        WithPart("startsWith", static (text, part) => Collection.Of(text.StartsWith(part, StringComparison.Ordinal))),
        WithPart("endsWith", static (text, part) => Collection.Of(text.EndsWith(part, StringComparison.Ordinal))),
        WithPart("contains", static (text, part) => Collection.Of(text.Contains(part, StringComparison.Ordinal))),
        new("upper", 0, 0, static (in call) => Collection.Of(call.Text()?.ToUpperInvariant())),
        new("lower", 0, 0, static (in call) => Collection.Of(call.Text()?.ToLowerInvariant())),
        new("replace", 2, 2, Replace),
        new("matches", 1, 2, static (in call) => Patterns.Matches(call, whole: false)),
        new("matchesFull", 1, 2, static (in call) => Patterns.Matches(call, whole: true)),
        new("replaceMatches", 2, 3, Patterns.Replace),
        new("length", 0, 0, static (in call) => call.Text() is { } text ? Collection.Of(Characters(text, text.Length)) : Collection.Empty),
        new("toChars", 0, 0, ToChars),
        new("encode", 1, 1, Encode),
        new("decode", 1, 1, Decode),
        new("escape", 1, 1, Escape),
        new("unescape", 1, 1, Unescape),
        new("trim", 0, 0, static (in call) => Collection.Of(call.Text()?.Trim())),
        new("split", 1, 1, Split),
        new("join", 0, 1, Join),
    ];

    /// <summary>A function of the input and one other string; empty when one of them is.</summary>
    private static Function WithPart(string name, Func<string, string, Collection> function) =>
        new(name, 1, 1, (in call) => call.Text() is { } text && call.Text(0) is { } part ? function(text, part) : Collection.Empty);

    private static Collection Substring(in Invocation call)
    {
        if (call.Text() is not { } text || call.Integer(0) is not { } start || start < 0)
            return Collection.Empty;
        var length = call.Integer(1) ?? text.Length;
        var first = PositionOf(text, 0, start);
        if (first >= text.Length)
            return Collection.Empty;
        return Collection.Of(length <= 0 ? "" : text[first..PositionOf(text, first, length)]);
    }

    /// <summary>A position or length in characters of Unicode: a pair of surrogates is one.</summary>
    private static int Characters(string text, int units)
    {
        for (var i = units - 1; i >= 0; i--)
        {
            if (char.IsLowSurrogate(text[i]))
                units--;
        }
        return units;
    }

    /// <summary>The position so many characters further; the end when there are fewer.</summary>
    private static int PositionOf(string text, int from, int characters)
    {
        if (!text.AsSpan(from).ContainsAnyInRange('\ud800', '\udfff'))
            return (int)Math.Min(text.Length, (long)from + characters);
        for (; characters > 0 && from < text.Length; characters--)
            from += char.IsHighSurrogate(text[from]) && from + 1 < text.Length ? 2 : 1;
        return from;
    }

    /// <summary>An empty pattern stands between all characters.</summary>
    private static Collection Replace(in Invocation call)
    {
        var text = call.Text();
        var (pattern, substitution) = (call.Text(0), call.Text(1));
        if (text is null || pattern is null || substitution is null)
            return Collection.Empty;
        var places = pattern.Length == 0 ? text.Length + 1 : text.Length / pattern.Length;
        if ((long)places * substitution.Length > call.Evaluator.Context.Limits.StringLength)
            places = pattern.Length == 0 ? places : text.AsSpan().Count(pattern);
        call.Evaluator.CheckLength(text.Length + ((long)places * substitution.Length), call.Syntax.Position);
        if (pattern.Length > 0)
            return Collection.Of(call.Evaluator.Sized(text.Replace(pattern, substitution, StringComparison.Ordinal), call.Syntax));
        var spread = new StringBuilder(substitution);
        foreach (var character in text.EnumerateRunes())
            spread.Append(character).Append(substitution);
        return Collection.Of(call.Evaluator.Sized(spread.ToString(), call.Syntax));
    }

    private static Collection ToChars(in Invocation call)
    {
        if (call.Text() is not { } text)
            return Collection.Empty;
        var characters = new CollectionBuilder();
        foreach (var rune in text.EnumerateRunes())
            characters.Add(Item.Of(rune.ToString()));
        return call.Evaluator.Sized(characters, call.Syntax);
    }

    private static Collection Encode(in Invocation call)
    {
        if (call.Text() is not { } text || call.Text(0) is not { } format)
            return Collection.Empty;
        var bytes = Encoding.UTF8.GetBytes(text);
        return Collection.Of(format switch
        {
            "hex" => Convert.ToHexStringLower(bytes),
            "base64" => Convert.ToBase64String(bytes),
            "urlbase64" => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_'),
            "ascii" => string.Concat(text.EnumerateRunes().Select(rune => rune.IsAscii ? (char)rune.Value : '?')),
            _ => throw Format(call, "hex, base64, urlbase64 and ascii"),
        });
    }

    private static Collection Decode(in Invocation call)
    {
        if (call.Text() is not { } text || call.Text(0) is not { } format)
            return Collection.Empty;
        try
        {
            return Collection.Of(Utf8.GetString(format switch
            {
                "hex" => Convert.FromHexString(text),
                "base64" => Convert.FromBase64String(text),
                "urlbase64" => Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/')),
                _ => throw Format(call, "hex, base64 and urlbase64"),
            }));
        }
        catch (FormatException)
        {
            throw call.Fault($"cannot read its input as {format}");
        }
        catch (DecoderFallbackException)
        {
            return Collection.Empty;
        }
    }

    private static Collection Escape(in Invocation call)
    {
        if (call.Text() is not { } text || call.Text(0) is not { } target)
            return Collection.Empty;
        return Collection.Of(call.Evaluator.Sized(target switch
        {
            "html" => EscapeHtml(text),
            "json" => EscapeJson(text),
            _ => throw Format(call, "html and json"),
        }, call.Syntax));
    }

    private static Collection Unescape(in Invocation call)
    {
        if (call.Text() is not { } text || call.Text(0) is not { } target)
            return Collection.Empty;
        return Collection.Of(target switch
        {
            "html" => WebUtility.HtmlDecode(text),
            "json" => UnescapeJson(text),
            _ => throw Format(call, "html and json"),
        });
    }

    private static string EscapeHtml(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(character),
            };
        }
        return escaped.ToString();
    }

    private static string EscapeJson(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\b' => escaped.Append("\\b"),
                '\f' => escaped.Append("\\f"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }
        return escaped.ToString();
    }

    private static string UnescapeJson(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }
            var character = text[++i];
            if (character == 'u' && i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                i += 4;
                continue;
            }
            // What JSON does not know as an escape stays as it is.
            _ = "\"\\/bfnrt".Contains(character, StringComparison.Ordinal)
                ? plain.Append(character switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => character })
                : plain.Append('\\').Append(character);
        }
        return plain.ToString();
    }

    private static Collection Split(in Invocation call)
    {
        if (call.Text() is not { } text || call.Text(0) is not { } separator)
            return Collection.Empty;
        if (separator.Length == 0)
            return ToChars(call);
        var parts = new CollectionBuilder();
        foreach (var part in text.Split(separator))
            parts.Add(Item.Of(part));
        return call.Evaluator.Sized(parts, call.Syntax);
    }

    private static Collection Join(in Invocation call)
    {
        if (call.Input.IsEmpty)
            return Collection.Empty;
        var separator = call.Has(0) ? call.Text(0) ?? "" : "";
        var joined = new StringBuilder();
        var isFirst = true;
        foreach (ref readonly var item in call.Input.Items)
        {
            var value = item.Value;
            if (value.IsNone && item.IsElement && Primitive.IsPrimitive(item.Document, item.Index))
                continue;
            if (value.Kind != ItemKind.String && !(item.IsElement && value.IsTemporal))
                throw call.Fault($"takes strings, not {TypeName.Of(item)}");
            if (!isFirst)
                joined.Append(separator);
            isFirst = false;
            joined.Append(value.Text);
            call.Evaluator.CheckLength(joined.Length, call.Syntax.Position);
        }
        return Collection.Of(call.Evaluator.Sized(joined.ToString(), call.Syntax));
    }

    private static FhirPathException Format(in Invocation call, string known) => call.Fault($"knows {known} only");
}
