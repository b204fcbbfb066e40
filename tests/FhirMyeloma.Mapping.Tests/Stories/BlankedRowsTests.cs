using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Tests.Response;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Tests.Inbound;
using FhirMyeloma.Mapping.Tests.Outbound;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>The case rows of results that are not known, told by a hospital: what the rows expect of the case holds of the Bundle.</summary>
public class BlankedRowsTests
{
    private const string Rows = "tests/FhirMyeloma.Clinical.Tests/Response/blanked.csv";

    public static TheoryData<string> Ids() => [.. Table.Read(Rows).Select(row => row["id"])];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_row_means_the_same_on_the_wire(string id)
    {
        var row = Table.Read(Rows).Single(candidate => candidate["id"] == id);
        var story = LineStory.Case(row["clone"], row["samples"], row["antibody"]);
        var patient = story with { Diagnosis = story.Diagnosis with { Date = LineStory.DateOf("d-60") } };
        var told = new HospitalFeed(patient, new(1), Dialect.Plain).Write();
        var wire = Assert.Single(BundleToCase.Map(Hospital.Read(System.Text.Encoding.UTF8.GetString(HospitalFeed.Bundle(told)))).Patients).Case;
        Listed.Same(Verdicts(patient), Verdicts(wire));

        IEnumerable<string> Verdicts(MyelomaCase one)
        {
            var response = ResponseHistory.Derive(one, LineStory.LineOf(row["next"]), LineStory.Ruleset(row["ruleset"]), LineStory.Policy(row["policy"]));
            return response.Assessments.Select(at => $"{at.Date} {at.Level} {at.Confirmed} {at.BoundWorst}..{at.BoundBest} {string.Join('+', at.Flags)} {string.Join('+', at.Missing)}")
                .Append($"{response.MeasurableBy} {response.Best} {response.BestConfirmed} {response.BoundWorst}..{response.BoundBest} {string.Join('+', response.Flags)}");
        }
    }
}
