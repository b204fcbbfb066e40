using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Citations;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Response;

/// <summary>What holds of every row of the case tables, whatever it expects.</summary>
public class EveryRowTests
{
    public static TheoryData<string, string> Rows() => ResponseTableTests.Rows();

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_date_alone_is_as_its_line_lists_it(string table, string id)
    {
        var (patient, row) = Read(table, id);
        var (line, ruleset, policy) = (LineStory.LineOf(row["next"]), LineStory.Ruleset(row["ruleset"]), LineStory.Policy(row["policy"]));
        var timeline = Timeline.Of(patient);
        var listed = ResponseHistory.Derive(patient, line, ruleset, policy).Assessments;
        foreach (var date in timeline.Days.Select(day => day.Date))
        {
            var alone = ResponseHistory.At(timeline, line, date, ruleset, policy);
            var at = listed.FirstOrDefault(other => other.Date == date);
            Assert.True(alone is null ? at is null : at is not null && Shown.Same(at, alone), date.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Lists_are_in_order(string table, string id)
    {
        var (patient, row) = Read(table, id);
        var policy = LineStory.Policy(row["policy"]);
        var response = ResponseHistory.Derive(patient, LineStory.LineOf(row["next"]), LineStory.Ruleset(row["ruleset"]), policy);
        InOrder(response.Flags);
        InOrder(response.Missing);
        InOrder(response.Withheld?.Missing ?? []);
        InOrder(response.Sources);
        InOrder(response.Assessments.Select(at => at.Date));
        foreach (var at in response.Assessments)
        {
            InOrder(at.Flags);
            InOrder(at.Missing);
            InOrder(at.Withheld?.Missing ?? []);
        }

        var residual = MinimalResidualDisease.Derive(patient, [response], policy);
        Assert.Equal(residual.Select(result => result.Date).Order(), residual.Select(result => result.Date));
        foreach (var result in residual)
            InOrder(result.Sources);
    }

    private static (MyelomaCase Patient, IReadOnlyDictionary<string, string> Row) Read(string table, string id)
    {
        var row = Table.Read("tests/FhirMyeloma.Clinical.Tests/Response/" + table).Single(candidate => candidate["id"] == id);
        return (LineStory.Case(row["clone"], row["samples"], row["antibody"]), row);
    }

    private static void InOrder<T>(IEnumerable<T> list) => Assert.Equal(list.Order().Distinct(), list);
}
