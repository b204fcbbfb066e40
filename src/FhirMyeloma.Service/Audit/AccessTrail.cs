using System.Globalization;
using System.Text.Json;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Audit;

namespace FhirMyeloma.Service.Audit;

/// <summary>What one request, or the job that acts for one, has touched. Those who read add to it; what they change is told by the transaction that changes it.</summary>
internal sealed class AccessTrail
{
    private readonly HashSet<string> _entities = new(StringComparer.Ordinal);
    private readonly HashSet<string> _patients = new(StringComparer.Ordinal);

    /// <summary>The interaction or operation.</summary>
    public required string Interaction { get; set; }

    /// <summary>C, R, U, D or E.</summary>
    public required char Action { get; init; }

    /// <summary>Id of the request or job.</summary>
    public required string Request { get; init; }

    /// <summary>What was asked for: the path, and of the query the names of its parameters. Their values may be a patient's.</summary>
    public string Query { get; init; } = "";

    /// <summary>Where the request came from.</summary>
    public string Address { get; init; } = "";

    /// <summary>The change that was asked for has written its own row.</summary>
    public bool IsTold { get; private set; }

    /// <summary>True when something was read.</summary>
    public bool HasSeen => _entities.Count + _patients.Count > 0;

    /// <summary>The trail of a request.</summary>
    public static AccessTrail Of(HttpContext context) => context.Features.Get<AccessTrail>() ?? Nothing();

    /// <summary>A trail that nobody reads.</summary>
    public static AccessTrail Nothing() => new() { Interaction = "", Action = 'R', Request = "" };

    /// <summary>Begins the trail of a request that a row of the route table answers.</summary>
    public static AccessTrail Begin(HttpContext context, RouteRow row) => new()
    {
        Interaction = row.AuditName,
        Action = row.AuditAction,
        Request = context.TraceIdentifier,
        Address = context.Connection.RemoteIpAddress?.ToString() ?? "",
        Query = $"{context.Request.Method} {context.Request.Path}{(context.Request.Query.Count == 0 ? "" : "?")}{string.Join('&', context.Request.Query.Keys)}",
    };

    /// <summary>Notes a version that the answer holds.</summary>
    public void Saw(StoredVersion version)
    {
        _entities.Add(string.Create(CultureInfo.InvariantCulture, $"{version.Type}/{version.Id}/_history/{version.Number}"));
        SawPatientOf(version);
    }

    /// <summary>Notes whom a version that the answer holds is about: for answers of many.</summary>
    public void SawPatientOf(StoredVersion version)
    {
        if (version.Type == "Patient")
            _patients.Add(version.Id);
        // A version that deletes holds nothing that could say.
        else if (!version.Body.IsEmpty && PatientIn(version.Body.Span) is { } patient)
            _patients.Add(patient);
    }

    /// <summary>Notes whom the answer is about.</summary>
    public void SawPatient(string id) => _patients.Add(id);

    /// <summary>The row that a change of the request writes.</summary>
    public AuditEntry OfChange(Caller caller)
    {
        IsTold = true;
        return Entry(caller, 0) with { Entities = [], Patients = [] };
    }

    /// <summary>The change was refused: its row went with it.</summary>
    public void Untold() => IsTold = false;

    /// <summary>The row of the request itself.</summary>
    /// <param name="caller">Who asked; null when that is not known.</param>
    /// <param name="status">Status of the answer.</param>
    public AuditEntry Entry(Caller? caller, int status) => new()
    {
        Interaction = Interaction,
        Action = Action,
        Outcome = status < 400 ? 0 : status < 500 ? 4 : 8,
        Status = status,
        Agent = caller?.Name ?? "unknown",
        Address = Address,
        Centre = CentreOf(caller),
        Request = Request,
        Query = Query,
        Entities = [.. _entities],
        Patients = [.. _patients],
    };

    /// <summary>The centre that a request acts in; of one that needs none the caller's only one, whose auditors are to see it.</summary>
    public static string CentreOf(Caller? caller) => caller?.ActsIn ?? (caller?.Centres is [var only] ? only : "");

    /// <summary>The patient that a resource is about, by the member that says so in most types; looked for without reading the rest.</summary>
    private static string? PatientIn(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                continue;
            var isSubject = json.ValueTextEquals("subject"u8) || json.ValueTextEquals("patient"u8) || json.ValueTextEquals("individual"u8) || json.ValueTextEquals("beneficiary"u8);
            json.Read();
            if (isSubject && json.TokenType == JsonTokenType.StartObject && Reference(ref json) is { } reference && reference.Split('/') is ["Patient", { Length: > 0 } id, ..])
                return id;
            json.TrySkip();
        }

        return null;
    }

    private static string? Reference(ref Utf8JsonReader json)
    {
        string? found = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isReference = json.ValueTextEquals("reference"u8);
            json.Read();
            if (isReference)
                found = json.GetString();
            json.TrySkip();
        }

        return found;
    }
}
