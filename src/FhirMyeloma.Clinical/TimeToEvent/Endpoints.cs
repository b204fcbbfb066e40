using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.TimeToEvent;

/// <summary>Times to event of every line and of the patient (section i). Pure: nothing is counted to today.</summary>
public static class Endpoints
{
    /// <summary>
    /// Overall survival from diagnosis, then the endpoints of every line. An endpoint that has no start is left out: response times without a response,
    /// disease-free survival without CR, PFS2 without a next line.
    /// </summary>
    public static ImmutableArray<EndpointResult> Derive(
        MyelomaCase patient, ImmutableArray<LineOfTherapy> lines, ImmutableArray<LineResponse> responses, TimeToEventPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentNullException.ThrowIfNull(policy);
        var results = Time(patient, lines, responses, policy);
        return TimeToEventChoices.Of(policy) is { IsEmpty: false } choices
            ? TimeToEventChoices.Mark(results, choices, without => Time(patient, lines, responses, without))
            : results;
    }

    private static ImmutableArray<EndpointResult> Time(
        MyelomaCase patient, ImmutableArray<LineOfTherapy> lines, ImmutableArray<LineResponse> responses, TimeToEventPolicy policy)
    {
        var results = ImmutableArray.CreateBuilder<EndpointResult>();
        var survival = Survival(patient);
        if (patient.Diagnosis.Date is { } diagnosed)
            Add(Endpoint.OverallSurvival, null, new(diagnosed, true, Cited.These(patient.Diagnosis.DateSource is { } stated ? [stated] : patient.Diagnosis.Sources)), survival);
        for (var i = 0; i < lines.Length; i++)
        {
            var (line, response) = (lines[i], responses[i]);
            var start = new Beginning(line.First, true, Starts.Of(patient, line.First, line));
            var followUp = FollowUp.Of(patient, lines, responses, i, policy);
            if (FirstResponse(response) is { } responded)
            {
                Add(Endpoint.TimeToFirstResponse, line, start, Reached(responded, EndpointEvent.Response));
                Add(Endpoint.TimeToBestResponse, line, start, Reached(Best(response), EndpointEvent.BestResponse));
                Add(Endpoint.DurationOfResponse, line, responded, followUp.End(responded.Date, followUp.Progression, policy.ResponseDeath == ResponseDeathPolicy.Any));
            }
            else if (response is { Best: ResponseLevel.Minimal })
                Add(Endpoint.TimeToBestResponse, line, start, Reached(Best(response), EndpointEvent.BestResponse));

            Add(Endpoint.ProgressionFreeSurvival, line, start, followUp.End(line.First, followUp.Progression, anyDeathCounts: true));
            Add(Endpoint.TimeToProgression, line, start, followUp.End(line.First, followUp.Progression, anyDeathCounts: false));
            Add(Endpoint.TimeToNextTreatment, line, start, NextTreatment(patient, i + 1 < lines.Length ? lines[i + 1] : null, survival, policy));
            if (i + 1 < lines.Length)
            {
                var second = FollowUp.Of(patient, lines, responses, i + 1, policy);
                Add(Endpoint.Pfs2, line, start, second.End(lines[i + 1].First, second.Progression, anyDeathCounts: true));
            }

            if (FirstComplete(response) is { } complete)
                Add(Endpoint.DiseaseFreeSurvival, line, complete, followUp.End(complete.Date, FromComplete(patient, response, followUp), anyDeathCounts: true));
            Add(Endpoint.OverallSurvival, line, start, survival);
        }

        return results.ToImmutable();

        void Add(Endpoint endpoint, LineOfTherapy? line, Beginning start, Ending? end)
        {
            if (end is { } known)
                results.Add(Timed(endpoint, line?.Number, start, known));
        }
    }

    private static EndpointResult Timed(Endpoint endpoint, int? line, Beginning start, Ending end)
    {
        // Censored where observation starts, or at the very assessment that starts the time: one day, however little of its date is known.
        var isSameDay = end.Date == start.Date && end.Censoring is not (null or CensoringRule.LastKnownAlive or CensoringRule.DeathBeforeNextLine);
        var span = isSameDay ? new(0, 0) : end.Date is { } date ? DaySpan.Between(start.Date, date) : (DaySpan?)null;
        var isReversed = span is { Max: < 0 };
        var flags = new FlagSet();
        if (!start.IsFinal || !end.IsFinal)
            flags.Add(Flag.Unconfirmed);
        if (span is { Min: < 0, Max: >= 0 })
            flags.Add(Flag.OrderUncertain);
        return new()
        {
            Line = line,
            Endpoint = endpoint,
            Start = start.Date,
            End = end.Date,
            Days = isReversed || span is not { } days ? null : new(Math.Max(days.Min, 0), days.Max),
            Event = end.Event,
            Censoring = end.Censoring,
            Reason = isReversed ? NoDaysReason.EndBeforeStart : span is null ? NoDaysReason.DeathUndated : null,
            ProgressionConfirmed = end.ProgressionConfirmed,
            IsFinal = start.IsFinal && end.IsFinal,
            Flags = flags.ToImmutable(),
            Cited = FollowUp.Both(start.Cited, end.Cited),
        };
    }

    private static Ending? Survival(MyelomaCase patient) => patient.IsDead
        ? FollowUp.OfDeath(patient)
        : Starts.LastKnownAlive(patient) is { } alive ? new(alive.Date, null, CensoringRule.LastKnownAlive, alive.Cited) : null;

    /// <summary>The next line goes first on the day of death: its dose was given before.</summary>
    private static Ending? NextTreatment(MyelomaCase patient, LineOfTherapy? next, Ending? survival, TimeToEventPolicy policy)
    {
        if (next is not null && !(patient.Death is { } death && death.IsBefore(next.First).IsMet))
            return new(next.First, EndpointEvent.NextLine, null, Starts.Of(patient, next.First, next));
        return survival is { Event: not null } died && policy.NextTreatmentDeath == NextTreatmentDeathPolicy.Censors
            ? died with { Event = null, Censoring = CensoringRule.DeathBeforeNextLine }
            : survival;
    }

    private static Beginning? FirstResponse(LineResponse response) =>
        response.FirstResponse is { } date && At(response, date) is { } first ? new(date, first.Confirmed, first.Cited) : null;

    private static Beginning Best(LineResponse response) =>
        new(response.BestResponse!.Value, response.IsFinal, At(response, response.BestResponse.Value)?.Cited ?? Cited.Nothing);

    private static Beginning? FirstComplete(LineResponse response) =>
        response.Best >= ResponseLevel.Complete && response.Assessments.FirstOrDefault(at => at.Level >= ResponseLevel.Complete) is { } first
            ? new(first.Date, first.Confirmed, first.Cited)
            : null;

    /// <summary>What is reached stays preliminary as long as its category is.</summary>
    private static Ending Reached(Beginning category, EndpointEvent what) =>
        new(category.Date, what, null, category.Cited, IsFinal: category.IsFinal);

    /// <summary>Relapse from CR: PD among other things, and then called by its name.</summary>
    private static Return? FromComplete(MyelomaCase patient, LineResponse response, FollowUp followUp)
    {
        if (response.RelapseFromCr is not { } date || (followUp.Progression is { } progression && progression.Date <= date))
            return followUp.Progression;
        return new(date, EndpointEvent.RelapseFromCr, null, At(response, date)?.Cited ?? Cited.When(() =>
        [
            .. patient.Measurements.Where(result => result.Date == date && result.Marker is Marker.SerumMProtein or Marker.UrineMProtein or Marker.MarrowPlasmaCells)
                .Select(result => result.Source),
            .. patient.Immunofixations.Where(result => result.Date == date).Select(result => result.Source),
        ]));
    }

    private static ResponseAt? At(LineResponse response, ClinicalDate date)
    {
        foreach (var at in response.Assessments)
        {
            if (at.Date == date)
                return at;
        }

        return null;
    }

    private readonly record struct Beginning(ClinicalDate Date, bool IsFinal, Cited Cited);
}
