using System.Diagnostics;
using static FhirMyeloma.Mapping.Tests.Inbound.Hospital;

namespace FhirMyeloma.Mapping.Tests.Inbound;

/// <summary>Texts that are made to be slow: each reader must take time in proportion to their length.</summary>
public sealed class HostileTextTests
{
    private const int Length = 600_000;

    [Theory]
    [InlineData("10 ")]
    [InlineData("10:")]
    [InlineData("1,")]
    [InlineData("1'1 ")]
    [InlineData("1 g/dL (")]
    [InlineData("iss: ")]
    [InlineData("t(4;14) ")]
    [InlineData("no ")]
    [InlineData("menor o igual ")]
    [InlineData("(")]
    public void A_long_text_is_read_in_proportion_to_its_length(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, Length / part.Length));
        var value = $$""" "valueString":"{{text}}" """;
        Quickly(
            Lab("33358-3", value), Lab("25700-6", value), Named("FISH", value), Named("Estadio ISS", value), Named("Enfermedad mínima residual", value), Named("Mejor respuesta", value),
            Named(text, """ "valueString":"1 g/dL" """), Dose(text),
            $$"""{"resourceType":"Condition","code":{"text":"Mieloma múltiple {{text}}"},"note":[{"text":"{{text}}"}],"stage":[{"summary":{"text":"{{text}}" } }] }""");
    }

    [Fact]
    public void Blanks_behind_a_ten_are_no_power_of_ten() =>
        Quickly(Named("Enfermedad mínima residual", $$""" "valueString":"negativa 10{{new string(' ', Length)}}" """));

    private static void Quickly(params ReadOnlySpan<string> resources)
    {
        var watch = Stopwatch.StartNew();
        Assert.Single(Map(resources).Patients);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }
}
