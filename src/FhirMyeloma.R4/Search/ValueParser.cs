using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Search;

/// <summary>Reads the values of a query. R4 search.html#escaping: <c>\,</c> <c>\|</c> <c>\$</c> and <c>\\</c> stand for themselves.</summary>
internal static class ValueParser
{
    /// <summary>A value; on failure says what is wrong with it as the end of a sentence: "is no date".</summary>
    public static ValueTest? Parse(SearchParameter parameter, string? modifier, string text, string? ownBase, out string fault)
    {
        if (parameter.Type != SearchType.Composite)
            return Parse(parameter, parameter.Type, modifier, text, ownBase, out fault);
        var parts = Split(text, '$');
        fault = string.Create(CultureInfo.InvariantCulture, $"needs {parameter.Components.Length} parts with a dollar sign between them");
        if (parts.Count != parameter.Components.Length)
            return null;
        var tests = ImmutableArray.CreateBuilder<ValueTest>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            if (Parse(parameter, parameter.Components[i].Type, null, parts[i], ownBase, out fault) is not { } test)
                return null;
            tests.Add(test);
        }
        return new CompositeTest(tests.MoveToImmutable());
    }

    /// <summary>Parts between a sign that is not escaped; the escapes stay.</summary>
    public static List<string> Split(string text, char sign)
    {
        var parts = new List<string>();
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == sign)
            {
                parts.Add(text[start..at]);
                start = at + 1;
            }
        }
        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>The text that the escapes stand for.</summary>
    public static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var plain = new System.Text.StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && (text[at + 1] is ',' or '|' or '$' or '\\'))
                at++;
            plain.Append(text[at]);
        }
        return plain.ToString();
    }

    private static ValueTest? Parse(SearchParameter parameter, SearchType type, string? modifier, string text, string? ownBase, out string fault)
    {
        fault = "is empty";
        if (text.Length == 0)
            return null;
        switch (type)
        {
            case SearchType.Token when modifier == "text":
                return new TokenTextTest(Folding.Fold(Unescape(text)));
            case SearchType.Token:
                return Token(text, out fault);
            case SearchType.Reference when modifier == "identifier":
                return Token(text, out fault) is { } token ? new IdentifierTest(token) : null;
            case SearchType.Reference:
                return Reference(parameter, modifier, Unescape(text), ownBase, out fault);
            case SearchType.String:
                return new StringTest(Unescape(text), modifier switch { "exact" => StringMatch.Exact, "contains" => StringMatch.Contains, _ => StringMatch.Beginning });
            case SearchType.Uri:
                return new UriTest(Unescape(text), Below: modifier == "below");
            case SearchType.Date:
                fault = "is no date: write one such as 2024-03-31 or ge2024-03, a time as 2024-03-31T10:00:00Z";
                return ReadPrefix(ref text) is { } when && DateRange.TryParse(text, out var range) ? new DateTest(when, range) : null;
            case SearchType.Quantity or SearchType.Number:
                return Quantity(text, type == SearchType.Quantity, out fault);
            default:
                fault = "cannot be part of a composite";
                return null;
        }
    }

    private static TokenTest? Token(string text, out string fault)
    {
        var parts = Split(text, '|');
        fault = "has more than one bar; write system|code, and \\| for a bar that is part of the code";
        if (parts.Count > 2)
            return null;
        var code = Unescape(parts[^1]);
        if (parts.Count == 1)
            return new(null, code);
        fault = "has neither system nor code";
        var system = Unescape(parts[0]);
        return system.Length == 0 && code.Length == 0 ? null : new(system, code.Length == 0 ? null : code);
    }

    private static ReferenceTest? Reference(SearchParameter parameter, string? type, string text, string? ownBase, out string fault)
    {
        fault = "is no reference: write an id, Type/id or a URL";
        if (ownBase is not null && text.StartsWith(ownBase, StringComparison.Ordinal))
            text = text[ownBase.Length..];
        var literal = LiteralReference.Parse(text);
        switch (literal.Form)
        {
            case ReferenceForm.Relative or ReferenceForm.Absolute:
                fault = "names a type that the parameter does not refer to";
                if (type is not null && type != literal.TypeName || !parameter.MayTarget(literal.TypeName!))
                    return null;
                var version = literal.Version;
                var bar = text.LastIndexOf('|');
                var (plain, id) = (text, literal.Id!);
                if (bar > 0)
                    (plain, version, id) = (text[..bar], text[(bar + 1)..], id.Split('|')[0]);
                return new(plain, literal.TypeName, id, version, literal.BaseUrl, ownBase);
            case ReferenceForm.Urn:
                return new(text, type, null, null, null, ownBase);
            case ReferenceForm.Other when text.Contains("://", StringComparison.Ordinal):
                return text.LastIndexOf('|') is > 0 and var at ? new(text[..at], null, null, text[(at + 1)..], null, ownBase) : new(text, null, null, null, null, ownBase);
            case ReferenceForm.Other when Primitives.IsValid(PrimitiveKind.Id, System.Text.Encoding.UTF8.GetBytes(text)):
                return new(null, type ?? parameter.NarrowedTo, text, null, null, ownBase) { Targets = parameter.Targets };
            default:
                return null;
        }
    }

    private static QuantityTest? Quantity(string text, bool hasUnit, out string fault)
    {
        var parts = Split(text, '|');
        fault = hasUnit ? "is no quantity: write one such as 5.4, gt5.4 or 5.4|http://unitsofmeasure.org|g/L" : "is no number";
        if (hasUnit ? parts.Count is not (1 or 3) : parts.Count != 1)
            return null;
        var number = parts[0];
        if (ReadPrefix(ref number) is not { } prefix || !ReadNumber(number, out var value, out var half))
            return null;
        if (parts.Count == 1)
            return new(prefix, value, half, null, null);
        var (system, code) = (Unescape(parts[1]), Unescape(parts[2]));
        fault = "has a system without a unit";
        return code.Length == 0 && system.Length > 0 ? null : new(prefix, value, half, system.Length == 0 ? null : system, code.Length == 0 ? null : code);
    }

    /// <summary>Half a unit of the last digit; R4 counts 1e2 as 100 give or take 5.</summary>
    private static bool ReadNumber(string text, out decimal value, out decimal half)
    {
        (value, half) = (0, 0);
        if (text.Length is 0 or > 40 || !decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) || Math.Abs(value) > 1e24m)
            return false;
        var exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? text.AsSpan() : text.AsSpan(0, exponentAt);
        var place = mantissa.IndexOf('.') is >= 0 and var point ? -(mantissa.Length - point - 1) : 0;
        if (exponentAt >= 0)
            place += int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) - 1;
        if (place is < -26 or > 24)
            return false;
        half = 0.5m;
        for (; place > 0; place--)
            half *= 10;
        for (; place < 0; place++)
            half /= 10;
        return true;
    }

    /// <summary>Takes the two letters off; null when they are none of R4's.</summary>
    private static Prefix? ReadPrefix(ref string text)
    {
        if (text.Length < 2 || !char.IsAsciiLetter(text[0]))
            return Prefix.Eq;
        Prefix? prefix = text[..2] switch
        {
            "eq" => Prefix.Eq,
            "ne" => Prefix.Ne,
            "gt" => Prefix.Gt,
            "lt" => Prefix.Lt,
            "ge" => Prefix.Ge,
            "le" => Prefix.Le,
            "sa" => Prefix.Sa,
            "eb" => Prefix.Eb,
            "ap" => Prefix.Ap,
            _ => null,
        };
        text = text[2..];
        return prefix;
    }
}
