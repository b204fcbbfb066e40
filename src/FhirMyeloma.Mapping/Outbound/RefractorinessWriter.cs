using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>Refractoriness to drugs and classes as derived Observations (contract section 3).</summary>
internal static class RefractorinessWriter
{
    public static IEnumerable<DerivedObservation> Drugs(DerivedCase results, RulesetResults under, Words words)
    {
        foreach (var result in under.Refractoriness)
        {
            yield return new()
            {
                Kind = ResultKind.DrugRefractoriness,
                Rulesets = [under.Ruleset.Code(), results.Policy.LineRuleset.Code()],
                RowKey = $"{result.Drug.Code()}@{Key.Of(result.Line)}",
                SortKey = result.Drug.Code(),
                Line = result.Line,
                Start = result.First,
                End = result.Last,
                Value = ResultValue.Of(Systems.Of(ResultKind.DrugRefractoriness.Code), ResultCodes.Kebab(result.Status)),
                Components = new ComponentList()
                    .Add("drug", (Drug?)result.Drug)
                    .AddEach("label", result.Labels)
                    .Add("criterion", result.Criterion)
                    .Add("progression-source", result.ProgressionSource is { } source ? ResultCodes.Kebab(source) : null)
                    .Flags(result.Flags)
                    .Done(),
                Note = words.Refractoriness(result, under.Responses, results.Policy.RefractoryDays),
                Sources = result.Sources,
            };
        }
    }

    public static DerivedObservation Classes(RulesetResults under, Words words)
    {
        var result = under.ClassRefractoriness;
        return new()
        {
            Kind = ResultKind.ClassRefractoriness,
            Rulesets = [under.Ruleset.Code()],
            RowKey = "",
            Start = result.First,
            End = result.Last,
            Value = ResultValue.Of(Systems.Of(ResultKind.ClassRefractoriness.Code), ResultCodes.Kebab(result.Label)),
            Components = new ComponentList()
                .AddEach("drug", Systems.Drug, result.Drugs.Select(drug => drug.Code()))
                .Flags(result.Flags)
                .Done(),
            Note = words.ClassRefractoriness(result),
            Sources = result.Sources,
        };
    }
}
