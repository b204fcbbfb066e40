using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Store.Audit;
using FhirMyeloma.Store.Keys;

namespace FhirMyeloma.Service.Audit;

/// <summary>
/// Rows of the audit as FHIR AuditEvents, by the patterns of IHE Basic Audit Log Patterns: who is source and who destination, which entities, which codes. A row that concerns
/// several patients is an event for each, so that the accesses to one patient can be handed out without naming another.
/// </summary>
internal static class AuditEvents
{
    /// <summary>The interaction of a row that tells the first use of a credential.</summary>
    public const string Login = "login";

    private const string Dicom = "http://dicom.nema.org/resources/ontology/DCM";
    private const string EntityType = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private const string EntityRole = "http://terminology.hl7.org/CodeSystem/object-role";
    private const string Software = "FhirMyeloma";

    private static readonly FrozenSet<string> _interactions = FrozenSet.Create(
        StringComparer.Ordinal, "read", "vread", "update", "delete", "history-instance", "create", "search-type", "transaction", "batch");

    /// <summary>Writes the events of a row, each as the entry of a Bundle.</summary>
    /// <param name="row">The row.</param>
    /// <param name="onlyPatient">The patient whose events are asked for; null for all.</param>
    /// <param name="json">Where they go.</param>
    public static void WriteEntries(AuditRow row, string? onlyPatient, CanonicalJson json)
    {
        if (row.Entry.Patients.IsEmpty)
        {
            WriteEntry(row, null, 0, json);
            return;
        }

        foreach (var (index, patient) in row.Entry.Patients.Index())
        {
            if (onlyPatient is null || patient == onlyPatient)
                WriteEntry(row, patient, index, json);
        }
    }

    private static void WriteEntry(AuditRow row, string? patient, int index, CanonicalJson json)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{row.Number}-{index}");
        json.StartObject().Member("fullUrl", $"{MetadataEndpoints.Canonical}/AuditEvent/{id}").Name("resource");
        Write(row, patient, id, json);
        json.Name("search").StartObject().Member("mode", "match").EndObject().EndObject();
    }

    private static void Write(AuditRow row, string? patient, string id, CanonicalJson json)
    {
        var entry = row.Entry;
        json.StartObject().Member("resourceType", "AuditEvent").Member("id", id).Name("type");
        WriteType(entry, json);
        json.Member("action", entry.Action.ToString()).Member("recorded", row.Instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))
            .Member("outcome", entry.Outcome.ToString(CultureInfo.InvariantCulture));
        if (entry.Outcome > 0)
            json.Member("outcomeDesc", string.Create(CultureInfo.InvariantCulture, $"HTTP {entry.Status}"));
        WriteAgents(entry, json);
        json.Name("source").StartObject().Member("site", entry.Centre.Length == 0 ? null : entry.Centre).Name("observer").StartObject().Member("display", Software).EndObject()
            .Name("type").StartArray();
        Coding("http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server", json);
        json.EndArray().EndObject();
        WriteEntities(entry, patient, json);
        json.EndObject();
    }

    private static void WriteType(AuditEntry entry, CanonicalJson json)
    {
        var (type, subtype) = entry.Interaction switch
        {
            Login => ((Dicom, "110114", "User Authentication"), (Dicom, "110122", "Login")),
            KeyTable.Created or KeyTable.Ended => ((Dicom, "110113", "Security Alert"), (Dicom, "110137", "User Security Attributes Changed")),
            _ => (("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest", "RESTful Operation"),
                ("http://hl7.org/fhir/restful-interaction", _interactions.Contains(entry.Interaction) ? entry.Interaction : "operation", (string?)null)),
        };
        Coding(type.Item1, type.Item2, type.Item3, json);
        json.Name("subtype").StartArray();
        Coding(subtype.Item1, subtype.Item2, subtype.Item3, json);
        json.EndArray();
    }

    /// <summary>Data flow from the source to the destination: into the server where something is written or asked, out of it where it is read. A delete has no flow.</summary>
    private static void WriteAgents(AuditEntry entry, CanonicalJson json)
    {
        var (client, server) = entry.Action switch
        {
            'R' => (("110152", "Destination Role ID"), ("110153", "Source Role ID")),
            'D' => (("110150", "Application"), ("110152", "Destination Role ID")),
            _ => (("110153", "Source Role ID"), ("110152", "Destination Role ID")),
        };
        json.Name("agent").StartArray().StartObject().Name("type").StartObject().Name("coding").StartArray();
        Coding(Dicom, client.Item1, client.Item2, json);
        json.EndArray().EndObject().Name("who").StartObject().Name("identifier").StartObject().Member("value", entry.Agent).EndObject().EndObject().Name("requestor").Boolean(true);
        if (entry.Address.Length > 0)
            json.Name("network").StartObject().Member("address", entry.Address).Member("type", "2").EndObject();
        json.EndObject().StartObject().Name("type").StartObject().Name("coding").StartArray();
        Coding(Dicom, server.Item1, server.Item2, json);
        json.EndArray().EndObject().Name("who").StartObject().Member("display", Software).EndObject().Name("requestor").Boolean(false)
            .Name("network").StartObject().Member("address", Environment.MachineName).Member("type", "1").EndObject().EndObject().EndArray();
    }

    private static void WriteEntities(AuditEntry entry, string? patient, CanonicalJson json)
    {
        if (patient is null && entry.Entities.IsEmpty && entry.Query.Length == 0 && entry.Request.Length == 0)
            return;
        json.Name("entity").StartArray();
        if (patient is not null)
        {
            Entity($"Patient/{patient}", "1", "Person", "1", "Patient", json);
            json.EndObject();
        }

        foreach (var reference in entry.Entities.Where(reference => patient is null || entry.Patients.Length == 1 || !reference.StartsWith("Patient/", StringComparison.Ordinal)))
        {
            Entity(reference, "2", "System Object", "4", "Domain Resource", json);
            json.EndObject();
        }

        if (entry.Query.Length > 0)
        {
            Entity(null, "2", "System Object", "24", "Query", json);
            json.Member("description", entry.Interaction).Member("query", Convert.ToBase64String(Encoding.UTF8.GetBytes(entry.Query))).EndObject();
        }

        if (entry.Request.Length > 0)
        {
            json.StartObject().Name("what").StartObject().Name("identifier").StartObject().Member("value", entry.Request).EndObject().EndObject().Name("type");
            Coding("https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId", null, json);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void Entity(string? reference, string type, string typeName, string role, string roleName, CanonicalJson json)
    {
        json.StartObject();
        if (reference is not null)
            json.Name("what").StartObject().Member("reference", reference).EndObject();
        json.Name("type");
        Coding(EntityType, type, typeName, json);
        json.Name("role");
        Coding(EntityRole, role, roleName, json);
    }

    private static void Coding(string system, string code, string? display, CanonicalJson json) =>
        json.StartObject().Member("system", system).Member("code", code).Member("display", display).EndObject();
}
