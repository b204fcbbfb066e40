using System.Collections.Immutable;

namespace FhirMyeloma.Clinical.Cohorts;

/// <summary>Definitions of a sample quantile, numbered as by Hyndman and Fan (Am Stat 1996;50:361).</summary>
public enum QuantileMethod
{
    /// <summary>Linear between order statistics, h = (n − 1)p + 1: R's default, QUARTILE.INC. The default here (h.3).</summary>
    Type7,
    /// <summary>Linear, h = (n + 1)p: SPSS, QUARTILE.EXC.</summary>
    Type6,
    /// <summary>Linear, h = (n + 1/3)p + 1/3: nearly median-unbiased.</summary>
    Type8,
    /// <summary>The smallest value with at least the share p at or below it.</summary>
    Type1,
    /// <summary>As type 1, but the mean of two neighbours where np is whole.</summary>
    Type2,
}

/// <summary>Median and quartiles, in ascending order, with the method that gave them.</summary>
/// <param name="Count">How many values.</param>
/// <param name="Minimum">Smallest value.</param>
/// <param name="LowerQuartile">Quantile of 1/4.</param>
/// <param name="Median">Quantile of 1/2.</param>
/// <param name="UpperQuartile">Quantile of 3/4.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Method">The quantile method.</param>
public sealed record Distribution(
    int Count, decimal Minimum, decimal LowerQuartile, decimal Median, decimal UpperQuartile, decimal Maximum, QuantileMethod Method);

/// <summary>
/// Quantiles in <see cref="decimal"/>, so that whole days give exact quartiles. The order of the values does not matter.
/// </summary>
public static class Quantiles
{
    /// <summary>The wire name, e.g. <c>type-7</c>.</summary>
    public static string Code(this QuantileMethod method) => method switch
    {
        QuantileMethod.Type7 => "type-7",
        QuantileMethod.Type6 => "type-6",
        QuantileMethod.Type8 => "type-8",
        QuantileMethod.Type1 => "type-1",
        QuantileMethod.Type2 => "type-2",
    };

    /// <summary>Median, quartiles and range; null without values.</summary>
    public static Distribution? Describe(IEnumerable<decimal> values, QuantileMethod method = QuantileMethod.Type7)
    {
        ImmutableArray<decimal> sorted = [.. values.Order()];
        return sorted.IsEmpty
            ? null
            : new(sorted.Length, sorted[0], At(sorted, 1, 4, method), At(sorted, 1, 2, method), At(sorted, 3, 4, method), sorted[^1], method);
    }

    /// <summary>The quantile of a share of 0 to 1; null without values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The share is not within 0 and 1.</exception>
    public static decimal? Quantile(IEnumerable<decimal> values, decimal share, QuantileMethod method = QuantileMethod.Type7)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        ImmutableArray<decimal> sorted = [.. values.Order()];
        return sorted.IsEmpty ? null : At(sorted, share, 1, method);
    }

    /// <summary>The quantile of <paramref name="part"/>/<paramref name="whole"/>. Positions are kept as numerators over 3·whole, so that thirds (type 8) stay exact.</summary>
    private static decimal At(ImmutableArray<decimal> sorted, decimal part, decimal whole, QuantileMethod method)
    {
        var n = sorted.Length;
        var third = whole;
        var one = 3 * whole;
        return method switch
        {
            QuantileMethod.Type7 => Between(sorted, (n - 1) * 3 * part + one, one),
            QuantileMethod.Type6 => Between(sorted, (n + 1) * 3 * part, one),
            QuantileMethod.Type8 => Between(sorted, (3 * n + 1) * part + third, one),
            QuantileMethod.Type1 => Ranked(sorted, decimal.Ceiling(n * part / whole)),
            QuantileMethod.Type2 when decimal.Remainder(n * part, whole) == 0 => (Ranked(sorted, n * part / whole) + Ranked(sorted, n * part / whole + 1)) / 2,
            QuantileMethod.Type2 => Ranked(sorted, decimal.Ceiling(n * part / whole)),
        };
    }

    /// <summary>Linear between the two order statistics around the position; beyond the ends, the end.</summary>
    private static decimal Between(ImmutableArray<decimal> sorted, decimal numerator, decimal denominator)
    {
        var below = decimal.Floor(numerator / denominator);
        var low = Ranked(sorted, below);
        var step = Ranked(sorted, below + 1) - low;
        return low + step * (numerator - below * denominator) / denominator;
    }

    /// <summary>The order statistic of a rank counted from 1, held inside the sample.</summary>
    private static decimal Ranked(ImmutableArray<decimal> sorted, decimal rank) => sorted[(int)Math.Clamp(rank, 1, sorted.Length) - 1];
}
