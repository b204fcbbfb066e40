using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>The main job: a hospital's Bundle in, the derived Bundle out.</summary>
internal static class AssessEndpoints
{
    /// <summary><c>POST /fhir/$assess</c>.</summary>
    public static RouteRow Assess { get; } = new()
    {
        Id = "assess",
        Needs = Need.ToBeKnown,
        Method = HttpMethods.Post,
        Path = $"{RouteTable.Base}/$assess",
        Tag = "Myeloma",
        Summary = "Derive washout, lines of therapy, response, refractoriness, stage and risk",
        Description =
            """
            Takes a Bundle of any type with one patient or many, or a `Parameters` resource with the Bundle as parameter `bundle` and the
            other parameters beside it. Answers with the derived Bundle: for each patient the Patient, the derived Observations and a
            Provenance for each; last, an OperationOutcome that tells a data manager what was not understood or had to be assumed.

            Nothing is stored. **Research and data quality only, not for patient care.**
            """,
        Handler = AssessAsync,
        Answers = "Bundle",
        Takes = ["Bundle", "Parameters"],
        Examples = ExampleSet.Stories,
        Parameters = AssessChoice.Parameters,
        Faults = [400, 406, 408, 413, 415, 422, 429, 500],
        Operation = "assess",
    };

    private static async Task<IResult> AssessAsync(HttpContext context, Pipeline pipeline)
    {
        var body = await RequestBody.ReadAsync(context);
        if (body.Fault is not null)
            return body.Fault;

        var answer = pipeline.Assess(body.Bytes, body.Format, Negotiation.Said(context));
        return answer.Fault is null ? new FhirResource(answer.Bundle) : answer.Fault;
    }
}
