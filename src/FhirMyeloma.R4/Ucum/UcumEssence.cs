using System.Net;
using System.Text;

namespace FhirMyeloma.R4.Ucum;

/// <summary>
/// The published table of UCUM (ucum-essence.xml, shipped verbatim): prefixes, base units and the definitions of the rest. Read when the first unit is parsed;
/// a defined unit is worked out when it is first used.
/// </summary>
internal sealed class UcumEssence
{
    private static readonly Lazy<UcumEssence> Loaded = new(Load);

    private UcumEssence(Dictionary<string, UcumPrefix> prefixes, Dictionary<string, UcumAtom> atoms)
    {
        Prefixes = prefixes;
        Atoms = atoms;
        LongestPrefix = prefixes.Keys.Max(prefix => prefix.Length);
    }

    public static UcumEssence Instance => Loaded.Value;

    /// <summary>By the case-sensitive code.</summary>
    public Dictionary<string, UcumPrefix> Prefixes { get; }

    /// <summary>By the case-sensitive code.</summary>
    public Dictionary<string, UcumAtom> Atoms { get; }

    public int LongestPrefix { get; }

    private static UcumEssence Load()
    {
        using var stream = typeof(UcumEssence).Assembly.GetManifestResourceStream("ucum-essence.xml")
            ?? throw new InvalidOperationException("ucum-essence.xml is not embedded.");
        using var text = new StreamReader(stream, Encoding.ASCII);
        var prefixes = new Dictionary<string, UcumPrefix>(50, StringComparer.Ordinal);
        var atoms = new Dictionary<string, UcumAtom>(500, StringComparer.Ordinal);
        UcumPrefix? prefix = null;
        UcumAtom? atom = null;
        var bases = 0;
        var tags = new TagScanner(text.ReadToEnd());
        while (tags.Next())
        {
            switch (tags.Name)
            {
                case "prefix":
                    prefix = new(tags.Attribute("Code")!, tags.Attribute("CODE")!);
                    prefixes.Add(prefix.Code, prefix);
                    atom = null;
                    break;
                case "base-unit":
                    atom = new(tags.Attribute("Code")!, tags.Attribute("CODE")!) { IsMetric = true, BaseIndex = bases++ };
                    atoms.Add(atom.Code, atom);
                    break;
                case "unit":
                    atom = new(tags.Attribute("Code")!, tags.Attribute("CODE")!)
                    {
                        IsMetric = tags.Attribute("isMetric") is "yes",
                        IsSpecial = tags.Attribute("isSpecial") is "yes",
                        IsArbitrary = tags.Attribute("isArbitrary") is "yes",
                    };
                    atoms.Add(atom.Code, atom);
                    break;
                case "name" when atom is { Name.Length: 0 }:
                    atom.Name = tags.Text;
                    break;
                case "name" when atom is null && prefix is not null:
                    prefix.Name = tags.Text;
                    break;
                case "value" when atom is not null:
                    atom.DefinitionUnit = tags.Attribute("Unit")!;
                    atom.DefinitionValue = tags.Attribute("value");
                    break;
                case "value" when prefix is not null:
                    prefix.Factor = Ratio.Parse(tags.Attribute("value")!);
                    break;
                case "function" when atom is not null:
                    atom.Function = tags.Attribute("name")!;
                    atom.DefinitionUnit = tags.Attribute("Unit")!;
                    atom.DefinitionValue = tags.Attribute("value");
                    break;
            }
        }
        return new(prefixes, atoms);
    }

    /// <summary>
    /// The start tags of the table, one after the other. The table is part of the library, never input, so a scan does; the XML reader of the framework
    /// would cost a service more time to load than the rest of its first answer.
    /// </summary>
    private ref struct TagScanner(string xml)
    {
        private int at;
        private ReadOnlySpan<char> tag;

        public ReadOnlySpan<char> Name { get; private set; }

        /// <summary>What follows the tag up to the next one.</summary>
        public readonly string Text => WebUtility.HtmlDecode(xml[at..xml.IndexOf('<', at)]);

        public bool Next()
        {
            while (xml.IndexOf('<', at) is var start and >= 0)
            {
                at = xml.IndexOf('>', start) + 1;
                if (!char.IsAsciiLetter(xml[start + 1]))
                    continue;
                tag = xml.AsSpan(start + 1, at - start - 2);
                Name = tag.IndexOfAny(' ', '\n', '/') is var end and >= 0 ? tag[..end] : tag;
                return true;
            }
            return false;
        }

        public readonly string? Attribute(string name)
        {
            for (var rest = tag; rest.IndexOf(name) is var found and >= 0; rest = rest[(found + name.Length)..])
            {
                if (found == 0 || rest[found - 1] is not (' ' or '\n') || !rest[(found + name.Length)..].StartsWith("=\""))
                    continue;
                var value = rest[(found + name.Length + 2)..];
                return WebUtility.HtmlDecode(value[..value.IndexOf('"')].ToString());
            }
            return null;
        }
    }
}

/// <summary>A prefix as published: <c>m</c>, milli, 0.001.</summary>
internal sealed class UcumPrefix(string code, string insensitiveCode)
{
    public string Code { get; } = code;

    /// <summary>Its code in the variant of UCUM that does not tell case apart.</summary>
    public string InsensitiveCode { get; } = insensitiveCode;

    public string Name { get; set; } = "";

    public Ratio Factor { get; set; }
}

/// <summary>One symbol of UCUM with its definition as published.</summary>
internal sealed class UcumAtom(string code, string insensitiveCode)
{
    private UnitTerm? _term;

    public string Code { get; } = code;

    /// <summary>Its code in the variant of UCUM that does not tell case apart.</summary>
    public string InsensitiveCode { get; } = insensitiveCode;

    public string Name { get; set; } = "";

    /// <summary>Name of the function of a special scale; empty for others.</summary>
    public string Function { get; set; } = "";

    public bool IsMetric { get; init; }

    /// <summary>Its scale is a function (temperature, logarithm), not a factor.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Defined by a procedure; commensurable with nothing but itself.</summary>
    public bool IsArbitrary { get; init; }

    /// <summary>Place among the seven base units; -1 for a defined unit.</summary>
    public int BaseIndex { get; init; } = -1;

    public string DefinitionUnit { get; set; } = "";

    public string? DefinitionValue { get; set; }

    public UnitTerm Term => _term ??= Define();

    private UnitTerm Define()
    {
        if (BaseIndex >= 0)
            return UnitTerm.OfBase(BaseIndex);
        var definition = UcumParser.ParseDefinition(DefinitionUnit).Times(Ratio.Parse(DefinitionValue!));
        if (IsSpecial)
            return definition with { Special = Code };
        // [IU] is defined by [iU], which already stands for itself.
        return IsArbitrary && definition.Arbitrary.Length == 0 ? UnitTerm.OfArbitrary(Code) : definition;
    }
}
