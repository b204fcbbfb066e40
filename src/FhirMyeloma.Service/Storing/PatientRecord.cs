using System.Collections.Immutable;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Cases;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Store;

namespace FhirMyeloma.Service.Storing;

/// <summary>What is derived from all that is kept about one patient.</summary>
internal sealed class PatientRecord(FhirStore store, CaseDerivation cases)
{
    /// <summary><c>Patient/[id]/$assess</c>: the derived Bundle of what is kept, never older than the last change that was acknowledged.</summary>
    /// <param name="context">The request; of a POST the body may be Parameters.</param>
    /// <param name="centre">Who asks.</param>
    /// <param name="id">The Patient.</param>
    public async Task<IResult> AssessAsync(HttpContext context, string centre, string id)
    {
        var (said, fault) = await SaidAsync(context);
        if ((fault ?? Missing(store, centre, id)) is { } refused)
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
    public static async Task<(ImmutableArray<Said> Said, FhirFault? Fault)> SaidAsync(HttpContext context)
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

    /// <summary>The fault of a Patient that there is not; null for one that there is.</summary>
    public static FhirFault? Missing(FhirStore store, string centre, string id) => store.Read(centre, "Patient", id) switch
    {
        null => StoreFaults.NotFound("Patient"),
        { Change: ChangeKind.Deleted } => StoreFaults.Gone("Patient"),
        _ => null,
    };
}
