using System.Globalization;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>The durations of the calendar, the longest first.</summary>
internal enum CalendarUnit
{
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

/// <summary>What kind of unit a quantity has.</summary>
internal enum UnitKind
{
    /// <summary>UCUM: <c>1 'a'</c>.</summary>
    Ucum,

    /// <summary>A calendar duration: <c>1 year</c>.</summary>
    Calendar,

    /// <summary>A FHIR Quantity in a UCUM unit of time, which FHIR lets stand for the calendar duration too.</summary>
    Either,
}

internal static class CalendarUnits
{
    /// <summary>The unit of a word of the language, in singular or plural.</summary>
    public static CalendarUnit? Find(string word) => word switch
    {
        "year" or "years" => CalendarUnit.Year,
        "month" or "months" => CalendarUnit.Month,
        "week" or "weeks" => CalendarUnit.Week,
        "day" or "days" => CalendarUnit.Day,
        "hour" or "hours" => CalendarUnit.Hour,
        "minute" or "minutes" => CalendarUnit.Minute,
        "second" or "seconds" => CalendarUnit.Second,
        "millisecond" or "milliseconds" => CalendarUnit.Millisecond,
        _ => null,
    };

    public static CalendarUnit? OfUcum(string code) => code switch
    {
        "a" => CalendarUnit.Year,
        "mo" => CalendarUnit.Month,
        "wk" => CalendarUnit.Week,
        "d" => CalendarUnit.Day,
        "h" => CalendarUnit.Hour,
        "min" => CalendarUnit.Minute,
        "s" => CalendarUnit.Second,
        "ms" => CalendarUnit.Millisecond,
        _ => null,
    };

    public static string Ucum(this CalendarUnit unit) => unit switch
    {
        CalendarUnit.Year => "a",
        CalendarUnit.Month => "mo",
        CalendarUnit.Week => "wk",
        CalendarUnit.Day => "d",
        CalendarUnit.Hour => "h",
        CalendarUnit.Minute => "min",
        CalendarUnit.Second => "s",
        CalendarUnit.Millisecond => "ms",
    };

    /// <summary>Ticks of one; a year counts as 365 days and a month as 30, as the specification does where it has to.</summary>
    public static long Ticks(this CalendarUnit unit) => unit switch
    {
        CalendarUnit.Year => 365 * TimeSpan.TicksPerDay,
        CalendarUnit.Month => 30 * TimeSpan.TicksPerDay,
        CalendarUnit.Week => 7 * TimeSpan.TicksPerDay,
        CalendarUnit.Day => TimeSpan.TicksPerDay,
        CalendarUnit.Hour => TimeSpan.TicksPerHour,
        CalendarUnit.Minute => TimeSpan.TicksPerMinute,
        CalendarUnit.Second => TimeSpan.TicksPerSecond,
        CalendarUnit.Millisecond => TimeSpan.TicksPerMillisecond,
    };
}

/// <summary>A System quantity: a value with a UCUM unit or a calendar duration.</summary>
/// <param name="Value">The number.</param>
/// <param name="Unit">The UCUM code, or the calendar word as written.</param>
/// <param name="Kind">Which of the two.</param>
internal sealed record Quantity(decimal Value, string Unit, UnitKind Kind = UnitKind.Ucum)
{
    public const string Unity = "1";

    /// <summary>The duration of the calendar that it is or may stand for; null for any other unit.</summary>
    public CalendarUnit? Calendar => Kind switch
    {
        UnitKind.Calendar => CalendarUnits.Find(Unit),
        UnitKind.Either => CalendarUnits.OfUcum(Unit),
        UnitKind.Ucum => null,
    };

    /// <summary>The UCUM code when it is one, or when a calendar duration is exactly one (weeks to milliseconds); null for years and months of the calendar.</summary>
    public string? Code => Kind == UnitKind.Calendar ? Calendar is { } unit and >= CalendarUnit.Week ? unit.Ucum() : null : Unit;

    /// <summary>Below zero, zero, above zero; null when the units cannot be compared, or not for certain.</summary>
    public static int? Compare(Quantity left, Quantity right)
    {
        if (left.Unit == right.Unit && left.Kind == right.Kind)
            return left.Value.CompareTo(right.Value);
        if (left.Calendar is { } one && right.Calendar is { } other && (left.Kind == UnitKind.Calendar || right.Kind == UnitKind.Calendar))
            return CompareCalendar(left.Value, one, right.Value, other);
        if (left.Code is not { } leftCode || right.Code is not { } rightCode)
            return null;
        // A mean year or month of UCUM against a duration of the calendar.
        if ((left.Kind == UnitKind.Calendar) != (right.Kind == UnitKind.Calendar) && (leftCode is "a" or "mo" || rightCode is "a" or "mo"))
            return null;
        if (leftCode == rightCode)
            return left.Value.CompareTo(right.Value);
        return Convert(right.Value, rightCode, leftCode) is { } converted ? (Ratio.Of(left.Value) - converted).Numerator.Sign : null;
    }

    /// <summary>Equivalence: comparable, and equal in the unit of the left when rounded to the less precise; a year of the calendar is one of UCUM here.</summary>
    public static bool AreEquivalent(Quantity left, Quantity right)
    {
        var (leftCode, rightCode) = (left.Calendar?.Ucum() ?? left.Unit, right.Calendar?.Ucum() ?? right.Unit);
        if (leftCode == rightCode)
            return Operators.AreEquivalent(left.Value, right.Value);
        return Convert(right.Value, rightCode, leftCode)?.ToDecimal() is { } converted && Operators.AreEquivalent(left.Value, converted);
    }

    public static bool AreComparable(Quantity left, Quantity right)
    {
        var (leftCode, rightCode) = (left.Calendar?.Ucum() ?? left.Unit, right.Calendar?.Ucum() ?? right.Unit);
        return leftCode == rightCode || Convert(right.Value, rightCode, leftCode) is not null;
    }

    /// <summary>The same amount in another unit; null when that is none or cannot be reached.</summary>
    public Quantity? In(string unit)
    {
        if (CalendarUnits.Find(unit) is { } calendar)
        {
            if (Calendar is not { } own)
                return Kind == UnitKind.Ucum && CalendarUnits.OfUcum(Unit) is { } exact && exact >= CalendarUnit.Week && calendar >= CalendarUnit.Week
                    ? new(Value * exact.Ticks() / calendar.Ticks(), unit, UnitKind.Calendar) : null;
            if (own <= CalendarUnit.Month && calendar <= CalendarUnit.Month)
                return new(own == calendar ? Value : own == CalendarUnit.Year ? Value * 12 : Value / 12, unit, UnitKind.Calendar);
            return new(Value * own.Ticks() / calendar.Ticks(), unit, UnitKind.Calendar);
        }
        if (Unit == unit && Kind != UnitKind.Calendar)
            return new(Value, unit);
        return Code is { } code && Convert(Value, code, unit)?.ToDecimal() is { } value ? new(value, unit) : null;
    }

    /// <summary>The same number in a unit that it is given.</summary>
    public Quantity As(string unit) => new(Value, unit, CalendarUnits.Find(unit) is null ? UnitKind.Ucum : UnitKind.Calendar);

    /// <summary>In exact arithmetic; null when one is not UCUM or they measure different things.</summary>
    public static Ratio? Convert(decimal value, string from, string to) =>
        UcumUnit.TryParse(from, out var source, out _) && UcumUnit.TryParse(to, out var target, out _) ? source.Convert(Ratio.Of(value), target) : null;

    /// <summary>Reads <c>4</c>, <c>4 'mg'</c>, <c>4 days</c>; null when it is none.</summary>
    public static Quantity? Parse(string text)
    {
        var at = 0;
        if (at < text.Length && text[at] is '+' or '-')
            at++;
        var digits = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            at++;
        if (at == digits || !char.IsAsciiDigit(text[at - 1]) || !decimal.TryParse(text.AsSpan(0, at), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return null;
        var unit = text.AsSpan(at).Trim();
        if (unit.IsEmpty)
            return at == text.Length ? new(value, Unity) : null;
        if (unit is ['\'', .., '\''] && unit.Length > 2)
            return new(value, unit[1..^1].ToString());
        return char.IsWhiteSpace(text[at]) && CalendarUnits.Find(unit.ToString()) is not null ? new(value, unit.ToString(), UnitKind.Calendar) : null;
    }

    public override string ToString() =>
        Kind == UnitKind.Calendar ? string.Create(CultureInfo.InvariantCulture, $"{Value} {Unit}") : string.Create(CultureInfo.InvariantCulture, $"{Value} '{Unit}'");

    /// <summary>Years and months among themselves, and weeks down to milliseconds among themselves; across the two nothing is certain.</summary>
    private static int? CompareCalendar(decimal left, CalendarUnit leftUnit, decimal right, CalendarUnit rightUnit)
    {
        if (leftUnit == rightUnit)
            return left.CompareTo(right);
        if (leftUnit <= CalendarUnit.Month != rightUnit <= CalendarUnit.Month)
            return null;
        return leftUnit <= CalendarUnit.Month
            ? (leftUnit == CalendarUnit.Year ? left * 12 : left).CompareTo(rightUnit == CalendarUnit.Year ? right * 12 : right)
            : (left * leftUnit.Ticks()).CompareTo(right * rightUnit.Ticks());
    }
}
