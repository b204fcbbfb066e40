using System.Globalization;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>Reads <c>imwg-2016.csv</c> and asks its rows from the top. The words of the cells are explained there.</summary>
internal static class DecisionTable
{
    private static readonly string[] Inputs =
        ["serum", "urine", "dflc", "marrow", "growth", "lesion", "ife-serum", "ife-urine", "cr-marrow", "ratio", "clonality"];

    /// <summary>The rows in order.</summary>
    public static IReadOnlyList<TableRow> Rows { get; } =
        [.. Table.Read("tests/FhirMyeloma.Clinical.Tests/Oracle/imwg-2016.csv").Select(row => new TableRow(
            Category.Parse(row["category"]),
            row["rule"],
            row["sets"].Split(' '),
            [.. Inputs.Where(input => row[input].Length > 0).Select(input => new Cell(input, row[input]))]))];

    /// <summary>Every rule of progression that holds.</summary>
    public static IEnumerable<string> Progressions(Findings findings) =>
        Rows.Where(row => row.Category == ResponseLevel.Progressive && row.Holds(findings)).Select(row => row.Rule);

    /// <summary>The first row that holds, progression aside.</summary>
    public static ResponseLevel Response(Findings findings) =>
        Rows.First(row => row.Category != ResponseLevel.Progressive && row.Holds(findings)).Category;
}

/// <summary>One row: it holds when every cell does.</summary>
internal sealed record TableRow(ResponseLevel Category, string Rule, string[] Sets, IReadOnlyList<Cell> Cells)
{
    public bool Holds(Findings findings) => (Sets is ["any"] || Sets.Contains(Oracle.Category.NameOf(findings.Set))) && Cells.All(cell => cell.Holds(findings));
}

/// <summary>One cell: alternatives of conditions about one input.</summary>
internal sealed class Cell
{
    private readonly string _input;
    private readonly char _unmeasured;
    private readonly Condition[][] _alternatives;

    public Cell(string input, string text)
    {
        _input = input;
        _unmeasured = text[^1] is '?' or '~' ? text[^1] : ' ';
        _alternatives = [.. text.TrimEnd('?', '~').Split('|').Select(all => all.Split('&').Select(Condition.Parse).ToArray())];
    }

    public bool Holds(Findings findings) => IsMeasured(findings)
        ? _alternatives.Any(all => all.All(condition => Holds(condition, findings)))
        : _unmeasured switch
        {
            '?' => true,
            '~' => findings.UrineAssumedLow,
            _ => _alternatives.Any(all => all.All(condition => (condition.Word is "half" && !findings.Plasmacytoma) || (condition.Word is "gone" && !findings.Plasmacytoma && !findings.Stated))),
        };

    private bool IsMeasured(Findings findings) => _input switch
    {
        "ife-serum" => findings.SerumFixationNegative is not null,
        "ife-urine" => findings.UrineFixationNegative is not null,
        "cr-marrow" => findings.CrMarrow is not null,
        "ratio" => findings.RatioNormal is not null,
        "clonality" => findings.Free is not null,
        "growth" => findings.NewLesion || findings.Grown.Now is not null,
        "lesion" => findings.Gone is not null || findings.Lesion.Now is not null,
        _ => Marker(findings).Now is not null,
    };

    private Compared Marker(Findings findings) => _input switch
    {
        "serum" => findings.Serum,
        "urine" => findings.Urine,
        "dflc" => findings.Dflc,
        "marrow" => findings.Marrow,
        "growth" => findings.Grown,
        "lesion" => findings.Lesion,
        "cr-marrow" => new(findings.CrMarrow, null, null),
        _ => throw new InvalidDataException(_input),
    };

    private bool Holds(Condition condition, Findings findings) => condition.Word switch
    {
        "none" => _input == "serum" ? findings.NoSerum : findings.NoUrine,
        "neg" => (_input == "ife-serum" ? findings.SerumFixationNegative : findings.UrineFixationNegative) is true,
        "normal" => findings.RatioNormal is true,
        "free" => findings.Free is true,
        "new" => findings.NewLesion,
        "gone" => findings.Gone is true || !(findings.Plasmacytoma || findings.Stated),
        "half" => !findings.Plasmacytoma || findings.Gone is true || findings.Lesion.FellBy(50),
        "fell" => Marker(findings).FellBy(condition.Limit),
        "rose" => Marker(findings).RoseBy(condition.Limit),
        "up" => Marker(findings).Rise is { } rise && condition.Compares(rise),
        "from" => Marker(findings).Nadir is { } nadir && condition.Compares(nadir),
        "" => Marker(findings).Now is { } now && condition.Compares(now),
        _ => throw new InvalidDataException(condition.Word),
    };
}

/// <summary>A word, a comparison and a number, each of them optional: <c>neg</c>, <c>fell&gt;=90</c>, <c>&lt;100</c>.</summary>
internal sealed record Condition(string Word, string Sign, decimal Limit)
{
    public static Condition Parse(string text)
    {
        var sign = text.IndexOfAny(['<', '>', '=']);
        if (sign < 0)
            return new(text, "", 0);
        var number = text.AsSpan(sign).IndexOfAnyInRange('0', '9') + sign;
        return new(text[..sign], text[sign..number], decimal.Parse(text.AsSpan(number), CultureInfo.InvariantCulture));
    }

    public bool Compares(Point value) => Sign switch
    {
        "<" => value < Limit,
        "=" => value == Limit,
        ">" => value > Limit,
        ">=" => value >= Limit,
        _ => throw new InvalidDataException(Sign),
    };
}

/// <summary>The names that tables and messages use.</summary>
internal static class Category
{
    private static readonly string[] DeepestLast = ["NE", "PD", "SD", "MR", "PR", "VGPR", "CR", "sCR"];

    public static ResponseLevel Parse(string name) => (ResponseLevel)Array.IndexOf(DeepestLast, name);

    public static string NameOf(ResponseLevel level) => DeepestLast[(int)level];

    public static string NameOf(MeasurableBy set) => set switch
    {
        MeasurableBy.SerumAndUrine => "serum-and-urine",
        _ => set.ToString().ToLowerInvariant(),
    };
}
