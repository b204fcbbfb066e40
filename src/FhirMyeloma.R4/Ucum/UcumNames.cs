using System.Text;

namespace FhirMyeloma.R4.Ucum;

/// <summary>Units in the words of the published table: <c>m3.kg-1</c> is "(meter ^ 3) * (kilogram ^ -1)".</summary>
internal static class UcumNames
{
    /// <summary>Of a code that is UCUM, or of the empty one, which is unity.</summary>
    public static string Of(string code)
    {
        if (code.Length == 0)
            return "(unity)";
        var names = new StringBuilder();
        var at = 0;
        while (at < code.Length)
        {
            switch (code[at])
            {
                case '.':
                    names.Append(" * ");
                    at++;
                    break;
                case '/':
                    names.Append(" / ");
                    at++;
                    break;
                case '(' or ')':
                    names.Append(code[at++]);
                    break;
                case '{':
                    var end = code.IndexOf('}', at) + 1;
                    names.Append(code, at, end - at);
                    at = end;
                    break;
                default:
                    var length = UcumParser.SymbolLength(code.AsSpan(at));
                    Append(names, code.Substring(at, length));
                    at += length;
                    break;
            }
        }
        return names.ToString();
    }

    private static void Append(StringBuilder names, string symbol)
    {
        var name = symbol.TrimEnd("0123456789".AsSpan()).ToString();
        if (name.Length == 0)
        {
            names.Append(symbol);
            return;
        }
        var exponent = symbol[name.Length..];
        if (exponent.Length > 0 && name[^1] is '+' or '-')
            (name, exponent) = (name[..^1], name[^1] + exponent);
        names.Append('(').Append(NameOf(name));
        if (exponent is not ("" or "1" or "+1"))
            names.Append(" ^ ").Append(exponent.TrimStart('+'));
        names.Append(')');
    }

    private static string NameOf(string symbol)
    {
        var essence = UcumEssence.Instance;
        if (essence.Atoms.TryGetValue(symbol, out var whole))
            return whole.Name;
        for (var length = 1; length <= essence.LongestPrefix && length < symbol.Length; length++)
        {
            if (essence.Prefixes.TryGetValue(symbol[..length], out var prefix) && essence.Atoms.TryGetValue(symbol[length..], out var atom) && atom.IsMetric)
                return prefix.Name + atom.Name;
        }
        return symbol;
    }
}
