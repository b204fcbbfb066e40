using FhirMyeloma.Mapping.Inbound;
using static FhirMyeloma.Mapping.Tests.Inbound.Hospital;

namespace FhirMyeloma.Mapping.Tests.Inbound;

public sealed class WashoutReaderTests
{
    [Theory]
    [InlineData("35", "d", 35, 35)]
    [InlineData("0", "d", 0, 0)]
    [InlineData("5", "wk", 29, 41)]
    [InlineData("1", "mo", 1, 60)]
    [InlineData("1.5", "mo", 43, 48)]
    [InlineData("6", "mo", 153, 213)]
    [InlineData("2", "a", 366, 1095)]
    public void A_stated_washout_means_less_than_one_of_its_last_digit_either_way_and_days_themselves(string number, string unit, int least, int most)
    {
        var stated = Assert.Single(Case(Own("washout-stated", Quantity(number, unit))).StatedWashouts);
        Assert.Equal((least, most), (stated.Days.Min, stated.Days.Max));
    }

    [Theory]
    [InlineData("Tiempo desde la última dosis de daratumumab", "35 días", 35, 35)]
    [InlineData("Días desde la última dosis de daratumumab", "35", 35, 35)]
    [InlineData("Periodo de lavado (daratumumab)", "5 semanas", 29, 41)]
    [InlineData("Lavado anti-CD38", "1 mes", 1, 60)]
    [InlineData("Time since last daratumumab dose", "35 days", 35, 35)]
    [InlineData("Washout", "> 6 months", 183, int.MaxValue)]
    [InlineData("Washout period", "<60 d", 0, 59)]
    public void It_is_read_from_words_in_both_languages(string name, string text, int least, int most)
    {
        var stated = Assert.Single(Case(Named(name, $"\"valueString\":\"{text}\"")).StatedWashouts);
        Assert.Equal((least, most), (stated.Days.Min, stated.Days.Max));
    }

    [Theory]
    [InlineData("\"valueQuantity\":{\"value\":35}")]
    [InlineData("\"valueQuantity\":{\"value\":35,\"unit\":\"mg\"}")]
    [InlineData("\"valueString\":\"corto\"")]
    [InlineData("\"valueQuantity\":{\"value\":1e20,\"code\":\"d\",\"system\":\"http://unitsofmeasure.org\"}")]
    public void What_cannot_be_understood_is_named_and_never_guessed(string value)
    {
        var mapped = Map(Own("washout-stated", value));
        Assert.Empty(mapped.Patients[0].Case.StatedWashouts);
        Assert.Contains(MappingIssues.ValueNotUnderstood, Codes(mapped));
    }
}
