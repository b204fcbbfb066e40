using System.Collections.Immutable;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Jobs;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>Work that is answered later: bulk exports, and how far a job is.</summary>
internal static class JobEndpoints
{
    public const string Tag = "Jobs";

    private static readonly RouteParameter _id = new("id", "The id of the job, as Content-Location gave it.", [], "00000000-0000-0000-0000-000000000000", InPath: true);

    public static ImmutableArray<RouteRow> Routes { get; } =
    [
        Export("export", $"{RouteTable.Base}/$export", "Export everything that the centre keeps", ofPatients: false),
        Export("exportPatients", $"{RouteTable.Base}/Patient/$export", "Export everything about the patients of the centre", ofPatients: true),
        new()
        {
            Id = "jobs",
            Needs = Need.ACentre,
            Method = HttpMethods.Get,
            Path = "/api/jobs",
            Tag = Tag,
            Summary = "The jobs of the centre",
            Description = "Newest first, and those of the whole store: deriving every case again after the rules have changed.",
            Handler = static (JobAnswers jobs, Caller caller) => jobs.List(caller),
            Faults = [400, 429, 500],
        },
        new()
        {
            Id = "job",
            Needs = Need.ACentre,
            Method = HttpMethods.Get,
            Path = "/api/jobs/{id}",
            Tag = Tag,
            Summary = "How far a job is",
            Description = "202 with `X-Progress` while it goes on; 200 with a manifest of what came of it (Bulk Data) once it is done; the fault if it failed. It outlives a restart, and its result is kept for seven days.",
            Handler = static (HttpContext context, JobAnswers jobs, Caller caller, string id) => jobs.Status(context, caller, id),
            Parameters = [_id],
            Faults = [404, 422, 429, 500],
        },
        new()
        {
            Id = "jobFile",
            Needs = Need.ACentre,
            Method = HttpMethods.Get,
            Path = "/api/jobs/{id}/{file}",
            Tag = Tag,
            Summary = "A file that a manifest names",
            Description = "NDJSON, one resource a line; for a Bundle that was posted with `Prefer: respond-async` the Bundle that answers it.",
            Handler = static (JobAnswers jobs, Caller caller, string id, string file) => jobs.File(caller, id, file),
            Parameters = [_id, new("file", "Its name, as in the manifest.", [], "0.ndjson", InPath: true)],
            Faults = [404, 429, 500],
        },
        new()
        {
            Id = "cancelJob",
            Needs = Need.ACentre,
            Method = HttpMethods.Delete,
            Path = "/api/jobs/{id}",
            Tag = Tag,
            Summary = "Cancel a job, or forget its result",
            Description = "What it has kept already stays kept.",
            Handler = static (JobAnswers jobs, Caller caller, string id) => jobs.CancelAsync(caller, id),
            Parameters = [_id],
            Faults = [404, 429, 500],
        },
    ];

    private static RouteRow Export(string id, string path, string summary, bool ofPatients) => new()
    {
        Id = id,
        Needs = Need.ACentre,
        Method = HttpMethods.Get,
        Path = path,
        Tag = Tag,
        Summary = summary,
        Description =
            """
            Bulk Data: 202 with the place of the status in `Content-Location`, whether or not `Prefer: respond-async` was sent. The manifest there lists files of one type each, as
            everything was at one moment; they can be fetched in any order, again and again.
            """,
        Handler = (HttpContext context, JobIntake jobs, Caller caller) => jobs.AcceptExportAsync(context, caller, ofPatients),
        Answers = "OperationOutcome",
        Parameters =
        [
            new("_type", "Only these types, separated by commas.", []), new("_since", "Only what was written at or after this instant.", []),
            new("_outputFormat", "The format of the files.", ["application/fhir+ndjson", "application/ndjson", "ndjson"], "application/fhir+ndjson"),
        ],
        Faults = [400, 404, 406, 429, 500, 503],
        Operation = ofPatients ? null : "export",
        OperationOfPatients = ofPatients ? "export" : null,
        OperationDefinition = ofPatients ? "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export" : "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export",
    };
}
