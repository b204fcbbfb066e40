using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Citations;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Evidence;

/// <summary>The response of a line that a table gives: what it and its dates cite with the line taken for granted, as the whole derivation cites it with its doses.</summary>
internal static class GivenLine
{
    public static LineResponse Derive(MyelomaCase patient, LineOfTherapy line, ResponseRuleset ruleset, DerivationPolicy policy)
    {
        var smallest = new Smallest(patient, policy);
        var response = ResponseHistory.Derive(patient, line, ruleset, policy);
        ImmutableArray<ResponseAt> dates =
        [
            .. response.Assessments.Select(at => at with
            {
                Cited = Cited.When(() => smallest.Of(
                    [], at.Sources, part => ResponseHistory.Derive(part.Case, line, ruleset, policy).Assessments.Any(other => Shown.Same(at, other)))),
            }),
        ];
        return response with
        {
            Cited = Cited.When(() => smallest.Of([], response.Sources, part => Shown.Same(response, ResponseHistory.Derive(part.Case, line, ruleset, policy)))),
            Assessments = dates,
            Progression = response.Progression is { } progression ? progression with { Cited = dates.First(at => at.Date == progression.Date).Cited } : null,
        };
    }
}
