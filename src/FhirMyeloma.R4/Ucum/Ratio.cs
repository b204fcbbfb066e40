using System.Globalization;
using System.Numerics;

namespace FhirMyeloma.R4.Ucum;

/// <summary>An exact rational number in lowest terms, denominator positive; units and conversions lose no digit.</summary>
public readonly record struct Ratio : IComparable<Ratio>
{
    /// <summary>Significant digits of a converted value.</summary>
    public const int ConversionDigits = 15;

    private readonly BigInteger _denominatorMinusOne;   // so that default is 0/1

    private Ratio(BigInteger numerator, BigInteger denominator)
    {
        Numerator = numerator;
        _denominatorMinusOne = denominator - 1;
    }

    /// <summary>The number 1.</summary>
    public static Ratio One { get; } = new(1, 1);

    /// <summary>Above the line.</summary>
    public BigInteger Numerator { get; }

    /// <summary>Below the line; at least 1.</summary>
    public BigInteger Denominator => _denominatorMinusOne + 1;

    /// <summary>numerator / denominator, reduced; throws <see cref="DivideByZeroException"/> for a denominator of 0.</summary>
    public static Ratio Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException();
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        if (denominator.Sign < 0)
            divisor = -divisor;
        return new(numerator / divisor, denominator / divisor);
    }

    /// <summary>The exact value of a decimal.</summary>
    public static Ratio Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = (Unsigned(bits[2]) << 64) | (Unsigned(bits[1]) << 32) | Unsigned(bits[0]);
        return Of(value < 0 ? -magnitude : magnitude, BigInteger.Pow(10, value.Scale));
    }

    /// <summary>Reads digits with optional point and exponent (<c>6.02214076</c>, <c>1e-24</c>), exactly.</summary>
    public static Ratio Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var e = text.IndexOfAny(['e', 'E']);
        var mantissa = e < 0 ? text : text[..e];
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }
        var digits = BigInteger.Parse(mantissa, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent >= 0 ? new(digits * BigInteger.Pow(10, exponent), 1) : Of(digits, BigInteger.Pow(10, -exponent));
    }

    /// <summary>Product.</summary>
    public static Ratio operator *(Ratio a, Ratio b) => Of(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <summary>Quotient; throws <see cref="DivideByZeroException"/> when <paramref name="b"/> is 0.</summary>
    public static Ratio operator /(Ratio a, Ratio b) => Of(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    /// <summary>Sum.</summary>
    public static Ratio operator +(Ratio a, Ratio b) => Of((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    /// <summary>Difference.</summary>
    public static Ratio operator -(Ratio a, Ratio b) => a + new Ratio(-b.Numerator, b.Denominator);

    /// <summary>Integer power, negative ones included; throws <see cref="DivideByZeroException"/> for a negative power of 0.</summary>
    public Ratio Power(int exponent) => exponent >= 0
        ? new(BigInteger.Pow(Numerator, exponent), BigInteger.Pow(Denominator, exponent))
        : Of(BigInteger.Pow(Denominator, -exponent), BigInteger.Pow(Numerator, -exponent));

    /// <summary>By value.</summary>
    public int CompareTo(Ratio other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>Less by value.</summary>
    public static bool operator <(Ratio a, Ratio b) => a.CompareTo(b) < 0;

    /// <summary>Greater by value.</summary>
    public static bool operator >(Ratio a, Ratio b) => a.CompareTo(b) > 0;

    /// <summary>Less or equal by value.</summary>
    public static bool operator <=(Ratio a, Ratio b) => a.CompareTo(b) <= 0;

    /// <summary>Greater or equal by value.</summary>
    public static bool operator >=(Ratio a, Ratio b) => a.CompareTo(b) >= 0;

    /// <summary>
    /// As a decimal without trailing zeros: exact where so many significant digits suffice, else rounded once, half to even. Null when too large.
    /// </summary>
    /// <param name="significantDigits">At most 28, and never more than 28 places after the point, which is what a decimal holds.</param>
    public decimal? ToDecimal(int significantDigits = MaxDigits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(significantDigits, 1);
        if (Quotient(significantDigits) is { } exact)
            return exact;
        var limit = significantDigits >= MaxDigits ? Digits28 : BigInteger.Pow(10, significantDigits);
        var negative = Numerator.Sign < 0;
        var numerator = BigInteger.Abs(Numerator);
        var denominator = Denominator;
        if (numerator > Largest * denominator)
            return null;
        // Digits before the point that are too many are rounded away; after it they are found one by one.
        var unit = BigInteger.One;
        if (significantDigits < MaxDigits)
        {
            while (numerator >= denominator * unit * limit)
                unit *= 10;
        }
        var whole = BigInteger.DivRem(numerator, denominator * unit, out var rest);
        denominator *= unit;
        var scale = 0;
        while (!rest.IsZero && scale < MaxDigits && whole * 10 < limit)
        {
            rest *= 10;
            whole = (whole * 10) + BigInteger.DivRem(rest, denominator, out rest);
            scale++;
        }
        var half = (rest * 2).CompareTo(denominator);
        if (half > 0 || (half == 0 && !whole.IsEven))
            whole++;
        whole *= unit;
        if (whole > Largest)
            return null;
        while (scale > 0 && (whole % 10).IsZero)
        {
            whole /= 10;
            scale--;
        }
        return new decimal(Word(whole), Word(whole >> 32), Word(whole >> 64), negative && !whole.IsZero, (byte)scale);
    }

    // Most laboratory values: a short quotient of small numbers, which decimal division gives exactly. Exact is what times the divisor gives the
    // dividend, where that product cannot have been rounded.
    private decimal? Quotient(int significantDigits)
    {
        if (Numerator > long.MaxValue || Numerator < long.MinValue || _denominatorMinusOne >= int.MaxValue)
            return null;
        var (numerator, denominator) = ((long)Numerator, (int)_denominatorMinusOne + 1);
        var quotient = (decimal)numerator / denominator;
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(quotient, bits);
        if (bits[2] != 0 || quotient * denominator != numerator)
            return null;
        var mantissa = unchecked(((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        return significantDigits >= MaxDigits || mantissa < PowersOfTen[Math.Min(significantDigits, PowersOfTen.Length - 1)] ? quotient : null;
    }

    private static readonly ulong[] PowersOfTen = [.. Enumerable.Range(0, 20).Select(exponent => (ulong)BigInteger.Pow(10, exponent))];

    private const int MaxDigits = 28;

    private static BigInteger Unsigned(int word) => unchecked((uint)word);

    private static int Word(BigInteger value) => unchecked((int)(uint)(value & uint.MaxValue));

    private static BigInteger Digits28 { get; } = BigInteger.Pow(10, MaxDigits);

    private static BigInteger Largest { get; } = new(decimal.MaxValue);

    /// <inheritdoc/>
    public override string ToString() => Denominator.IsOne ? Numerator.ToString(CultureInfo.InvariantCulture) : $"{Numerator}/{Denominator}";
}
