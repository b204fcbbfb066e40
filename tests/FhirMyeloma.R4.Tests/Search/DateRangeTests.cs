using System.Globalization;
using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Search;

public sealed class DateRangeTests
{
    public static TheoryData<string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.R4.Tests/Search/dates.csv"))
            rows.Add(row["text"], row["low"], row["high"], row["because"]);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_date_covers_what_its_precision_leaves_open(string text, string low, string high, string because)
    {
        Assert.True(DateRange.TryParse(text, out var range) == (low.Length > 0), because);
        if (low.Length > 0)
            Assert.Equal((Micros(low), Micros(high)), (range.Low, range.High));
    }

    [Theory]
    [InlineData("""{"resourceType":"Procedure","performedPeriod":{"start":"2024-01-02"}}""", "2024-01-02T00:00:00Z", "")]
    [InlineData("""{"resourceType":"Procedure","performedPeriod":{"end":"2024-01"}}""", "", "2024-01-31T23:59:59.999999Z")]
    [InlineData("""{"resourceType":"Procedure","performedPeriod":{"start":"2024-01-02","end":"2024-01-03"}}""", "2024-01-02T00:00:00Z", "2024-01-03T23:59:59.999999Z")]
    [InlineData("""{"resourceType":"ServiceRequest","occurrenceTiming":{"event":["2024-01-05","2024-01-03"]}}""", "2024-01-03T00:00:00Z", "2024-01-05T23:59:59.999999Z")]
    [InlineData("""{"resourceType":"ServiceRequest","occurrenceTiming":{"event":["2024-02-05"],"repeat":{"boundsPeriod":{"start":"2024-01-01"}}}}""", "2024-01-01T00:00:00Z", "")]
    public void A_period_or_schedule_reaches_from_its_first_to_its_last(string json, string low, string high)
    {
        var root = FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)).Document!.Root;
        var range = DateRange.Of(root.Choice("performed") is { Exists: true } performed ? performed : root.Choice("occurrence"));
        Assert.Equal(new DateRange(low.Length == 0 ? long.MinValue : Micros(low), high.Length == 0 ? long.MaxValue : Micros(high)), range);
    }

    [Theory]
    [InlineData("""{"resourceType":"Procedure","performedPeriod":{"id":"p"}}""")]
    [InlineData("""{"resourceType":"Procedure","performedString":"2024"}""")]
    [InlineData("""{"resourceType":"Procedure","performedDateTime":"yesterday"}""")]
    public void What_states_no_time_has_no_range(string json) =>
        Assert.Null(DateRange.Of(FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)).Document!.Root.Choice("performed")));

    private static long Micros(string text) => (DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
