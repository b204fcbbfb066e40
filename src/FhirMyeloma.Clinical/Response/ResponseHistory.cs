using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Derives the response of one line (sections a and b).</summary>
public static class ResponseHistory
{
    // R-INT-4: what daratumumab adds at most, g/dL.
    private const decimal MostDrug = 0.20m;

    /// <summary>Assesses every date of the line and the line as a whole under one ruleset.</summary>
    public static LineResponse Derive(MyelomaCase patient, LineOfTherapy line, ResponseRuleset ruleset, DerivationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(policy);
        return Derive(Timeline.Of(patient), line, ruleset, policy);
    }

    /// <summary>As above, for a timeline that several lines share.</summary>
    internal static LineResponse Derive(Timeline timeline, LineOfTherapy line, ResponseRuleset ruleset, DerivationPolicy policy)
    {
        var response = Judge(timeline, line, ruleset, policy);
        return PolicyChoices.Of(policy) is { IsEmpty: false } choices
            ? PolicyChoices.Mark(response, choices, without => Judge(timeline, line, ruleset, without))
            : response;
    }

    private static LineResponse Judge(Timeline timeline, LineOfTherapy line, ResponseRuleset ruleset, DerivationPolicy policy)
    {
        var criteria = ResponseCriteria.Of(ruleset, policy);
        var frame = LineFrame.Of(timeline, line, policy);
        var history = new NadirHistory(frame);
        var dates = Assess(frame, criteria, history);
        Confirmation.Settle(dates, () => frame.After.Select(day => Assessment.Of(frame, day, criteria, history)), frame);
        return BestResponse.Of(frame, dates, history) with { IfDrugAtBaseline = IfDrugAtBaseline(frame, criteria) };
    }

    private static DrugAtBaseline? IfDrugAtBaseline(LineFrame frame, ResponseCriteria criteria)
    {
        if (!frame.Set.IsFollowedBySerum() || frame.Baseline.Serum is not { Spurious: false } serum
            || !Interference.CanBeInBaseline(frame.Timeline, serum, frame.Line, frame.Policy))
            return null;
        var less = frame.With(serum with { Value = (serum.Value - Reading.Exact(MostDrug)).Floored() });
        var history = new NadirHistory(less);
        var dates = Assess(less, criteria, history);
        Confirmation.Settle(dates, () => less.After.Select(day => Assessment.Of(less, day, criteria, history)), less);
        return BestResponse.ShortOf(dates);
    }

    /// <summary>One date of a line alone; null when it holds no assessment.</summary>
    internal static ResponseAt? At(Timeline timeline, LineOfTherapy line, ClinicalDate date, ResponseRuleset ruleset, DerivationPolicy policy)
    {
        if (!PolicyChoices.Of(policy).IsEmpty)
            return Derive(timeline, line, ruleset, policy).Assessments.FirstOrDefault(at => at.Date == date);
        var criteria = ResponseCriteria.Of(ruleset, policy);
        var frame = LineFrame.Of(timeline, line, policy);
        var history = new NadirHistory(frame);
        var dates = Assess(frame, criteria, history);
        Confirmation.Settle(dates, () => frame.After.Select(day => Assessment.Of(frame, day, criteria, history)), frame);
        return BestResponse.At(frame, dates, date);
    }

    private static ImmutableArray<Assessment> Assess(LineFrame frame, ResponseCriteria criteria, NadirHistory history)
    {
        var dates = ImmutableArray.CreateBuilder<Assessment>(frame.Days.Length);
        foreach (var day in frame.Days)
        {
            var date = Assessment.Of(frame, day, criteria, history);
            dates.Add(date);
            history.Add(day, date.Judged);
            if (frame.IsFollowedBlank(day))
                history.Break();
            else if (date.IsAssessment)
                history.Confirm(date.Judged);
        }

        return dates.ToImmutable();
    }
}
