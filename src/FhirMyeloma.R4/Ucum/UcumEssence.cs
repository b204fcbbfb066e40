using System.Collections.Frozen;
using System.Xml;

namespace FhirMyeloma.R4.Ucum;

/// <summary>
/// The published table of UCUM (ucum-essence.xml, shipped verbatim): prefixes, base units and the definitions of the rest. Read when the first unit is parsed;
/// a defined unit is worked out when it is first used.
/// </summary>
internal sealed class UcumEssence
{
    private static readonly Lazy<UcumEssence> Loaded = new(Load);

    private UcumEssence(FrozenDictionary<string, UcumPrefix> prefixes, FrozenDictionary<string, UcumAtom> atoms)
    {
        Prefixes = prefixes;
        Atoms = atoms;
        LongestPrefix = prefixes.Keys.Max(prefix => prefix.Length);
    }

    public static UcumEssence Instance => Loaded.Value;

    /// <summary>By the case-sensitive code.</summary>
    public FrozenDictionary<string, UcumPrefix> Prefixes { get; }

    /// <summary>By the case-sensitive code.</summary>
    public FrozenDictionary<string, UcumAtom> Atoms { get; }

    public int LongestPrefix { get; }

    private static UcumEssence Load()
    {
        using var stream = typeof(UcumEssence).Assembly.GetManifestResourceStream("ucum-essence.xml")
            ?? throw new InvalidOperationException("ucum-essence.xml is not embedded.");
        using var reader = XmlReader.Create(stream, new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true, IgnoreWhitespace = true });
        var prefixes = new Dictionary<string, UcumPrefix>(StringComparer.Ordinal);
        var atoms = new Dictionary<string, UcumAtom>(StringComparer.Ordinal);
        UcumPrefix? prefix = null;
        UcumAtom? atom = null;
        var bases = 0;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            switch (reader.LocalName)
            {
                case "prefix":
                    prefix = new(reader.GetAttribute("Code")!, reader.GetAttribute("CODE")!);
                    prefixes.Add(prefix.Code, prefix);
                    atom = null;
                    break;
                case "base-unit":
                    atom = new(reader.GetAttribute("Code")!, reader.GetAttribute("CODE")!) { IsMetric = true, BaseIndex = bases++ };
                    atoms[atom.Code] = atom;
                    break;
                case "unit":
                    atom = new(reader.GetAttribute("Code")!, reader.GetAttribute("CODE")!)
                    {
                        IsMetric = reader.GetAttribute("isMetric") is "yes",
                        IsSpecial = reader.GetAttribute("isSpecial") is "yes",
                        IsArbitrary = reader.GetAttribute("isArbitrary") is "yes",
                    };
                    atoms[atom.Code] = atom;
                    break;
                case "name" when atom is { Name.Length: 0 }:
                    atom.Name = reader.ReadString();
                    break;
                case "name" when atom is null && prefix is not null:
                    prefix.Name = reader.ReadString();
                    break;
                case "value" when atom is not null:
                    atom.DefinitionUnit = reader.GetAttribute("Unit")!;
                    atom.DefinitionValue = reader.GetAttribute("value");
                    break;
                case "value" when prefix is not null:
                    prefix.Factor = Ratio.Parse(reader.GetAttribute("value")!);
                    break;
                case "function" when atom is not null:
                    atom.Function = reader.GetAttribute("name")!;
                    atom.DefinitionUnit = reader.GetAttribute("Unit")!;
                    atom.DefinitionValue = reader.GetAttribute("value");
                    break;
            }
        }
        return new(prefixes.ToFrozenDictionary(StringComparer.Ordinal), atoms.ToFrozenDictionary(StringComparer.Ordinal));
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
