using System.Globalization;
using System.Numerics;

namespace FhirMyeloma.R4.Ucum;

/// <summary>An exact rational number in lowest terms, denominator positive; units and conversions lose no digit.</summary>
public readonly record struct Ratio
{
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

    /// <summary>
    /// As a decimal without trailing zeros: exact where 28 digits suffice, else rounded half to even at the 28th significant digit. Null when too large.
    /// </summary>
    public decimal? ToDecimal()
    {
        var negative = Numerator.Sign < 0;
        var whole = BigInteger.DivRem(BigInteger.Abs(Numerator), Denominator, out var rest);
        var scale = 0;
        while (!rest.IsZero && scale < 28 && whole * 10 < Digits28)
        {
            rest *= 10;
            whole = (whole * 10) + BigInteger.DivRem(rest, Denominator, out rest);
            scale++;
        }
        var half = (rest * 2).CompareTo(Denominator);
        if (half > 0 || (half == 0 && !whole.IsEven))
            whole++;
        if (whole > Largest)
            return null;
        while (scale > 0 && (whole % 10).IsZero)
        {
            whole /= 10;
            scale--;
        }
        return new decimal(Word(whole), Word(whole >> 32), Word(whole >> 64), negative && !whole.IsZero, (byte)scale);
    }

    private static BigInteger Unsigned(int word) => unchecked((uint)word);

    private static int Word(BigInteger value) => unchecked((int)(uint)(value & uint.MaxValue));

    private static BigInteger Digits28 { get; } = BigInteger.Pow(10, 28);

    private static BigInteger Largest { get; } = new(decimal.MaxValue);

    /// <inheritdoc/>
    public override string ToString() => Denominator.IsOne ? Numerator.ToString(CultureInfo.InvariantCulture) : $"{Numerator}/{Denominator}";
}
