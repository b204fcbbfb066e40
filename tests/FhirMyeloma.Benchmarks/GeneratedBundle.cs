using System.Globalization;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Benchmarks;

/// <summary>
/// Invented patients as a hospital would send them, about 1.2 kB a resource: 24 months of eight analytes, ECOG, 90 drug
/// administrations, procedures and the diagnosis. The same seed gives the same bytes.
/// </summary>
internal sealed class GeneratedBundle(int seed)
{
    private const string Hospital = "https://fhir.example-hospital.org";
    private const string Ucum = "http://unitsofmeasure.org";
    private const string Loinc = "http://loinc.org";
    private const string Snomed = "http://snomed.info/sct";
    private const string Terminology = "http://terminology.hl7.org/CodeSystem/";

    private static readonly Analyte[] Analytes =
    [
        new("33358-3", "Protein.monoclonal [Mass/volume] in Serum or Plasma by Electrophoresis", "g/dL", 3.4m, 0.2m, 0m, 0m),
        new("36916-5", "Kappa light chains.free [Mass/volume] in Serum or Plasma", "mg/L", 640m, 18m, 3.3m, 19.4m),
        new("33944-0", "Lambda light chains.free [Mass/volume] in Serum or Plasma", "mg/L", 9m, 12m, 5.71m, 26.3m),
        new("48378-4", "Kappa light chains.free/Lambda light chains.free [Mass Ratio] in Serum or Plasma", "{ratio}", 71m, 1.4m, 0.26m, 1.65m),
        new("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 9.1m, 12.6m, 12m, 16m),
        new("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", 1.7m, 1m, 0.5m, 1.1m),
        new("17861-6", "Calcium [Mass/volume] in Serum or Plasma", "mg/dL", 11.2m, 9.3m, 8.6m, 10.2m),
        new("1952-1", "Beta-2-Microglobulin [Mass/volume] in Serum or Plasma", "mg/L", 5.9m, 2.3m, 0.8m, 2.2m),
    ];

    private static readonly Drug[] Drugs =
    [
        new("L01XG01", "bortezomib", 2.3m, "34206005", "Subcutaneous route"),
        new("L01FC01", "daratumumab", 1800m, "34206005", "Subcutaneous route"),
        new("L04AX04", "lenalidomide", 25m, "26643006", "Oral route"),
        new("H02AB02", "dexamethasone", 40m, "26643006", "Oral route"),
    ];

    private readonly Random dice = new(seed);
    private readonly CanonicalJson json = new(400_000);
    private bool isTransaction;
    private string type = "";

    private sealed record Analyte(string Code, string Display, string Unit, decimal AtDiagnosis, decimal InRemission, decimal Low, decimal High);

    private sealed record Drug(string Atc, string Name, decimal Dose, string RouteCode, string Route);

    /// <summary>A collection of 300 resources for each patient.</summary>
    public static byte[] Make(int patients = 1, int seed = 20251122) => new GeneratedBundle(seed).Write(patients);

    /// <summary>The 300 resources of the patient of that number as a transaction that creates them.</summary>
    public static byte[] Transaction(int number) => new GeneratedBundle(number) { isTransaction = true }.WriteTransaction(number);

    /// <summary>The first 12 resources of the patient of that number, diagnosis and a visit's results, as a transaction that creates them.</summary>
    public static byte[] SmallTransaction(int number)
    {
        using var whole = System.Text.Json.JsonDocument.Parse(Transaction(number));
        var entries = whole.RootElement.GetProperty("entry").EnumerateArray().Take(12).Select(static entry => entry.GetRawText());
        return System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"transaction","entry":[{{string.Join(',', entries)}}]}""");
    }

    private byte[] WriteTransaction(int number)
    {
        json.StartObject().Member("resourceType", "Bundle").Member("type", "transaction").Name("entry").StartArray();
        WritePatient(number);
        return json.EndArray().EndObject().ToArray();
    }

    private byte[] Write(int patients)
    {
        json.StartObject().Member("resourceType", "Bundle").Member("type", "collection").Member("timestamp", "2025-10-01T08:00:00.000+00:00");
        json.Name("entry").StartArray();
        for (var number = 0; number < patients; number++)
            WritePatient(number);
        json.EndArray().EndObject();
        return json.ToArray();
    }

    private void WritePatient(int number)
    {
        var record = (70_000_000 + number * 137).ToString(CultureInfo.InvariantCulture);
        var diagnosed = new DateTime(2023, 1, 9, 7, 0, 0, DateTimeKind.Utc).AddDays(dice.Next(200));
        var patient = Uuid();
        Start("Patient", patient, "mrn", record);
        json.Member("active", true).Name("name").StartArray().StartObject().Member("use", "official").Member("text", "Ingrid Müller").Member("family", "Müller")
            .Name("given").StartArray().String("Ingrid").EndArray().EndObject().EndArray();
        json.Member("gender", "female").Member("birthDate", "1951-04-18");
        json.Name("address").StartArray().StartObject().Member("use", "home").Member("type", "both").Name("line").StartArray().String("Musterstraße 52").EndArray()
            .Member("city", "Würzburg").Member("postalCode", "97080").Member("country", "DE").EndObject().EndArray();
        End();

        var condition = Uuid();
        Start("Condition", condition, "diagnosis", $"D{record}-1");
        Concept("clinicalStatus", Terminology + "condition-clinical", "active", null);
        Concept("verificationStatus", Terminology + "condition-ver-status", "confirmed", null);
        json.Name("category").StartArray();
        Concept(null, Terminology + "condition-category", "encounter-diagnosis", "Encounter Diagnosis");
        json.EndArray();
        Concept("code", Snomed, "109989006", "Multiple myeloma", "Multiple myeloma, IgG kappa");
        Reference("subject", patient, "Patient");
        json.Member("onsetDateTime", Day(diagnosed)).Member("recordedDate", Day(diagnosed));
        End();

        for (var month = 0; month < 24; month++)
        {
            foreach (var analyte in Analytes)
                WriteLab(analyte, patient, $"L{record}-{month}-{analyte.Code}", diagnosed.AddDays(month * 30), month);
        }
        for (var visit = 0; visit < 12; visit++)
            WriteEcog(patient, $"E{record}-{visit}", diagnosed.AddDays(visit * 60));
        for (var dose = 0; dose < 90; dose++)
            WriteDose(Drugs[dose % Drugs.Length], patient, condition, $"M{record}-{dose}", diagnosed.AddDays(14 + dose / 4 * 28 + dose % 4));
        for (var procedure = 0; procedure < 4; procedure++)
            WriteProcedure(procedure, patient, condition, $"P{record}-{procedure}", diagnosed.AddDays(3 + procedure * 170));
    }

    private void WriteLab(Analyte analyte, string patient, string identifier, DateTime taken, int month)
    {
        var weight = (decimal)Math.Exp(-month / 3.5);
        var value = Math.Round((analyte.AtDiagnosis * weight + analyte.InRemission * (1 - weight)) * (0.95m + (decimal)dice.NextDouble() / 10), 2);
        Start("Observation", Uuid(), "lab", identifier);
        json.Member("status", "final").Name("category").StartArray();
        Concept(null, Terminology + "observation-category", "laboratory", "Laboratory");
        json.EndArray();
        Concept("code", Loinc, analyte.Code, analyte.Display);
        Reference("subject", patient, "Patient");
        json.Member("effectiveDateTime", Time(taken)).Member("issued", Time(taken.AddHours(2)));
        Quantity("valueQuantity", value, analyte.Unit);
        json.Name("interpretation").StartArray();
        Concept(null, Terminology + "v3-ObservationInterpretation", value > analyte.High ? "H" : "N", value > analyte.High ? "High" : "Normal");
        json.EndArray().Name("referenceRange").StartArray().StartObject();
        if (analyte.Low > 0)
            Quantity("low", analyte.Low, analyte.Unit);
        Quantity("high", analyte.High, analyte.Unit);
        json.EndObject().EndArray();
        End();
    }

    private void WriteEcog(string patient, string identifier, DateTime on)
    {
        Start("Observation", Uuid(), "obs", identifier);
        json.Member("status", "final").Name("category").StartArray();
        Concept(null, Terminology + "observation-category", "survey", "Survey");
        json.EndArray();
        Concept("code", Loinc, "89247-1", "ECOG Performance Status score");
        Reference("subject", patient, "Patient");
        json.Member("effectiveDateTime", Day(on)).Name("valueInteger").Number((long)dice.Next(3));
        End();
    }

    private void WriteDose(Drug drug, string patient, string condition, string identifier, DateTime given)
    {
        Start("MedicationAdministration", Uuid(), "medadmin", identifier);
        json.Member("status", "completed");
        Concept("medicationCodeableConcept", "http://www.whocc.no/atc", drug.Atc, drug.Name, $"{drug.Name} {drug.Dose} mg");
        Reference("subject", patient, "Patient");
        json.Name("effectivePeriod").StartObject().Member("start", Time(given)).Member("end", Time(given.AddHours(1))).EndObject();
        json.Name("reasonReference").StartArray();
        Reference(null, condition, "Condition");
        json.EndArray().Name("dosage").StartObject().Member("text", $"{drug.Dose} mg");
        Concept("route", Snomed, drug.RouteCode, drug.Route);
        Quantity("dose", drug.Dose, "mg");
        json.EndObject();
        End();
    }

    private void WriteProcedure(int number, string patient, string condition, string identifier, DateTime on)
    {
        Start("Procedure", Uuid(), "procedure", identifier);
        json.Member("status", "completed");
        Concept("code", Snomed, number == 2 ? "709115004" : "234326005", number == 2 ? "Transplantation of autologous hematopoietic stem cell" : "Bone marrow sampling");
        Reference("subject", patient, "Patient");
        json.Member("performedDateTime", Day(on)).Name("reasonReference").StartArray();
        Reference(null, condition, "Condition");
        json.EndArray();
        End();
    }

    private void Start(string type, string id, string identifierKind, string identifier)
    {
        this.type = type;
        json.StartObject().Member("fullUrl", "urn:uuid:" + id).Name("resource").StartObject().Member("resourceType", type).Member("id", id);
        json.Name("meta").StartObject().Member("lastUpdated", "2025-10-01T08:00:00.000+00:00").Member("source", Hospital + "/kis")
            .Name("profile").StartArray().String($"http://hl7.org/fhir/StructureDefinition/{type}").EndArray().EndObject();
        json.Name("identifier").StartArray().StartObject().Member("system", $"{Hospital}/sid/{identifierKind}").Member("value", identifier).EndObject().EndArray();
    }

    private void End()
    {
        json.EndObject();
        if (isTransaction)
            json.Name("request").StartObject().Member("method", "POST").Member("url", type).EndObject();
        json.EndObject();
    }

    private void Concept(string? name, string system, string code, string? display, string? text = null)
    {
        if (name is not null)
            json.Name(name);
        json.StartObject().Name("coding").StartArray().StartObject().Member("system", system).Member("code", code).Member("display", display).EndObject().EndArray().Member("text", text).EndObject();
    }

    private void Reference(string? name, string id, string type)
    {
        if (name is not null)
            json.Name(name);
        json.StartObject().Member("reference", "urn:uuid:" + id).Member("type", type).EndObject();
    }

    private void Quantity(string name, decimal value, string unit) =>
        json.Name(name).StartObject().Member("value", value).Member("unit", unit).Member("system", Ucum).Member("code", unit).EndObject();

    private string Uuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        dice.NextBytes(bytes);
        return new Guid(bytes).ToString("D");
    }

    private static string Day(DateTime date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Time(DateTime date) => date.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);
}
