using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Lines;

public sealed class RegimenTests
{
    public static TheoryData<string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Lines/regimens.csv"))
            rows.Add(row["drugs"], row["premedication"], row["name"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void A_drug_set_has_one_name(string drugs, string premedication, string name, string because)
    {
        var found = Regimens.Of(CourseText.DrugSet(drugs), CourseText.DrugSet(premedication));
        Assert.True(name == found.Name + (found.Row is null ? " REGIMEN_UNNAMED" : ""), $"{drugs}: {found.Name}, not {name} ({because})");
    }

    [Fact]
    public void Every_name_of_the_table_is_covered_by_a_row() => Assert.Empty(
        Regimens.Table.Select(row => row.Name).Except(Table.Read("tests/FhirMyeloma.Clinical.Tests/Lines/regimens.csv").Select(row => row["name"]), StringComparer.Ordinal));
}
