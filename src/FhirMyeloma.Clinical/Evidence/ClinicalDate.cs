using System.Globalization;

namespace FhirMyeloma.Clinical.Evidence;

/// <summary>
/// A calendar date as the sender wrote it: a year, a month or a day, never imputed, never shifted to another time zone (R-WO-2, R-WO-10).
/// It is the range of days that the text can mean. Ordered by first day, then last day, then text.
/// </summary>
/// <param name="First">The first calendar day that it can mean.</param>
/// <param name="Last">The last calendar day that it can mean.</param>
/// <param name="Text">
/// The date part as written: <c>2024</c>, <c>2024-03</c> or <c>2024-03-05</c>; of a year or month that was <see cref="Moved"/> the range itself, <c>2024-01-20/2024-02-18</c>.
/// </param>
public readonly record struct ClinicalDate(DateOnly First, DateOnly Last, string Text) : IComparable<ClinicalDate>
{
    /// <summary>A date known to the day.</summary>
    public static ClinicalDate Of(DateOnly day) => new(day, day, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>A month without day.</summary>
    public static ClinicalDate OfMonth(int year, int month)
    {
        var first = new DateOnly(year, month, 1);
        return new(first, new(year, month, DateTime.DaysInMonth(year, month)), first.ToString("yyyy-MM", CultureInfo.InvariantCulture));
    }

    /// <summary>A year without month.</summary>
    public static ClinicalDate OfYear(int year) =>
        new(new(year, 1, 1), new(year, 12, 31), year.ToString("0000", CultureInfo.InvariantCulture));

    /// <summary>Reads <c>YYYY</c>, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>; throws <see cref="FormatException"/> otherwise.</summary>
    public static ClinicalDate Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length switch
        {
            4 => OfYear(int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)),
            7 => OfMonth(
                int.Parse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture),
                int.Parse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture)),
            _ => Of(DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>The date some days later or earlier. A month or a year stays the range that it was, of as many days, and is no calendar month or year any more.</summary>
    public ClinicalDate Moved(int days)
    {
        var (first, last) = (Move(First), Move(Last));
        return IsExact ? Of(first) : new(first, last, string.Create(CultureInfo.InvariantCulture, $"{first:yyyy-MM-dd}/{last:yyyy-MM-dd}"));

        // A day at the end of the calendar, which some write for "never", stays within it.
        DateOnly Move(DateOnly day) => DateOnly.FromDayNumber(Math.Clamp(day.DayNumber + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));
    }

    /// <summary>True for a month or year that was moved: no FHIR date says it.</summary>
    public bool IsRange => Text.Contains('/', StringComparison.Ordinal);

    /// <summary>The day, when it is known to the day.</summary>
    public DateOnly? Day => First == Last ? First : null;

    /// <summary>True when known to the day.</summary>
    public bool IsExact => First == Last;

    /// <summary>Is it before <paramref name="other"/> for every day both can mean?</summary>
    public Tri IsBefore(ClinicalDate other) => Last < other.First ? Tri.Met : First >= other.Last ? Tri.NotMet : Tri.Unknown;

    /// <summary>Is it on or before <paramref name="other"/> for every day both can mean?</summary>
    public Tri IsOnOrBefore(ClinicalDate other) => Last <= other.First ? Tri.Met : First > other.Last ? Tri.NotMet : Tri.Unknown;

    /// <inheritdoc/>
    public int CompareTo(ClinicalDate other)
    {
        var byFirst = First.CompareTo(other.First);
        if (byFirst != 0)
            return byFirst;
        var byLast = Last.CompareTo(other.Last);
        return byLast != 0 ? byLast : string.CompareOrdinal(Text, other.Text);
    }

    /// <summary>The later of the two.</summary>
    public static ClinicalDate Later(ClinicalDate a, ClinicalDate b) => a > b ? a : b;

    /// <summary>Earlier.</summary>
    public static bool operator <(ClinicalDate a, ClinicalDate b) => a.CompareTo(b) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(ClinicalDate a, ClinicalDate b) => a.CompareTo(b) > 0;

    /// <summary>Earlier or the same.</summary>
    public static bool operator <=(ClinicalDate a, ClinicalDate b) => a.CompareTo(b) <= 0;

    /// <summary>Later or the same.</summary>
    public static bool operator >=(ClinicalDate a, ClinicalDate b) => a.CompareTo(b) >= 0;

    /// <summary>Of the days alone: dates serve as keys, and the text says no more.</summary>
    public override int GetHashCode() => (First.DayNumber * 397) ^ Last.DayNumber;

    /// <inheritdoc/>
    public override string ToString() => Text;
}
