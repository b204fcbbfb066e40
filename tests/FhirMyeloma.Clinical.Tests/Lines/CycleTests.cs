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
        var line = Assert.Single(LineBuilder.Build(CourseText.Read(course), DerivationPolicy.Default, CourseText.Responses("")));
        var flags = line.Flags.Where(flag => flag is Flag.CyclesDiffer or Flag.CyclesEstimated).Select(flag => flag.Code());
        var found = string.Join(' ', flags
            .Prepend(line.CyclesDocumented is { } documented ? $"documented:{documented}" : "")
            .Prepend(line.CyclesStarted is { } started ? $"{started}/{line.CyclesCompleted}" : "unknown")
            .Where(part => part.Length > 0));
        Assert.True(found == expected, $"{rule} ({because}):\nexpected {expected}\nfound    {found}");
    }
}
