namespace FhirMyeloma.R4.Ucum;

/// <summary>The seven exponents of UCUM's base units m, s, g, rad, K, C, cd.</summary>
internal readonly record struct Dimension(int M, int S, int G, int Rad, int K, int C, int Cd)
{
    public static Dimension Of(int index) => new(
        index == 0 ? 1 : 0, index == 1 ? 1 : 0, index == 2 ? 1 : 0, index == 3 ? 1 : 0, index == 4 ? 1 : 0, index == 5 ? 1 : 0, index == 6 ? 1 : 0);

    public static Dimension operator +(Dimension a, Dimension b) =>
        new(a.M + b.M, a.S + b.S, a.G + b.G, a.Rad + b.Rad, a.K + b.K, a.C + b.C, a.Cd + b.Cd);

    public static Dimension operator *(Dimension a, int times) =>
        new(a.M * times, a.S * times, a.G * times, a.Rad * times, a.K * times, a.C * times, a.Cd * times);
}

/// <summary>What a term of UCUM amounts to: a factor of base units, arbitrary units apart.</summary>
/// <param name="Factor">How many of the base units.</param>
/// <param name="Dimension">Exponents of the base units.</param>
/// <param name="Arbitrary">Arbitrary units with their exponents, as canonical text; empty for none.</param>
/// <param name="Special">Code of the unit on a special scale, when the term is nothing else but that unit with a prefix; null otherwise.</param>
internal sealed record UnitTerm(Ratio Factor, Dimension Dimension, string Arbitrary, string? Special)
{
    public static UnitTerm One { get; } = new(Ratio.One, default, "", null);

    /// <summary>A special unit inside a product has no scale that could be converted.</summary>
    public const string Unscaled = "compound";

    public static UnitTerm OfBase(int index) => new(Ratio.One, Dimension.Of(index), "", null);

    public static UnitTerm OfArbitrary(string code) => new(Ratio.One, default, code + "^1 ", null);

    public static UnitTerm OfFactor(Ratio factor) => new(factor, default, "", null);

    public UnitTerm Times(Ratio factor) => this with { Factor = Factor * factor };

    public UnitTerm Times(UnitTerm other) => new(
        Factor * other.Factor,
        Dimension + other.Dimension,
        Join(Arbitrary, other.Arbitrary),
        Special is null && other.Special is null ? null
            : ReferenceEquals(this, One) ? other.Special
            : ReferenceEquals(other, One) ? Special
            : Unscaled);

    public UnitTerm Power(int exponent) => exponent == 1 ? this : new(
        Factor.Power(exponent),
        Dimension * exponent,
        Join("", Arbitrary, exponent),
        Special is null ? null : Unscaled);

    // "code^n " items, sorted, without those of exponent 0; UCUM codes hold no space.
    private static string Join(string a, string b, int times = 1)
    {
        if (b.Length == 0 || (a.Length == 0 && times == 1))
            return b.Length == 0 ? a : b;
        var exponents = new SortedDictionary<string, int>(StringComparer.Ordinal);
        Add(a, 1);
        Add(b, times);
        return string.Concat(exponents.Where(item => item.Value != 0).Select(item => $"{item.Key}^{item.Value} "));

        void Add(string items, int by)
        {
            foreach (var item in items.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var caret = item.LastIndexOf('^');
                var code = item[..caret];
                exponents[code] = exponents.GetValueOrDefault(code) + (by * int.Parse(item.AsSpan(caret + 1), System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}
