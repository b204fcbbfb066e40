using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>How a hospital says what it knows.</summary>
internal enum Dialect
{
    /// <summary>LOINC, ATC, canonical units.</summary>
    Plain,
    /// <summary>Other commensurable units.</summary>
    OtherUnits,
    /// <summary>Texts with a decimal comma.</summary>
    DecimalComma,
    /// <summary>Other codes, brands and Spanish names.</summary>
    OtherCodes,
}

/// <summary>Writes a rolled patient as a Bundle. The same fact has the same id in every dialect.</summary>
internal sealed class HospitalFeed(MyelomaCase patient, Dice dice, Dialect dialect)
{
    private const string Own = "https://fhirmyeloma.org/fhir/CodeSystem/myeloma-input";
    private const string Loinc = "http://loinc.org";

    private static readonly Dictionary<Marker, (string Code, string[] Others, string Spanish, string Unit)> Laboratory = new()
    {
        [Marker.SerumMProtein] = ("33358-3", ["33358-3"], "Componente monoclonal suero proteinograma", "g/dL"),
        [Marker.UrineMProtein] = ("42482-0", ["42482-0"], "Componente monoclonal orina 24h", "mg/(24.h)"),
        [Marker.FlcKappa] = ("36916-5", ["80515-0", "104544-2"], "", "mg/L"),
        [Marker.FlcLambda] = ("33944-0", ["80516-8"], "", "mg/L"),
        [Marker.FlcRatio] = ("48378-4", ["104546-7", "80517-6"], "", "1"),
        [Marker.MarrowPlasmaCells] = ("11118-7", ["11118-7"], "", "%"),
    };

    private static readonly string[] Bands = ["51435-6", "35559-4", "50796-2"];

    private static readonly Dictionary<string, (string Unit, decimal Factor)[]> Commensurable = new(StringComparer.Ordinal)
    {
        ["g/dL"] = [("g/L", 10m), ("mg/dL", 1000m)],
        ["mg/(24.h)"] = [("g/(24.h)", 0.001m), ("mg/d", 1m), ("g/d", 0.001m)],
        ["mg/L"] = [("mg/dL", 0.1m), ("g/L", 0.001m), ("ug/mL", 1m)],
    };

    private static readonly Dictionary<Drug, (string Atc, string[] Names, string[] RxNorm)> Pharmacy = new()
    {
        [Drug.Daratumumab] = ("L01FC01", ["Darzalex", "daratumumab"], ["1721947", "2372199"]),
        [Drug.Isatuximab] = ("L01FC02", ["Sarclisa", "isatuximab"], ["2282018"]),
        [Drug.Bortezomib] = ("L01XG01", ["Velcade", "bortezomib"], ["358258"]),
        [Drug.Carfilzomib] = ("L01XG02", ["Kyprolis"], ["1302966"]),
        [Drug.Lenalidomide] = ("L04AX04", ["Lenalidomida", "Revlimid"], ["342369"]),
        [Drug.Pomalidomide] = ("L04AX06", ["Pomalidomida", "Imnovid"], ["1369713"]),
        [Drug.Cyclophosphamide] = ("L01AA01", ["Ciclofosfamida", "Genoxal"], ["3002"]),
        [Drug.Dexamethasone] = ("H02AB02", ["Dexametasona", "Fortecortin"], ["3264"]),
        [Drug.Teclistamab] = ("L01FX24", ["Tecvayli"], []),
    };

    private readonly List<JsonObject> _resources = [];

    /// <summary>The resources, Patient first.</summary>
    public List<JsonObject> Write()
    {
        Add("Patient", "p", new() { ["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:nhc", ["value"] = patient.PatientKey }) });
        Add("Condition", "diagnosis", new()
        {
            ["code"] = new JsonObject { ["coding"] = Coding("http://hl7.org/fhir/sid/icd-10", "C90.0"), ["text"] = Clone(patient.Diagnosis) },
            ["onsetDateTime"] = patient.Diagnosis.Date!.Value.Text,
        });
        foreach (var measured in patient.Measurements)
            Add("Observation", Id(measured.Source), Measured(measured));
        foreach (var fixation in patient.Immunofixations)
        {
            var answer = fixation.Positive.IsUnknown ? "inconclusive" : fixation.Positive.IsMet ? Said("positive", "positiva") : Said("negative", "negativa");
            Add("Observation", Id(fixation.Source), Observed(fixation.Date, fixation.Status, Loinc, fixation.Sample == ImmunofixationSample.Serum ? "25700-6" : "13440-3", "valueCodeableConcept", Text(answer)));
        }

        foreach (var clonality in patient.Clonality)
            Add("Observation", Id(clonality.Source), clonality.Clonal.IsUnknown ? WithoutValue(Observed(clonality.Date, ResultStatus.Final, Own, "marrow-clonality", "", null)) : Observed(clonality.Date, ResultStatus.Final, Own, "marrow-clonality", "valueCodeableConcept", Text(clonality.Clonal.IsMet ? Said("present", "presente") : Said("absent", "ausente"))));
        foreach (var assay in patient.DrugBandAssays)
            Add("Observation", Id(assay.Source), Observed(assay.Date, ResultStatus.Final, Own, "drug-band-resolution", "valueCodeableConcept", new JsonObject { ["coding"] = Coding(Own, assay.Shifted.IsMet ? "shifted" : "not-shifted") }));
        foreach (var lesion in patient.Lesions)
            AddLesion(lesion);
        foreach (var dose in patient.Drugs)
            AddDose(dose);
        return _resources;
    }

    /// <summary>The resources as the bytes of one Bundle.</summary>
    public static byte[] Bundle(IEnumerable<JsonObject> resources, string type = "collection") => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["resourceType"] = "Bundle",
        ["type"] = type,
        ["entry"] = new JsonArray([.. resources.Select(resource => Entry(resource.DeepClone().AsObject(), type))]),
    }.ToJsonString());

    private static JsonObject Entry(JsonObject resource, string type)
    {
        var entry = new JsonObject { ["resource"] = resource };
        var address = $"{resource["resourceType"]!.GetValue<string>()}/{resource["id"]!.GetValue<string>()}";
        entry["fullUrl"] = "https://hospital.example/fhir/" + address;
        if (type is "transaction" or "batch" or "history")
            entry["request"] = new JsonObject { ["method"] = "PUT", ["url"] = address };
        if (type == "history")
            entry["response"] = new JsonObject { ["status"] = "200" };
        return entry;
    }

    private void Add(string type, string id, JsonObject content)
    {
        var resource = new JsonObject { ["resourceType"] = type, ["id"] = id };
        if (type != "Patient")
            resource["subject"] = new JsonObject { ["reference"] = "Patient/p" };
        foreach (var (name, value) in content)
            resource[name] = value?.DeepClone();
        _resources.Add(resource);
    }

    private JsonObject Measured(Measurement measured)
    {
        var (code, others, spanish, unit) = Laboratory[measured.Marker];
        if (measured.Band is { } band)
            code = Bands[band - 1];
        else if (dialect == Dialect.OtherCodes)
            code = dice.Pick(others);
        var observation = Observed(measured.Date, measured.Status, Loinc, code, "", null);
        if (dialect == Dialect.OtherCodes && spanish.Length > 0 && measured.Band is null && dice.Chance(50))
            observation["code"] = Text(spanish);
        if (measured.ReferenceLow is { } low)
            observation["referenceRange"] = new JsonArray(new JsonObject { ["low"] = new JsonObject { ["value"] = low }, ["high"] = new JsonObject { ["value"] = measured.ReferenceHigh } });
        if (measured.FromText)
            observation["valueString"] = measured.PresentNotQuantifiable ? Said("too small to quantify", "no cuantificable") : Said("not detected", "no se detecta");
        else
            AddValue(observation, measured.Value, measured.HasUnit ? unit : "");
        return observation;
    }

    private static JsonObject WithoutValue(JsonObject observation)
    {
        observation["dataAbsentReason"] = new JsonObject { ["coding"] = Coding("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown") };
        return observation;
    }

    private void AddValue(JsonObject observation, Reading reading, string unit)
    {
        if (reading.IsAny)
        {
            WithoutValue(observation);
            return;
        }

        var (comparator, value) = reading switch
        {
            { IsExact: true } => ("", reading.Low),
            { High: { } limit, HighIncluded: false } => ("<", limit),
            { High: { } limit } => ("<=", limit),
            { LowIncluded: true } => (">=", reading.Low),
            _ => (">", reading.Low),
        };
        if (dialect == Dialect.OtherUnits && Commensurable.TryGetValue(unit, out var units))
            (unit, value) = dice.Pick(units) is var other ? (other.Unit, value * other.Factor) : default;
        if (dialect == Dialect.DecimalComma && comparator.Length == 0 && unit is "g/dL" or "mg/L")
        {
            observation["valueString"] = $"{Number(value).Replace('.', ',')} {unit}";
            return;
        }

        var quantity = new JsonObject { ["value"] = JsonNode.Parse(Number(value)) };
        if (comparator.Length > 0)
            quantity["comparator"] = comparator;
        if (unit.Length > 0)
            (quantity["unit"], quantity["system"], quantity["code"]) = (unit, "http://unitsofmeasure.org", unit);
        observation["valueQuantity"] = quantity;
    }

    private void AddLesion(LesionFinding lesion)
    {
        var (code, unit) = lesion.Measure switch
        {
            LesionMeasure.Spd => ("lesion-spd", "mm2"),
            LesionMeasure.LongestDiameter => ("lesion-longest-diameter", "mm"),
            LesionMeasure.NewLesion => ("new-lesion", ""),
            _ => ("lesion-spd", "mm2"),
        };
        var observation = Observed(lesion.Date, ResultStatus.Final, Own, code, "", null);
        if (lesion.Measure == LesionMeasure.NewLesion && !lesion.Value.IsAny)
            observation["valueBoolean"] = lesion.Value.Low > 0;
        else
            AddValue(observation, lesion.Measure == LesionMeasure.Gone && !lesion.Value.IsAny ? Reading.Exact(0) : lesion.Value, unit);
        Add("Observation", Id(lesion.Source), observation);
    }

    private void AddDose(DrugExposure dose)
    {
        var (atc, names, numbers) = Pharmacy[dose.Drug];
        var concept = dialect != Dialect.OtherCodes ? new JsonObject { ["coding"] = Coding("http://www.whocc.no/atc", atc) }
            : numbers.Length > 0 && dice.Chance(50) ? new JsonObject { ["coding"] = Coding("http://www.nlm.nih.gov/research/umls/rxnorm", dice.Pick(numbers)) }
            : Text(dice.Pick(names));
        var administered = dose.Evidence == ExposureEvidence.Administration;
        var content = new JsonObject { ["status"] = "completed", ["medicationCodeableConcept"] = concept };
        if (dose.End is { } end)
            content["effectivePeriod"] = new JsonObject { ["start"] = dose.Start!.Value.Text, ["end"] = end.Text };
        else
            content["effectiveDateTime"] = dose.Start!.Value.Text;
        Add(administered ? "MedicationAdministration" : "MedicationStatement", Id(dose.Source), content);
    }

    private static JsonObject Observed(ClinicalDate date, ResultStatus status, string system, string code, string valueName, JsonNode? value)
    {
        var observation = new JsonObject
        {
            ["status"] = status == ResultStatus.Final ? "final" : "preliminary",
            ["code"] = new JsonObject { ["coding"] = Coding(system, code) },
            ["effectiveDateTime"] = date.Text,
        };
        if (value is not null)
            observation[valueName] = value;
        return observation;
    }

    private string Said(string english, string spanish) => dialect == Dialect.OtherCodes ? spanish : english;

    private static string Clone(Diagnosis diagnosis) => diagnosis.HeavyChain switch
    {
        HeavyChain.LightChainOnly => $"Light chain multiple myeloma {Light(diagnosis)}",
        HeavyChain.Unknown or HeavyChain.NonSecretory => $"Multiple myeloma {Light(diagnosis)}",
        var heavy => $"Multiple myeloma {heavy} {Light(diagnosis)}",
    };

    private static string Light(Diagnosis diagnosis) => diagnosis.LightChain switch { LightChain.Kappa => "kappa", LightChain.Lambda => "lambda", _ => "" };

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static JsonArray Coding(string system, string code) => new(new JsonObject { ["system"] = system, ["code"] = code });

    // "SPD@rib" names a lesion.
    private static string Id(SourceId source) => source.Value.Replace('/', '-').Replace('@', '-');

    private static string Number(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);
}
