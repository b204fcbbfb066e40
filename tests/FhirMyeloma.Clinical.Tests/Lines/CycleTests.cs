using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Lines;

public sealed class CycleTests
{
    public static TheoryData<string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Lines/cycles.csv"))
            rows.Add(row["rule"], row["course"], row["expected"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void Cycles_are_counted_by_the_anchor_drug(string rule, string course, string expected, string because)
    {
        var found = string.Join(" | ", LineBuilder.Build(CourseText.Read(course), DerivationPolicy.Default, CourseText.Responses("1:MR")).Select(Describe));
        Assert.True(found == expected, $"{rule} ({because}):\nexpected {expected}\nfound    {found}");
    }

    [Fact]
    public void A_drug_that_goes_on_has_no_cycles_beyond_its_line()
    {
        var lines = LineBuilder.Build(CourseText.Read("R@0..300 d@0/7x40 V@112/7x20 end@400"), DerivationPolicy.Default, CourseText.Responses("1:MR"));
        Assert.Equal("4/4 5/5", string.Join(' ', lines.Select(line => $"{line.CyclesStarted}/{line.CyclesCompleted}")));
    }

    private static string Describe(LineOfTherapy line) => string.Join(' ', line.Flags
        .Where(flag => flag is Flag.CyclesDiffer or Flag.CyclesEstimated)
        .Select(flag => flag.Code())
        .Prepend(line.CyclesDocumented is { } documented ? $"documented:{documented}" : "")
        .Prepend(line.CyclesStarted is { } started ? $"{started}/{line.CyclesCompleted}" : "unknown")
        .Where(part => part.Length > 0));

    [Fact]
    public void Cycles_of_an_attached_episode_are_not_counted()
    {
        var line = Assert.Single(LineBuilder.Build(CourseText.Read("V@0,3,7 d@0 K@14/7x8 d@14/7x8 end@400"), DerivationPolicy.Default, CourseText.Responses("")));
        Assert.Equal((2, 2), (line.CyclesStarted, line.CyclesCompleted));
    }
}
