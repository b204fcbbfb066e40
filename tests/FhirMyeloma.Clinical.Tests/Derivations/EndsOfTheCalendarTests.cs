using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Tests.Derivations;

/// <summary>Hospitals send 9999-12-31 for "not known" and 0001-01-01 for "empty": a day after the one and before the other does not exist.</summary>
public sealed class EndsOfTheCalendarTests
{
    [Theory]
    [InlineData("9999-12", "9999-12-01", "9999-12-31")]
    [InlineData("9999", "9999-12-30", "9999-12-31")]
    [InlineData("0001-01", "0001-01-01", "0001-01-31")]
    [InlineData("0001", "0001-01-01", "0001-01-02")]
    public void A_placeholder_for_a_date_breaks_no_derivation(string partial, string first, string last)
    {
        ImmutableArray<string> dates = [partial, first, last];
        var source = 0;
        SourceId Next() => new($"s/{source++}");
        var patient = new MyelomaCase
        {
            PatientKey = "p",
            HasMyelomaEvidence = true,
            Diagnosis = new() { Date = ClinicalDate.Parse(last), LightChain = LightChain.Kappa, HeavyChain = HeavyChain.IgG },
            Drugs =
            [
                .. from date in dates
                   from drug in new[] { Drug.Daratumumab, Drug.Isatuximab, Drug.Melphalan, Drug.Carfilzomib }
                   select new DrugExposure { Drug = drug, Evidence = ExposureEvidence.Administration, Start = ClinicalDate.Parse(date), Source = Next(), Intravenous = true },
            ],
            Measurements =
            [
                .. from date in dates
                   from marker in Enum.GetValues<Marker>()
                   select new Measurement { Marker = marker, Value = Reading.Exact(date == last ? 9 : 2), Date = ClinicalDate.Parse(date), Source = Next() },
            ],
            Immunofixations = [.. dates.Select(date => new Immunofixation(ImmunofixationSample.Serum, Tri.NotMet, ClinicalDate.Parse(date), Next()))],
            Mrd =
            [
                .. from date in dates
                   from method in new[] { MrdMethod.Flow, MrdMethod.Imaging }
                   select new MrdResult(Tri.Met, method, 0.00001m, ClinicalDate.Parse(date), Next()),
            ],
            StatedProgressions = [.. dates.Select(date => new StatedProgression(ClinicalDate.Parse(date), Next()))],
        };
        Assert.NotEmpty(Derivation.Derive(patient, DerivationPolicy.Default).Lines);
    }
}
