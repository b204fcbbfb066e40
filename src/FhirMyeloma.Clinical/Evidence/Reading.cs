namespace FhirMyeloma.Clinical.Evidence;

/// <summary>
/// What a measurement allows: an interval of decimals in the unit of its marker (R-UNIT-6). An exact value is an interval of one point.
/// <c>&lt;x</c> is [0, x), <c>&lt;=x</c> [0, x], <c>&gt;x</c> (x, ∞), <c>&gt;=x</c> [x, ∞). An excluded end is not a value of the
/// interval, yet every value short of it is.
/// </summary>
/// <param name="Low">Lower end.</param>
/// <param name="LowIncluded">Whether the lower end itself is possible.</param>
/// <param name="High">Upper end; null when unbounded.</param>
/// <param name="HighIncluded">Whether the upper end itself is possible.</param>
public readonly record struct Reading(decimal Low, bool LowIncluded, decimal? High, bool HighIncluded)
{
    /// <summary>One exact value.</summary>
    public static Reading Exact(decimal value) => new(value, true, value, true);

    /// <summary>[0, x) for <c>&lt;x</c>.</summary>
    public static Reading LessThan(decimal x) => new(0, true, x, false);

    /// <summary>[0, x] for <c>&lt;=x</c>.</summary>
    public static Reading AtMost(decimal x) => new(0, true, x, true);

    /// <summary>(x, ∞) for <c>&gt;x</c>.</summary>
    public static Reading MoreThan(decimal x) => new(x, false, null, false);

    /// <summary>[x, ∞) for <c>&gt;=x</c>.</summary>
    public static Reading AtLeast(decimal x) => new(x, true, null, false);

    /// <summary>Measured, and the value is not known: any value from 0 upward.</summary>
    public static Reading Any => AtLeast(0);

    /// <summary>True when it says no more than that something was measured.</summary>
    public bool IsAny => Low <= 0 && LowIncluded && High is null;

    /// <summary>The one value, when there is only one.</summary>
    public decimal? Value => High == Low ? Low : null;

    /// <summary>True when there is only one value.</summary>
    public bool IsExact => High == Low;

    /// <summary>True for <c>&lt;x</c> and <c>&lt;=x</c>: below a limit of detection.</summary>
    public bool IsBelowLimit => !IsExact && Low == 0 && LowIncluded && High is not null;

    /// <summary>Is every possible value below <paramref name="limit"/> (Met), none (NotMet), or some (Unknown)?</summary>
    public Tri IsBelow(decimal limit) =>
        High is { } high && (high < limit || (high == limit && !HighIncluded)) ? Tri.Met
        : Low >= limit ? Tri.NotMet
        : Tri.Unknown;

    /// <summary>Is every possible value at or above <paramref name="limit"/>?</summary>
    public Tri IsAtLeast(decimal limit) => !IsBelow(limit);

    /// <summary>Is every possible value above <paramref name="limit"/>?</summary>
    public Tri IsAbove(decimal limit) => !IsAtMost(limit);

    /// <summary>Is every possible value at or below <paramref name="limit"/>?</summary>
    public Tri IsAtMost(decimal limit) =>
        High is { } high && high <= limit ? Tri.Met
        : Low > limit || (Low == limit && !LowIncluded) ? Tri.NotMet
        : Tri.Unknown;

    /// <summary>The smallest interval that holds both.</summary>
    public Reading Union(Reading other)
    {
        var (low, lowIncluded) = Low < other.Low ? (Low, LowIncluded)
            : Low > other.Low ? (other.Low, other.LowIncluded)
            : (Low, LowIncluded || other.LowIncluded);
        if (High is not { } high || other.High is not { } otherHigh)
            return new(low, lowIncluded, null, false);
        var (top, topIncluded) = high > otherHigh ? (high, HighIncluded)
            : high < otherHigh ? (otherHigh, other.HighIncluded)
            : (high, HighIncluded || other.HighIncluded);
        return new(low, lowIncluded, top, topIncluded);
    }

    /// <summary>
    /// Does every pair of values show a fall of at least <paramref name="percent"/> from <paramref name="baseline"/> (Met), none (NotMet), or some (Unknown)?
    /// Compared by multiplication, so nothing is rounded (R-UNIT-5).
    /// </summary>
    public Tri FellBy(decimal percent, Reading baseline)
    {
        var kept = 1 - (percent / 100);
        if (High is { } high && high <= kept * baseline.Low)
            return Tri.Met;
        if (baseline.High is not { } top)
            return Tri.Unknown;
        var limit = kept * top;
        return Low > limit || (Low == limit && !(LowIncluded && baseline.HighIncluded)) ? Tri.NotMet : Tri.Unknown;
    }

    /// <summary>Is it at least <paramref name="percent"/> above <paramref name="nadir"/>? From a nadir of 0 or below every value is (R-PD-8).</summary>
    public Tri RoseBy(decimal percent, Reading nadir)
    {
        var factor = 1 + (percent / 100);
        if (nadir.High is { } top && (top <= 0 || Low >= factor * top))
            return Tri.Met;
        if (nadir.Low <= 0 || High is not { } high)
            return Tri.Unknown;
        var limit = factor * nadir.Low;
        return high < limit || (high == limit && !(HighIncluded && nadir.LowIncluded)) ? Tri.NotMet : Tri.Unknown;
    }

    /// <summary>How far it lies above <paramref name="nadir"/>, counted from 0 where the nadir is negative (R-PD-8).</summary>
    public Reading RiseFrom(Reading nadir) => this - nadir.Floored();

    /// <summary>The lower of two, whichever of their values hold: the nadir of ranges.</summary>
    public Reading Lower(Reading other)
    {
        var (low, lowIncluded) = Low < other.Low ? (Low, LowIncluded)
            : Low > other.Low ? (other.Low, other.LowIncluded)
            : (Low, LowIncluded || other.LowIncluded);
        var (high, highIncluded) = High is not { } mine ? (other.High, other.HighIncluded)
            : other.High is not { } theirs || mine < theirs ? (High, HighIncluded)
            : mine > theirs ? (other.High, other.HighIncluded)
            : (High, HighIncluded && other.HighIncluded);
        return new(low, lowIncluded, high, highIncluded);
    }

    /// <summary>The same with 0 for what lies below it.</summary>
    public Reading Floored() =>
        Low >= 0 ? this : High is { } high && high <= 0 ? Exact(0) : this with { Low = 0, LowIncluded = true };

    /// <summary>Difference of two intervals, e.g. involved minus uninvolved free light chain.</summary>
    public static Reading operator -(Reading a, Reading b) =>
        new(a.Low - (b.High ?? Unbounded), a.LowIncluded && b.HighIncluded, a.High - b.Low, a.HighIncluded && b.LowIncluded);

    /// <summary>Quotient of two intervals that are not negative; null when both can be 0 or the second is 0.</summary>
    public static Reading? Quotient(Reading a, Reading b)
    {
        if (b.Low == 0 && a.Low == 0 && a.LowIncluded && b.LowIncluded && (a.IsExact || b.IsExact))
            return null;
        if (b.High == 0)
            return AtLeast(Unbounded);
        var low = b.High is { } most ? a.Low / most : 0;
        var unboundedAbove = a.High is null || b.Low == 0;
        return new(low, a.LowIncluded && b.HighIncluded, unboundedAbove ? null : a.High / b.Low, !unboundedAbove && a.HighIncluded && b.LowIncluded);
    }

    // Stands for "no limit" where an end must be a number; far above any concentration that a laboratory reports.
    private const decimal Unbounded = 1_000_000_000_000m;

    /// <summary>Sum of two intervals (bands of one clone, R-UNIT-11).</summary>
    public static Reading operator +(Reading a, Reading b) =>
        new(a.Low + b.Low, a.LowIncluded && b.LowIncluded, a.High + b.High, a.HighIncluded && b.HighIncluded);
}
