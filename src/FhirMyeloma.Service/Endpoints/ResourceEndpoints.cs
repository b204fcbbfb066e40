using System.Collections.Immutable;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>What is kept: FHIR's REST interface over the store.</summary>
internal static class ResourceEndpoints
{
    public const string Tag = "Resources";

    private static readonly ImmutableArray<int> _write = [400, 404, 406, 408, 412, 413, 415, 422, 429, 500, 503];
    private static readonly ImmutableArray<int> _read = [400, 404, 406, 410, 429, 500];
    private static readonly RouteParameter _type = new("type", "A resource type of R4; names are case-sensitive.", [], "Patient", InPath: true);
    private static readonly RouteParameter _id = new("id", "The logical id.", [], "example", InPath: true);

    public static ImmutableArray<RouteRow> Routes { get; } =
    [
        new()
        {
            Id = "bundle",
            Needs = Need.ACentre,
            Method = HttpMethods.Post,
            Path = RouteTable.Base,
            Tag = Tag,
            Summary = "Keep a transaction or a batch",
            Description =
                """
                A Bundle of type `transaction` is carried out whole or not at all, whatever the order of its entries; `urn:uuid` and conditional references are
                rewritten to the ids that the store gives. The entries of a `batch` stand each for itself. The answer comes when everything is on disk.

                Posted again, a transaction gets its first answer, and nothing is written, while every version that it wrote is still the newest (at most seven days).
                It is known by the header `Idempotency-Key`, else by its content; one key with other content is a 422. Entries come back without their resources
                unless `Prefer: return=representation` asks for them.

                With `Prefer: respond-async` the answer is a 202, whose `Content-Location` tells how far it is and where the answer lies. A body of
                `application/fhir+ndjson`, one resource a line, is always answered so: each line is kept for itself, under its id where it has one.
                """,
            Handler = static (HttpContext context, Keeping keeping, Caller caller) => keeping.BundleAsync(context, caller),
            Answers = "Bundle",
            Takes = ["Bundle"],
            Examples = ExampleSet.Transaction,
            Faults = _write,
            InteractionsOfSystem = ["transaction", "batch"],
        },
        new()
        {
            Id = "create",
            Needs = Need.Of(Letters.Create),
            Method = HttpMethods.Post,
            Path = $"{RouteTable.Base}/{{type}}",
            Tag = Tag,
            Summary = "Create a resource",
            Description = "The store gives the id; one that was sent is not kept. With `If-None-Exist: identifier=system|value` a resource that is there already is answered (200) and nothing is written.",
            Handler = static (HttpContext context, Keeping keeping, Caller caller, string type) => OfTypeAsync(type, () =>
                keeping.ChangeAsync(context, caller, resource => ChangeRequest.Create(type, resource, Header(context, "If-None-Exist"), ""))),
            Answers = "Resource",
            Takes = ["Resource"],
            Examples = ExampleSet.Patient,
            Parameters = [_type],
            Faults = _write,
            InteractionsOfTypes = ["create"],
        },
        new()
        {
            Id = "update",
            Needs = Need.Of(Letters.Update),
            Method = HttpMethods.Put,
            Path = $"{RouteTable.Base}/{{type}}/{{id}}",
            Tag = Tag,
            Summary = "Update a resource, or create it under this id",
            Description = "Makes a new version, or the first one (201). Content that is kept already makes none: 200 with the ETag that it has. `If-Match` names the version that must be the newest; another is a 412.",
            Handler = static (HttpContext context, Keeping keeping, Caller caller, string type, string id) => OfIdAsync(type, id, () =>
                keeping.ChangeAsync(context, caller, resource => ChangeRequest.Update(type, id, null, resource, Header(context, "If-Match"), ""))),
            Answers = "Resource",
            Takes = ["Resource"],
            Examples = ExampleSet.Patient,
            Parameters = [_type, _id],
            Faults = _write,
            InteractionsOfTypes = ["update"],
        },
        new()
        {
            Id = "updateConditionally",
            Needs = Need.Of(Letters.Update),
            Method = HttpMethods.Put,
            Path = $"{RouteTable.Base}/{{type}}",
            Tag = Tag,
            Summary = "Update the resource that a search finds",
            Description = "The query string is a search that finds one resource at most: none creates it, one updates it, several are a 412.",
            Handler = static (HttpContext context, Keeping keeping, Caller caller, string type) => OfTypeAsync(type, () =>
                keeping.ChangeAsync(context, caller, resource => ChangeRequest.Update(type, null, Query(context), resource, Header(context, "If-Match"), ""))),
            Answers = "Resource",
            Takes = ["Resource"],
            Examples = ExampleSet.Patient,
            Parameters = [_type],
            Faults = _write,
            TakesSearch = true,
        },
        new()
        {
            Id = "delete",
            Needs = Need.Of(Letters.Delete),
            Method = HttpMethods.Delete,
            Path = $"{RouteTable.Base}/{{type}}/{{id}}",
            Tag = Tag,
            Summary = "Delete a resource",
            Description =
                """
                204, also when there was none. The history remains and can be read; the resource itself is then a 410. With `_purge=true` an administrator removes a Patient for
                good: all versions of it and of what lies in its compartment, index, case, and what finished jobs of the centre were sent and answered.
                """,
            Handler = static (HttpContext context, Keeping keeping, FhirStore store, Caller caller, string type, string id) => OfIdAsync(type, id, () => Purging.IsMeant(context)
                ? Purging.PurgeAsync(store, caller, type, id)
                : keeping.ChangeAsync(context, caller, _ => ChangeRequest.Delete(type, id, null, Header(context, "If-Match"), ""), hasBody: false)),
            Answers = "Resource",
            Parameters = [_type, _id, new("_purge", "True removes a Patient and everything about it for good; for an administrator.", ["true", "false"], "false")],
            Faults = [400, 403, 404, 412, 429, 500, 503],
            InteractionsOfTypes = ["delete"],
        },
        new()
        {
            Id = "deleteConditionally",
            Needs = Need.Of(Letters.Delete),
            Method = HttpMethods.Delete,
            Path = $"{RouteTable.Base}/{{type}}",
            Tag = Tag,
            Summary = "Delete the resource that a search finds",
            Description = "The query string is a search that finds one resource at most; several are a 412 and nothing is deleted.",
            Handler = static (HttpContext context, Keeping keeping, Caller caller, string type) => OfTypeAsync(type, () =>
                keeping.ChangeAsync(context, caller, _ => ChangeRequest.Delete(type, null, Query(context), Header(context, "If-Match"), ""), hasBody: false)),
            Answers = "Resource",
            Parameters = [_type],
            Faults = [400, 404, 412, 429, 500, 503],
            TakesSearch = true,
        },
        new()
        {
            Id = "read",
            Needs = Need.Of(Letters.Read),
            Method = HttpMethods.Get,
            Path = $"{RouteTable.Base}/{{type}}/{{id}}",
            Tag = Tag,
            Summary = "Read a resource",
            Description = "The newest version. `If-None-Match` with its ETag is a 304, a deleted resource a 410.",
            Handler = static (HttpContext context, FhirStore store, Caller caller, string type, string id) =>
                OfId(type, id, () => Reading.Current(context, store, caller.Centre, type, id)),
            Answers = "Resource",
            Parameters = [_type, _id],
            Faults = _read,
            InteractionsOfTypes = ["read"],
        },
        Search(HttpMethods.Get, ""),
        Search(HttpMethods.Post, "/_search"),
        History("history", "/{type}/{id}", Need.Of(Letters.Read), "Every version of a resource", [_type, _id],
            static (HttpContext context, FhirStore store, Caller caller, string type, string id) => OfId(type, id, () => Histories.Of(context, store, caller.Centre, type, id))) with
        {
            InteractionsOfTypes = ["history-instance"],
        },
        History("historyOfType", "/{type}", Need.Of(Letters.Search), "What changed in a type", [_type],
            static (HttpContext context, FhirStore store, Caller caller, string type) => UnknownType(type) is { } unknown ? unknown : Histories.Of(context, store, caller.Centre, type)) with
        {
            InteractionsOfTypes = ["history-type"],
        },
        History("historyOfSystem", "", Need.OfAll(Letters.Search), "What changed in the centre", [],
            static (HttpContext context, FhirStore store, Caller caller) => Histories.Of(context, store, caller.Centre)) with
        {
            InteractionsOfSystem = ["history-system"],
        },
        new()
        {
            Id = "vread",
            Needs = Need.Of(Letters.Read),
            Method = HttpMethods.Get,
            Path = $"{RouteTable.Base}/{{type}}/{{id}}/_history/{{version}}",
            Tag = Tag,
            Summary = "Read one version of a resource",
            Description = "Versions never change.",
            Handler = static (HttpContext context, FhirStore store, Caller caller, string type, string id, string version) =>
                OfId(type, id, () => Reading.Version(context, store, caller.Centre, type, id, version)),
            Answers = "Resource",
            Parameters = [_type, _id, new("version", "The number of the version.", [], "1", InPath: true)],
            Faults = _read,
            InteractionsOfTypes = ["vread"],
        },
        Everything(HttpMethods.Get, [], isOfAll: false),
        Everything(HttpMethods.Post, ["Parameters"], isOfAll: false),
        Everything(HttpMethods.Get, [], isOfAll: true),
        Everything(HttpMethods.Post, ["Parameters"], isOfAll: true),
        Assess(HttpMethods.Get, []),
        Assess(HttpMethods.Post, ["Parameters"]),
    ];

    private static RouteRow History(string id, string path, Need needs, string summary, ImmutableArray<RouteParameter> parameters, Delegate handler) => new()
    {
        Id = id,
        Needs = needs,
        Method = HttpMethods.Get,
        Path = $"{RouteTable.Base}{path}/_history",
        Tag = Tag,
        Summary = summary,
        Description = "Newest first; a version that deletes a resource has no resource. A `next` link is followed as it is; what is written meanwhile moves no page.",
        Handler = handler,
        Answers = "Bundle",
        Parameters =
        [
            .. parameters,
            new(Histories.Count, "Most versions of a page; 0 asks for their number alone.", []),
            new(Histories.Since, "Only versions that were written at or after this instant.", []),
            new(Searching.Page, "Where a page begins; only ever copied from a next link.", []),
        ],
        Faults = _read,
    };

    private static RouteRow Search(string method, string suffix) => new()
    {
        Id = HttpMethods.IsGet(method) ? "search" : "searchByPost",
        Needs = Need.Of(Letters.Search),
        Method = method,
        Path = $"{RouteTable.Base}/{{type}}{suffix}",
        Tag = Tag,
        Summary = HttpMethods.IsGet(method) ? "Search resources of a type" : "Search with the parameters in the body",
        Description =
            """
            The parameters of R4 for Patient, Observation, MedicationAdministration, MedicationStatement, MedicationRequest, Medication, Condition, Procedure, DiagnosticReport,
            Organization, Encounter, Specimen, Provenance, CarePlan, ConceptMap and ServiceRequest, and for every type `_id`, `_lastUpdated`, `_profile`, `_tag`, `_security` and
            `_source`; chains (`patient.identifier=…`), `_has`, `_include`, `_revinclude`, `_sort`, `_count`, `_summary`, `_total`. An unknown parameter is a 400 that lists the
            known ones, unless `Prefer: handling=lenient`. A `next` link is followed as it is.
            """,
        Handler = static (HttpContext context, FhirStore store, Caller caller, string type) => OfTypeAsync(type, () => Searching.SearchAsync(context, store, caller, type)),
        Answers = "Bundle",
        Parameters = [_type],
        Faults = _read,
        InteractionsOfTypes = ["search-type"],
        TakesSearch = true,
    };

    private static RouteRow Everything(string method, ImmutableArray<string> takes, bool isOfAll) => new()
    {
        Id = (isOfAll ? "everythingOfPatients" : "everything") + (HttpMethods.IsGet(method) ? "" : "ByPost"),
        Needs = Need.Of(Letters.Read, "Patient"),
        Method = method,
        Path = $"{RouteTable.Base}/Patient{(isOfAll ? "" : "/{id}")}/$everything",
        Tag = Tag,
        Summary = isOfAll ? "Everything about all patients" : "Everything about a patient",
        Description = "The Patient, what lies in its compartment, and what these refer to, such as a Medication. A `next` link is followed as it is.",
        Handler = isOfAll
            ? (Delegate)(static (HttpContext context, Everything everything, Caller caller) => everything.AnswerAsync(context, caller, null))
            : static (HttpContext context, Everything everything, Caller caller, string id) => OfIdAsync("Patient", id, () => everything.AnswerAsync(context, caller, id)),
        Answers = "Bundle",
        Takes = takes,
        Examples = takes.IsEmpty ? ExampleSet.None : ExampleSet.Parameters,
        Parameters =
        [
            .. isOfAll ? (ImmutableArray<RouteParameter>)[] : [_id],
            new(Storing.Everything.Types, "Only these types, separated by commas.", []),
            new(Storing.Everything.Since, "Only what was changed at or after this instant.", []),
            new(Storing.Everything.Start, "Only what concerns this day or later, and what has no date.", []),
            new(Storing.Everything.End, "Only what concerns this day or earlier, and what has no date.", []),
            new(Storing.Everything.Count, $"Most resources of a page; {(isOfAll ? "100" : "all")} where nothing is said.", []),
            new(Searching.Page, "Where a page begins; only ever copied from a next link.", []),
        ],
        Faults = takes.IsEmpty ? _read : _write,
        OperationOfPatient = isOfAll ? null : "everything",
        OperationOfPatients = isOfAll ? "everything" : null,
        OperationDefinition = "http://hl7.org/fhir/OperationDefinition/Patient-everything",
    };

    private static RouteRow Assess(string method, ImmutableArray<string> takes) => new()
    {
        Id = HttpMethods.IsGet(method) ? "assessPatient" : "assessPatientByPost",
        Needs = Need.OfAll(Letters.Read),
        Method = method,
        Path = $"{RouteTable.Base}/Patient/{{id}}/$assess",
        Tag = AssessEndpoints.Assess.Tag,
        Summary = "Derive from what is kept about a patient",
        Description = "The derived Bundle of one patient, from everything that is kept about it at this moment. Evidence is cited by type, id and version.",
        Handler = static (HttpContext context, PatientRecord record, Caller caller, string id) =>
            OfIdAsync("Patient", id, () => record.AssessAsync(context, caller.Centre, id)),
        Answers = "Bundle",
        Takes = takes,
        Examples = takes.IsEmpty ? ExampleSet.None : ExampleSet.Parameters,
        Parameters = [_id, .. AssessChoice.Parameters],
        Faults = takes.IsEmpty ? [.. _read, 422] : _write,
        OperationOfPatient = "assess",
    };

    /// <summary>What is wrong with the name of a type in a path; null when there is one.</summary>
    public static FhirFault? UnknownType(string type)
    {
        if (ResourceTypes.IsKnown(type))
            return null;
        var meant = ResourceTypes.Closest(type);
        return Faults.Of(Faults.UnknownType, $"The path names no resource type of R4{(meant is null ? "." : $"; did you mean {meant}?")} Names are case-sensitive.");
    }

    private static async Task<IResult> OfTypeAsync(string type, Func<Task<IResult>> answer) => UnknownType(type) is { } unknown ? unknown : await answer();

    private static async Task<IResult> OfIdAsync(string type, string id, Func<Task<IResult>> answer) => (UnknownType(type) ?? NoId(type, id)) is { } fault ? fault : await answer();

    private static IResult OfId(string type, string id, Func<IResult> answer) => (UnknownType(type) ?? NoId(type, id)) is { } fault ? fault : answer();

    /// <summary>What can be no id was never given to a resource.</summary>
    private static FhirFault? NoId(string type, string id) => ChangeRequest.IsId(id) ? null : StoreFaults.NotFound(type);

    private static string? Header(HttpContext context, string name) => context.Request.Headers[name] is [{ Length: > 0 } value, ..] ? value : null;

    private static string Query(HttpContext context) => context.Request.QueryString.Value is { Length: > 1 } query ? query[1..] : "";
}
