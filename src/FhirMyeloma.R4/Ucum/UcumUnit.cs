using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace FhirMyeloma.R4.Ucum;

/// <summary>
/// A unit of UCUM (https://ucum.org), parsed from its case-sensitive code. Conversion is exact rational arithmetic. Temperatures on a shifted scale convert;
/// logarithmic and other special scales are recognised but refused. Arbitrary units ([iU], [CFU], …) are commensurable only with themselves.
/// </summary>
public sealed class UcumUnit
{
    // A cache, bounded because the codes come from outside.
    private const int MaxCached = 2_000;
    private static readonly ConcurrentDictionary<string, UcumUnit> Cache = new(StringComparer.Ordinal);
    private static int _cached;

    /// <summary>The code system that UCUM codes belong to in FHIR.</summary>
    public const string System = "http://unitsofmeasure.org";

    private readonly UnitTerm _term;

    private UcumUnit(string code, UnitTerm term, ImmutableArray<string> atoms)
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

    /// <summary>Parses a code; on failure says what is wrong with it.</summary>
    public static bool TryParse(string code, [NotNullWhen(true)] out UcumUnit? unit, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (Cache.TryGetValue(code, out unit))
        {
            reason = null;
            return true;
        }
        List<string> atoms = [];
        var term = UcumParser.Parse(code, atoms, out var fault);
        if (term is null)
        {
            unit = null;
            reason = fault ?? "not a unit of UCUM";
            return false;
        }
        unit = new(code, term, [.. atoms]);
        if (Volatile.Read(ref _cached) < MaxCached && Cache.TryAdd(code, unit))
            Interlocked.Increment(ref _cached);
        reason = null;
        return true;
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

    /// <summary>Converts a value; null when the units are not commensurable or a scale is not supported.</summary>
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
