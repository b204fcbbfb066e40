using System.Globalization;

namespace FhirMyeloma.R4.Ucum;

/// <summary>
/// The grammar of UCUM (case-sensitive): terms of components joined by <c>.</c> and <c>/</c> from left to right, a leading <c>/</c>, parentheses, exponents,
/// integer factors and annotations in braces. An annotation alone is 1.
/// </summary>
internal ref struct UcumParser
{
    /// <summary>Characters of a code; longer ones are refused unread.</summary>
    public const int MaxLength = 200;

    private const int MaxDepth = 16;
    private const int MaxExponent = 99;

    private readonly ReadOnlySpan<char> _code;
    private int _at;
    private int _depth;
    private UcumFault? _fault;
    private readonly List<string>? _atoms;

    private UcumParser(ReadOnlySpan<char> code, List<string>? atoms)
    {
        _code = code;
        _atoms = atoms;
    }

    /// <summary>The term, or null with the reason why it is not UCUM. The atoms used are added to <paramref name="atoms"/>.</summary>
    public static UnitTerm? Parse(ReadOnlySpan<char> code, List<string> atoms, out UcumFault? fault)
    {
        if (code.Length is 0 or > MaxLength)
        {
            fault = new(code.IsEmpty ? "the unit is empty" : "the unit is too long", 1);
            return null;
        }
        var parser = new UcumParser(code, atoms);
        var term = parser.MainTerm();
        fault = parser._fault;
        return fault is null ? term : null;
    }

    /// <summary>A definition of the published table, which is always right.</summary>
    public static UnitTerm ParseDefinition(string code)
    {
        var parser = new UcumParser(code, null);
        var term = parser.MainTerm();
        return parser._fault is null ? term : throw new InvalidOperationException($"Definition {code}: {parser._fault.Reason}");
    }

    private UnitTerm MainTerm()
    {
        var term = Term();
        if (_fault is null && _at < _code.Length)
            Unexpected();
        return term;
    }

    private UnitTerm Term()
    {
        var term = UnitTerm.One;
        var divide = Accept('/');
        while (true)
        {
            var component = Component();
            if (_fault is not null)
                return term;
            term = term.Times(divide ? component.Power(-1) : component);
            if (Accept('.'))
                divide = false;
            else if (Accept('/'))
                divide = true;
            else
                return term;
        }
    }

    private UnitTerm Component()
    {
        if (_at >= _code.Length)
            return Fail("a unit is missing at the end");
        if (_code[_at] == '{')
        {
            Annotation();
            return UnitTerm.One;
        }
        if (Accept('('))
        {
            if (++_depth > MaxDepth)
                return Fail("too many parentheses");
            var inner = Term();
            _depth--;
            if (_fault is null && !Accept(')'))
                return Fail("a closing parenthesis is missing");
            if (_fault is null && _at < _code.Length && _code[_at] == '{')
                Annotation();
            return inner;
        }
        var symbol = Symbol();
        if (symbol.IsEmpty)
            return Unexpected();
        var term = Resolve(symbol);
        if (_fault is null && _at < _code.Length && _code[_at] == '{')
            Annotation();
        return term;
    }

    private ReadOnlySpan<char> Symbol()
    {
        var start = _at;
        _at += SymbolLength(_code[_at..]);
        return _code[start.._at];
    }

    /// <summary>Characters up to the next operator; brackets are opaque (B[10.nV], [m/s2/Hz^(1/2)]).</summary>
    public static int SymbolLength(ReadOnlySpan<char> code)
    {
        var inBrackets = false;
        for (var at = 0; at < code.Length; at++)
        {
            var c = code[at];
            if (c is < '!' or > '~')
                return at;
            if (c == '[')
                inBrackets = true;
            else if (c == ']')
                inBrackets = false;
            else if (!inBrackets && c is ('.' or '/' or '(' or ')' or '{' or '}'))
                return at;
        }
        return code.Length;
    }

    private void Annotation()
    {
        var start = _at++;
        while (_at < _code.Length && _code[_at] is >= '!' and <= '~' and not ('{' or '}'))
            _at++;
        if (!Accept('}'))
            Fail($"the annotation from position {start + 1} is not closed, or holds a blank or a letter outside ASCII", start);
    }

    private UnitTerm Resolve(ReadOnlySpan<char> symbol)
    {
        if (!symbol.ContainsAnyExceptInRange('0', '9'))
        {
            if (symbol.TrimStart('0').IsEmpty)
                return Fail("the factor 0 has no meaning");
            return UnitTerm.OfFactor(Ratio.Parse(symbol.ToString()));
        }
        var digits = symbol.Length;
        while (digits > 0 && char.IsAsciiDigit(symbol[digits - 1]))
            digits--;
        var end = digits;
        if (end > 0 && digits < symbol.Length && symbol[end - 1] is '+' or '-')
            end--;
        var exponent = 1;
        if (digits < symbol.Length
            && (!int.TryParse(symbol[end..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > MaxExponent))
            return Fail("the exponent is too large");
        var atom = Atom(symbol[..end]);
        return atom is null ? Fail($"'{symbol[..end]}' is not a unit of UCUM", _at - symbol.Length) : atom.Power(exponent);
    }

    private readonly UnitTerm? Atom(ReadOnlySpan<char> symbol)
    {
        var essence = UcumEssence.Instance;
        var atoms = essence.Atoms.GetAlternateLookup<ReadOnlySpan<char>>();
        if (atoms.TryGetValue(symbol, out var whole))
        {
            _atoms?.Add(whole.Code);
            return whole.Term;
        }
        var prefixes = essence.Prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = 1; length <= essence.LongestPrefix && length < symbol.Length; length++)
        {
            if (prefixes.TryGetValue(symbol[..length], out var prefix) && atoms.TryGetValue(symbol[length..], out var atom) && atom.IsMetric)
            {
                _atoms?.Add(atom.Code);
                return atom.Term.Times(prefix.Factor);
            }
        }
        return null;
    }

    private bool Accept(char c)
    {
        if (_at >= _code.Length || _code[_at] != c)
            return false;
        _at++;
        return true;
    }

    private UnitTerm Unexpected() => Fail(_code[_at] == ' ' ? "a blank is not allowed in a unit" : $"'{_code[_at]}' is not expected here");

    private UnitTerm Fail(string reason) => Fail(reason, _at);

    private UnitTerm Fail(string reason, int at)
    {
        _fault ??= new(reason, at + 1);
        return UnitTerm.One;
    }
}

/// <summary>Why a code is not UCUM.</summary>
/// <param name="Reason">What is wrong, as the end of a sentence.</param>
/// <param name="Position">The character at which it shows, from 1.</param>
internal sealed record UcumFault(string Reason, int Position);
