using System.Globalization;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>
/// A number, or the one just beside it: <c>Value + Nudge·ε</c>, where ε is smaller than anything that a laboratory reports. So the open end of
/// <c>&lt;x</c> is simply "x, a touch less", and every comparison is the ordinary one.
/// </summary>
internal readonly record struct Point(decimal Value, decimal Nudge = 0) : IComparable<Point>
{
    /// <summary>Stands for "no upper limit".</summary>
    public static readonly Point Top = new(1_000_000_000m);

    public int CompareTo(Point other) => Value != other.Value ? Value.CompareTo(other.Value) : Nudge.CompareTo(other.Nudge);

    public static bool operator <(Point a, Point b) => a.CompareTo(b) < 0;

    public static bool operator >(Point a, Point b) => a.CompareTo(b) > 0;

    public static bool operator <=(Point a, Point b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Point a, Point b) => a.CompareTo(b) >= 0;

    public static Point operator +(Point a, Point b) => new(a.Value + b.Value, a.Nudge + b.Nudge);

    public static Point operator -(Point a, Point b) => new(a.Value - b.Value, a.Nudge - b.Nudge);

    public static Point operator *(decimal factor, Point a) => new(factor * a.Value, factor * a.Nudge);

    public static implicit operator Point(decimal value) => new(value);

    public static Point Least(Point a, Point b) => a <= b ? a : b;

    public static Point Most(Point a, Point b) => a >= b ? a : b;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture) + (Nudge < 0 ? "-" : Nudge > 0 ? "+" : "");
}

/// <summary>From the least to the most that a result can mean (R-UNIT-6).</summary>
internal readonly record struct Span(Point Low, Point High)
{
    public bool IsExact => Low == High;

    public static Span Of(Reading sent) => new(
        new(sent.Low, sent.LowIncluded ? 0 : 1),
        sent.High is { } high ? new(high, sent.HighIncluded ? 0 : -1) : Point.Top);

    public static Span Exactly(decimal value) => new(value, value);

    /// <summary>Either of two results of one day.</summary>
    public static Span Either(Span a, Span b) => new(Point.Least(a.Low, b.Low), Point.Most(a.High, b.High));

    /// <summary>The lower of two values, whichever they are.</summary>
    public static Span Lower(Span a, Span b) => new(Point.Least(a.Low, b.Low), Point.Least(a.High, b.High));

    public static Span operator +(Span a, Span b) => new(a.Low + b.Low, a.High + b.High);

    public static Span operator -(Span a, Span b) => new(a.Low - b.High, a.High - b.Low);

    public override string ToString() => IsExact ? Low.ToString() : $"{Low}..{High}";
}
