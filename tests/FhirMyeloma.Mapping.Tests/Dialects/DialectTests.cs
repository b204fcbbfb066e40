using System.Globalization;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Tests.Inbound;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Dialects;

/// <summary>How three hospitals say the same things: what a reader of their Bundles would expect to be understood.</summary>
public sealed class DialectTests
{
    private const string Folder = "tests/FhirMyeloma.Mapping.Tests/Dialects";

    public static TheoryData<string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Read($"{Folder}/dialects.csv"))
            rows.Add(row["bundle"], row["what"], row["said"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void A_hospital_is_understood_as_the_table_says(string bundle, string what, string said, string because)
    {
        var mapped = Hospital.MapBundle(File.ReadAllText(Path.Combine(Repo.Root, Folder, bundle + ".json")));
        var found = Said(mapped, what);
        Assert.True(found == said, $"{bundle} {what} ({because}): expected {said}, was {found}\n{string.Join('\n', mapped.Issues.Select(issue => $"{issue.Severity} {issue.Code} {issue.Text}"))}");
    }

    private static string Said(MappedBundle mapped, string what)
    {
        var patient = Assert.Single(mapped.Patients).Case;
        var derived = Derivation.Derive(patient, DerivationPolicy.Default);
        return what switch
        {
            "myeloma evidence" => patient.HasMyelomaEvidence.ToString(),
            "clone" => $"{patient.Diagnosis.HeavyChain} {patient.Diagnosis.LightChain}",
            "diagnosed" => patient.Diagnosis.Date?.Text ?? "",
            "serum" => Values(patient, Marker.SerumMProtein),
            "urine" => Values(patient, Marker.UrineMProtein),
            "lines" => string.Join(' ', derived.Lines.Select(line => line.Regimen)),
            "transplants" => string.Join(' ', patient.Procedures.Select(procedure => procedure.Date)),
            "responses" => string.Join(' ', derived.ByRuleset[0].Responses.Select(response => response.Best.Code())),
            "washout" => derived.Switches[0].Days?.Days?.ToString(CultureInfo.InvariantCulture) ?? "",
            "contradictions" => string.Join(' ', derived.Contradictions.Select(one => one.Kind)),
            "warnings" => string.Join(' ', mapped.Issues.Where(issue => issue.Severity == IssueSeverity.Warning).Select(issue => issue.Code).Distinct(StringComparer.Ordinal)),
            _ => throw new InvalidDataException(what),
        };
    }

    private static string Values(MyelomaCase patient, Marker marker) => string.Join(
        ' ', patient.Measurements.Where(result => result.Marker == marker).OrderBy(result => result.Date)
            .Select(result => (result.Value.Value!.Value / 1.000000000000m).ToString("0.####", CultureInfo.InvariantCulture)));
}
