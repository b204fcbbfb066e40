using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Staging;

public sealed class CytogeneticRisksTests
{
    private static readonly ImmutableArray<string> Definitions = ["r-iss", "imwg-2016", "ims-imwg-2025", "msmart"];

    public static TheoryData<string, string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Staging/risk.csv"))
            rows.Add(row["rule"], row["facts"], row["definition"], $"{row["risk"]} | {row["bounds"]} | {row["abnormalities"]} | {row["missing"]} | {row["flags"]}", row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_risk_is_that_of_the_table(string rule, string facts, string definition, string expected, string because)
    {
        var found = Describe(Risk(Facts.Split(facts), definition));
        Assert.True(found == expected, $"{rule}: {definition} of {facts} ({because}): expected {expected}, was {found}");
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_order_of_the_facts_does_not_matter(string rule, string facts, string definition, string expected, string because)
    {
        _ = (rule, expected, because);
        Assert.Equal(Full(Risk(Facts.Split(facts), definition)), Full(Risk([.. Facts.Split(facts).Reverse()], definition)));
    }

    [Theory, MemberData(nameof(Rows))]
    public void Blanking_a_probe_or_value_never_narrows_the_bounds(string rule, string facts, string definition, string expected, string because)
    {
        _ = (rule, expected, because);
        // A report of the whole result makes of "not named" a negative finding; two results of one abnormality are weighed: there, less is not merely less known.
        var known = Facts.Split(facts);
        if (known.Any(fact => fact.StartsWith("FISH", StringComparison.Ordinal)) || known.GroupBy(fact => fact[1..], StringComparer.Ordinal).Any(same => same.Count() > 1))
            return;
        var before = Risk(known, definition);
        foreach (var fact in known)
        {
            var after = Risk(known.Remove(fact, StringComparer.Ordinal), definition);
            Assert.True(after.BoundBest <= before.BoundBest && after.BoundWorst >= before.BoundWorst, $"{definition} of {facts} without {fact}");
        }
    }

    [Theory]
    [InlineData("r-iss", 2, 2)]
    [InlineData("imwg-2016", 3, 3)]
    [InlineData("ims-imwg-2025", 3, 4)]
    public void The_five_patients_of_the_paper_are_high_risk_as_often_as_h3_says(string definition, int certainOrPresumed, int withUndetermined)
    {
        string[] patients =
        [
            "+t(11;14) / FISH / says ISS III", "FISH / says ISS I", "+t(4;14) / +1q / FISH / says ISS III", "+del(1p) / +1q / FISH / says ISS II", "+del(17p) / FISH / says ISS I",
        ];
        var risks = patients.Select(facts => Risk(Facts.Split(facts), definition).Level).ToList();
        Assert.Equal(
            (certainOrPresumed, withUndetermined),
            (risks.Count(risk => risk == RiskLevel.High), risks.Count(risk => risk != RiskLevel.Standard)));
    }

    [Fact]
    public void High_risk_cites_what_makes_it_high_and_nothing_else() => Assert.Equal(
        "+1q, +t(4;14)",
        string.Join(", ", Risk(Facts.Split("+t(4;14) / +1q / -del(17p) / -TP53 / B2M 3 / CREA 1.0"), "ims-imwg-2025").Sources));

    [Theory]
    [InlineData("r-iss", "+del(17p) / +t(4;14) / FISH", "+del(17p), +t(4;14)", "each of two that suffice")]
    [InlineData("imwg-2016", "+1q / +amp(1q) / FISH", "+1q, +amp(1q)", "both results of one input")]
    [InlineData("ims-imwg-2025", "+del(17p) 30% / +1q / FISH / B2M 3", "+del(17p) 30%", "1q alone adds nothing")]
    [InlineData("ims-imwg-2025", "+del(1p) / +1q / FISH / B2M 3", "+1q, +del(1p)", "a presumed pair")]
    [InlineData("ims-imwg-2025", "FISH / says ISS III / CREA 1.0", "CREA 1.0, says ISS III", "the stated stage in the place of beta-2 microglobulin")]
    [InlineData("ims-imwg-2025", "+t(4;14) / FISH / B2M 6 / CREA 1.0", "B2M 6, CREA 1.0", "rule 4 alone")]
    [InlineData("ims-imwg-2025", "+del(1p32)x2 / +del(1p) / FISH / B2M 3", "+del(1p), +del(1p32)x2", "all results on 1p")]
    [InlineData("msmart", "B2M 6 / LDH 300 of 240", "B2M 6, LDH 300 of 240", "what makes R-ISS III")]
    [InlineData("msmart", "FISH / says R-ISS III / says R-ISS II @2024-01-12 / says ISS III", "says R-ISS III", "the stated R-ISS, and no other statement")]
    [InlineData("msmart", "-del(17p) / says ISS III", "-del(17p), says ISS III", "undetermined: everything looked at")]
    public void What_makes_the_risk_is_cited(string definition, string facts, string expected, string because) =>
        Assert.Equal((expected, because), (string.Join(", ", Risk(Facts.Split(facts), definition).Sources), because));

    [Fact]
    public void Each_definition_has_one_result_in_order() =>
        Assert.Equal(Enum.GetValues<RiskDefinition>(), CytogeneticRisks.Derive(Facts.Case(""), null).Select(risk => risk.Definition));

    [Fact]
    public void Blood_from_after_the_first_dose_does_not_count() => Assert.Equal(
        (RiskLevel.NotDeterminable, RiskLevel.High),
        (CytogeneticRisks.Derive(Facts.Case("FISH / B2M 6 @2024-01-12 / CREA 1.0"), ClinicalDate.Parse("2024-01-11"))[2].Level,
            CytogeneticRisks.Derive(Facts.Case("FISH / B2M 6 @2024-01-12 / CREA 1.0"), ClinicalDate.Parse("2024-01-12"))[2].Level));

    [Fact]
    public void Standard_risk_cites_everything_looked_at() => Assert.Equal(
        "B2M 3, CREA 1.0, FISH",
        string.Join(", ", Risk(Facts.Split("FISH / B2M 3 / CREA 1.0"), "ims-imwg-2025").Sources));

    [Fact]
    public void The_date_is_that_of_the_latest_result_cited_or_else_of_the_diagnosis()
    {
        Assert.Equal("2024-01-15", Risk(Facts.Split("+t(4;14) @2024-01-12 / +del(17p) @2024-01-15"), "r-iss").Date?.Text);
        Assert.Equal("2024-01-10", Risk([], "r-iss").Date?.Text);
    }

    private static CytogeneticRisk Risk(ImmutableArray<string> facts, string definition) =>
        CytogeneticRisks.Derive(Facts.Case(facts), null)[Definitions.IndexOf(definition)];

    private static string Describe(CytogeneticRisk risk) =>
        $"{Name(risk.Level)} | {Name(risk.BoundBest)}..{Name(risk.BoundWorst)} | {string.Join(' ', risk.Abnormalities.Select(Name))} | {string.Join(' ', risk.Missing)} | {string.Join(' ', risk.Flags.Select(flag => flag.Code()))}";

    private static string Full(CytogeneticRisk risk) => $"{Describe(risk)} | {risk.Date} | {string.Join(", ", risk.Sources)}";

    private static string Name(RiskLevel level) => level switch { RiskLevel.Standard => "standard", RiskLevel.High => "high", RiskLevel.NotDeterminable => "ND" };

    private static string Name(Abnormality abnormality) => abnormality switch
    {
        Abnormality.Del17p => "del(17p)",
        Abnormality.Tp53Mutation => "TP53",
        Abnormality.T4_14 => "t(4;14)",
        Abnormality.T14_16 => "t(14;16)",
        Abnormality.T14_20 => "t(14;20)",
        Abnormality.Gain1q => "1q",
        Abnormality.Amp1q => "amp(1q)",
        Abnormality.Del1p32 => "del(1p32)",
        Abnormality.Del1p32Biallelic => "del(1p32)x2",
        Abnormality.Del1pUnspecified => "del(1p)",
        Abnormality.NonHyperdiploid => "non-hyperdiploid",
        _ => throw new ArgumentOutOfRangeException(nameof(abnormality)),
    };
}
