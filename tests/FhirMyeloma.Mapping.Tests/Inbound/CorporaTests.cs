using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.Mapping.Tests.Inbound;

/// <summary>Clinical R4 data of others: nothing in it is a myeloma patient.</summary>
public sealed class CorporaTests(ITestOutputHelper output)
{
    [CorporaFact]
    public void No_bundle_of_another_project_is_a_myeloma_case_and_none_makes_the_mapping_throw()
    {
        var (bundles, patients, warnings) = (0, 0, 0);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repo.Corpora!, "bundles"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(file) is "MANIFEST.json" || Bundle.From(FhirJsonReader.Read(File.ReadAllBytes(file)).Document) is not { } bundle)
                continue;
            var mapped = BundleToCase.Map(bundle);
            bundles++;
            patients += mapped.Patients.Length;
            warnings += mapped.Issues.Count(issue => issue.Severity == R4.Issues.IssueSeverity.Warning);
            Assert.All(mapped.Patients, patient => Assert.False(patient.Case.HasMyelomaEvidence, file));
        }
        output.WriteLine($"{bundles} bundles, {patients} patients, {warnings} warnings");
        Assert.True(bundles > 20);
    }

    [CorporaFact]
    public void Every_single_resource_beside_a_patient_maps_without_throwing()
    {
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repo.Corpora!, "bundles"), "*.json", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Repo.Corpora!, "r4-examples"), "*.json", SearchOption.AllDirectories)))
        {
            var text = File.ReadAllText(file);
            if (Path.GetFileName(file) is "MANIFEST.json" || FhirJsonReader.Read(System.Text.Encoding.UTF8.GetBytes(text)).Document is not { ResourceType: not ("Bundle" or "Patient" or "") })
                continue;
            var wrapped = $$"""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{{Hospital.Patient}} },{"resource":{{text}} }]}""";
            if (Bundle.From(FhirJsonReader.Read(System.Text.Encoding.UTF8.GetBytes(wrapped)).Document) is { } bundle)
                Assert.NotEmpty(BundleToCase.Map(bundle).Patients);
            count++;
        }
        Assert.True(count > 300);
    }
}
