using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Inbound;

/// <summary>The stories of fhir-examples as cases.</summary>
public sealed class StoriesTests
{
    public static TheoryData<string> Stories => [.. Directory.EnumerateDirectories(Path.Combine(Repo.Root, "fhir-examples"))
        .Where(folder => !folder.EndsWith("every-kind-of-fault", StringComparison.Ordinal) && File.Exists(Path.Combine(folder, "input.json")))
        .Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Stories))]
    public void A_story_maps_without_error_and_every_fact_has_a_source(string story)
    {
        var mapped = Map(story);
        Assert.DoesNotContain(mapped.Issues, issue => issue.IsError);
        Assert.All(mapped.Patients, patient =>
        {
            Assert.True(patient.Case.HasMyelomaEvidence);
            Assert.All(patient.Case.Measurements, measurement => Assert.True(patient.Sources.ContainsKey(measurement.Source)));
            Assert.All(patient.Case.Drugs, exposure => Assert.True(patient.Sources.ContainsKey(exposure.Source)));
        });
    }

    [Theory]
    [InlineData("case-1-isatuximab-35-days-after-daratumumab", HeavyChain.IgG, LightChain.Kappa, 3, 6, "T11_14", "Iss 3 RIss 2")]
    [InlineData("case-2-four-cycles-then-transplant", HeavyChain.IgG, LightChain.Kappa, 3, 6, "", "Iss 1 RIss 1")]
    [InlineData("case-3-iga-refractory-to-daratumumab", HeavyChain.IgA, LightChain.Kappa, 3, 6, "T4_14 Gain1q", "Iss 3 RIss 3")]
    [InlineData("case-4-reported-scr-not-derivable", HeavyChain.LightChainOnly, LightChain.Kappa, 3, 6, "Gain1q Del1pUnspecified", "Iss 2 RIss 2")]
    [InlineData("case-5-reported-scr-contradicted", HeavyChain.LightChainOnly, LightChain.Lambda, 3, 6, "Del17p", "Iss 1 RIss 2")]
    public void A_patient_of_table_1_keeps_clone_values_cytogenetics_and_stage(string story, HeavyChain heavy, LightChain light, int serum, int lightChains, string cytogenetics, string stages)
    {
        var facts = Assert.Single(Map(story).Patients).Case;
        Assert.Equal((heavy, light), (facts.Diagnosis.HeavyChain, facts.Diagnosis.LightChain));
        Assert.Equal(serum, facts.Measurements.Count(measurement => measurement.Marker == Marker.SerumMProtein));
        Assert.Equal(lightChains, facts.Measurements.Count(measurement => measurement.Marker is Marker.FlcKappa or Marker.FlcLambda));
        Assert.Equal(cytogenetics, string.Join(' ', facts.Diagnosis.Cytogenetics.Where(finding => finding.Present.IsMet).Select(finding => finding.Abnormality)));
        Assert.Single(facts.Diagnosis.CytogeneticReports);
        Assert.Equal(stages, string.Join(' ', facts.Diagnosis.StatedStages.Select(stage => $"{stage.System} {stage.Stage}").Distinct(StringComparer.Ordinal)));
        Assert.Single(facts.StatedResponses);
        Assert.NotNull(facts.Center);
    }

    [Fact]
    public void The_traps_are_all_reported_and_none_is_counted()
    {
        var mapped = Map("mapping-traps");
        var facts = Assert.Single(mapped.Patients).Case;
        Assert.Equal("3.0", facts.Measurements.First(measurement => measurement.Marker == Marker.SerumMProtein).Value.Value!.Value.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Single(facts.Measurements, measurement => measurement.Marker == Marker.SerumMProtein && measurement.Date.Text == "2023-11-13");
        Assert.DoesNotContain(facts.Measurements, measurement => measurement.Marker is Marker.UrineMProtein or Marker.MarrowPlasmaCells or Marker.Beta2Microglobulin);
        Assert.Equal("1138.87", facts.Measurements.First(measurement => measurement.Marker == Marker.FlcKappa).Value.Value!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("2024-02-14", facts.Drugs.Where(exposure => exposure.Drug == Drug.Isatuximab).Min(exposure => exposure.Start)!.Value.Text);
        Assert.Equal("2024-01-10", facts.Drugs.Where(exposure => exposure.Drug == Drug.Daratumumab && exposure.Evidence == ExposureEvidence.Administration).Max(exposure => exposure.Start)!.Value.Text);
        var warned = mapped.Issues.Where(issue => issue.Severity == IssueSeverity.Warning).Select(issue => issue.Code).ToImmutableSortedSet(StringComparer.Ordinal);
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal)
        {
            MappingIssues.MisleadingCode, MappingIssues.CodeCheckDigit, MappingIssues.UnmappedCode, MappingIssues.UnitMissing, MappingIssues.UnmappedUnit, MappingIssues.UnitNotConvertible,
        }, warned.ToHashSet(StringComparer.Ordinal));
        Assert.Contains(mapped.Issues, issue => issue.Text.Contains("mg/(24.h)", StringComparison.Ordinal));
    }

    [Fact]
    public void Mapping_the_same_resources_in_reverse_order_gives_the_same_case()
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(Repo.Root, "fhir-examples", "mapping-traps", "input.json")))!.AsObject();
        var entries = json["entry"]!.AsArray().Select(entry => entry!.DeepClone()).Reverse().ToArray();
        json["entry"] = new System.Text.Json.Nodes.JsonArray(entries);
        var straight = Assert.Single(Map("mapping-traps").Patients).Case;
        var reversed = Assert.Single(Hospital.MapBundle(json.ToJsonString()).Patients).Case;
        Assert.Equal(straight.Measurements.AsEnumerable(), reversed.Measurements);
        Assert.Equal(straight.Drugs.AsEnumerable(), reversed.Drugs);
        Assert.Equal(straight.Immunofixations.AsEnumerable(), reversed.Immunofixations);
        Assert.Equal(straight.LastContact, reversed.LastContact);
    }

    private static MappedBundle Map(string story) => Hospital.MapBundle(File.ReadAllText(Path.Combine(Repo.Root, "fhir-examples", story, "input.json")));
}
