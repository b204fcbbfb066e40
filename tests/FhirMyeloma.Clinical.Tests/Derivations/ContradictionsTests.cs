using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Testing;

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

    public static TheoryData<string, string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Derivations/contradictions.csv"))
            rows.Add(row["kind"], row["record"], row["patient"], row["expected"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_contradictions_of_a_kind_are_those_of_the_table(string kind, string record, string patient, string expected, string because)
    {
        var found = Find(Record(record, patient)).Where(one => one.Kind.ToString() == kind).Select(one => string.Join(' ', one.Sources));
        Assert.True(string.Join(" / ", found) == expected, $"{kind} {record} | {patient} ({because}): expected {expected}, was {string.Join(" / ", found)}");
    }

    [Theory, MemberData(nameof(Rows))]
    public void Neither_the_order_of_the_input_matters_nor_facts_sent_twice(string kind, string record, string patient, string expected, string because)
    {
        _ = (expected, because);
        var facts = Record(record, patient);
        var turned = facts with
        {
            Measurements = [.. facts.Measurements.Reverse()],
            Drugs = [.. facts.Drugs.Reverse()],
            StatedResponses = [.. facts.StatedResponses.Reverse()],
            Procedures = [.. facts.Procedures.Reverse()],
        };
        Assert.Equal((kind, Text(Find(facts))), (kind, Text(Find(turned))));
        Assert.Equal((kind, Text(Find(facts))), (kind, Text(Find(facts with { Drugs = facts.Drugs.AddRange(facts.Drugs) }))));

        static string Text(ImmutableArray<Contradiction> found) => string.Join('\n', found.Select(one => $"{one.Kind} {string.Join(' ', one.Sources)}"));
    }

    /// <summary>
    /// Facts by a semicolon: <c>V|D|I date</c> doses of bortezomib, daratumumab, isatuximab; <c>sV from..to</c> a statement; <c>M date=value</c>, <c>B2M|Alb
    /// date=value</c>; <c>ASCT date</c>; <c>said date=VGPR</c>; <c>wash min..max</c>; <c>shift date</c> a band assay; <c>ISS=3</c>; <c>cycles date=n</c>.
    /// The patient: <c>death=</c>, <c>clone=IgG-kappa</c>, <c>diagnosis=</c>, <c>birth=</c>, <c>asof=</c>.
    /// </summary>
    private static MyelomaCase Record(string record, string traits)
    {
        var patient = new MyelomaCase { PatientKey = "p", HasMyelomaEvidence = true };
        foreach (var fact in record.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            patient = With(patient, fact);
        foreach (var trait in traits.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = trait[(trait.IndexOf('=', StringComparison.Ordinal) + 1)..];
            patient = trait.Split('=')[0] switch
            {
                "death" => patient with { Death = ClinicalDate.Parse(value), DeathSources = [new("death")] },
                "birth" => patient with { Birth = ClinicalDate.Parse(value) },
                "asof" => patient with { AsOf = DateOnly.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
                "diagnosis" => patient with { Diagnosis = patient.Diagnosis with { Date = ClinicalDate.Parse(value), Sources = [new("diagnosis")] } },
                "clone" => patient with
                {
                    Diagnosis = patient.Diagnosis with
                    {
                        HeavyChain = Enum.Parse<HeavyChain>(value.Split('-')[0]),
                        LightChain = Enum.Parse<LightChain>(value.Split('-')[1], ignoreCase: true),
                        HeavyChainSource = new("clone"),
                        LightChainSource = new("clone"),
                    },
                },
                _ => throw new InvalidDataException(trait),
            };
        }

        return patient;
    }

    private static MyelomaCase With(MyelomaCase patient, string fact)
    {
        var (what, when) = (fact.Split(' ')[0], fact.Split(' ')[^1]);
        var (date, value) = when.Contains('=', StringComparison.Ordinal) && !what.StartsWith("ISS", StringComparison.Ordinal) ? (when.Split('=')[0], when.Split('=')[1]) : (when, "");
        var source = new SourceId(fact.Replace(' ', '@'));
        Measurement Result(Marker marker) => new()
        {
            Marker = marker,
            Value = value[0] == '<' ? Reading.LessThan(Number(value[1..])) : Reading.Exact(Number(value.Split('#')[0])),
            Date = ClinicalDate.Parse(date),
            Source = source,
        };
        DrugExposure Given(Drug drug) => new() { Drug = drug, Evidence = ExposureEvidence.Administration, Start = ClinicalDate.Parse(date), Source = source };
        return what switch
        {
            "V" => patient with { Drugs = patient.Drugs.Add(Given(Drug.Bortezomib)) },
            "D" => patient with { Drugs = patient.Drugs.Add(Given(Drug.Daratumumab)) },
            "I" => patient with { Drugs = patient.Drugs.Add(Given(Drug.Isatuximab)) },
            "dex" => patient with { Drugs = patient.Drugs.Add(Given(Drug.Dexamethasone)) },
            "sV" => patient with
            {
                Drugs = patient.Drugs.Add(new()
                {
                    Drug = Drug.Bortezomib,
                    Evidence = ExposureEvidence.Statement,
                    Source = source,
                    Start = ClinicalDate.Parse(when.Split("..")[0]),
                    End = ClinicalDate.Parse(when.Split("..")[1]),
                }),
            },
            "M" => patient with { Measurements = patient.Measurements.Add(Result(Marker.SerumMProtein)) },
            "K" => patient with { Measurements = patient.Measurements.Add(Result(Marker.FlcKappa)) },
            "L" => patient with { Measurements = patient.Measurements.Add(Result(Marker.FlcLambda)) },
            "B2M" => patient with { Measurements = patient.Measurements.Add(Result(Marker.Beta2Microglobulin)) },
            "Alb" => patient with { Measurements = patient.Measurements.Add(Result(Marker.Albumin)) },
            "ASCT" => patient with { Procedures = patient.Procedures.Add(new(TherapyProcedureKind.AutologousTransplant, ClinicalDate.Parse(date), source)) },
            "said" => patient with
            {
                StatedResponses = patient.StatedResponses.Add(new(
                    Enum.GetValues<Clinical.Response.ResponseLevel>().Single(level => Clinical.Response.ResponseLevels.Code(level) == value), ClinicalDate.Parse(date), source)),
            },
            "cycles" => patient with { DocumentedCycles = patient.DocumentedCycles.Add(new((int)Number(value), ClinicalDate.Parse(date), source)) },
            "wash" => patient with { StatedWashouts = patient.StatedWashouts.Add(new(new((int)Number(when.Split("..")[0]), (int)Number(when.Split("..")[^1])), null, source)) },
            "shift" => patient with { DrugBandAssays = patient.DrugBandAssays.Add(new(Tri.Met, ClinicalDate.Parse(date), source)) },
            "stay" => patient with { DrugBandAssays = patient.DrugBandAssays.Add(new(Tri.NotMet, ClinicalDate.Parse(date), source)) },
            _ when what.StartsWith("ISS=", StringComparison.Ordinal) => patient with
            {
                Diagnosis = patient.Diagnosis with { StatedStages = patient.Diagnosis.StatedStages.Add(new(StagingSystem.Iss, what[4] - '0', null, source)) },
            },
            _ => throw new InvalidDataException(fact),
        };
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

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
