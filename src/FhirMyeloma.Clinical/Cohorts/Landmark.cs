using System.Collections.Immutable;

namespace FhirMyeloma.Clinical.Cohorts;

/// <summary>A patient's time with what happened in it, in days from the start of the line.</summary>
/// <param name="ResponseDay">Day of the first response; null without one.</param>
/// <param name="EndDay">Day on which the time ended.</param>
/// <param name="IsEvent">By an event; else censored.</param>
public readonly record struct FollowedTime(decimal? ResponseDay, decimal EndDay, bool IsEvent);

/// <summary>A time from the landmark on.</summary>
/// <param name="Responder">Had responded on or before the landmark.</param>
/// <param name="Days">Days from the landmark to the end.</param>
/// <param name="IsEvent">By an event; else censored.</param>
public readonly record struct LandmarkTime(bool Responder, decimal Days, bool IsEvent);

/// <summary>
/// Responders against non-responders by landmark (R-TTE-14; Anderson, Cain and Gelber, J Clin Oncol 1983;1:710). Who responds must live long enough to do so;
/// groups formed from the start of the line would count that time for the responders. So the groups are those of one day fixed beforehand, the time begins
/// there, and whoever was no longer followed on that day is left out.
/// </summary>
public static class Landmark
{
    /// <summary>The times of those still followed on the landmark day, in the order given.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The landmark lies before the start.</exception>
    public static ImmutableArray<LandmarkTime> Split(IEnumerable<FollowedTime> times, decimal landmarkDay)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(landmarkDay);
        return
        [
            .. times.Where(time => time.EndDay > landmarkDay)
                .Select(time => new LandmarkTime(time.ResponseDay <= landmarkDay, time.EndDay - landmarkDay, time.IsEvent)),
        ];
    }
}
