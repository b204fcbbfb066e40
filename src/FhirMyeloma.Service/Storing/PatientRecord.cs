using System.Collections.Immutable;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Cases;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;

namespace FhirMyeloma.Service.Storing;

/// <summary>All that is kept about one patient: as it stands, and what is derived from it.</summary>
internal sealed class PatientRecord(FhirStore store, CaseDerivation cases)
{
    /// <summary><c>Patient/[id]/$everything</c>.</summary>
    public async Task<IResult> EverythingAsync(HttpContext context, Caller caller, string id)
    {
        var (said, fault) = await SaidAsync(context);
        if (fault is not null)
            return fault;
        if (said.FirstOrDefault(static one => one.Name is not (Types or Since)) is { Name: not null } unknown)
            return Faults.Of(Faults.UnknownParameter, $"There is no such parameter. Allowed: {Types}, {Since}.", unknown.Where);
        ImmutableArray<string> types = [.. said.Where(static one => one.Name == Types).SelectMany(static one => (one.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        if (types.Any(static type => !R4.Profiles.ResourceTypes.IsKnown(type)))
            return Faults.Of(Faults.ParameterValue, "_type is a list of resource types, separated by commas.", said.First(static one => one.Name == Types).Where);
        if ((caller.Refuse(Letters.Read, types.IsEmpty ? (string?[])[null] : types) ?? Missing(caller.Centre, id)) is { } refused)
            return refused;
        var since = said.FirstOrDefault(static one => one.Name == Since);
        var from = FhirDate.Parse(since.Value)?.Instant;
        if (since.Name is not null && from is null)
            return Faults.Of(Faults.ParameterValue, "_since is an instant, for instance 2024-03-05T10:00:00Z.", since.Where);
        var found = store.Everything(caller.Centre, id)
            .Where(version => (types.IsEmpty || types.Contains(version.Type, StringComparer.Ordinal)) && (from is not { } earliest || version.Instant >= earliest))
            .ToList();
        caller.Trail.SawPatient(id);
        found.ForEach(caller.Trail.Saw);
        var server = $"{context.Request.Scheme}://{context.Request.Host}{Endpoints.RouteTable.Base}";
        var json = new CanonicalJson(found.Sum(static version => version.Body.Length + 128) + 256);
        json.StartObject().Member("resourceType", "Bundle").Member("type", "searchset").Name("total").Number(found.Count);
        json.Name("link").StartArray().StartObject().Member("relation", "self").Member("url", $"{server}/Patient/{id}/$everything{context.Request.QueryString}").EndObject().EndArray();
        if (found.Count > 0)
        {
            json.Name("entry").StartArray();
            foreach (var version in found)
            {
                json.StartObject().Member("fullUrl", $"{server}/{version.Type}/{version.Id}").Name("resource").Raw(version.Body.Span)
                    .Name("search").StartObject().Member("mode", "match").EndObject().EndObject();
            }

            json.EndArray();
        }

        return new FhirResource(json.EndObject().ToArray());
    }

    /// <summary><c>Patient/[id]/$assess</c>: the derived Bundle of what is kept, never older than the last change that was acknowledged.</summary>
    /// <param name="context">The request; of a POST the body may be Parameters.</param>
    /// <param name="centre">Who asks.</param>
    /// <param name="id">The Patient.</param>
    public async Task<IResult> AssessAsync(HttpContext context, string centre, string id)
    {
        var (said, fault) = await SaidAsync(context);
        if ((fault ?? Missing(centre, id)) is { } refused)
            return refused;
        AccessTrail.Of(context).SawPatient(id);
        var (choice, issues) = AssessChoice.Read(said);
        if (choice is null)
            return Faults.Of(issues);
        if (choice.IsDefaultPolicy && choice.Language == Language.English)
        {
            return await cases.CurrentAsync(centre, id) is { } kept
                ? new FhirResource(kept.Output.Bundle, kept.Output.IsRefused ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK)
                : StoreFaults.NotFound("Patient");
        }

        if (store.Cases.Input(centre, id) is not { Versions.IsEmpty: false } input)
            return StoreFaults.NotFound("Patient");
        var answer = cases.Under(input, choice);
        return answer.Fault is null ? new FhirResource(answer.Bundle) : answer.Fault;
    }

    /// <summary>What the query string says, and the Parameters that a POST may bring.</summary>
    private static async Task<(ImmutableArray<Said> Said, FhirFault? Fault)> SaidAsync(HttpContext context)
    {
        var said = Negotiation.Said(context);
        if (!HttpMethods.IsPost(context.Request.Method) || context.Request.ContentLength is 0 || context.Request.ContentType is null)
            return (said, null);
        var body = await RequestBody.ReadAsync(context);
        if (body.Fault is not null)
            return ([], body.Fault);
        var read = body.Format.Read(body.Bytes);
        if (read.Document is null || read.HasErrors)
            return ([], new(read.Document is null ? StatusCodes.Status400BadRequest : StatusCodes.Status422UnprocessableEntity, read.Issues));
        if (read.Document.ResourceType != "Parameters" || read.Document.Root.Children("parameter").Any(static part => part["resource"].Exists))
            return ([], Faults.Of(Faults.ParameterBody, "The body is a Parameters resource without a resource in it: the patient is the one of the path.", read.Document.ResourceType));
        return (said.AddRange(read.Document.Root.Children("parameter").Select(static part => new Said(part["name"].Text ?? "", part.Choice("value").Text, part.Path))), null);
    }

    private const string Types = "_type";
    private const string Since = "_since";

    private FhirFault? Missing(string centre, string id) => store.Read(centre, "Patient", id) switch
    {
        null => StoreFaults.NotFound("Patient"),
        { Change: ChangeKind.Deleted } => StoreFaults.Gone("Patient"),
        _ => null,
    };
}
