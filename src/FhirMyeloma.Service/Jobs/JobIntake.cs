using System.Collections.Immutable;
using System.Text.Json;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Jobs;

namespace FhirMyeloma.Service.Jobs;

/// <summary>Takes work that is answered later: 202 with the place where its status is asked, once it is on disk that it will be done.</summary>
internal sealed class JobIntake(FhirStore store)
{
    /// <summary>A batch or transaction with <c>Prefer: respond-async</c>.</summary>
    public Task<IResult> AcceptBundleAsync(HttpContext context, Caller caller, RequestBody body) => AcceptAsync(
        context, caller, JobKind.Bundle, new JobRequest(UrlOf(context)) { IsXml = body.Format == WireFormat.Xml, Return = Preference.Of(context).Return }, body.Bytes);

    /// <summary>One resource a line.</summary>
    public async Task<IResult> AcceptImportAsync(HttpContext context, Caller caller)
    {
        var body = await RequestBody.ReadAsync(context, lines: true);
        return body.Fault is { } fault ? fault : await AcceptAsync(context, caller, JobKind.Import, new JobRequest(UrlOf(context)), body.Bytes);
    }

    /// <summary>A bulk export.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">Whose resources.</param>
    /// <param name="ofPatients">Only what lies in the compartments of patients.</param>
    public async Task<IResult> AcceptExportAsync(HttpContext context, Caller caller, bool ofPatients)
    {
        var query = context.Request.Query;
        ImmutableArray<string> types = [.. query["_type"].SelectMany(static said => (said ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal)];
        if (types.FirstOrDefault(static type => !ResourceTypes.IsKnown(type)) is { } unknown)
            return ResourceEndpoints.UnknownType(unknown)!;
        var since = FhirDate.Parse(query["_since"].FirstOrDefault())?.Instant;
        if (query.ContainsKey("_since") && since is null)
            return Faults.Of(Faults.ParameterValue, "_since is an instant, for instance 2024-03-05T10:00:00Z.", "http._since");
        if (query["_outputFormat"] is [{ } format] && format.Replace(' ', '+') is not ("application/fhir+ndjson" or "application/ndjson" or "ndjson"))
            return Faults.Of(Faults.ParameterValue, "Exports are written as application/fhir+ndjson only.", "http._outputFormat");
        if (caller.Refuse(Letters.Read, types.IsEmpty ? (string?[])[null] : types) is { } forbidden)
            return forbidden;
        return await AcceptAsync(context, caller, JobKind.Export, new JobRequest(UrlOf(context)) { Types = types, Since = since, OfPatients = ofPatients }, default);
    }

    private async Task<IResult> AcceptAsync(HttpContext context, Caller caller, JobKind kind, JobRequest request, ReadOnlyMemory<byte> body)
    {
        try
        {
            var job = await store.Jobs.AcceptAsync(caller.Centre, kind, JsonSerializer.SerializeToUtf8Bytes(request with { By = caller.Name, Scopes = caller.Scopes.ToString() }), body);
            context.Response.Headers.ContentLocation = $"{context.Request.Scheme}://{context.Request.Host}{RouteTable.Api}/jobs/{job.Id}";
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }
        catch (StoreBusyException busy)
        {
            return StoreFaults.Busy(busy);
        }
    }

    private static string UrlOf(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}{context.Request.QueryString}";
}

/// <summary>What a job was asked for.</summary>
/// <param name="Url">The request's own URL, as bulk manifests repeat it.</param>
internal sealed record JobRequest(string Url)
{
    /// <summary>The FHIR base that it was sent to, with its last slash.</summary>
    public string Server() => new Uri(new(Url), Endpoints.RouteTable.Base + "/").ToString();

    /// <summary>Who asked for it.</summary>
    public string By { get; init; } = "";

    /// <summary>What they were allowed then: so much may be done, and so much must be allowed whoever looks at it.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>The body is XML.</summary>
    public bool IsXml { get; init; }

    /// <summary>What the entries of the answer are to hold.</summary>
    public Return Return { get; init; }

    /// <summary>The types to export; empty for all.</summary>
    public ImmutableArray<string> Types { get; init; } = [];

    /// <summary>Only versions written since.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only what lies in the compartments of patients.</summary>
    public bool OfPatients { get; init; }

    /// <summary>The rules that a derivation is by.</summary>
    public string? Rules { get; init; }

    /// <summary>Who a job acts for.</summary>
    public Caller CallerOf(Job job) => new()
    {
        Name = By,
        Centres = [job.Centre!],
        Scopes = Identity.Scopes.Parse(Scopes).Scopes,
        ActsIn = job.Centre,
        Trail = new() { Interaction = "transaction", Action = 'E', Request = job.Id },
    };

    public static JobRequest Of(Job job) => JsonSerializer.Deserialize<JobRequest>(job.Request.Span)!;
}
