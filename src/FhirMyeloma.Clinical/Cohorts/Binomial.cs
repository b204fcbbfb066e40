namespace FhirMyeloma.Clinical.Cohorts;

/// <summary>Tail of the binomial distribution through the regularised incomplete beta function.</summary>
internal static class Binomial
{
    /// <summary>P(X ≥ k) for n trials of probability p: I_p(k, n − k + 1) (Abramowitz and Stegun 26.5.24).</summary>
    public static double AtLeast(int k, int n, double p) =>
        k <= 0 || p >= 1 ? 1
        : k > n || p <= 0 ? 0
        : Beta(p, k, n - k + 1);

    /// <summary>
    /// I_x(a, b) by the continued fraction of Abramowitz and Stegun 26.5.8, on the side where it converges quickly; the other by I_x(a, b) = 1 − I_(1−x)(b, a).
    /// </summary>
    private static double Beta(double x, int a, int b) =>
        x < (a + 1.0) / (a + b + 2.0) ? Front(x, a, b) / a * Fraction(x, a, b) : 1 - Front(x, a, b) / b * Fraction(1 - x, b, a);

    /// <summary>x^a (1 − x)^b / B(a, b). For whole a and b the beta function is a product of factorials.</summary>
    private static double Front(double x, int a, int b) =>
        Math.Exp(a * Math.Log(x) + b * Math.Log(1 - x) + LogFactorial(a + b - 1) - LogFactorial(a - 1) - LogFactorial(b - 1));

    /// <summary>1/(1+ d1/(1+ d2/(1+ …))), evaluated from a tail that grows until the value no longer changes.</summary>
    private static double Fraction(double x, int a, int b)
    {
        var before = double.NaN;
        for (var terms = 16; ; terms *= 2)
        {
            var value = 1.0;
            for (var m = terms; m >= 1; m--)
                value = 1 + Coefficient(m, x, a, b) / value;
            if (Math.Abs(value - before) <= 1e-15 * Math.Abs(value) || terms >= 1 << 16)
                return 1 / value;
            before = value;
        }
    }

    private static double Coefficient(int index, double x, double a, double b)
    {
        double m = index / 2;
        return index % 2 == 0
            ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    }

    private static double LogFactorial(int n)
    {
        var sum = 0.0;
        for (var i = 2; i <= n; i++)
            sum += Math.Log(i);
        return sum;
    }
}
