using System.Globalization;
using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Elements;

/// <summary>How much of a date is stated.</summary>
public enum DatePrecision
{
    /// <summary>Only the year.</summary>
    Year,

    /// <summary>Year and month.</summary>
    Month,

    /// <summary>A calendar day.</summary>
    Day,

    /// <summary>A day with the time and its offset.</summary>
    Time,
}

/// <summary>
/// A date, dateTime or instant as written. A partial date is the range of days that it can mean; a day with a time is the
/// calendar day of its own offset, never shifted to another zone.
/// </summary>
public readonly record struct FhirDate
{
    private FhirDate(string text, DatePrecision precision, DateOnly first, DateOnly last, DateTimeOffset? instant)
    {
        Text = text;
        Precision = precision;
        First = first;
        Last = last;
        Instant = instant;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>How much is stated.</summary>
    public DatePrecision Precision { get; }

    /// <summary>The first day that it can mean.</summary>
    public DateOnly First { get; }

    /// <summary>The last day that it can mean; the same as <see cref="First"/> from day precision on.</summary>
    public DateOnly Last { get; }

    /// <summary>The point in time, with its own offset; null without a time. A leap second counts as the second before it.</summary>
    public DateTimeOffset? Instant { get; }

    /// <summary>True when a time of day is stated.</summary>
    public bool HasTime => Precision == DatePrecision.Time;

    /// <summary>True when it means one calendar day.</summary>
    public bool IsExactDay => Precision >= DatePrecision.Day;

    /// <summary>Reads a date, dateTime or instant of R4; null when the text is none.</summary>
    public static FhirDate? Parse(string? text)
    {
        if (text is null or { Length: 0 or > 64 } || !Primitives.IsValid(PrimitiveKind.DateTime, Encoding.UTF8.GetBytes(text)))
            return null;
        var year = Part(text, 0, 4);
        if (text.Length == 4)
            return new(text, DatePrecision.Year, new(year, 1, 1), new(year, 12, 31), null);
        var month = Part(text, 5, 2);
        if (text.Length == 7)
            return new(text, DatePrecision.Month, new(year, month, 1), new(year, month, DateTime.DaysInMonth(year, month)), null);
        var day = new DateOnly(year, month, Part(text, 8, 2));
        return text.Length == 10
            ? new(text, DatePrecision.Day, day, day, null)
            : new(text, DatePrecision.Time, day, day, PointInTime(text, day));
    }

    /// <summary>Reads the value of a primitive; null when it has none or it is no date.</summary>
    public static FhirDate? Of(Element element) => element.HasValue ? Parse(element.Text) : null;

    private static DateTimeOffset? PointInTime(string text, DateOnly day)
    {
        var zoneAt = text.AsSpan(19).IndexOfAny('Z', '+', '-') + 19;
        var ticks = zoneAt == 19 ? 0L : (long)(decimal.Parse(text.AsSpan(19, Math.Min(zoneAt - 19, 8)), CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond);
        var time = new TimeOnly(Part(text, 11, 2), Part(text, 14, 2), Math.Min(59, Part(text, 17, 2))).Add(TimeSpan.FromTicks(ticks));
        var offset = text[zoneAt] == 'Z' ? TimeSpan.Zero : new TimeSpan(Part(text, zoneAt + 1, 2), Part(text, zoneAt + 4, 2), 0);
        if (text[zoneAt] == '-')
            offset = -offset;
        var local = day.ToDateTime(time);
        var utc = local.Ticks - offset.Ticks;
        return utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks ? null : new DateTimeOffset(local, offset);
    }

    private static int Part(string text, int at, int length) => int.Parse(text.AsSpan(at, length), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The text as written.</summary>
    public override string ToString() => Text ?? "";
}
