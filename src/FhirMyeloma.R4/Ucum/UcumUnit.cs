using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace FhirMyeloma.R4.Ucum;

/// <summary>
/// A unit of UCUM (https://ucum.org), parsed from its case-sensitive code. Conversion is exact rational arithmetic. Temperatures on a shifted scale
/// (Celsius, Fahrenheit, Réaumur) convert; logarithmic and other special scales are recognised but refused. Arbitrary units ([iU], [CFU], …) are commensurable only with themselves.
/// </summary>
public sealed class UcumUnit
{
    /// <summary>The code system that UCUM codes belong to in FHIR.</summary>
    public const string System = "http://unitsofmeasure.org";

    private readonly UnitTerm _term;

    internal UcumUnit(string code, UnitTerm term, ImmutableArray<string> atoms)
    {
        Code = code;
        _term = term;
        Atoms = atoms;
    }

    /// <summary>The code as written.</summary>
    public string Code { get; }

    /// <summary>The unit symbols that the code uses, without prefixes, in order: <c>g</c> and <c>L</c> for <c>mg/dL</c>.</summary>
    public ImmutableArray<string> Atoms { get; }

    /// <summary>True when the scale is a function (temperature, logarithm), not a factor.</summary>
    public bool IsSpecial => _term.Special is not null;

    /// <summary>True when it contains a unit that a procedure defines ([iU] and the like).</summary>
    public bool IsArbitrary => _term.Arbitrary.Length > 0;

    /// <summary>What the code means (for instance <c>(milligram) / (deciliter)</c>), in the words of the published table.</summary>
    public string DisplayName => field ??= UcumNames.Of(Code);

    /// <summary>Parses a code; on failure says what is wrong with it. Verdicts are remembered.</summary>
    public static bool TryParse(string code, [NotNullWhen(true)] out UcumUnit? unit, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(code);
        var verdict = UcumVerdict.Of(code);
        (unit, reason) = (verdict.Unit, verdict.Reason);
        return verdict.IsValid;
    }

    /// <summary>Parses a code that is known to be right; throws <see cref="FormatException"/> otherwise.</summary>
    public static UcumUnit Parse(string code) =>
        TryParse(code, out var unit, out var reason) ? unit : throw new FormatException($"{code}: {reason}");

    /// <summary>Do both measure the same kind of quantity?</summary>
    public bool IsCommensurableWith(UcumUnit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _term.Dimension == other._term.Dimension && string.Equals(_term.Arbitrary, other._term.Arbitrary, StringComparison.Ordinal);
    }

    /// <summary>The factor by which a value in this unit is multiplied to be in <paramref name="other"/>; null when there is none.</summary>
    public Ratio? FactorTo(UcumUnit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsCommensurableWith(other) && !IsSpecial && !other.IsSpecial ? _term.Factor / other._term.Factor : null;
    }

    /// <summary>Converts a value, exactly; null when <see cref="RefusalTo"/> has a reason.</summary>
    public Ratio? Convert(Ratio value, UcumUnit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (string.Equals(Code, other.Code, StringComparison.Ordinal))
            return value;
        if (FactorTo(other) is { } factor)
            return value * factor;
        if (!IsCommensurableWith(other) || Scale(_term) is not { } from || Scale(other._term) is not { } to)
            return null;
        return ((value * from.Factor) + from.Offset - to.Offset) / to.Factor;
    }

    /// <summary>Converts a value and rounds the exact result once, to 15 significant digits; null when there is no conversion or the result is beyond <see cref="decimal"/>.</summary>
    public decimal? Convert(decimal value, UcumUnit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return string.Equals(Code, other.Code, StringComparison.Ordinal) ? value : Convert(Ratio.Of(value), other)?.ToDecimal(Ratio.ConversionDigits);
    }

    /// <summary>Compares two quantities exactly, as <see cref="IComparable"/> does; null when their units have no conversion.</summary>
    public static int? Compare(decimal left, UcumUnit leftUnit, decimal right, UcumUnit rightUnit)
    {
        ArgumentNullException.ThrowIfNull(leftUnit);
        ArgumentNullException.ThrowIfNull(rightUnit);
        return ReferenceEquals(leftUnit, rightUnit) ? left.CompareTo(right) : leftUnit.Convert(Ratio.Of(left), rightUnit)?.CompareTo(Ratio.Of(right));
    }

    /// <summary>Why values in this unit do not convert to <paramref name="other"/>, as a sentence without its full stop; null when they do.</summary>
    public string? RefusalTo(UcumUnit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (string.Equals(Code, other.Code, StringComparison.Ordinal))
            return null;
        if ((ScaleRefusal ?? other.ScaleRefusal) is { } scale)
            return scale;
        if (IsCommensurableWith(other))
            return null;
        if (!string.Equals(_term.Arbitrary, other._term.Arbitrary, StringComparison.Ordinal))
            return $"'{(IsArbitrary ? Code : other.Code)}' counts units that a procedure defines for each substance; they convert only to themselves";
        if (Atoms.Contains("mol", StringComparer.Ordinal) != other.Atoms.Contains("mol", StringComparer.Ordinal))
            return $"'{Code}' and '{other.Code}' do not measure the same; between mass and amount of substance stands the molar mass, which is not part of a unit";
        return $"'{Code}' and '{other.Code}' do not measure the same kind of quantity";
    }

    private string? ScaleRefusal => _term.Special is null || Scale(_term) is not null ? null
        : _term.Special == UnitTerm.Unscaled ? $"'{Code}' combines a scale that has its own zero or function with other units; its values are not converted"
        : UcumEssence.Instance.Atoms[_term.Special].Function switch
        {
            "tanTimes100" or "100tan" => $"'{Code}' is a trigonometric scale; its values are not converted",
            "sqrt" => $"'{Code}' is a scale of square roots; its values are not converted",
            _ => $"'{Code}' is a logarithmic scale; its values are not converted",
        };

    // Kelvin = value * Factor + Offset. A prefix multiplies the value.
    private static (Ratio Factor, Ratio Offset)? Scale(UnitTerm term) => term.Special switch
    {
        null => (term.Factor, default),
        "Cel" or "[degRe]" => (term.Factor, Ratio.Of(273.15m)),
        "[degF]" => (term.Factor, Ratio.Of(459.67m) * Ratio.Of(5, 9)),
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => Code;
}
