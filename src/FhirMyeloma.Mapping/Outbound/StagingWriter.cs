using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>Residual disease, stages and cytogenetic risk as derived Observations (contract section 3).</summary>
internal static class StagingWriter
{
    /// <summary>Minimal residual disease is defined by the criteria of 2016 whatever ruleset grades the response (clinical rules a.5).</summary>
    private const ResponseRuleset MrdRuleset = ResponseRuleset.Imwg2016;

    public static IEnumerable<DerivedObservation> Mrd(DerivedCase results, Words words)
    {
        var onDate = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var result in results.Mrd)
        {
            var order = onDate[result.Date.Text] = onDate.GetValueOrDefault(result.Date.Text, -1) + 1;
            yield return new()
            {
                Kind = ResultKind.Mrd,
                Rulesets = [MrdRuleset.Code()],
                RowKey = $"{result.Date.Text}#{Key.Of(order)}",
                SortKey = order.ToString("D9", System.Globalization.CultureInfo.InvariantCulture),
                Date = result.Date,
                Value = ResultValue.Of(Systems.Of(ResultKind.Mrd.Code), ResultCodes.Kebab(result.Status)),
                Components = new ComponentList()
                    .Add("mrd-method", ResultCodes.Kebab(result.Method))
                    .Add("sensitivity", result.Sensitivity is { } fraction ? new ResultValue.Amount(fraction, "1") : null)
                    .Add("criterion", result.Criterion)
                    .Flags(result.Flags)
                    .Done(),
                Note = words.Mrd(result),
                Sources = result.Sources,
            };
        }
    }

    public static IEnumerable<DerivedObservation> Stages(DerivedCase results, MyelomaCase patient, Words words)
    {
        foreach (var result in results.Stages)
        {
            var kind = result.System switch
            {
                StagingSystem.Iss => ResultKind.Iss,
                StagingSystem.RIss => ResultKind.RIss,
                StagingSystem.R2Iss => ResultKind.R2Iss,
            };
            yield return new()
            {
                Kind = kind,
                Rulesets = [result.System.Code()],
                RowKey = "",
                Date = result.Date,
                Value = result.Stage is { } stage ? Stage(kind, result.System, stage) : ResultValue.Unknown,
                Components = new ComponentList()
                    .Add("bound-worst", Roman(result.BoundWorst))
                    .Add("bound-best", Roman(result.BoundBest))
                    .Add("reported", Roman(result.Reported))
                    .AddEach("missing-input", result.Missing)
                    .Flags(result.Flags)
                    .Done(),
                Note = words.Stage(result, patient),
                Sources = result.Sources,
            };
        }
    }

    public static IEnumerable<DerivedObservation> Risks(DerivedCase results, Words words)
    {
        foreach (var result in results.Risks)
        {
            var definition = result.Definition.Code();
            yield return new()
            {
                Kind = ResultKind.Risk,
                Rulesets = [definition],
                RowKey = definition,
                SortKey = definition,
                Date = result.Date,
                Value = ResultValue.Of(Systems.Of(ResultKind.Risk.Code), ResultCodes.Kebab(result.Level)),
                Components = new ComponentList()
                    .Add("definition", definition)
                    .AddAbnormalities(result.Abnormalities)
                    .Add("bound-worst", ResultCodes.Kebab(result.BoundWorst))
                    .Add("bound-best", ResultCodes.Kebab(result.BoundBest))
                    .AddEach("missing-input", result.Missing)
                    .Flags(result.Flags)
                    .Done(),
                Note = words.Risk(result),
                Sources = result.Sources,
            };
        }
    }

    private static ResultValue.Coded Stage(ResultKind kind, StagingSystem system, int stage)
    {
        var own = new CodedValue(Systems.Of(kind.Code), ResultCodes.Roman(stage), $"{system.Code().ToUpperInvariant()} stage {ResultCodes.Roman(stage)}");
        return ResultCodes.Ncit(system, stage) is { } ncit ? new([own, ncit]) : new([own]);
    }

    private static string? Roman(int? stage) => stage is { } known ? ResultCodes.Roman(known) : null;
}
