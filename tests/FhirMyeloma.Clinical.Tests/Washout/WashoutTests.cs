using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Washout;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Washout;

public sealed class WashoutTests
{
    public static TheoryData<string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Washout/washout.csv"))
            rows.Add(row["rule"], row["doses"], row["expected"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_days_between_the_antibodies_are_those_of_the_table(string rule, string doses, string expected, string because) =>
        Assert.True(Describe(Derive(Doses(doses))) == expected, $"{rule} ({because}): expected {expected}, was {Describe(Derive(Doses(doses)))}");

    [Theory, MemberData(nameof(Rows))]
    public void The_order_of_the_input_does_not_matter(string rule, string doses, string expected, string because)
    {
        _ = because;
        Assert.Equal((rule, expected), (rule, Describe(Derive([.. Doses(doses).Reverse()]))));
    }

    [Fact]
    public void The_washout_cites_the_last_and_the_first_dose_only()
    {
        var found = Assert.Single(Derive(Doses("D 2024-01-03 / D 2024-01-10 / I 2024-02-14 / I 2024-02-21")));
        Assert.Equal("D@2024-01-10#1 I@2024-02-14#2", string.Join(" ", found.Sources));
    }

    [Theory]
    [InlineData("D 2024-01-10 / D? 2024-01-30 / I 2024-02-14", "D?@2024-01-30#1 D@2024-01-10#0 I@2024-02-14#2", "both readings of the last dose")]
    [InlineData("D 2024-01-10 / D? 2024-01-30 / I 2024-02-14 / I? 2024-02-14", "D?@2024-01-30#1 D@2024-01-10#0 I@2024-02-14#2", "a dose of unknown status beside a counted one of its day says nothing")]
    [InlineData("D 2024-01 / D 2024-01-31 / I 2024-02-14", "D@2024-01-31#1 I@2024-02-14#2", "of two that may be the last the exact one")]
    [InlineData("D 2023-12-10 / I 2024-02 / I 2024-02-01", "D@2023-12-10#0 I@2024-02-01#2", "of two that may be the first the exact one")]
    [InlineData("D 2024-01-10 / I? 2024-02-14", "D@2024-01-10#0 I?@2024-02-14#1", "the only isatuximab, of unknown status")]
    [InlineData("D? 2024-01-30 / V 2024-01-10 / I 2024-02-14", "D?@2024-01-30#0 I@2024-02-14#2", "and the only daratumumab")]
    [InlineData("D 2024-01-10 / D 2024-01-05", "D@2024-01-05#1", "the first dose of the only antibody")]
    [InlineData("V 2024-01-10", "", "nothing without an antibody")]
    [InlineData("Ds 2024-01-01..2024-03-31 / Ds 2024-01-01..2024-04-30 / I 2024-02-14", "Ds@2024-01-01..2024-03-31#0 I@2024-02-14#2", "of equal periods the one of the smallest source")]
    [InlineData("Ds 2023-10-01.. / Ds 2023-12-01.. / Ds 2023-12-15..2024-01-10 / I 2024-02-14", "Ds@2023-12-01..#1 I@2024-02-14#3", "the latest open period, which hides the last dose")]
    [InlineData("Ds 2023-12-01.. / Ds 2023-12-01.. / I 2024-02-14", "Ds@2023-12-01..#0 I@2024-02-14#2", "of two open ones that began together the smallest source")]
    public void The_washout_cites_what_decided_it(string doses, string expected, string because) =>
        Assert.Equal((expected, because), (string.Join(" ", Assert.Single(Derive(Doses(doses))).Sources), because));

    [Fact]
    public void Ends_and_overlap_are_those_of_the_doses_that_decide()
    {
        var found = Assert.Single(Derive(Doses("D 2024-01-03 / D 2024-01-10 / I 2024-02-14 / I 2024-02-21")));
        Assert.Equal(("2024-01-10", "2024-02-14", false), (found.LastDose?.Text, found.FirstDose?.Text, found.Overlap));
        Assert.Equal([true, false], Derive(Doses("D 2024-01-10 / I 2024-02-14 / D 2024-03-01")).Select(s => s.Overlap));
        Assert.True(Assert.Single(Derive(Doses("Ds 2024-01-01..2024-03-31 / I 2024-02-14"))).Overlap);
    }

    public static TheoryData<string, string, string, string, string> ContextRows()
    {
        var rows = new TheoryData<string, string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Washout/context.csv"))
            rows.Add(row["rule"], row["doses"], row["lines"], row["expected"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(ContextRows))]
    public void Lines_responses_and_refractoriness_stand_beside_the_days(string rule, string doses, string lines, string expected, string because)
    {
        string[][] told = [.. lines.Split(" / ").Select(line => line.Split(' '))];
        var switches = AntibodySwitches.Derive(
            Patient(Doses(doses)),
            [.. told.Select(Line)],
            [.. told.Select(words => Response(int.Parse(words[0], CultureInfo.InvariantCulture), Enum.GetValues<ResponseLevel>().Single(level => level.Code() == words[3])))],
            [.. told.SelectMany(Statuses)]);
        var found = string.Join(" | ", switches.Select(s => s.Ordinal == 0 ? "none" : string.Create(
            CultureInfo.InvariantCulture,
            $"{s.From.ToString()![0]}>{s.To.ToString()![0]}#{s.Ordinal} {s.InterveningLines} lines {s.LastLineResponse?.Code() ?? "none"} {s.RefractoryAtLast}")));
        Assert.True(found == expected, $"{rule} ({because}): expected {expected}, was {found}");
    }

    private static LineOfTherapy Line(string[] words)
    {
        var first = ClinicalDate.Parse(words[2]);
        return new()
        {
            Number = int.Parse(words[0], CultureInfo.InvariantCulture),
            First = first,
            Last = first,
            Regimen = words[1],
            Drugs = [.. words[1].Select(letter => new DrugPeriod(OfLetter(letter), first, first, ExposureEvidence.Administration, []))],
            StartReason = LineStartReason.FirstTherapy,
            EndReason = LineEndReason.NextLine,
            Confidence = Confidence.High,
            Sources = [],
        };
    }

    private static LineResponse Response(int line, ResponseLevel level) => new()
    {
        Line = line,
        Best = level,
        IsFinal = true,
        BestConfirmed = level,
        Strict = level,
        Relaxed = level,
        BoundWorst = level,
        BoundBest = level,
        MeasurableBy = MeasurableBy.Serum,
    };

    /// <summary>The first drug of the line has the status of the row; every other drug of it has another, so that the two cannot be taken for each other.</summary>
    private static IEnumerable<DrugRefractoriness> Statuses(string[] words)
    {
        var status = Enum.GetValues<RefractoryStatus>().Single(s => Words(s.ToString()) == words[4]);
        var other = status == RefractoryStatus.Refractory ? RefractoryStatus.NotRefractory : RefractoryStatus.Refractory;
        var day = ClinicalDate.Parse(words[2]);
        return words[1].Reverse().Select(letter => new DrugRefractoriness(
            OfLetter(letter), int.Parse(words[0], CultureInfo.InvariantCulture), day, day, letter == words[1][0] ? status : other, [], "R-REF-2", null, [], []));
    }

    private static Drug OfLetter(char letter) => letter switch
    {
        'D' => Drug.Daratumumab,
        'I' => Drug.Isatuximab,
        'X' => Drug.OtherAntiCd38,
        'V' => Drug.Bortezomib,
        'K' => Drug.Carfilzomib,
        _ => Drug.Lenalidomide,
    };

    [Theory]
    [InlineData(-4000)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(366)]
    public void Moving_every_date_leaves_the_days_alone(int shift)
    {
        var before = Derive(Doses("D 2024-01-03 / D 2024-01-10 / I 2024-02-14 / D 2024-12-01 / I 2025-03-04"));
        var moved = Derive([.. Doses("D 2024-01-03 / D 2024-01-10 / I 2024-02-14 / D 2024-12-01 / I 2025-03-04")
            .Select(e => e with { Start = ClinicalDate.Of(e.Start!.Value.First.AddDays(shift)) })]);
        Assert.Equal(before.Select(s => s.Days), moved.Select(s => s.Days));
    }

    private static ImmutableArray<AntibodySwitch> Derive(ImmutableArray<DrugExposure> drugs) => AntibodySwitches.Derive(Patient(drugs), [], [], []);

    private static MyelomaCase Patient(ImmutableArray<DrugExposure> drugs) =>
        new() { PatientKey = "p", HasMyelomaEvidence = true, Drugs = drugs, AsOf = new DateOnly(2026, 1, 1) };

    private static ImmutableArray<DrugExposure> Doses(string text) => [.. text.Split('/', StringSplitOptions.TrimEntries).Select(Dose)];

    /// <summary>
    /// `D` daratumumab, `I` isatuximab, `X` another anti-CD38 antibody, `V`, `K`, `R` other drugs; `s` statement, `o` order, `?` status unknown, `!` aborted; a date or
    /// a period, which may lack an end (`a..`) or a start (`..b`).
    /// </summary>
    private static DrugExposure Dose(string text, int index)
    {
        var (what, when) = (text.Split(' ')[0], text.Split(' ')[1]);
        var ends = when.Split("..");
        return new()
        {
            Drug = OfLetter(what[0]),
            Evidence = what.Contains('s') ? ExposureEvidence.Statement : what.Contains('o') ? ExposureEvidence.Order : ExposureEvidence.Administration,
            Status = what.Contains('?') ? ExposureStatus.Unknown : what.Contains('!') ? ExposureStatus.Aborted : ExposureStatus.Counted,
            Start = ends[0].Length > 0 ? ClinicalDate.Parse(ends[0]) : null,
            End = ends.Length > 1 && ends[1].Length > 0 ? ClinicalDate.Parse(ends[1]) : null,
            IsOpenPeriod = ends.Length > 1 && ends[1].Length == 0,
            Source = new($"{what}@{when}#{index}"),
        };
    }

    private static string Describe(ImmutableArray<AntibodySwitch> switches) => string.Join(" | ", switches.Select(Describe));

    private static string Describe(AntibodySwitch s)
    {
        var flags = s.Flags.IsEmpty ? "-" : string.Join(',', s.Flags.Select(f => f.Code()));
        if (s.Ordinal == 0)
            return $"none {Words(s.Reason.ToString()!)}{(s.Flags.IsEmpty ? "" : " " + flags)}";
        var days = s.Days is { } d ? Range(d) : $"none {Words(s.Reason.ToString()!)}";
        var estimated = s.Estimated is { } e ? $" est={Range(e)}" : "";
        var category = s.Category switch
        {
            WashoutCategory.LessThan3Months => "lt-3-months",
            WashoutCategory.From3To6Months => "3-to-6-months",
            WashoutCategory.AtLeast6Months => "ge-6-months",
            WashoutCategory.Indeterminate => "indeterminate",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{s.From.ToString()![0]}>{s.To.ToString()![0]}#{s.Ordinal} {days}{estimated} {category} {flags} {Words(s.EvidenceLevel.ToString()!)}{(s.Primary ? " primary" : "")}");
    }

    private static string Range(DaySpan d) => d.Days is { } exact ? exact.ToString(CultureInfo.InvariantCulture) : $"{d.Min}..{d.Max}";

    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
