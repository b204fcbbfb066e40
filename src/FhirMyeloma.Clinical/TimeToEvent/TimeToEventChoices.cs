using System.Collections.Immutable;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.TimeToEvent;

/// <summary>Names the policies that decided a time: with the default in their place it would start or end otherwise.</summary>
internal static class TimeToEventChoices
{
    public static ImmutableArray<PolicyChoice<TimeToEventPolicy>> Of(TimeToEventPolicy policy)
    {
        var plain = TimeToEventPolicy.Default;
        var choices = ImmutableArray.CreateBuilder<PolicyChoice<TimeToEventPolicy>>(0);
        if (policy.NewTherapy != plain.NewTherapy)
            choices.Add(new("new-therapy", "ignored", policy with { NewTherapy = plain.NewTherapy }));
        if (policy.UnconfirmedProgression != plain.UnconfirmedProgression)
            choices.Add(new("unconfirmed-progression", "ignored", policy with { UnconfirmedProgression = plain.UnconfirmedProgression }));
        if (policy.ResponseDeath != plain.ResponseDeath)
            choices.Add(new("response-death", "any", policy with { ResponseDeath = plain.ResponseDeath }));
        if (policy.NextTreatmentDeath != plain.NextTreatmentDeath)
            choices.Add(new("next-treatment-death", "censors", policy with { NextTreatmentDeath = plain.NextTreatmentDeath }));
        if (policy.MissedAssessments != plain.MissedAssessments)
            choices.Add(new("missed-assessments", "censors", policy with { MissedAssessments = plain.MissedAssessments }));
        return choices.ToImmutable();
    }

    /// <summary>The results with the choices that decided them.</summary>
    public static ImmutableArray<EndpointResult> Mark(
        ImmutableArray<EndpointResult> results, ImmutableArray<PolicyChoice<TimeToEventPolicy>> choices, Func<TimeToEventPolicy, ImmutableArray<EndpointResult>> derive)
    {
        foreach (var choice in choices)
        {
            var plain = derive(choice.Without).ToDictionary(result => (result.Line, result.Endpoint), Summary);
            results =
            [
                .. results.Select(result => plain.TryGetValue((result.Line, result.Endpoint), out var other) && other == Summary(result)
                    ? result
                    : result with { Policies = result.Policies.Add(choice.ToString()) }),
            ];
        }

        return results;
    }

    private static (Evidence.ClinicalDate, Evidence.ClinicalDate?, EndpointEvent?, CensoringRule?) Summary(EndpointResult result) =>
        (result.Start, result.End, result.Event, result.Censoring);
}
