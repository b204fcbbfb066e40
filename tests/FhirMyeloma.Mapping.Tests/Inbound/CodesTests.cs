using System.Globalization;
using System.Text.Json.Nodes;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Testing;
using static FhirMyeloma.Mapping.Tests.Inbound.Hospital;

namespace FhirMyeloma.Mapping.Tests.Inbound;

/// <summary>Codes and dates as hospitals send them, and what the case then holds.</summary>
public sealed class CodesTests
{
    private const string Folder = "tests/FhirMyeloma.Mapping.Tests/Inbound/";

    /// <summary>What a code that cannot be used is reported as; a table's empty issue excludes all of them.</summary>
    private static readonly HashSet<string> Refusals =
    [
        MappingIssues.MisleadingCode, MappingIssues.CodeCheckDigit, MappingIssues.CodeTextMismatch, MappingIssues.ConflictingCodes, MappingIssues.UnmappedCode,
        MappingIssues.UnmappedDrug, MappingIssues.DrugNotUsed, MappingIssues.UnitMissing, MappingIssues.UnitNotConvertible, MappingIssues.ValueNotUnderstood,
    ];

    public static TheoryData<string, string, string, string> CodeRows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Read(Folder + "codes.csv"))
            rows.Add(Resource(row).ToJsonString(), row["understood"], row["issue"], $"{row["rule"]} {row["code"]}: {row["because"]}");
        return rows;
    }

    public static TheoryData<string, string, string, string> DateRows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Read(Folder + "written-dates.csv"))
            rows.Add(row["resource"], row["written"], row["date"], $"{row["rule"]}: {row["because"]}");
        return rows;
    }

    [Theory, MemberData(nameof(CodeRows))]
    public void A_code_means_what_the_table_says_or_is_refused(string resource, string understood, string issue, string because)
    {
        var mapped = Map(resource);
        Assert.Equal((understood, issue, because), (Understood(mapped.Patients[0].Case), string.Join('+', Codes(mapped).Where(Refusals.Contains).Order(StringComparer.Ordinal)), because));
    }

    [Theory, MemberData(nameof(DateRows))]
    public void A_date_stays_as_it_was_written(string resource, string written, string date, string because)
    {
        var node = JsonNode.Parse(resource is "drug" ? Dose("daratumumab") : Lab("33358-3", Quantity("2", "g/dL")))!.AsObject();
        node.Remove("effectiveDateTime");
        if (written.Split('/') is [var start, var end])
        {
            var period = new JsonObject();
            if (start.Length > 0)
                period["start"] = start;
            period["end"] = end;
            node["effectivePeriod"] = period;
        }
        else
            node["effectiveDateTime"] = written;
        var found = Case(node.ToJsonString());
        Assert.Equal((date, because), (resource is "drug" ? Assert.Single(found.Drugs).Start?.Text ?? found.Drugs[0].End?.Text : Assert.Single(found.Measurements).Date.Text, because));
    }

    private static JsonObject Resource(IReadOnlyDictionary<string, string> row)
    {
        var concept = new JsonObject();
        if (row["code"].Length > 0)
            concept["coding"] = new JsonArray(new JsonObject { ["system"] = row["system"], ["code"] = row["code"] });
        if (row["text"].Length > 0)
            concept["text"] = row["text"];
        return row["resource"] switch
        {
            "lab" => Observation(concept, Value(row["value"])),
            "status" => Observation(Coded("http://loinc.org", "97509-4"), ("valueCodeableConcept", concept)),
            "response" => Observation(Coded("https://fhirmyeloma.org/fhir/CodeSystem/myeloma-input", "stated-response"), ("valueCodeableConcept", concept)),
            "drug" => new() { ["resourceType"] = "MedicationAdministration", ["status"] = "completed", ["medicationCodeableConcept"] = concept, ["effectiveDateTime"] = "2024-03-05" },
            "condition" => new() { ["resourceType"] = "Condition", ["code"] = concept, ["onsetDateTime"] = "2024-03-05" },
            "procedure" => new() { ["resourceType"] = "Procedure", ["status"] = "completed", ["code"] = concept, ["performedDateTime"] = "2024-03-05" },
            var other => throw new InvalidDataException(other),
        };
    }

    private static JsonObject Coded(string system, string code) => new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };

    private static JsonObject Observation(JsonObject code, (string Name, JsonNode Value) value) =>
        new() { ["resourceType"] = "Observation", ["status"] = "final", ["code"] = code, ["effectiveDateTime"] = "2024-03-05", [value.Name] = value.Value };

    /// <summary>A number with or without a UCUM code, else words.</summary>
    private static (string Name, JsonNode Value) Value(string text)
    {
        var words = text.Split(' ');
        if (!decimal.TryParse(words[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return ("valueString", JsonValue.Create(text));
        var quantity = new JsonObject { ["value"] = number };
        if (words.Length > 1)
            (quantity["system"], quantity["code"]) = ("http://unitsofmeasure.org", words[1]);
        return ("valueQuantity", quantity);
    }

    private static string Understood(MyelomaCase found) => string.Join(' ', new[]
    {
        string.Join(' ', found.Measurements.Select(result => $"{result.Marker} {result.Value.Value?.ToString(CultureInfo.InvariantCulture)}")),
        string.Join(' ', found.Drugs.Select(exposure => exposure.Drug)),
        string.Join(' ', found.Procedures.Select(procedure => procedure.Kind)),
        string.Join(' ', found.StatedResponses.Select(stated => $"Stated {stated.Level}")),
        string.Join(' ', found.StatedProgressions.Select(_ => "Progression")),
        found.Diagnosis.Date is null ? "" : "Diagnosed",
    }.Where(part => part.Length > 0)) is { Length: > 0 } text ? text : "-";
}
