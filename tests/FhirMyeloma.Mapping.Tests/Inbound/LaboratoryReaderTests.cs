using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Inbound;
using static FhirMyeloma.Mapping.Tests.Inbound.Hospital;

namespace FhirMyeloma.Mapping.Tests.Inbound;

public sealed class LaboratoryReaderTests
{
    [Theory]
    [InlineData("33358-3", Marker.SerumMProtein, "73.6", "g/L", "7.36")]
    [InlineData("42482-0", Marker.UrineMProtein, "0.5", "g/(24.h)", "500")]
    [InlineData("36916-5", Marker.FlcKappa, "9.467", "mg/dL", "94.67")]
    [InlineData("104544-2", Marker.FlcKappa, "94.67", "mg/L", "94.67")]
    [InlineData("33944-0", Marker.FlcLambda, "3.23", "ug/mL", "3.23")]
    [InlineData("48378-4", Marker.FlcRatio, "29.3", "{ratio}", "29.3")]
    [InlineData("11118-7", Marker.MarrowPlasmaCells, "0.35", "1", "35")]
    [InlineData("1952-1", Marker.Beta2Microglobulin, "5.5", "mg/L", "5.5")]
    [InlineData("1751-7", Marker.Albumin, "35", "g/L", "3.5")]
    [InlineData("2532-0", Marker.Ldh, "4", "ukat/L", "240")]
    [InlineData("718-7", Marker.Hemoglobin, "105", "g/L", "10.5")]
    [InlineData("94400-9", Marker.SerumMProtein, "2.9", "g/dL", "2.9")]
    [InlineData("2889-4", Marker.UrineTotalProtein, "1.2", "g/d", "1200")]
    public void A_coded_quantity_is_a_measurement_in_the_markers_unit(string loinc, Marker marker, string value, string unit, string expected)
    {
        var measurement = Assert.Single(Case(Lab(loinc, Quantity(value, unit))).Measurements);
        Assert.Equal(marker, measurement.Marker);
        Assert.Equal(expected, measurement.Value.Value!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("2024-03-05", measurement.Date.Text);
    }

    [Theory]
    [InlineData("<", true, false)]
    [InlineData("<=", true, true)]
    [InlineData(">=", false, false)]
    public void A_comparator_is_a_range(string comparator, bool bounded, bool included)
    {
        var value = Assert.Single(Case(Lab("33358-3", $$"""  "valueQuantity":{"value":1,"comparator":"{{comparator}}","system":"http://unitsofmeasure.org","code":"g/L"}""")).Measurements).Value;
        Assert.Equal(bounded ? 0.1m : null, value.High);
        Assert.Equal(included, value.HighIncluded);
    }

    [Fact]
    public void A_range_keeps_both_ends()
    {
        var value = Assert.Single(Case(Lab("11118-7", """ "valueRange":{"low":{"value":10,"code":"%","system":"http://unitsofmeasure.org"},"high":{"value":15,"code":"%","system":"http://unitsofmeasure.org"}}""")).Measurements).Value;
        Assert.Equal(new Reading(10, true, 15, true), value);
    }

    [Theory]
    [InlineData("No MC", false)]
    [InlineData("No se detecta componente monoclonal", false)]
    [InlineData("trazas", true)]
    [InlineData("Presente, no cuantificable", true)]
    public void Words_of_an_M_protein_are_zero_and_may_be_a_band(string text, bool band)
    {
        var measurement = Assert.Single(Case(Lab("33358-3", $""" "valueString":"{text}" """)).Measurements);
        Assert.True(measurement.FromText);
        Assert.Equal(0, measurement.Value.Value);
        Assert.Equal(band, measurement.PresentNotQuantifiable);
    }

    [Fact]
    public void Text_with_a_number_keeps_the_isotype_of_the_band()
    {
        var measurement = Assert.Single(Case(Lab("33358-3", """ "valueString":"0,08 g/dL (IgG kappa)" """)).Measurements);
        Assert.Equal(0.08m, measurement.Value.Value);
        Assert.Equal((HeavyChain.IgG, LightChain.Kappa), (measurement.BandHeavyChain, measurement.BandLightChain));
    }

    [Theory]
    [InlineData("33358-3", """ "valueQuantity":{"value":2.9} """, MappingIssues.UnitMissing)]
    [InlineData("33358-3", """ "valueQuantity":{"value":2.9,"unit":"raros"} """, MappingIssues.UnmappedUnit)]
    [InlineData("33358-3", """ "valueQuantity":{"value":41,"unit":"%","code":"%","system":"http://unitsofmeasure.org"} """, MappingIssues.UnitNotConvertible)]
    [InlineData("33358-3", """ "valueQuantity":{"value":-1,"unit":"g/dL","code":"g/dL","system":"http://unitsofmeasure.org"} """, MappingIssues.ValueImplausible)]
    [InlineData("11118-7", """ "valueQuantity":{"value":140,"unit":"%","code":"%","system":"http://unitsofmeasure.org"} """, MappingIssues.ValueImplausible)]
    [InlineData("33358-3", """ "valueString":"1.138 g/dL" """, MappingIssues.NumberAmbiguous)]
    [InlineData("33358-3", """ "valueString":"ver informe" """, MappingIssues.ValueNotUnderstood)]
    [InlineData("94400-9", """ "valueString":"negativo" """, MappingIssues.ValueNotUnderstood)]
    [InlineData("42482-0", """ "valueQuantity":{"value":150,"unit":"mg/24 h","code":"mg/24.h","system":"http://unitsofmeasure.org"} """, MappingIssues.UnitNotConvertible)]
    [InlineData("40661-1", """ "valueQuantity":{"value":12,"unit":"mg/dL","code":"mg/dL","system":"http://unitsofmeasure.org"} """, MappingIssues.MisleadingCode)]
    [InlineData("33944-8", """ "valueQuantity":{"value":12,"unit":"mg/L","code":"mg/L","system":"http://unitsofmeasure.org"} """, MappingIssues.CodeCheckDigit)]
    [InlineData("11050-2", """ "valueQuantity":{"value":12,"unit":"mg/dL","code":"mg/dL","system":"http://unitsofmeasure.org"} """, MappingIssues.MisleadingCode)]
    [InlineData("33358-4", """ "valueQuantity":{"value":12,"unit":"g/L","code":"g/L","system":"http://unitsofmeasure.org"} """, MappingIssues.CodeCheckDigit)]
    public void What_cannot_be_used_is_a_warning_and_no_measurement(string loinc, string value, string issue)
    {
        var mapped = Map(Lab(loinc, value));
        Assert.Empty(mapped.Patients[0].Case.Measurements);
        Assert.Contains(mapped.Issues, found => found.Code == issue && found.Severity == R4.Issues.IssueSeverity.Warning);
    }

    [Fact]
    public void A_light_chain_without_unit_is_kept_for_a_ratio_of_its_report()
    {
        var mapped = Map("""{"resourceType":"Observation","status":"final","code":{"text":"Cadenas ligeras libres"},"effectiveDateTime":"2024-03-05","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"36916-5"}]},"valueQuantity":{"value":9.4}},{"code":{"coding":[{"system":"http://loinc.org","code":"33944-0"}]},"valueQuantity":{"value":3.2}}]}""");
        Assert.Equal(2, mapped.Patients[0].Case.Measurements.Length);
        Assert.All(mapped.Patients[0].Case.Measurements, measurement => Assert.False(measurement.HasUnit));
        Assert.Single(mapped.Patients[0].Case.Measurements.Select(measurement => measurement.Report).Distinct(StringComparer.Ordinal));
        Assert.DoesNotContain(MappingIssues.UnmappedCode, Codes(mapped));
    }

    [Theory]
    [InlineData("final", 1, ResultStatus.Final)]
    [InlineData("amended", 1, ResultStatus.Final)]
    [InlineData("corrected", 1, ResultStatus.Final)]
    [InlineData("preliminary", 1, ResultStatus.Preliminary)]
    [InlineData("cancelled", 0, null)]
    [InlineData("entered-in-error", 0, null)]
    [InlineData("unknown", 0, null)]
    public void The_status_decides_whether_a_result_counts(string status, int count, ResultStatus? standing)
    {
        var measurements = Case(Lab("33358-3", Quantity("1", "g/dL")).Replace("\"final\"", $"\"{status}\"", StringComparison.Ordinal)).Measurements;
        Assert.Equal(count, measurements.Length);
        Assert.All(measurements, measurement => Assert.Equal(standing, measurement.Status));
    }

    [Fact]
    public void Bands_keep_their_numbers()
    {
        var bands = Case(Lab("51435-6", Quantity("1.2", "g/dL")), Lab("35559-4", Quantity("0.4", "g/dL"))).Measurements;
        Assert.Equal([1, 2], bands.Select(band => band.Band).Order());
    }

    [Fact]
    public void A_panel_that_repeats_its_members_counts_once()
    {
        var panel = """{"resourceType":"Observation","id":"panel","status":"final","code":{"text":"Perfil"},"effectiveDateTime":"2024-03-05","hasMember":[{"reference":"Observation/k"}],"component":[{"code":{"coding":[{"system":"http://loinc.org","code":"36916-5"}]},"valueQuantity":{"value":9.4,"code":"mg/L","system":"http://unitsofmeasure.org"}}]}""";
        var kappa = """{"resourceType":"Observation","id":"k","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"36916-5"}]},"valueQuantity":{"value":9.4,"code":"mg/L","system":"http://unitsofmeasure.org"}}""";
        var measurement = Assert.Single(Case(panel, kappa).Measurements);
        Assert.Equal("Observation/k", measurement.Source.Value);
        Assert.Equal("2024-03-05", measurement.Date.Text);
    }

    [Fact]
    public void A_report_lends_its_date_and_its_name()
    {
        var report = """{"resourceType":"DiagnosticReport","id":"rep","status":"final","code":{"text":"x"},"effectiveDateTime":"2024-03-05T08:00:00+01:00","result":[{"reference":"Observation/k"},{"reference":"Observation/l"}]}""";
        var (kappa, lambda) = (Light("k", "36916-5"), Light("l", "33944-0"));
        var measurements = Case(report, kappa, lambda).Measurements;
        Assert.Equal(2, measurements.Length);
        Assert.All(measurements, measurement => Assert.Equal(("2024-03-05", "DiagnosticReport/rep"), (measurement.Date.Text, measurement.Report)));

        static string Light(string id, string loinc) => $$"""{"resourceType":"Observation","id":"{{id}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{loinc}}"}]},{{Quantity("3", "mg/L")}}}""";
    }

    [Fact]
    public void The_laboratorys_range_is_kept_in_the_markers_unit()
    {
        var ldh = Assert.Single(Case(Lab("2532-0", Quantity("4", "ukat/L"), """ "referenceRange":[{"high":{"value":4.2,"code":"ukat/L","system":"http://unitsofmeasure.org"}}] """)).Measurements);
        Assert.Equal(252m, ldh.ReferenceHigh);
        var ratio = Assert.Single(Case(Lab("48378-4", """ "valueString":"29,3" """, """ "referenceRange":[{"text":"0,26 - 1,65"}] """)).Measurements);
        Assert.Equal((0.26m, 1.65m), (ratio.ReferenceLow, ratio.ReferenceHigh));
    }

    [Fact]
    public void A_undated_result_is_a_warning()
    {
        var mapped = Map(Lab("33358-3", Quantity("1", "g/dL")).Replace("\"effectiveDateTime\":\"2024-03-05\"", "\"issued\":\"2024-03-05T08:00:00Z\"", StringComparison.Ordinal));
        Assert.Empty(mapped.Patients[0].Case.Measurements);
        Assert.Contains(MappingIssues.DateMissing, Codes(mapped));
        Assert.True(mapped.Patients[0].Case.HasMyelomaEvidence);
    }

    [Fact]
    public void The_specimen_lends_its_date()
    {
        var specimen = """{"resourceType":"Specimen","id":"s","subject":{"reference":"Patient/p"},"collection":{"collectedDateTime":"2024-03-04"}}""";
        var result = Lab("33358-3", Quantity("1", "g/dL"), """ "specimen":{"reference":"Specimen/s"} """).Replace("\"effectiveDateTime\":\"2024-03-05\",", "", StringComparison.Ordinal);
        Assert.Equal("2024-03-04", Assert.Single(Case(specimen, result).Measurements).Date.Text);
    }

    [Fact]
    public void An_unknown_local_code_is_a_warning_and_an_unused_LOINC_code_an_information()
    {
        var mapped = Map(
            """{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"https://h.example/lab","code":"PX-17"}]},"effectiveDateTime":"2024-03-05","valueString":"x"}""",
            Lab("2345-7", Quantity("99", "mg/dL")));
        Assert.Contains(mapped.Issues, issue => issue is { Code: MappingIssues.UnmappedCode, Severity: R4.Issues.IssueSeverity.Warning, Diagnostics: "https://h.example/lab|PX-17" });
        Assert.Contains(mapped.Issues, issue => issue is { Code: MappingIssues.CodeNotUsed, Severity: R4.Issues.IssueSeverity.Information });
    }

    [Fact]
    public void A_local_code_is_understood_by_its_text()
    {
        var mapped = Map("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"https://h.example/lab","code":"CM-S"}],"text":"Componente monoclonal en suero"},"effectiveDateTime":"2024-03-05","valueQuantity":{"value":9,"unit":"g/L"}}""");
        Assert.Equal(0.9m, Assert.Single(mapped.Patients[0].Case.Measurements).Value.Value);
        Assert.Contains(MappingIssues.MappedByText, Codes(mapped));
        Assert.Contains(MappingIssues.UnitBySpelling, Codes(mapped));
    }

    [Theory]
    [InlineData("""{"coding":[{"system":"http://loinc.org","code":"36916-5"},{"system":"http://loinc.org","code":"33944-0"}]}""", MappingIssues.ConflictingCodes)]
    [InlineData("""{"coding":[{"system":"http://loinc.org","code":"36916-5"},{"system":"http://loinc.org","code":"11050-2"}]}""", MappingIssues.ConflictingCodes)]
    [InlineData("""{"coding":[{"system":"http://loinc.org","code":"33944-0","display":"Kappa light chains free"}]}""", MappingIssues.CodeTextMismatch)]
    public void Codes_that_contradict_each_other_are_not_used(string code, string issue)
    {
        var mapped = Map($$"""{"resourceType":"Observation","status":"final","code":{{code}},"effectiveDateTime":"2024-03-05",{{Quantity("9", "mg/L")}}}""");
        Assert.Empty(mapped.Patients[0].Case.Measurements);
        Assert.Contains(issue, Codes(mapped));
    }

    [Fact]
    public void Two_codes_of_one_marker_agree() =>
        Assert.Single(Case($$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"36916-5"},{"system":"https://loinc.org","code":"80515-0"},{"system":"https://h.example","code":"K"}]},"effectiveDateTime":"2024-03-05",{{Quantity("9", "mg/L")}}}""").Measurements);

    [Theory]
    [InlineData("25700-6", """ "valueString":"Positiva IgG kappa" """, ImmunofixationSample.Serum, true, HeavyChain.IgG, LightChain.Kappa)]
    [InlineData("25700-6", """ "valueString":"Negativa" """, ImmunofixationSample.Serum, false, HeavyChain.Unknown, LightChain.Unknown)]
    [InlineData("13440-3", """ "valueBoolean":false """, ImmunofixationSample.Urine, false, HeavyChain.Unknown, LightChain.Unknown)]
    [InlineData("13440-3", """ "valueCodeableConcept":{"text":"Proteinuria de Bence Jones lambda"} """, ImmunofixationSample.Urine, true, HeavyChain.LightChainOnly, LightChain.Lambda)]
    [InlineData("25700-6", """ "valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"260385009"}]} """, ImmunofixationSample.Serum, false, HeavyChain.Unknown, LightChain.Unknown)]
    [InlineData("25700-6", """ "interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"POS"}]}] """, ImmunofixationSample.Serum, true, HeavyChain.Unknown, LightChain.Unknown)]
    [InlineData("25700-6", """ "valueString":"IgA lambda" """, ImmunofixationSample.Serum, true, HeavyChain.IgA, LightChain.Lambda)]
    public void An_immunofixation_is_read_as_code_text_or_boolean(string loinc, string value, ImmunofixationSample sample, bool positive, HeavyChain heavy, LightChain light)
    {
        var result = Assert.Single(Case(Lab(loinc, value)).Immunofixations);
        Assert.Equal((sample, Tri.Of(positive), heavy, light), (result.Sample, result.Positive, result.BandHeavyChain, result.BandLightChain));
    }

    [Fact]
    public void An_immunofixation_takes_its_sample_from_the_specimen()
    {
        var specimen = """{"resourceType":"Specimen","id":"s","subject":{"reference":"Patient/p"},"type":{"text":"Orina de 24 h"}}""";
        Assert.Equal(ImmunofixationSample.Urine, Assert.Single(Case(specimen, Named("Inmunofijación", """ "valueString":"Negativa" """, """ "specimen":{"reference":"Specimen/s"} """)).Immunofixations).Sample);
        Assert.Contains(MappingIssues.SampleUnknown, Codes(Map(Named("Inmunofijación", """ "valueString":"Negativa" """))));
    }

    [Fact]
    public void A_value_marked_spurious_keeps_the_mark()
    {
        var marked = Lab("33358-3", Quantity("9", "g/dL"), """ "component":[{"code":{"coding":[{"system":"https://fhirmyeloma.org/fhir/CodeSystem/myeloma-input","code":"spurious"}]},"valueBoolean":true}] """);
        Assert.True(Assert.Single(Case(marked).Measurements).Spurious);
        var plain = Lab("33358-3", Quantity("9", "g/dL"), """ "id":"m" """);
        Assert.True(Assert.Single(Case(plain, Own("spurious", """ "valueBoolean":true """, """ "derivedFrom":[{"reference":"Observation/m"}] """)).Measurements).Spurious);
        Assert.False(Assert.Single(Case(plain).Measurements).Spurious);
    }
}
