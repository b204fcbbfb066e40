namespace FhirMyeloma.Clinical.Cohorts;

/// <summary>Interval estimates of a proportion (section i).</summary>
public enum IntervalMethod
{
    /// <summary>Wilson's score interval (J Am Stat Assoc 1927;22:209), for display.</summary>
    Wilson,
    /// <summary>Clopper and Pearson's exact interval (Biometrika 1934;26:404).</summary>
    ClopperPearson,
}

/// <summary>A count of a total with its interval. Shares are 0 to 1, unrounded.</summary>
/// <param name="Count">How many.</param>
/// <param name="Total">Of how many.</param>
/// <param name="Share">Count by total.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="Method">The interval's method.</param>
public sealed record Proportion(int Count, int Total, double Share, double Low, double High, IntervalMethod Method);

/// <summary>
/// Proportions with 95 % intervals. In <see cref="double"/>: the intervals are irrational, and are shown with two decimals.
/// </summary>
public static class Proportions
{
    /// <summary>Standard normal quantile of 0.975, to the digits of section i.</summary>
    private const double Z = 1.959964;

    private const double Tail = 0.025;

    /// <summary>The wire name, e.g. <c>clopper-pearson</c>.</summary>
    public static string Code(this IntervalMethod method) => method switch
    {
        IntervalMethod.Wilson => "wilson",
        IntervalMethod.ClopperPearson => "clopper-pearson",
    };

    /// <summary>The proportion with its 95 % interval; null when the total is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is not within 0 and the total.</exception>
    public static Proportion? Of(int count, int total, IntervalMethod method = IntervalMethod.Wilson)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, total);
        if (total == 0)
            return null;
        var (low, high) = method switch
        {
            IntervalMethod.Wilson => Wilson(count, total),
            IntervalMethod.ClopperPearson => ClopperPearson(count, total),
        };
        return new(count, total, (double)count / total, low, high, method);
    }

    /// <summary>At 0 and n one end is exactly 0 or 1; rounding must not move it.</summary>
    private static (double Low, double High) Wilson(int x, int n)
    {
        var p = (double)x / n;
        var scale = 1 + Z * Z / n;
        var centre = (p + Z * Z / (2.0 * n)) / scale;
        var half = Z * Math.Sqrt(p * (1 - p) / n + Z * Z / (4.0 * n * n)) / scale;
        return (x == 0 ? 0 : centre - half, x == n ? 1 : centre + half);
    }

    /// <summary>The shares at which x or more, and x or fewer, of n each have a probability of 2.5 %.</summary>
    private static (double Low, double High) ClopperPearson(int x, int n) =>
        (x == 0 ? 0 : Root(p => Binomial.AtLeast(x, n, p) - Tail), x == n ? 1 : Root(p => Tail - (1 - Binomial.AtLeast(x + 1, n, p))));

    /// <summary>Root in [0, 1] of a function that rises from below 0 to above 0, by halving to the resolution of a double.</summary>
    private static double Root(Func<double, double> rising)
    {
        var (low, high) = (0.0, 1.0);
        while (true)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
                return middle;
            if (rising(middle) < 0)
                low = middle;
            else
                high = middle;
        }
    }
}
