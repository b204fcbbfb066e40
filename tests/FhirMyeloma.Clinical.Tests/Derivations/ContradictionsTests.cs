using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Tests.Derivations;

public sealed class ContradictionsTests
{
    private static readonly MyelomaCase Patient = new()
    {
        PatientKey = "p",
        HasMyelomaEvidence = true,
        Birth = ClinicalDate.Parse("1960"),
        AsOf = new DateOnly(2025, 1, 1),
        Diagnosis = new() { Date = ClinicalDate.Parse("2023-06"), Sources = [new("Condition/mm")], LightChain = LightChain.Lambda, HeavyChain = HeavyChain.IgA },
    };

    [Fact]
    public void A_consistent_record_has_none() =>
        Assert.Empty(Find(Patient with { Drugs = [Dose("2023-07-01"), Dose("2024-01-10")], Measurements = [M("2023-06-20", 3.1m), M("2023-09-01", 1.2m)] }));

    [Fact]
    public void Two_values_of_one_sample_name_both_results() =>
        Assert.Equal(
            (ContradictionKind.ValuesOfOneSample, "m@2023-06-20=3.1 m@2023-06-20=3.3"),
            One(Patient with { Measurements = [M("2023-06-20", 3.3m), M("2023-06-20", 3.1m)] }));

    [Fact]
    public void Identical_values_of_one_sample_are_one_result() =>
        Assert.Empty(Find(Patient with { Measurements = [M("2023-06-20", 3.1m), M("2023-06-20", 3.1m) with { Source = new("other") }] }));

    [Fact]
    public void A_value_repeated_to_the_digit_on_another_date_may_be_copied() =>
        Assert.Equal(
            (ContradictionKind.CopiedValue, "m@2023-06-20=3.1 m@2023-09-01=3.1"),
            One(Patient with { Measurements = [M("2023-06-20", 3.1m), M("2023-09-01", 3.1m)] }));

    [Theory]
    [InlineData("0 is 0 every time")]
    [InlineData("a comparator is a limit")]
    [InlineData("words repeat")]
    public void Zero_limits_and_words_repeat_without_suspicion(string because)
    {
        Measurement Of(string date) => because[0] switch
        {
            '0' => M(date, 0),
            'a' => M(date, 1) with { Value = Reading.LessThan(0.1m) },
            _ => M(date, 0.1m) with { FromText = true },
        };
        Assert.Empty(Find(Patient with { Measurements = [Of("2023-06-20"), Of("2023-09-01")] }));
    }

    [Theory]
    [InlineData("2023-05-31", ContradictionKind.DoseBeforeDiagnosis)]
    [InlineData("1959-12-31", ContradictionKind.DoseBeforeBirth)]
    [InlineData("2024-07-02", ContradictionKind.DoseAfterDeath)]
    [InlineData("2025-01-02", ContradictionKind.FutureDose)]
    public void A_dose_that_cannot_be_is_named(string date, ContradictionKind expected) =>
        Assert.Contains(
            expected,
            Find(Patient with { Drugs = [Dose(date)], Death = ClinicalDate.Parse("2024-07-01"), DeathSources = [new("Patient/p")] }).Select(c => c.Kind));

    [Theory]
    [InlineData("2023-06-01", "the diagnosis is known to the month only")]
    [InlineData("2023", "the dose is known to the year only")]
    public void A_dose_that_can_be_is_not(string date, string because)
    {
        Assert.NotEmpty(because);
        Assert.Empty(Find(Patient with { Drugs = [Dose(date)] }));
    }

    [Fact]
    public void A_period_that_ends_before_it_starts_is_reversed() =>
        Assert.Equal(
            (ContradictionKind.ReversedPeriod, "s"),
            One(Patient with { Drugs = [Statement("2024-02-01", "2024-01-01")] }));

    [Fact]
    public void A_statement_that_ends_on_another_day_than_the_administrations_differs() =>
        Assert.Equal(
            (ContradictionKind.StatementAgainstAdministration, "s"),
            One(Patient with { Drugs = [Dose("2023-07-01"), Dose("2024-01-10"), Statement("2023-07-01", "2024-01-31")] }));

    [Fact]
    public void A_statement_of_the_same_doses_does_not() =>
        Assert.Empty(Find(Patient with { Drugs = [Dose("2023-07-01"), Dose("2024-01-10"), Statement("2023-07", "2024-01-10")] }));

    private static (ContradictionKind, string) One(MyelomaCase patient)
    {
        var found = Assert.Single(Find(patient));
        return (found.Kind, string.Join(' ', found.Sources));
    }

    private static ImmutableArray<Contradiction> Find(MyelomaCase patient) => Derivation.Derive(patient, DerivationPolicy.Default).Contradictions;

    private static DrugExposure Dose(string date) => new()
    {
        Drug = Drug.Bortezomib,
        Evidence = ExposureEvidence.Administration,
        Start = ClinicalDate.Parse(date),
        Source = new("d@" + date),
    };

    private static DrugExposure Statement(string start, string end) => new()
    {
        Drug = Drug.Bortezomib,
        Evidence = ExposureEvidence.Statement,
        Start = ClinicalDate.Parse(start),
        End = ClinicalDate.Parse(end),
        Source = new("s"),
    };

    private static Measurement M(string date, decimal value) => new()
    {
        Marker = Marker.SerumMProtein,
        Value = Reading.Exact(value),
        Date = ClinicalDate.Parse(date),
        Source = new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"m@{date}={value}")),
    };
}
