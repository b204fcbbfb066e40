using System.Collections.Immutable;

namespace FhirMyeloma.Clinical.Response;

/// <summary>A policy that departs from the default.</summary>
/// <param name="Name">Its name, as a request says it.</param>
/// <param name="Value">The value chosen.</param>
/// <param name="Without">The same policies with this one at its default.</param>
internal readonly record struct PolicyChoice<TPolicy>(string Name, string Value, TPolicy Without)
{
    public override string ToString() => $"{Name}={Value}";
}

/// <summary>Names the policies that decided a result: with the default in their place it would be another.</summary>
internal static class PolicyChoices
{
    public static ImmutableArray<PolicyChoice<DerivationPolicy>> Of(DerivationPolicy policy)
    {
        var plain = DerivationPolicy.Default;
        var choices = ImmutableArray.CreateBuilder<PolicyChoice<DerivationPolicy>>(0);
        if (policy.UrinePolicy != plain.UrinePolicy)
            choices.Add(new("urine-policy", policy.UrinePolicy == UrinePolicy.Strict ? "strict" : "ignore", policy with { UrinePolicy = plain.UrinePolicy }));
        if (policy.NadirLowestSingle)
            choices.Add(new("nadir", "lowest", policy with { NadirLowestSingle = false }));
        if (policy.TwoMarkerProgression)
            choices.Add(new("progression-confirmation", "two-markers", policy with { TwoMarkerProgression = false }));
        if (policy.MeasurableSerum != plain.MeasurableSerum)
            choices.Add(new("measurable-disease", policy.MeasurableSerum == MeasurableSerum.HalfGram ? "serum-0.5" : "serum-0.5-non-igg", policy with { MeasurableSerum = plain.MeasurableSerum }));
        if (policy.FlcMinimalResponse)
            choices.Add(new("flc-minimal-response", "on", policy with { FlcMinimalResponse = false }));
        return choices.ToImmutable();
    }

    /// <summary>The response with the choices that decided it and its dates.</summary>
    public static LineResponse Mark(LineResponse response, ImmutableArray<PolicyChoice<DerivationPolicy>> choices, Func<DerivationPolicy, LineResponse> derive)
    {
        foreach (var choice in choices)
        {
            var plain = derive(choice.Without);
            response = response with
            {
                Policies = Summary(plain) == Summary(response) ? response.Policies : response.Policies.Add(choice.ToString()),
                Assessments =
                [
                    .. response.Assessments.Select(at =>
                        plain.Assessments.FirstOrDefault(other => other.Date == at.Date) is { } other && Summary(other) == Summary(at)
                            ? at
                            : at with { Policies = at.Policies.Add(choice.ToString()) }),
                ],
            };
        }

        return response;
    }

    private static (ResponseLevel, ResponseLevel, bool, MeasurableBy, string?, Evidence.ClinicalDate?, bool?) Summary(LineResponse response) =>
        (response.Best, response.BestConfirmed, response.IsFinal, response.MeasurableBy,
            response.Progression?.Criterion, response.Progression?.Date, response.Progression?.Confirmed);

    private static (ResponseLevel, bool, string?) Summary(ResponseAt at) => (at.Level, at.Confirmed, at.Criterion);
}
