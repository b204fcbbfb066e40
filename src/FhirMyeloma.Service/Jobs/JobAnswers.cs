using System.Globalization;
using System.Text.Json;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Jobs;

namespace FhirMyeloma.Service.Jobs;

/// <summary>How far a job is and what came of it (R4 async.html, Bulk Data status and manifest).</summary>
internal sealed class JobAnswers(FhirStore store)
{
    private const int MostListed = 100;

    /// <summary><c>GET /api/jobs</c>: the centre's that the caller may see, and those of the whole store.</summary>
    public IResult List(Caller caller)
    {
        var json = new CanonicalJson();
        json.StartObject().Name("jobs").StartArray();
        foreach (var job in store.Jobs.List(caller.Centre, MostListed).Concat(store.Jobs.List(null, MostListed)).Where(job => job.State != JobState.Cancelled && Sees(caller, job)))
            Write(job, caller, json);
        return Json(json.EndArray().EndObject().ToArray());
    }

    /// <summary><c>GET /api/jobs/{id}</c>: 202 while it goes on, 200 with the manifest when it is done, the fault when it failed.</summary>
    public IResult Status(HttpContext context, Caller caller, string id)
    {
        if (Find(caller, id) is not { } job)
            return Missing();
        if (!job.IsOver)
        {
            context.Response.Headers["X-Progress"] = Progress(job, caller);
            context.Response.Headers.RetryAfter = "1";
            var json = new CanonicalJson();
            Write(job, caller, json);
            return new WithStatus(Json(json.ToArray()), StatusCodes.Status202Accepted);
        }

        if (job.State == JobState.Failed)
        {
            var (status, outcome) = JobResult.Failure(job.Result);
            return new FhirResource(outcome, status);
        }

        context.Response.Headers.Expires = (job.Updated + JobTable.Remembered).ToString("R", CultureInfo.InvariantCulture);
        return Json(Manifest(job, caller, $"{context.Request.Scheme}://{context.Request.Host}{RouteTable.Api}/jobs/{job.Id}"));
    }

    /// <summary><c>GET /api/jobs/{id}/{file}</c>: what the manifest names.</summary>
    public IResult File(Caller caller, string id, string file)
    {
        if (Find(caller, id) is not { State: JobState.Done } job)
            return Missing();
        return (job.Kind, file) switch
        {
            (JobKind.Bundle, "result") => new FhirResource(job.Result),
            (JobKind.Import, "errors") => Lines(JsonSerializer.Deserialize<ImportResult>(job.Result.Span)!.Errors.Select(static error => (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(error))),
            (JobKind.Derivation, "changes") when caller.May(Letters.Read, null) => Lines(Changes(job, caller.Centre)),
            (JobKind.Export, _) when int.TryParse(file.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && JsonSerializer.Deserialize<ExportResult>(job.Result.Span)!.Files is var files && number < files.Length => Export(caller, files[number]),
            _ => Missing(),
        };
    }

    /// <summary><c>DELETE /api/jobs/{id}</c>.</summary>
    public async Task<IResult> CancelAsync(Caller caller, string id) =>
        Find(caller, id) is { Centre: not null } job && await store.Jobs.CancelAsync(job.Id) ? Results.StatusCode(StatusCodes.Status202Accepted) : Missing();

    /// <summary>Jobs of other centres are as good as none; those of the whole store are everybody's to see.</summary>
    private Job? Find(Caller caller, string id) => store.Jobs.Find(id) is { State: not JobState.Cancelled } job && (job.Centre is null || job.Centre == caller.Centre) && Sees(caller, job) ? job : null;

    /// <summary>What a job did and fetched is for those of its centre who might have asked for it.</summary>
    private static bool Sees(Caller caller, Job job) => job.Centre is null || caller.Scopes.Cover(Scopes.Parse(JobRequest.Of(job).Scopes).Scopes);

    /// <summary>How much work of the whole store there is tells how much others keep.</summary>
    private static bool SeesSize(Caller caller, Job job) => job.Centre is not null || caller.IsAdmin;

    private static FhirFault Missing() => Faults.Of(Faults.UnknownJob, "There is no such job, or no longer. Results are kept for seven days.");

    private byte[] Manifest(Job job, Caller caller, string url)
    {
        var request = JobRequest.Of(job);
        var json = new CanonicalJson();
        var instant = job.Kind == JobKind.Export ? JsonSerializer.Deserialize<ExportResult>(job.Result.Span)!.Instant : job.Updated;
        json.StartObject().Member("transactionTime", instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)).Member("request", request.Url)
            .Member("requiresAccessToken", !caller.IsDevelopment).Name("output").StartArray();
        if (job.Kind == JobKind.Bundle)
            json.StartObject().Member("type", "Bundle").Member("url", $"{url}/result").EndObject();
        if (job.Kind == JobKind.Export)
        {
            foreach (var (number, file) in JsonSerializer.Deserialize<ExportResult>(job.Result.Span)!.Files.Index())
                json.StartObject().Member("type", file.Type).Member("url", string.Create(CultureInfo.InvariantCulture, $"{url}/{number}.ndjson")).Member("count", (decimal?)file.Places.Length).EndObject();
        }

        json.EndArray().Name("error").StartArray();
        var import = job.Kind == JobKind.Import ? JsonSerializer.Deserialize<ImportResult>(job.Result.Span) : null;
        if (import is { Refused: > 0 })
            json.StartObject().Member("type", "OperationOutcome").Member("url", $"{url}/errors").Member("count", (decimal?)import.Errors.Length).EndObject();
        json.EndArray();
        if (import is not null)
        {
            json.Name("extension").StartObject().Member("created", (decimal?)import.Created).Member("updated", (decimal?)import.Updated)
                .Member("unchanged", (decimal?)import.Unchanged).Member("refused", (decimal?)import.Refused).EndObject();
        }

        if (job.Kind == JobKind.Derivation)
        {
            json.Name("extension").StartObject();
            if (SeesSize(caller, job))
                json.Name("result").Raw(job.Result.Span);
            json.Member("changed", (decimal?)Changes(job, caller.Centre).Count()).Member("changes", $"{url}/changes").EndObject();
        }

        return json.EndObject().ToArray();
    }

    private IResult Export(Caller caller, ExportFile file) => Lines(file.Places.Chunk(500).SelectMany(places => store.At(caller.Centre, places)).Select(version =>
    {
        caller.Trail.SawPatientOf(version);
        return version.Body;
    }));

    /// <summary>What other rules changed in the cases of a centre.</summary>
    private IEnumerable<ReadOnlyMemory<byte>> Changes(Job job, string centre) => store.CaseRules.Changes(job.Number).Where(change =>
    {
        using var document = JsonDocument.Parse(change);
        return document.RootElement.GetProperty("center").GetString() == centre;
    }).Select(static change => (ReadOnlyMemory<byte>)change);

    private static IResult Lines(IEnumerable<ReadOnlyMemory<byte>> lines) => Results.Stream(
        async stream =>
        {
            foreach (var line in lines)
            {
                await stream.WriteAsync(line);
                await stream.WriteAsync("\n"u8.ToArray());
            }
        },
        "application/fhir+ndjson");

    private static void Write(Job job, Caller caller, CanonicalJson json) => json.StartObject().Member("id", job.Id).Member("kind", Name(job.Kind)).Member("state", Name(job.State))
        .Member("done", SeesSize(caller, job) ? job.Done : null).Member("total", SeesSize(caller, job) ? job.Total : null)
        .Member("created", job.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)).EndObject();

    private static string Progress(Job job, Caller caller) => job.Total > 0 && SeesSize(caller, job)
        ? string.Create(CultureInfo.InvariantCulture, $"{Name(job.Kind)}: {job.Done} of {job.Total}")
        : $"{Name(job.Kind)}: {Name(job.State)}";

    private static string Name(JobKind kind) => kind switch
    {
        JobKind.Derivation => "derivation",
        JobKind.Bundle => "bundle",
        JobKind.Import => "import",
        JobKind.Export => "export",
    };

    private static string Name(JobState state) => state switch
    {
        JobState.Waiting => "waiting",
        JobState.Running => "running",
        JobState.Done => "done",
        JobState.Failed => "failed",
        JobState.Cancelled => "cancelled",
    };

    private static IResult Json(byte[] json) => Results.Bytes(json, "application/json; charset=utf-8");

    private sealed record WithStatus(IResult Inner, int Status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = Status;
            return Inner.ExecuteAsync(httpContext);
        }
    }
}
