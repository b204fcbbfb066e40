using System.Globalization;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>How much of a date or time is stated. Seconds and their fraction are one precision, as the specification has it.</summary>
internal enum TemporalPrecision
{
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// <summary>
/// A date, dateTime or time with its precision, and the offset when one is stated. What is not stated counts as unknown:
/// comparisons that it would decide give null.
/// </summary>
/// <param name="Kind">Date, DateTime or Time.</param>
/// <param name="Ticks">Of its own wall clock, from year 1 or from midnight; what is not stated is at its lowest.</param>
/// <param name="Precision">How much is stated.</param>
/// <param name="FractionDigits">Digits of the second's fraction as written.</param>
/// <param name="OffsetMinutes">Offset from UTC; null when none is stated.</param>
/// <param name="IsZulu">The offset is written as <c>Z</c>.</param>
internal sealed partial record Temporal(ItemKind Kind, long Ticks, TemporalPrecision Precision, int FractionDigits = 0, int? OffsetMinutes = null, bool IsZulu = false)
{
    private const int MaxOffset = 14 * 60;
    private const int MinOffset = -12 * 60;

    /// <summary>Reads <c>YYYY</c>, <c>YYYY-MM</c> or <c>YYYY-MM-DD</c>.</summary>
    public static Temporal? ParseDate(ReadOnlySpan<char> text)
    {
        var at = 0;
        return TryDate(text, ref at, out var ticks, out var precision) && at == text.Length ? new(ItemKind.Date, ticks, precision) : null;
    }

    /// <summary>Reads a date, alone or followed by <c>T</c>, a time down to any precision, and an offset.</summary>
    public static Temporal? ParseDateTime(ReadOnlySpan<char> text)
    {
        var at = 0;
        if (!TryDate(text, ref at, out var ticks, out var precision))
            return null;
        if (at == text.Length)
            return new(ItemKind.DateTime, ticks, precision);
        if (text[at++] != 'T')
            return null;
        if (at == text.Length)
            return new(ItemKind.DateTime, ticks, precision);
        if (precision != TemporalPrecision.Day || !TryTime(text, ref at, out var time, out precision, out var digits))
            return null;
        if (at == text.Length)
            return new(ItemKind.DateTime, ticks + time, precision, digits);
        var zulu = text[at] == 'Z';
        return TryOffset(text[at..], out var offset) ? new(ItemKind.DateTime, ticks + time, precision, digits, offset, zulu) : null;
    }

    /// <summary>Reads <c>hh</c>, <c>hh:mm</c> or <c>hh:mm:ss</c> with a fraction; a leading <c>T</c> may be there.</summary>
    public static Temporal? ParseTime(ReadOnlySpan<char> text)
    {
        var at = text is ['T', ..] ? 1 : 0;
        return TryTime(text, ref at, out var ticks, out var precision, out var digits) && at == text.Length ? new(ItemKind.Time, ticks, precision, digits) : null;
    }

    /// <summary>The point in time, as now() says it.</summary>
    public static Temporal Of(DateTimeOffset instant) =>
        new(ItemKind.DateTime, instant.Ticks - (instant.Ticks % TimeSpan.TicksPerMillisecond), TemporalPrecision.Second, 3, (int)instant.Offset.TotalMinutes, instant.Offset == TimeSpan.Zero);

    /// <summary>Below zero, zero, above zero; null when precision or a missing offset leaves it open.</summary>
    public static int? Compare(Temporal left, Temporal right)
    {
        if (left.Precision >= TemporalPrecision.Hour | right.Precision >= TemporalPrecision.Hour && left.OffsetMinutes.HasValue != right.OffsetMinutes.HasValue)
            return CompareRanges(left, right);
        var bothZoned = left.OffsetMinutes.HasValue && right.OffsetMinutes.HasValue;
        var common = (TemporalPrecision)Math.Min((int)left.Precision, (int)right.Precision);
        var order = Truncate(bothZoned ? left.Utc : left.Ticks, common, left.Kind).CompareTo(Truncate(bothZoned ? right.Utc : right.Ticks, common, right.Kind));
        return order != 0 || left.Precision == right.Precision ? order : null;
    }

    /// <summary>Equivalence: never open; another precision, or an offset on one side only, is another value.</summary>
    public static bool AreEquivalent(Temporal left, Temporal right) =>
        (left.Kind == ItemKind.Time) == (right.Kind == ItemKind.Time) && left.Precision == right.Precision && Compare(left, right) == 0;

    public override string ToString()
    {
        var text = Kind == ItemKind.Time ? "" : DateText();
        if (Kind == ItemKind.Time || Precision >= TemporalPrecision.Hour)
            text += (Kind == ItemKind.Time ? "" : "T") + TimeText();
        return OffsetMinutes switch
        {
            null => text,
            _ when IsZulu => text + "Z",
            { } offset => string.Create(CultureInfo.InvariantCulture, $"{text}{(offset < 0 ? '-' : '+')}{Math.Abs(offset) / 60:00}:{Math.Abs(offset) % 60:00}"),
        };
    }

    /// <summary>As the language writes it: <c>@2024-03</c>, <c>@2024-03T</c>, <c>@T12:30</c>.</summary>
    public string ToLiteral() => Kind switch
    {
        ItemKind.Time => "@T" + this,
        ItemKind.DateTime when Precision <= TemporalPrecision.Day => $"@{this}T",
        _ => "@" + this,
    };

    private long Utc => Ticks - (OffsetMinutes!.Value * TimeSpan.TicksPerMinute);

    private DateTime Clock => new(Ticks, DateTimeKind.Unspecified);

    private string DateText() => Precision switch
    {
        TemporalPrecision.Year => Clock.ToString("yyyy", CultureInfo.InvariantCulture),
        TemporalPrecision.Month => Clock.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        _ => Clock.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    private string TimeText()
    {
        var format = Precision switch { TemporalPrecision.Hour => "HH", TemporalPrecision.Minute => "HH:mm", _ => "HH:mm:ss" };
        var text = Clock.ToString(format, CultureInfo.InvariantCulture);
        return FractionDigits == 0 ? text : $"{text}.{(Ticks % TimeSpan.TicksPerSecond).ToString("0000000", CultureInfo.InvariantCulture).PadRight(FractionDigits, '0')[..FractionDigits]}";
    }

    /// <summary>One side has no offset: it may be anywhere between the first and the last time zone.</summary>
    private static int? CompareRanges(Temporal left, Temporal right)
    {
        var (leftFirst, leftEnd) = left.Range();
        var (rightFirst, rightEnd) = right.Range();
        return leftEnd <= rightFirst ? -1 : leftFirst >= rightEnd ? 1 : null;
    }

    private (long First, long End) Range()
    {
        var end = Precision == TemporalPrecision.Second ? Ticks + 1 : EndTicks() + 1;
        return OffsetMinutes is { } offset
            ? (Ticks - (offset * TimeSpan.TicksPerMinute), end - (offset * TimeSpan.TicksPerMinute))
            : (Ticks - (MaxOffset * TimeSpan.TicksPerMinute), end - (MinOffset * TimeSpan.TicksPerMinute));
    }

    private static long Truncate(long ticks, TemporalPrecision precision, ItemKind kind)
    {
        switch (precision)
        {
            case TemporalPrecision.Second:
                return ticks;
            case TemporalPrecision.Minute:
                return ticks / TimeSpan.TicksPerMinute;
            case TemporalPrecision.Hour:
                return ticks / TimeSpan.TicksPerHour;
            case TemporalPrecision.Day:
                return ticks / TimeSpan.TicksPerDay;
            default:
                var day = new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Unspecified);
                return kind == ItemKind.Time ? 0 : precision == TemporalPrecision.Year ? day.Year : (day.Year * 12) + day.Month;
        }
    }

    private static bool TryDate(ReadOnlySpan<char> text, ref int at, out long ticks, out TemporalPrecision precision)
    {
        ticks = 0;
        precision = TemporalPrecision.Year;
        int month = 1, day = 1;
        if (!Digits(text, ref at, 4, out var year) || year == 0)
            return false;
        if (at < text.Length && text[at] == '-')
        {
            at++;
            precision = TemporalPrecision.Month;
            if (!Digits(text, ref at, 2, out month) || month is 0 or > 12)
                return false;
            if (at < text.Length && text[at] == '-')
            {
                at++;
                precision = TemporalPrecision.Day;
                if (!Digits(text, ref at, 2, out day) || day == 0 || day > DateTime.DaysInMonth(year, month))
                    return false;
            }
        }
        ticks = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Unspecified).Ticks;
        return true;
    }

    private static bool TryTime(ReadOnlySpan<char> text, ref int at, out long ticks, out TemporalPrecision precision, out int fractionDigits)
    {
        ticks = 0;
        fractionDigits = 0;
        precision = TemporalPrecision.Hour;
        if (!Digits(text, ref at, 2, out var hour) || hour > 23)
            return false;
        ticks = hour * TimeSpan.TicksPerHour;
        if (at >= text.Length || text[at] != ':')
            return true;
        at++;
        precision = TemporalPrecision.Minute;
        if (!Digits(text, ref at, 2, out var minute) || minute > 59)
            return false;
        ticks += minute * TimeSpan.TicksPerMinute;
        if (at >= text.Length || text[at] != ':')
            return true;
        at++;
        precision = TemporalPrecision.Second;
        // FHIR allows a leap second, which counts as the second before it.
        if (!Digits(text, ref at, 2, out var second) || second > 60)
            return false;
        ticks += Math.Min(second, 59) * TimeSpan.TicksPerSecond;
        if (at >= text.Length || text[at] != '.')
            return true;
        var unit = TimeSpan.TicksPerSecond;
        for (at++; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            unit /= 10;
            ticks += (text[at] - '0') * unit;
            fractionDigits++;
        }
        return fractionDigits > 0;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out int minutes)
    {
        minutes = 0;
        if (text is ['Z'])
            return true;
        var at = 1;
        if (text is not (['+', ..] or ['-', ..]) || !Digits(text, ref at, 2, out var hours) || at >= text.Length || text[at++] != ':'
            || !Digits(text, ref at, 2, out var rest) || rest > 59 || at != text.Length)
            return false;
        minutes = (hours * 60) + rest;
        if (text[0] == '-')
            minutes = -minutes;
        return Math.Abs(minutes) <= MaxOffset;
    }

    private static bool Digits(ReadOnlySpan<char> text, ref int at, int count, out int value)
    {
        value = 0;
        if (at + count > text.Length)
            return false;
        for (var end = at + count; at < end; at++)
        {
            if (!char.IsAsciiDigit(text[at]))
                return false;
            value = (value * 10) + text[at] - '0';
        }
        return true;
    }
}
