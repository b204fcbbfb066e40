using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
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

    private static ImmutableArray<AntibodySwitch> Derive(ImmutableArray<DrugExposure> drugs) => AntibodySwitches.Derive(
        new() { PatientKey = "p", HasMyelomaEvidence = true, Drugs = drugs, AsOf = new DateOnly(2026, 1, 1) }, [], [], []);

    private static ImmutableArray<DrugExposure> Doses(string text) => [.. text.Split('/', StringSplitOptions.TrimEntries).Select(Dose)];

    /// <summary>`D` daratumumab, `I` isatuximab, `V` bortezomib; `s` statement, `o` order, `?` status unknown, `!` aborted; a date or a period.</summary>
    private static DrugExposure Dose(string text, int index)
    {
        var (what, when) = (text.Split(' ')[0], text.Split(' ')[1]);
        var ends = when.Split("..");
        return new()
        {
            Drug = what[0] switch { 'D' => Drug.Daratumumab, 'I' => Drug.Isatuximab, _ => Drug.Bortezomib },
            Evidence = what.Contains('s') ? ExposureEvidence.Statement : what.Contains('o') ? ExposureEvidence.Order : ExposureEvidence.Administration,
            Status = what.Contains('?') ? ExposureStatus.Unknown : what.Contains('!') ? ExposureStatus.Aborted : ExposureStatus.Counted,
            Start = ClinicalDate.Parse(ends[0]),
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
