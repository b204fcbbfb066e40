using System.Collections.Immutable;
using FhirMyeloma.Service.Cases;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Pooling;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>Cases as plain JSON, for people and notebooks.</summary>
internal static class CaseEndpoints
{
    public const string Tag = "Cases";

    public static ImmutableArray<RouteRow> Routes { get; } =
    [
        new()
        {
            Id = "cases",
            Needs = Need.OfAll(Letters.Read).OrPooling,
            Method = HttpMethods.Get,
            Path = "/api/cases",
            Tag = Tag,
            Summary = "The cases of the centre",
            Description =
                """
                One summary a patient: disease, stages, risk, lines with their responses, washout, refractoriness, what contradicts. Every change that was acknowledged is in
                it, unless `pending` says how many patients have still to be derived. A filter that repeats is an "or". `next` goes into `page` for what follows.
                A caller with the scope `fhirmyeloma/pool` gets the cases of all centres, de-identified: other ids, every date of a patient moved by the same whole weeks.
                """,
            Handler = static async (HttpContext context, CaseAnswers cases, PooledCases pooled, Caller caller) => caller.IsPooling
                ? pooled.List(caller.Trail, Negotiation.Said(context))
                : await cases.ListAsync([caller.Centre], caller.Trail, Negotiation.Said(context)),
            Parameters =
            [
                .. CaseFilter.Parameters, new("count", $"Cases on a page, at most {CaseAnswers.MostCount}.", [], "100"), new("page", "The `next` of the page before.", []), .. AssessChoice.Parameters,
            ],
            Faults = [400, 429, 500],
        },
        new()
        {
            Id = "case",
            Needs = Need.OfAll(Letters.Read).OrPooling,
            Method = HttpMethods.Get,
            Path = "/api/cases/{id}",
            Tag = Tag,
            Summary = "One case",
            Description = "The summary, the versions of the resources that it was derived from, and the derived Bundle. It holds every change of the patient's record that was acknowledged before.",
            Handler = static async (HttpContext context, CaseAnswers cases, PooledCases pooled, Caller caller, string id) => caller.IsPooling
                ? pooled.One(id, caller.Trail, Negotiation.Said(context))
                : await cases.OneAsync(caller.Centre, id, caller.Trail, Negotiation.Said(context)),
            Parameters = [new("id", "The logical id of the Patient.", [], "example", InPath: true), .. AssessChoice.Parameters],
            Faults = [400, 404, 429, 500],
        },
        new()
        {
            Id = "duplicates",
            Needs = Need.Of(Roles.Pool),
            Method = HttpMethods.Get,
            Path = "/api/duplicates",
            Tag = Tag,
            Summary = "Patients of different centres who are likely one person",
            Description = "The same identifier, or the same family name, day of birth and sex. By pooled ids, for callers with the scope `fhirmyeloma/pool`; nothing is ever merged.",
            Handler = static (Duplicates duplicates, Caller caller) => duplicates.List(caller.Trail),
            Faults = [403, 429, 500],
        },
    ];
}
