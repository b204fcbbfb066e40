using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>The verdict on a resource.</summary>
internal static class ValidateEndpoints
{
    private const string Description =
        """
        Takes any R4 resource, a Bundle with everything in it included, or a `Parameters` resource with it as parameter `resource` and
        `mode` and `profile` beside it. Answers 200 with an OperationOutcome whatever the verdict: every issue names its rule and has an
        `expression` that selects the broken element; "All OK" when there is nothing to say. Other statuses mean that nothing could be judged.

        Checked are structure, values, invariants, bindings, references, extensions, Bundle rules, the profiles of `meta.profile` and those
        that `profile` names. Nothing is stored.
        """;

    public static ImmutableArray<RouteRow> Routes { get; } =
    [
        new()
        {
            Id = "validate",
            Needs = Need.ToBeKnown,
            Method = HttpMethods.Post,
            Path = $"{RouteTable.Base}/$validate",
            Tag = "Validation",
            Summary = "Validate any resource",
            Description = Description,
            Handler = static (HttpContext context, Validation validation) => ValidateAsync(context, validation, null),
            Answers = "OperationOutcome",
            Takes = ["Resource"],
            Examples = ExampleSet.Validation,
            Parameters = ValidateRequest.Parameters,
            Faults = [400, 406, 408, 413, 415, 429, 500],
            Operation = "validate",
        },
        new()
        {
            Id = "validateType",
            Needs = Need.ToBeKnown,
            Method = HttpMethods.Post,
            Path = $"{RouteTable.Base}/{{type}}/$validate",
            Tag = "Validation",
            Summary = "Validate a resource of one type",
            Description = Description,
            Handler = static (HttpContext context, Validation validation, string type) => ValidateAsync(context, validation, type),
            Answers = "OperationOutcome",
            Takes = ["Resource"],
            Examples = ExampleSet.Validation,
            Parameters = [new("type", "A resource type of R4, which the resource must have.", [], "Observation", InPath: true), .. ValidateRequest.Parameters],
            Faults = [400, 404, 406, 408, 413, 415, 429, 500],
            OperationOfTypes = "validate",
        },
    ];

    private static async Task<IResult> ValidateAsync(HttpContext context, Validation validation, string? type)
    {
        if (type is not null && !ResourceTypes.IsKnown(type))
        {
            var meant = ResourceTypes.Closest(type);
            return Faults.Of(Faults.UnknownType, $"The path names no resource type of R4{(meant is null ? "." : $"; did you mean {meant}?")} Names are case-sensitive.");
        }

        var body = await RequestBody.ReadAsync(context);
        if (body.Fault is not null)
            return body.Fault;
        var (issues, fault) = validation.Validate(body.Bytes, body.Format, type, Negotiation.Said(context));
        return fault is null ? new FhirResource(OperationOutcomes.Render(issues)) : fault;
    }
}
