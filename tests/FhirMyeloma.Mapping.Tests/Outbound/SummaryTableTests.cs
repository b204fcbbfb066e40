using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Mapping.Outbound;
using static FhirMyeloma.Mapping.Tests.Outbound.Example;

namespace FhirMyeloma.Mapping.Tests.Outbound;

public sealed class SummaryTableTests
{
    private static readonly LineOfTherapy Second = Line with
    {
        Number = 2,
        First = Date("2023-06-14"),
        Last = Date("2023-12-01"),
        PreviousLineStart = Date("2023-01-10"),
        NewTherapy = Date("2024-02-21"),
        Regimen = "Isa-Kd",
        Drugs = [new(Drug.Isatuximab, Date("2023-06-14"), Date("2023-12-01"), ExposureEvidence.Administration, [])],
        CyclesStarted = 10,
        CyclesDocumented = 10,
    };

    private static readonly int[] Washouts = [35, 35, 42, 5, 10];

    private static readonly PatientResults One = Results1 with
    {
        Case = Case with
        {
            Birth = Date("1968-03-01"),
            Sex = "female",
            Diagnosis = new()
            {
                Date = Date("2023-01-02"),
                HeavyChain = HeavyChain.IgG,
                LightChain = LightChain.Kappa,
                Cytogenetics = [new(Abnormality.T11_14, Tri.Met, null, null, Source("m1")), new(Abnormality.Del17p, Tri.NotMet, null, null, Source("m1"))],
            },
            Measurements =
            [
                Serum(7.36m, "2023-01-10"), Serum(4.68m, "2023-06-14"), Serum(0.08m, "2024-02-14"), Serum(3m, "2024-03-01"),
            ],
        },
        Results = Results with
        {
            Lines = [Line, Second],
            ByRuleset = [Results.ByRuleset[0] with { Responses = [Response, Response with { Line = 2 }], ReportedChecks = [Check with { Line = 2 }] }],
        },
    };

    [Fact]
    public void One_column_tells_a_patient_as_Table_1_does()
    {
        var cells = SummaryTable.Render([One]).Split('\n').Select(line => string.Join('|', line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        Listed.Same(
            [
                "Case 1",
                "Patient|A-1",
                "Age at diagnosis (years)|54",
                "Sex|female",
                "MM subtype|IgG kappa",
                "Cytogenetics|t(11;14)",
                "ISS / R-ISS|III / (II)",
                "First-line regimen|Dara-VRd",
                "Response to first line|VGPR",
                "Isatuximab line|2",
                "Isatuximab regimen|Isa-Kd",
                "Isatuximab cycles|10",
                "Washout (days)|35",
                "Response, derived|VGPR",
                "Response, reported|sCR (not-derivable)",
                "M-protein at diagnosis (g/dL)|7.36",
                "at isatuximab start|4.68",
                "at last evaluation|0.08",
                "FLC kappa at diagnosis (mg/L)|-",
                "at isatuximab start|-",
                "at last evaluation|-",
                "FLC lambda at diagnosis (mg/L)|-",
                "at isatuximab start|-",
                "at last evaluation|-",
                "",
                "Washout, exact, n = 1: median 35, quartiles 35 and 35 (type-7) days",
                "Age, n = 1: median 54, quartiles 54 and 54 (type-7) years",
                "Research and data quality only, not for patient care.",
                "",
            ],
            cells);
    }

    [Fact]
    public void Washouts_are_pooled_by_quantiles_of_type_7()
    {
        var patients = Washouts.Select(days => One with { Results = One.Results with { Switches = [Switch with { Days = new(days, days) }] } });
        Assert.Contains("Washout, exact, n = 5: median 35, quartiles 10 and 35 (type-7) days", SummaryTable.Render(patients), StringComparison.Ordinal);
    }

    [Fact]
    public void A_washout_that_is_a_range_is_shown_and_not_pooled()
    {
        var table = SummaryTable.Render([One with { Results = One.Results with { Switches = [Switch with { Days = new(14, 44) }] } }]);
        Assert.Contains("14-44", table, StringComparison.Ordinal);
        Assert.DoesNotContain("exact", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Patients_without_evidence_of_myeloma_have_no_column() =>
        Assert.DoesNotContain("Case 2", SummaryTable.Render([One, One with { Case = One.Case with { HasMyelomaEvidence = false } }]), StringComparison.Ordinal);

    [Fact]
    public void The_table_speaks_Spanish_with_decimal_commas()
    {
        var table = SummaryTable.Render([One], Language.Spanish);
        Assert.Contains("Lavado (días)", table, StringComparison.Ordinal);
        Assert.Contains("7,36", table, StringComparison.Ordinal);
    }

    private static Measurement Serum(decimal value, string date) =>
        new() { Marker = Marker.SerumMProtein, Value = Reading.Exact(value), Date = Date(date), Source = Source("m1") };
}
