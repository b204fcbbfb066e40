using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.TimeToEvent;

/// <summary>The end of a time: a date with its event or censoring rule, and what shows it.</summary>
internal readonly record struct Ending(
    ClinicalDate? Date, EndpointEvent? Event, CensoringRule? Censoring, Cited Cited, bool? ProgressionConfirmed = null, bool IsFinal = true);

/// <summary>Something that ends a time once it is seen in the disease: PD, or relapse from CR.</summary>
internal sealed record Return(ClinicalDate Date, EndpointEvent Event, bool? Confirmed, Cited Cited);

/// <summary>The disease as it was followed in a line until new therapy, or until the end of the record (R-TTE-6, R-TTE-7).</summary>
internal sealed class FollowUp
{
    private readonly MyelomaCase _patient;
    private readonly TimeToEventPolicy _policy;
    private readonly bool _hasBaseline;
    private readonly ImmutableArray<ResponseAt> _adequate;
    private readonly (ClinicalDate Date, Cited Cited)? _newTherapy;

    private FollowUp(
        MyelomaCase patient, TimeToEventPolicy policy, bool hasBaseline, Return? progression, ImmutableArray<ResponseAt> assessments,
        (ClinicalDate, Cited)? newTherapy)
    {
        (_patient, _policy, _hasBaseline, Progression, _newTherapy) = (patient, policy, hasBaseline, progression, newTherapy);
        _adequate = [.. assessments.Where(at => at.Level > ResponseLevel.Progressive)];
    }

    /// <summary>The PD that counts (R-TTE-13).</summary>
    public Return? Progression { get; }

    /// <summary>The line at <paramref name="index"/>; where new therapy is ignored, with all that follow.</summary>
    public static FollowUp Of(MyelomaCase patient, ImmutableArray<LineOfTherapy> lines, ImmutableArray<LineResponse> responses, int index, TimeToEventPolicy policy)
    {
        var hasBaseline = responses[index].MeasurableBy != MeasurableBy.Unknown;
        if (policy.NewTherapy == NewTherapyPolicy.Censors)
        {
            return new(
                patient, policy, hasBaseline, Counted(responses[index], policy), responses[index].Assessments,
                lines[index].NewTherapy is { } date ? (date, Starts.Of(patient, date, index + 1 < lines.Length ? lines[index + 1] : null)) : null);
        }

        ReadOnlySpan<LineResponse> rest = responses.AsSpan()[index..];
        Return? first = null;
        var assessments = ImmutableArray.CreateBuilder<ResponseAt>();
        foreach (var response in rest)
        {
            first ??= Counted(response, policy);
            assessments.AddRange(response.Assessments);
        }

        return new(patient, policy, hasBaseline, first, assessments.ToImmutable(), null);
    }

    /// <summary>
    /// The end of a time in which the patient is observed for PD (or for <paramref name="returned"/>): that, else a death that counts and no new therapy
    /// preceded, else the last adequate assessment from <paramref name="observed"/> on.
    /// </summary>
    public Ending End(ClinicalDate observed, Return? returned, bool anyDeathCounts)
    {
        if (Event(returned, anyDeathCounts) is not { } found)
            return Censored(observed);
        if (_policy.MissedAssessments == MissedAssessmentsPolicy.Censors && found.Date is { } date)
        {
            var before = Last(at => at.Date.IsBefore(date).IsMet && at.Date >= observed);
            if (DaySpan.Between(before?.Date ?? observed, date).Min > 2 * _policy.AssessmentIntervalDays)
                return new(before?.Date ?? observed, null, CensoringRule.MissedAssessments, Both(before?.Cited ?? Cited.Nothing, found.Cited));
        }

        return found;
    }

    private Ending? Event(Return? returned, bool anyDeathCounts)
    {
        // A sample after death is a contradiction that is reported elsewhere; the death stands.
        if (returned is { } seen && !(_patient.Death is { } died && died.IsBefore(seen.Date).IsMet))
            return new(seen.Date, seen.Event, null, seen.Cited, seen.Confirmed, seen.Confirmed != false);
        var counts = _patient.IsDead && (anyDeathCounts || _patient.DeathDueToMyeloma);
        // The dose of another day was given before the patient died; on the day of death the event goes first.
        var isLate = _newTherapy is { } next && !(_patient.Death is { } death && next.Date.IsBefore(death).IsNotMet);
        return counts && !isLate ? OfDeath(_patient) : null;
    }

    private Ending Censored(ClinicalDate observed)
    {
        var last = Last(at => at.Date >= observed && !(_patient.Death is { } died && died.IsBefore(at.Date).IsMet));
        return last is null
            ? new(observed, null, _hasBaseline ? CensoringRule.NoAssessment : CensoringRule.NoBaseline, Cited.Nothing)
            : _newTherapy is { } next
            ? new(last.Date, null, CensoringRule.NewTherapyBeforeProgression, Both(last.Cited, next.Cited))
            : _patient.IsDead
            ? new(last.Date, null, CensoringRule.DeathOfOtherOrUnknownCause, Both(last.Cited, Cited.These(_patient.DeathSources)))
            : new(last.Date, null, CensoringRule.LastAdequateAssessment, last.Cited);
    }

    /// <summary>What either cites, found only when somebody asks.</summary>
    public static Cited Both(Cited one, Cited other) => Cited.When(() => [.. one.Sources.Concat(other.Sources).Distinct().Order()]);

    /// <summary>The death as an event; without its date nothing can be timed to it.</summary>
    public static Ending OfDeath(MyelomaCase patient) => new(
        patient.Death, patient.DeathDueToMyeloma ? EndpointEvent.DeathDueToMyeloma : EndpointEvent.Death, null, Cited.These(patient.DeathSources));

    /// <summary>
    /// The confirmed PD; without one an open PD (R-CONF-7) if it is the last word of the line. One after which the disease was seen without PD, by whatever
    /// marker, ends no time.
    /// </summary>
    private static Return? Counted(LineResponse response, TimeToEventPolicy policy)
    {
        if (response.Progression is not { } found)
            return null;
        if (found.Confirmed)
            return new(found.Date, EndpointEvent.Progression, true, found.Cited);
        if (policy.UnconfirmedProgression == UnconfirmedProgressionPolicy.Ignored)
            return null;
        ResponseAt? open = null;
        foreach (var at in response.Assessments)
        {
            if (at.Level == ResponseLevel.Progressive)
                open ??= at;
            else if (at.Level > ResponseLevel.Progressive)
                open = null;
        }

        return open is null ? null : new(open.Date, EndpointEvent.Progression, false, open.Date == found.Date ? found.Cited : open.Cited);
    }

    private ResponseAt? Last(Func<ResponseAt, bool> holds)
    {
        for (var i = _adequate.Length - 1; i >= 0; i--)
        {
            if (holds(_adequate[i]))
                return _adequate[i];
        }

        return null;
    }
}
