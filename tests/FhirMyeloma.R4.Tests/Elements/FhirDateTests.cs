using System.Globalization;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Tests.Elements;

public class FhirDateTests
{
    public static IEnumerable<object[]> Table => Cases.Read("Elements/dates.csv");

    [Theory]
    [MemberData(nameof(Table))]
    public void A_date_is_the_days_that_it_can_mean(string text, string precision, string first, string last, string instant)
    {
        var date = FhirDate.Parse(text);
        Assert.Equal(precision, date?.Precision.ToString() ?? "none");
        Assert.Equal((first, last), (Iso(date?.First), Iso(date?.Last)));
        Assert.Equal(instant, date?.Instant?.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture) ?? "");
        Assert.Equal(date is null ? "" : text, date?.ToString() ?? "");
    }

    private static string Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
