using System.Globalization;
using System.Text.RegularExpressions;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>How a written number was understood.</summary>
internal enum NumberReading
{
    /// <summary>There is no number, or more than a number.</summary>
    None,
    /// <summary>Understood.</summary>
    Clear,
    /// <summary>One separator before exactly three digits: a thousand or a decimal, nobody can say (R-UNIT-4).</summary>
    Ambiguous,
}

/// <summary>A number in words: <c>&lt;0,5 g/dL</c>.</summary>
/// <param name="Reading">How it was understood.</param>
/// <param name="Comparator"><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c> or null.</param>
/// <param name="Value">The number.</param>
/// <param name="Rest">What follows it: the unit, or a unit and a remark.</param>
internal readonly record struct WrittenNumber(NumberReading Reading, string? Comparator, decimal Value, string Rest);

/// <summary>
/// Numbers in text by one explicit rule, whatever the culture (R-UNIT-4): with both separators the last is the decimal one and the other must group by three;
/// a separator that occurs twice groups; a single one before exactly three digits is ambiguous unless the whole part is 0 or too long for a group; else it is the decimal one.
/// </summary>
internal static partial class NumberText
{
    /// <summary>Reads a comparator, a number and what follows. A text as long as a note is none.</summary>
    public static WrittenNumber Read(string text)
    {
        if (text.Length > Wording.MaxLength)
            return default;
        var match = Whole().Match(text.Trim());
        if (!match.Success)
            return default;
        var (reading, value) = Parse(match.Groups["number"].Value);
        return new(reading, Comparator(match.Groups["comparator"].Value), value, match.Groups["rest"].Value.Trim());
    }

    /// <summary>Reads digits with separators.</summary>
    public static (NumberReading Reading, decimal Value) Parse(string number)
    {
        var digits = number.Replace("\u00A0", " ", StringComparison.Ordinal).Replace('\u202F', ' ').Replace("'", " ", StringComparison.Ordinal);
        var grouped = digits.Contains(' ', StringComparison.Ordinal);
        if (grouped && !Grouped(digits, ' '))
            return (NumberReading.None, 0);
        digits = digits.Replace(" ", "", StringComparison.Ordinal);
        var dots = digits.Count(c => c == '.');
        var commas = digits.Count(c => c == ',');
        char? point = null;
        if (dots > 0 && commas > 0)
        {
            point = digits.LastIndexOf('.') > digits.LastIndexOf(',') ? '.' : ',';
            var group = point == '.' ? ',' : '.';
            var whole = digits[..digits.LastIndexOf(point.Value)];
            if (digits.Count(c => c == point) > 1 || !Grouped(whole, group))
                return (NumberReading.None, 0);
            digits = digits.Replace(group.ToString(), "", StringComparison.Ordinal);
        }
        else if (dots + commas > 1)
        {
            var group = dots > 0 ? '.' : ',';
            if (!Grouped(digits, group))
                return (NumberReading.None, 0);
            digits = digits.Replace(group.ToString(), "", StringComparison.Ordinal);
        }
        else if (dots + commas == 1)
        {
            point = dots > 0 ? '.' : ',';
            var at = digits.IndexOf(point.Value, StringComparison.Ordinal);
            if (!grouped && digits.Length - at - 1 == 3 && at is >= 1 and <= 3 && digits[0] != '0')
                return (NumberReading.Ambiguous, 0);
        }
        if (point is { } separator)
            digits = digits.Replace(separator, '.');
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? (NumberReading.Clear, value) : (NumberReading.None, 0);
    }

    private static bool Grouped(string digits, char separator)
    {
        var parts = digits.Split(separator);
        // With a blank as group separator the last part may carry decimals.
        var last = parts[^1].Split('.', ',')[0];
        return parts[0].Length is >= 1 and <= 3 && parts[0][0] != '0'
            && parts[1..^1].All(part => part.Length == 3) && (parts.Length == 1 || last.Length == 3);
    }

    private static string? Comparator(string text) => Wording.Fold(text) switch
    {
        "" => null,
        "<" or "menor de" or "menor que" or "menor a" or "inferior a" or "menos de" or "less than" or "below" or "under" => "<",
        "<=" or "=<" or "menor o igual a" or "menor o igual que" or "at most" or "hasta" => "<=",
        ">" or "mayor de" or "mayor que" or "mayor a" or "superior a" or "mas de" or "more than" or "greater than" or "above" => ">",
        _ => ">=",
    };

    [GeneratedRegex(@"^(?<comparator><=|>=|=<|=>|<|>|≤|≥|menor de|menor que|menor a|menor o igual a|menor o igual que|inferior a|menos de|less than|below|under|at most|hasta|mayor de|mayor que|mayor a|mayor o igual a|mayor o igual que|superior a|más de|mas de|more than|greater than|above|at least)?\s*(?<number>\d(?:[\d.,']*\d)?(?:[ \u00A0\u202F]\d{3}(?:[.,]\d+)?)*)(?<rest>(?![\d.,]).*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline, Wording.MatchTimeout)]
    private static partial Regex Whole();
}
