using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.Tests.Ucum;

public sealed class UcumUnitTests
{
    [Theory]
    [InlineData("73.6", "g/L", "g/dL", "7.36")]
    [InlineData("9.467", "mg/dL", "mg/L", "94.67")]
    [InlineData("1.25", "g/d", "mg/(24.h)", "1250")]
    [InlineData("4", "ukat/L", "U/L", "240")]
    [InlineData("0.35", "1", "%", "35")]
    [InlineData("37", "Cel", "[degF]", "98.6")]
    [InlineData("1", "[in_i]", "cm", "2.54")]
    public void Converts_exactly(string value, string from, string to, string expected) =>
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            UcumUnit.Parse(from).Convert(Ratio.Parse(value), UcumUnit.Parse(to))!.Value.ToDecimal());

    [Theory]
    [InlineData("mg/24.h", "mg/(24.h)")]
    [InlineData("G/L", "g/L")]
    [InlineData("[iU]/L", "U/L")]
    [InlineData("mmol/L", "mg/dL")]
    [InlineData("B", "1")]
    public void Refuses_what_is_not_commensurable(string from, string to) =>
        Assert.Null(UcumUnit.Parse(from).Convert(Ratio.One, UcumUnit.Parse(to)));

    [Theory]
    [InlineData("mg/24h")]
    [InlineData("mg /dL")]
    [InlineData("")]
    [InlineData("µg/mL")]
    [InlineData("((((((((((((((((((g))))))))))))))))))")]
    [InlineData("g999999999")]
    [InlineData("0")]
    [InlineData("g/")]
    public void Says_what_is_wrong_with_a_code(string code)
    {
        Assert.False(UcumUnit.TryParse(code, out _, out var reason));
        Assert.NotEmpty(reason);
    }

    [Theory]
    [InlineData("1", "3.g", "9.g", "0.333333333333333")]
    [InlineData("2", "3.g", "9.g", "0.666666666666667")]
    [InlineData("1", "9.g", "3.g", "3")]
    [InlineData("-1", "[degF]", "Cel", "-18.3333333333333")]
    [InlineData("98.6", "[degF]", "Cel", "37")]
    [InlineData("80", "[degRe]", "Cel", "100")]
    [InlineData("1", "Ym", "7.am", null)]
    [InlineData("1", "Mm", "7.nm", "142857142857143")]
    [InlineData("10", "Mm", "7.nm", "1428571428571430")]
    [InlineData("1", "fm", "3.Tm", "0.0000000000000000000000000003")]
    public void A_converted_value_is_rounded_once_to_15_significant_digits(string value, string from, string to, string? expected) =>
        Assert.Equal(expected, UcumUnit.Parse(from).Convert(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), UcumUnit.Parse(to))
            ?.ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void A_half_at_the_last_digit_goes_to_the_even_neighbour()
    {
        Assert.Equal(1.2m, Ratio.Of(1.25m).ToDecimal(2));
        Assert.Equal(1.4m, Ratio.Of(1.35m).ToDecimal(2));
        Assert.Equal(1.3m, Ratio.Of(1.2500000000000000000000000001m).ToDecimal(2));
        Assert.Equal(1000m, Ratio.Of(999.6m).ToDecimal(3));
        Assert.Equal(-1200m, Ratio.Of(-1250m).ToDecimal(2));
    }

    [Theory]
    [InlineData("1", "g", "1000", "mg", 0)]
    [InlineData("1", "[in_i]", "2.54", "cm", 0)]
    [InlineData("1", "[in_i]", "2.5400000000000000000001", "cm", -1)]
    [InlineData("100", "Cel", "212", "[degF]", 0)]
    [InlineData("1", "d", "1", "h", 1)]
    [InlineData("1", "g", "1", "L", null)]
    public void Quantities_compare_exactly(string left, string leftUnit, string right, string rightUnit, int? expected)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        Assert.Equal(expected, UcumUnit.Compare(decimal.Parse(left, culture), UcumUnit.Parse(leftUnit), decimal.Parse(right, culture), UcumUnit.Parse(rightUnit)) is { } order
            ? Math.Sign(order) : null);
    }

    [Fact]
    public void A_decimal_is_the_closest_to_the_ratio()
    {
        var dice = new FhirMyeloma.Testing.Dice(20261122);
        for (var roll = 0; roll < 5_000; roll++)
        {
            var ratio = Ratio.Of(dice.Roll(-1_000_000_000, 1_000_000_000), dice.Chance(50) ? (int)Math.Pow(10, dice.Roll(0, 8)) : dice.Roll(1, 2_000_000));
            foreach (var digits in (int[])[15, 28])
            {
                var given = Ratio.Of(ratio.ToDecimal(digits)!.Value);
                var off = given - ratio;
                // Half a unit of the last digit, relative: 10^digits times twice the error is at most ten times the value.
                Assert.True(Ratio.Of(System.Numerics.BigInteger.Abs(off.Numerator), off.Denominator) * Ratio.Parse($"2e{digits - 1}") <= Ratio.Of(System.Numerics.BigInteger.Abs(ratio.Numerator), ratio.Denominator),
                    $"{ratio} at {digits} digits, {dice}");
            }
        }
    }

    [Fact]
    public void An_endless_fraction_is_rounded_at_28_digits() =>
        Assert.Equal(0.3333333333333333333333333333m, Ratio.Of(1, 3).ToDecimal());

    [Fact]
    public void A_number_too_large_for_a_decimal_has_none() => Assert.Null(Ratio.Parse("1e30").ToDecimal());

    [Theory]
    [InlineData("79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001")]
    [InlineData("-12.50")]
    public void A_decimal_survives_the_round_trip(string text)
    {
        var value = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(value, Ratio.Of(value).ToDecimal());
    }
}
