using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>What the results themselves tell a data manager: contradictions with both sides, and assumptions.</summary>
internal static class ResultIssues
{
    public const string ResearchUseOnly = "research-use-only";
    public const string NoMyelomaEvidence = "no-myeloma-evidence";
    public const string RulesetDifference = "ruleset-difference";

    /// <summary>Flags under which something was assumed, estimated or used for want of better: each is one <c>information</c> per patient.</summary>
    private static readonly FrozenSet<Flag> Assumptions = FrozenSet.Create(
        Flag.UrineAssumed, Flag.SerumAssumed, Flag.BaselineMissing, Flag.BaselineOld, Flag.BaselineMixedDates, Flag.PreliminaryUsed,
        Flag.CensoredValue, Flag.MethodChanged, Flag.StatusUnknown, Flag.StatementEnd, Flag.CyclesEstimated, Flag.TransplantAssumed,
        Flag.RegimenUnnamed, Flag.SubCycle, Flag.HighRiskPresumed, Flag.LdhAssumed, Flag.OrderUncertain);

    public static IEnumerable<Issue> Of(ImmutableArray<PatientResults> patients, Words words)
    {
        yield return Issue.Information(ResearchUseOnly, IssueType.Informational, words.Issue(ResearchUseOnly));
        foreach (var patient in patients)
        {
            if (!patient.Case.HasMyelomaEvidence)
            {
                yield return Issue.Information(NoMyelomaEvidence, IssueType.Informational, words.Issue(NoMyelomaEvidence), patient.Patient.Path);
                continue;
            }
            foreach (var contradiction in patient.Results.Contradictions)
                yield return Contradiction(contradiction, patient, words);
            foreach (var difference in Clinical.Response.RulesetDifference.In(patient.Results))
                yield return Issue.Information(RulesetDifference, IssueType.Informational, words.Difference(difference), patient.Patient.Path);
            foreach (var flag in Flags(patient.Results).Where(Assumptions.Contains).Distinct().Order())
            {
                var code = ResultCodes.Kebab(flag);
                yield return Issue.Information(code, IssueType.Informational, words.Issue(code), patient.Patient.Path);
            }
        }
    }

    private static Issue Contradiction(Contradiction contradiction, PatientResults patient, Words words)
    {
        var code = $"contradiction-{ResultCodes.Kebab(contradiction.Kind)}";
        var sides = new PatientEntry(patient).Cite(contradiction.Sources);
        // Copies come in numbers: their expressions name both sides, and one text lets them be counted.
        var named = contradiction.Kind == ContradictionKind.CopiedValue ? [] : sides.Select(side => side.Reference).Distinct(StringComparer.Ordinal).Take(10).ToList();
        return new(
            IssueSeverity.Warning,
            code,
            IssueType.Conflict,
            named.Count == 0 ? words.Issue(code) : $"{words.Issue(code)} {words.Say("See", "Véase")}: {words.List(named)}.",
            [.. sides.Select(side => side.Path).Where(path => path.Length > 0).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Flags of lines, washouts, responses, stages and risks; those of single dates repeat what their line says.</summary>
    private static IEnumerable<Flag> Flags(DerivedCase results) =>
    [
        .. results.Lines.SelectMany(line => line.Flags),
        .. results.Switches.SelectMany(change => change.Flags),
        .. results.ByRuleset.SelectMany(under => under.Responses).SelectMany(response => response.Flags),
        .. results.Stages.SelectMany(stage => stage.Flags),
        .. results.Risks.SelectMany(risk => risk.Flags),
    ];
}
