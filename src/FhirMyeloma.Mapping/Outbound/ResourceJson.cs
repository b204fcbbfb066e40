using System.Globalization;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>Derived Observations and their Provenances as entries; members in the order of R4's definitions.</summary>
internal static class ResourceJson
{
    private const string DeviceId = "fhirmyeloma";

    public static void WriteObservation(DerivedObservation observation, PatientEntry patient, Words words, CanonicalJson json)
    {
        var id = patient.IdOf(observation);
        json.StartObject().Member("fullUrl", Ids.Url(id)).Name("resource").StartObject()
            .Member("resourceType", "Observation")
            .Member("id", id.ToString())
            .Claim(observation.Kind.Code)
            .Member("status", observation.Preliminary ? "preliminary" : "final");
        WriteCode(observation.Kind, words, json);
        json.Name("subject");
        WriteReference(patient.FullUrl, "Patient", json);
        if (observation.Kind != ResultKind.Line && observation.Line is { } line && patient.LineUrl(line) is { } focus)
        {
            json.Name("focus").StartArray();
            WriteReference(focus, "Observation", json);
            json.EndArray();
        }
        WriteEffective(observation, json);
        WriteValue(observation.Value, json);
        json.Name("note").StartArray().StartObject().Member("text", observation.Note).EndObject().EndArray();
        json.Name("method").StartObject().Name("coding").StartArray();
        foreach (var ruleset in observation.Rulesets)
            WriteCoding(new(Systems.Ruleset, ruleset), json);
        json.EndArray().EndObject();
        WriteDerivedFrom(observation, patient, json);
        if (!observation.Components.IsEmpty)
        {
            json.Name("component").StartArray();
            foreach (var component in observation.Components)
            {
                json.StartObject().Name("code");
                WriteConcept([new(Systems.Component, component.Code)], json);
                WriteValue(component.Value, json);
                json.EndObject();
            }
            json.EndArray();
        }
        json.EndObject().EndObject();
    }

    public static void WriteProvenance(DerivedObservation observation, PatientEntry patient, RenderSettings settings, CanonicalJson json)
    {
        var target = patient.IdOf(observation);
        var id = Ids.OfProvenance(target);
        json.StartObject().Member("fullUrl", Ids.Url(id)).Name("resource").StartObject()
            .Member("resourceType", "Provenance")
            .Member("id", id.ToString())
            .Claim(DerivedProfiles.Provenance);
        json.Name("contained").StartArray().StartObject()
            .Member("resourceType", "Device")
            .Member("id", DeviceId)
            .Name("deviceName").StartArray().StartObject().Member("name", settings.Name).Member("type", "user-friendly-name").EndObject().EndArray()
            .Name("version").StartArray().StartObject().Member("value", settings.Version).EndObject().EndArray()
            .EndObject().EndArray();
        json.Name("target").StartArray();
        WriteReference(Ids.Url(target), "Observation", json);
        json.EndArray().Member("recorded", Instant(settings.Timestamp)).Name("policy").StartArray();
        foreach (var ruleset in observation.Rulesets)
            json.String($"{Systems.Canon}/ruleset/{ruleset}");
        foreach (var policy in observation.Policies)
            json.String($"{Systems.Canon}/policy/{policy.Replace('=', '/')}");
        json.EndArray();
        json.Name("agent").StartArray().StartObject().Name("type");
        WriteConcept([new(Systems.ParticipantType, "assembler", "Assembler")], json);
        json.Name("who");
        WriteReference("#" + DeviceId, "Device", json);
        json.EndObject().EndArray();
        var sources = patient.Cite(observation.Sources).DistinctBy(source => source.Reference, StringComparer.Ordinal).ToList();
        if (sources.Count > 0)
        {
            json.Name("entity").StartArray();
            foreach (var source in sources)
            {
                json.StartObject().Member("role", "source").Name("what");
                WriteReference(source, json);
                json.EndObject();
            }
            json.EndArray();
        }
        json.EndObject().EndObject();
    }

    /// <summary>An instant to the millisecond with its own offset.</summary>
    public static string Instant(DateTimeOffset time) =>
        time.ToString(time.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private static void WriteCode(ResultKind kind, Words words, CanonicalJson json)
    {
        json.Name("code").StartObject().Name("coding").StartArray();
        WriteCoding(new(Systems.Result, kind.Code, kind.English), json);
        if (kind.Ncit is { } ncit)
            WriteCoding(new(Systems.Ncit, ncit, kind.NcitDisplay), json);
        json.EndArray().Member("text", words.Say(kind.English, kind.Spanish)).EndObject();
    }

    private static void WriteEffective(DerivedObservation observation, CanonicalJson json)
    {
        if (observation.Date is { } date)
        {
            WriteDate("effectiveDateTime", date, json);
            return;
        }
        // Of two dates that certainly stand in the wrong order only the first is said: a Period must not end before it starts.
        var start = observation.Start;
        var end = start is { } first && observation.End is { } last && first.First > last.Last ? null : observation.End;
        if (start is null && end is null)
            return;
        json.Name("effectivePeriod").StartObject();
        WriteDate("start", start, json);
        WriteDate("end", end, json);
        json.EndObject();
    }

    /// <summary>A date; one that no FHIR date can say is said to be masked.</summary>
    private static void WriteDate(string name, ClinicalDate? date, CanonicalJson json)
    {
        if (date is { IsRange: true })
        {
            json.Name("_" + name).StartObject().Name("extension").StartArray().StartObject()
                .Member("url", Systems.DataAbsentExtension).Member("valueCode", "masked").EndObject().EndArray().EndObject();
        }
        else
        {
            json.Member(name, date?.Text);
        }
    }

    private static void WriteValue(ResultValue value, CanonicalJson json)
    {
        switch (value)
        {
            case ResultValue.Coded coded:
                json.Name("valueCodeableConcept");
                WriteConcept(coded.Codings.AsSpan(), json);
                break;
            case ResultValue.Amount amount:
                json.Name("valueQuantity");
                WriteQuantity(amount.Value, amount.Comparator, amount.Unit, json);
                break;
            case ResultValue.Between range:
                json.Name("valueRange").StartObject().Name("low");
                WriteQuantity(range.Low, null, range.Unit, json);
                if (range.High is { } high)
                {
                    json.Name("high");
                    WriteQuantity(high, null, range.Unit, json);
                }
                json.EndObject();
                break;
            case ResultValue.Count count:
                json.Name("valueInteger").Number(count.Value);
                break;
            case ResultValue.YesNo yesNo:
                json.Name("valueBoolean").Boolean(yesNo.Value);
                break;
            case ResultValue.Day day:
                WriteDate("valueDateTime", day.Value, json);
                break;
            case ResultValue.Absent absent:
                json.Name("dataAbsentReason");
                WriteConcept([new(Systems.DataAbsent, absent.Reason)], json);
                break;
        }
    }

    private static void WriteDerivedFrom(DerivedObservation observation, PatientEntry patient, CanonicalJson json)
    {
        // R4 allows Observations only, and a contained one is cited in the Provenance, through its container.
        var inputs = patient.Cite(observation.Sources).Where(input => input is { Type: "Observation", IsContainer: false }).DistinctBy(input => input.Reference, StringComparer.Ordinal).ToList();
        if (inputs.Count == 0)
            return;
        json.Name("derivedFrom").StartArray();
        foreach (var input in inputs)
            WriteReference(input, json);
        json.EndArray();
    }

    private static void WriteQuantity(decimal value, string? comparator, string unit, CanonicalJson json) =>
        json.StartObject()
            .Member("value", value)
            .Member("comparator", comparator)
            .Member("unit", unit)
            .Member("system", Systems.Ucum)
            .Member("code", unit)
            .EndObject();

    private static void WriteConcept(ReadOnlySpan<CodedValue> codings, CanonicalJson json)
    {
        json.StartObject().Name("coding").StartArray();
        foreach (var coding in codings)
            WriteCoding(coding, json);
        json.EndArray().EndObject();
    }

    private static void WriteCoding(CodedValue coding, CanonicalJson json) =>
        json.StartObject().Member("system", coding.System).Member("code", coding.Code).Member("display", coding.Display).EndObject();

    private static void WriteReference(string reference, string type, CanonicalJson json) =>
        json.StartObject().Member("reference", reference).Member("type", type).EndObject();

    private static void WriteReference(InputReference input, CanonicalJson json)
    {
        json.StartObject().Member("reference", input.Reference).Member("type", input.Type);
        if (input.Identifier.Exists)
        {
            json.Name("identifier");
            FhirJsonWriter.WriteCanonical(input.Identifier, json);
        }
        json.EndObject();
    }
}
