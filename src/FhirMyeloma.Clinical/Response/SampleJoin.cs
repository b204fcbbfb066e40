using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Clinical.Response;

/// <summary>
/// Which results of neighbouring days are one assessment (a.10, serum with urine). Runs within one stretch of therapy, so nothing is joined across the first
/// dose of the line or of new therapy. Dates that are not known to the day are not joined.
/// </summary>
internal static class SampleJoin
{
    public static ImmutableArray<SampleDay> Join(List<SampleDay> days, int withinDays)
    {
        Move(days, withinDays,
            day => day.SerumFixation is not null && day.Serum is null,
            day => day.Serum is not null,
            day => day.SerumFixation is not null,
            (giver, taker) => (giver with { SerumFixation = null }, taker with { SerumFixation = giver.SerumFixation }));
        Move(days, withinDays,
            day => day.Urine is not null && !day.HasSerum,
            day => day.HasSerum,
            day => day.Urine is not null,
            (giver, taker) => (giver with { Urine = null }, taker with { Urine = giver.Urine }));
        Move(days, withinDays,
            day => day.UrineFixation is not null && !day.HasSerum,
            day => day.HasSerum,
            day => day.UrineFixation is not null,
            (giver, taker) => (giver with { UrineFixation = null }, taker with { UrineFixation = giver.UrineFixation }));
        return [.. days];
    }

    /// <summary>
    /// CR asks for immunofixations within 7 days (a.10). A date that carries the followed marker and has none borrows that of a neighbour which does not
    /// (light chains and immunofixation drawn on different days); one that already serves a date of the marker is not used twice.
    /// </summary>
    public static ImmutableArray<SampleDay> Borrow(ImmutableArray<SampleDay> days, Func<SampleDay, bool> isFollowed, int withinDays)
    {
        return
        [
            .. days.Select((day, i) => !isFollowed(day) ? day : day with
            {
                SerumFixation = day.SerumFixation ?? Neighbour(i, other => other.SerumFixation is not null)?.SerumFixation,
                UrineFixation = day.UrineFixation ?? Neighbour(i, other => other.UrineFixation is not null)?.UrineFixation,
            }),
        ];

        SampleDay? Neighbour(int i, Func<SampleDay, bool> holds) =>
            Nearest(days, i, day => holds(day) && !isFollowed(day), withinDays) is >= 0 and var j ? days[j] : null;
    }

    private static void Move(
        List<SampleDay> days, int withinDays, Func<SampleDay, bool> moves, Func<SampleDay, bool> receives, Func<SampleDay, bool> isTaken,
        Func<SampleDay, SampleDay, (SampleDay Giver, SampleDay Taker)> merge)
    {
        // target -> the nearest that wants to join it; of two equally near the earlier.
        Dictionary<int, int>? claims = null;
        for (var i = 0; i < days.Count; i++)
        {
            if (!moves(days[i]) || Nearest(days, i, receives, withinDays) is not (>= 0 and var target) || isTaken(days[target]))
                continue;
            claims ??= [];
            if (!claims.TryGetValue(target, out var rival) || Distance(days[i], days[target]) < Distance(days[rival], days[target]))
                claims[target] = i;
        }

        foreach (var (target, source) in claims ?? [])
            (days[source], days[target]) = merge(days[source], days[target]);
    }

    // Days are sorted, so the first of two equally near is the earlier.
    private static int Nearest(IReadOnlyList<SampleDay> days, int i, Func<SampleDay, bool> receives, int withinDays)
    {
        if (!days[i].Date.IsExact)
            return -1;
        var nearest = -1;
        for (var j = i - 1; j >= 0 && Distance(days[j], days[i]) <= withinDays; j--)
            Consider(j);
        for (var j = i + 1; j < days.Count && Distance(days[j], days[i]) <= withinDays; j++)
            Consider(j);
        return nearest;

        void Consider(int j)
        {
            if (!days[j].Date.IsExact || !receives(days[j]))
                return;
            if (nearest < 0 || Distance(days[j], days[i]) < Distance(days[nearest], days[i])
                || (Distance(days[j], days[i]) == Distance(days[nearest], days[i]) && j < nearest))
                nearest = j;
        }
    }

    private static int Distance(SampleDay a, SampleDay b) => Math.Abs(a.Date.First.DayNumber - b.Date.First.DayNumber);
}
