using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Washout;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>Lines of therapy and washouts as derived Observations (contract section 3, rows one and two).</summary>
internal static class LineWriter
{
    private const string WashoutRuleset = "anti-cd38-washout";

    public static IEnumerable<DerivedObservation> Lines(DerivedCase results, Words words)
    {
        foreach (var line in results.Lines)
        {
            yield return new()
            {
                Kind = ResultKind.Line,
                Rulesets = [results.Policy.LineRuleset.Code()],
                RowKey = Key.Of(line.Number),
                Line = line.Number,
                Start = line.First,
                End = line.Last,
                Value = new ResultValue.Count(line.Number),
                Components = new ComponentList()
                    .Add("regimen", ResultValue.Of(Systems.Regimen, line.Regimen))
                    .AddEach("drug", Systems.Drug, line.Drugs.Select(period => period.Drug.Code()))
                    .Add("cycles-started", line.CyclesStarted)
                    .Add("cycles-completed", line.CyclesCompleted)
                    .Add("cycles-documented", line.CyclesDocumented)
                    .AddEachDay("transplant", line.Transplants)
                    .AddPhases(line.Phases)
                    .Add("start-reason", ResultCodes.Kebab(line.StartReason))
                    .Add("end-reason", ResultCodes.Kebab(line.EndReason))
                    .Add("confidence", ResultCodes.Kebab(line.Confidence))
                    .Flags(line.Flags)
                    .Done(),
                Note = words.Line(line),
                Sources = line.Sources,
            };
        }
    }

    public static IEnumerable<DerivedObservation> Washouts(DerivedCase results, Words words)
    {
        foreach (var change in results.Switches)
        {
            // Between two antibodies everything is said; without a switch only why there is none.
            var isSwitch = change is { From: not null, To: not null };
            yield return new()
            {
                Kind = ResultKind.Washout,
                Rulesets = [WashoutRuleset],
                RowKey = change is { From: { } from, To: { } to } ? $"{from.Code()}>{to.Code()}#{Key.Of(change.Ordinal)}" : "",
                SortKey = change is { From: { } before, To: { } after } ? $"{before.Code()}>{after.Code()}" : "",
                Start = change.LastDose,
                End = change.FirstDose,
                Value = change.Days is { } days ? ResultValue.Of(days)
                    : isSwitch ? ResultValue.Unknown
                    : ResultValue.NotApplicable,
                Components = new ComponentList()
                    .Add("from-drug", change.From)
                    .Add("to-drug", change.To)
                    .Add("primary", isSwitch ? change.Primary : null)
                    .Add("washout-category", isSwitch ? change.Category.Code() : null)
                    .Add("overlap", isSwitch ? change.Overlap : null)
                    .Add("intervening-lines", isSwitch ? change.InterveningLines : null)
                    .Add("evidence-level", change.EvidenceLevel is { } level ? ResultCodes.Kebab(level) : null)
                    .Add("reason", change.Reason is { } reason ? ResultCodes.Kebab(reason) : null)
                    .Add("estimated", change.Estimated is { } estimated ? ResultValue.Of(estimated) : null)
                    .Add("last-line-response", change.LastLineResponse)
                    .Add("refractory-at-last", isSwitch ? Refractory(change) : null)
                    .Flags(change.Flags)
                    .Done(),
                Note = words.Washout(change),
                Sources = change.Sources,
            };
        }
    }

    private static ResultValue Refractory(AntibodySwitch change) =>
        change.RefractoryAtLast.IsUnknown ? ResultValue.Unknown : new ResultValue.YesNo(change.RefractoryAtLast.IsMet);
}
