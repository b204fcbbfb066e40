using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Citations;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Clinical.Washout;

namespace FhirMyeloma.Clinical;

/// <summary>Runs all derivations on one case, in order. It cannot fail: "cannot say" is a result.</summary>
public static class Derivation
{
    /// <summary>Derives everything for one patient. Pure: the same case and policy give the same result.</summary>
    public static DerivedCase Derive(MyelomaCase patient, DerivationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentNullException.ThrowIfNull(policy);
        var timeline = Timeline.Of(patient);
        var responses = new LineResponses(timeline, policy.Rulesets[0], policy);
        var lines = LineBuilder.Build(patient, policy, responses.Of);
        ImmutableArray<RulesetResults> byRuleset =
        [
            Under(responses, patient, lines, policy),
            .. policy.Rulesets.Skip(1).Select(ruleset => Under(new(timeline, ruleset, policy), patient, lines, policy)),
        ];
        var first = byRuleset[0];
        var firstDose = FirstDose(patient);
        var stages = Stages.Derive(patient, firstDose);
        var found = new DerivedCase
        {
            Policy = policy,
            Lines = lines,
            ByRuleset =
            [
                .. byRuleset.Select(under => under with { TimesToEvent = Endpoints.Derive(patient, lines, under.Responses, policy.TimeToEvent) }),
            ],
            Switches = AntibodySwitches.Derive(patient, lines, first.Responses, first.Refractoriness),
            Mrd = MinimalResidualDisease.Derive(patient, first.Responses, policy),
            Stages = stages,
            Risks = CytogeneticRisks.Derive(patient, firstDose, stages),
        };
        var cited = new Citing(patient, policy, found).Cite();
        return cited with { Contradictions = Contradictions.Find(patient, cited.Lines, cited.ByRuleset[0], cited.Stages, cited.Switches) };
    }

    /// <summary>First dose of any drug against myeloma: what is measured after it is no finding at diagnosis (f.1).</summary>
    internal static ClinicalDate? FirstDose(MyelomaCase patient)
    {
        var doses = ExposureDays.Of(patient).Where(day => day.Drug.IsAntiMyeloma() && day.Evidence != ExposureEvidence.Order);
        return doses.Select(day => (ClinicalDate?)day.Date).FirstOrDefault();
    }

    internal static RulesetResults Under(LineResponses derived, MyelomaCase patient, ImmutableArray<LineOfTherapy> lines, DerivationPolicy policy)
    {
        ImmutableArray<LineResponse> responses = [.. lines.Select(derived.Of)];
        var refractoriness = Refractoriness.Derive(patient, lines, responses, policy);
        return new(
            derived.Ruleset,
            responses,
            refractoriness,
            Refractoriness.OfClasses(lines, refractoriness),
            ReportedResponses.Check(patient, lines, responses, derived.Ruleset));
    }
}
