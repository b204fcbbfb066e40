using System.Globalization;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Search;

/// <summary>
/// The stretch of time that a date, a point in time, a period or a schedule covers: microseconds since 1970-01-01T00:00:00Z, both ends
/// included; an open end is <see cref="long.MinValue"/> or <see cref="long.MaxValue"/>. A value covers all that its precision leaves open, a
/// date without time its day in UTC, since R4 states no zone for it. R4 search.html#date.
/// </summary>
/// <param name="Low">The first microsecond.</param>
/// <param name="High">The last microsecond.</param>
public readonly record struct DateRange(long Low, long High)
{
    private const long Second = 1_000_000;
    private const long Day = 86_400 * Second;

    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The range of a date, dateTime, instant, Period or Timing (from its first event or bound to its last); null when it states none.</summary>
    public static DateRange? Of(Element element)
    {
        switch (element.TypeName)
        {
            case "date" or "dateTime" or "instant":
                return OfPrimitive(element);
            case "Period":
                return OfPeriod(element);
            case "Timing":
                var range = OfPeriod(element["repeat"]["boundsPeriod"]);
                foreach (var happening in element.Children("event"))
                {
                    if (OfPrimitive(happening) is { } point)
                        range = range is { } known ? new(Math.Min(known.Low, point.Low), Math.Max(known.High, point.High)) : point;
                }
                return range;
            default:
                return null;
        }
    }

    /// <summary>
    /// Reads a date as a query writes it: FHIR's formats, also without seconds or zone (then UTC), and with the blank that a plus sign becomes
    /// when it is not escaped in a URL. False when it is none.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateRange range)
    {
        range = default;
        return text.Length is >= 4 and <= 40 && Read(text, out range);
    }

    private static DateRange? OfPrimitive(Element element)
    {
        if (element.Document is not { } document)
            return null;
        var bytes = document.Tape.Utf8(element.Index);
        if (bytes.Length is < 4 or > 40)
            return null;
        Span<char> text = stackalloc char[40];
        for (var i = 0; i < bytes.Length; i++)
            text[i] = (char)bytes[i];
        return Read(text[..bytes.Length], out var range) ? range : null;
    }

    private static DateRange? OfPeriod(Element period)
    {
        var (start, end) = (OfPrimitive(period["start"]), OfPrimitive(period["end"]));
        if (start is null && end is null)
            return null;
        return new(start?.Low ?? long.MinValue, end?.High ?? long.MaxValue);
    }

    private static bool Read(ReadOnlySpan<char> text, out DateRange range)
    {
        range = default;
        if (!Number(text, 0, 4, out var year) || year is < 1)
            return false;
        var month = 1;
        var day = 1;
        if (text.Length == 4)
            return Days(new(year, 1, 1), new(year, 12, 31), out range);
        if (text.Length < 7 || text[4] != '-' || !Number(text, 5, 2, out month) || month is < 1 or > 12)
            return false;
        if (text.Length == 7)
            return Days(new(year, month, 1), new(year, month, DateTime.DaysInMonth(year, month)), out range);
        if (text.Length < 10 || text[7] != '-' || !Number(text, 8, 2, out day) || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        var date = new DateOnly(year, month, day);
        return text.Length == 10 ? Days(date, date, out range) : Time(date, text[10..], out range);
    }

    private static bool Days(DateOnly first, DateOnly last, out DateRange range)
    {
        range = new((first.DayNumber - Epoch) * Day, ((last.DayNumber - Epoch + 1) * Day) - 1);
        return true;
    }

    /// <summary>From the T on.</summary>
    private static bool Time(DateOnly date, ReadOnlySpan<char> text, out DateRange range)
    {
        range = default;
        if (text.Length < 6 || text[0] != 'T' || text[3] != ':' || !Number(text, 1, 2, out var hour) || !Number(text, 4, 2, out var minute) || hour > 23 || minute > 59)
            return false;
        var at = 6;
        var second = 0;
        var fraction = 0L;
        var length = 60 * Second;
        if (text.Length > 6 && text[6] == ':')
        {
            if (text.Length < 9 || !Number(text, 7, 2, out second) || second > 60)
                return false;
            (at, length) = (9, Second);
            if (text.Length > 9 && text[9] == '.')
            {
                for (at = 10; at < text.Length && char.IsAsciiDigit(text[at]); at++)
                {
                    if (length == 1)
                        continue;
                    length /= 10;
                    fraction += (text[at] - '0') * length;
                }
                if (at == 10)
                    return false;
            }
        }
        if (!Zone(text[at..], out var offset))
            return false;
        // A leap second counts as the second before it.
        var low = ((date.DayNumber - Epoch) * Day) + ((((hour * 60L) + minute - offset) * 60) + Math.Min(second, 59)) * Second + fraction;
        range = new(low, low + length - 1);
        return true;
    }

    private static bool Zone(ReadOnlySpan<char> text, out int minutes)
    {
        minutes = 0;
        if (text.Length == 0 || text is "Z")
            return true;
        if (text.Length != 6 || text[0] is not ('+' or '-' or ' ') || text[3] != ':' || !Number(text, 1, 2, out var hours) || !Number(text, 4, 2, out minutes) || hours > 14 || minutes > 59)
            return false;
        minutes += hours * 60;
        if (text[0] == '-')
            minutes = -minutes;
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, int at, int length, out int value) =>
        int.TryParse(text.Slice(at, length), NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
