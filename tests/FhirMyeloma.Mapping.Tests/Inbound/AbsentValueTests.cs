using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Inbound;
using static FhirMyeloma.Mapping.Tests.Inbound.Hospital;

namespace FhirMyeloma.Mapping.Tests.Inbound;

/// <summary>Results without a value: what is kept of them, by the reason (interpretations, "Measured, and the value not known").</summary>
public sealed class AbsentValueTests
{
    private const string Unknown = """ "dataAbsentReason":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/data-absent-reason","code":"unknown"}]} """;

    [Theory]
    [InlineData("unknown", true)]
    [InlineData("asked-unknown", true)]
    [InlineData("temp-unknown", true)]
    [InlineData("masked", true)]
    [InlineData("not-permitted", true)]
    [InlineData("as-text", true)]
    [InlineData("error", true)]
    [InlineData("not-a-number", true)]
    [InlineData("not-performed", false)]
    [InlineData("not-asked", false)]
    [InlineData("asked-declined", false)]
    [InlineData("not-applicable", false)]
    [InlineData("unsupported", false)]
    public void The_reason_says_whether_anything_was_measured(string code, bool measured)
    {
        var mapped = Map(Lab("33358-3", Reason("http://terminology.hl7.org/CodeSystem/data-absent-reason", code)));
        Assert.Equal(measured ? 1 : 0, mapped.Patients[0].Case.Measurements.Length);
        Assert.Contains(MappingIssues.ValueAbsent, Codes(mapped));
    }

    [Theory]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK", true)]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "NASK", false)]
    [InlineData("http://hl7.org/fhir/data-absent-reason", "not-performed", false)]
    [InlineData("https://hospital.example/reasons", "HEMOLISIS", true)]
    public void Other_systems_say_it_too(string system, string code, bool measured) =>
        Assert.Equal(measured ? 1 : 0, Case(Lab("33358-3", Reason(system, code))).Measurements.Length);

    [Theory]
    [InlineData("No realizado", false)]
    [InlineData("not performed", false)]
    [InlineData("Muestra hemolizada", true)]
    public void Words_say_it_too(string words, bool measured) =>
        Assert.Equal(measured ? 1 : 0, Case(Lab("33358-3", $$""" "dataAbsentReason":{"text":"{{words}}"} """)).Measurements.Length);

    [Theory]
    [InlineData("33358-3", Marker.SerumMProtein)]
    [InlineData("42482-0", Marker.UrineMProtein)]
    [InlineData("40661-1", Marker.UrineMProtein)]
    [InlineData("36916-5", Marker.FlcKappa)]
    [InlineData("33944-0", Marker.FlcLambda)]
    [InlineData("48378-4", Marker.FlcRatio)]
    [InlineData("11118-7", Marker.MarrowPlasmaCells)]
    public void A_marker_that_is_followed_keeps_its_date_and_any_value(string loinc, Marker marker)
    {
        var measurement = Assert.Single(Case(Lab(loinc, Unknown)).Measurements);
        Assert.Equal((marker, Reading.Any, "2024-03-05"), (measurement.Marker, measurement.Value, measurement.Date.Text));
    }

    [Theory]
    [InlineData("2532-0")]
    [InlineData("718-7")]
    [InlineData("1952-1")]
    public void Of_other_results_nothing_is_left(string loinc) => Assert.Empty(Case(Lab(loinc, Unknown)).Measurements);

    [Fact]
    public void Without_a_reason_a_result_was_measured_all_the_same() => Assert.Equal(Reading.Any, Assert.Single(Case(Lab("33358-3", "")).Measurements).Value);

    [Theory]
    [InlineData("registered", 0)]
    [InlineData("preliminary", 1)]
    [InlineData("corrected", 1)]
    [InlineData("cancelled", 0)]
    [InlineData("entered-in-error", 0)]
    public void The_status_still_decides(string status, int count) =>
        Assert.Equal(count, Case(Lab("33358-3", Unknown).Replace("\"final\"", $"\"{status}\"", StringComparison.Ordinal)).Measurements.Length);

    [Fact]
    public void An_immunofixation_was_done_and_is_not_known()
    {
        var fixation = Assert.Single(Case(Lab("25700-6", Unknown)).Immunofixations);
        Assert.True(fixation.Positive.IsUnknown);
        Assert.Empty(Case(Lab("25700-6", Reason("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-performed"))).Immunofixations);
    }

    [Fact]
    public void So_were_clonality_imaging_and_residual_disease()
    {
        var patient = Case(Own("marrow-clonality", Unknown), Own("lesion-spd", Unknown), Own("new-lesion", Unknown), Own("mrd", Unknown));
        Assert.True(Assert.Single(patient.Clonality).Clonal.IsUnknown);
        Assert.Equal([LesionMeasure.Spd, LesionMeasure.NewLesion], patient.Lesions.Select(lesion => lesion.Measure).Order());
        Assert.All(patient.Lesions, lesion => Assert.Equal(Reading.Any, lesion.Value));
        Assert.True(Assert.Single(patient.Mrd).Negative.IsUnknown);
    }

    [Fact]
    public void A_component_has_a_reason_of_its_own()
    {
        var panel = $$"""{"resourceType":"Observation","status":"final","code":{"text":"Cadenas ligeras libres"},"effectiveDateTime":"2024-03-05","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"36916-5"}]},{{Unknown}}},{"code":{"coding":[{"system":"http://loinc.org","code":"33944-0"}]},{{Quantity("3.2", "mg/L")}}}]}""";
        var chains = Case(panel).Measurements;
        Assert.Equal([(Marker.FlcKappa, Reading.Any), (Marker.FlcLambda, Reading.Exact(3.2m))], chains.Select(chain => (chain.Marker, chain.Value)));
    }

    [Fact]
    public void A_component_that_a_member_reports_is_the_member()
    {
        var panel = $$"""{"resourceType":"Observation","id":"panel","status":"final","code":{"text":"Perfil"},"effectiveDateTime":"2024-03-05","hasMember":[{"reference":"Observation/k"}],"component":[{"code":{"coding":[{"system":"http://loinc.org","code":"36916-5"}]},{{Unknown}}}]}""";
        var kappa = Lab("36916-5", Quantity("9.4", "mg/L"), """ "id":"k" """);
        Assert.Equal(9.4m, Assert.Single(Case(panel, kappa).Measurements).Value.Value);
    }

    [Fact]
    public void A_heading_of_other_results_is_no_result() =>
        Assert.Empty(Case("""{"resourceType":"Observation","id":"heading","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"33358-3"}]},"effectiveDateTime":"2024-03-05","hasMember":[{"reference":"Observation/b"}]}""", Lab("51435-6", Quantity("1.2", "g/dL"), """ "id":"b" """)).Measurements.Where(measurement => measurement.Value.IsAny));

    [Fact]
    public void A_result_that_is_not_known_is_no_evidence_of_myeloma() => Assert.False(Case(Lab("33358-3", Unknown)).HasMyelomaEvidence);

    private static string Reason(string system, string code) => $$""" "dataAbsentReason":{"coding":[{"system":"{{system}}","code":"{{code}}"}]} """;
}
