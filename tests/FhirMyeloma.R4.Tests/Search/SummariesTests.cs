using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;

namespace FhirMyeloma.R4.Tests.Search;

public sealed class SummariesTests
{
    public static IEnumerable<object[]> Rows => Cases.Read("Search/summaries.csv");

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_resource_is_written_in_part(string resource, string mode, string elements, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(Summaries.Write(SearchCases.Resources[resource], Enum.Parse<SummaryMode>(mode), [.. elements.Split(',', StringSplitOptions.RemoveEmptyEntries)])));

    [Fact]
    public void Of_a_backbone_only_the_elements_of_the_summary_stay()
    {
        var patient = FhirJsonReader.Read("""{"resourceType":"Observation","id":"o","status":"final","component":[{"code":{"text":"c"},"interpretation":[{"text":"high"}],"valueString":"v"}],"note":[{"text":"n"}]}"""u8.ToArray()).Document!.Root;
        Assert.EndsWith("\"status\":\"final\",\"component\":[{\"code\":{\"text\":\"c\"},\"valueString\":\"v\"}]}", Encoding.UTF8.GetString(Summaries.Write(patient, SummaryMode.True, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_can_be_read_again() => Assert.All(SearchCases.Resources.Values, static resource =>
    {
        foreach (var mode in Enum.GetValues<SummaryMode>())
            Assert.Equal(resource["id"].Text, FhirJsonReader.Read(Summaries.Write(resource, mode, [])).Document!.Root["id"].Text);
    });

    [Theory]
    [InlineData("birthdate", "bjorn ana cay")]
    [InlineData("-birthdate", "ana bjorn cay")]
    [InlineData("-birthdate,name", "ana bjorn cay")]
    [InlineData("name", "ana bjorn cay")]
    [InlineData("-active", "ana cay bjorn")]
    [InlineData("-_lastUpdated", "bjorn ana cay")]
    public void Matches_are_sorted_and_what_has_no_value_comes_last(string sort, string order)
    {
        var keys = SearchCases.Parse("Patient", "_sort=" + sort).Query!.Sort;
        var patients = SearchCases.Resources.Values.Where(static resource => resource.TypeName == "Patient").OrderBy(resource => SortKey.Of(resource, keys), SortKey.Order);
        Assert.Equal(order, string.Join(' ', patients.Select(static patient => patient["id"].Text)));
    }
}
