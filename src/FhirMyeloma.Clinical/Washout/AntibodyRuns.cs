using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Clinical.Washout;

/// <summary>A maximal run of one antibody's doses, uninterrupted by the other (R-WO-8).</summary>
/// <param name="Drug">Which antibody.</param>
/// <param name="Doses">Its doses.</param>
internal sealed record AntibodyRun(Drug Drug, ImmutableArray<ExposureDay> Doses)
{
    /// <summary>The dose that can be the latest.</summary>
    public ExposureDay LastDose { get; } = Doses.OrderBy(d => d.Date.Last).ThenBy(d => d.Date.First).ThenByDescending(d => d.Source).Last();

    /// <summary>The dose that can be the earliest.</summary>
    public ExposureDay FirstDose { get; } = Doses.OrderBy(d => d.Date.First).ThenBy(d => d.Date.Last).First();

    /// <summary>The last day on which a dose can have been given.</summary>
    public DateOnly LastLatest => LastDose.Date.Last;

    /// <summary>The days on which the first dose can have been given: not after any dose known to the day.</summary>
    public (DateOnly Earliest, DateOnly Latest) FirstGiven => (FirstDose.Date.First, Doses.Min(d => d.Date.Last));

    /// <summary>
    /// The earliest day on which the last dose on or before <paramref name="day"/> can have been given. A dose whose date reaches past that day can lie after it,
    /// unless it is all there is.
    /// </summary>
    public DateOnly LastEarliest(DateOnly day) =>
        Doses.Where(d => d.Date.Last <= day).Select(d => (DateOnly?)d.Date.First).Max() ?? FirstDose.Date.First;
}

/// <summary>Splits the doses of the two antibodies into runs.</summary>
internal static class AntibodyRuns
{
    /// <summary>
    /// Runs in time order of the doses of both antibodies, at least one of each. A daratumumab dose of a partial date that can lie on or before the first
    /// isatuximab does (a.10, R-WO-9); on one day the antibody that was being given comes first.
    /// </summary>
    public static ImmutableArray<AntibodyRun> Split(IEnumerable<ExposureDay> doses)
    {
        var byDrug = doses.ToLookup(d => d.Drug);
        ExposureDay[] daratumumab = [.. byDrug[Drug.Daratumumab]];
        ExposureDay[] isatuximab = [.. byDrug[Drug.Isatuximab]];
        return daratumumab.Min(d => d.Date.First) <= Certain(isatuximab) ? Walk(daratumumab, isatuximab) : Walk(isatuximab, daratumumab);
    }

    /// <summary>Takes every dose of the antibody in hand that can lie on or before the first certain dose of the other, then changes hands.</summary>
    private static ImmutableArray<AntibodyRun> Walk(ExposureDay[] inHand, ExposureDay[] other)
    {
        var runs = ImmutableArray.CreateBuilder<AntibodyRun>();
        List<ExposureDay> mine = [.. inHand];
        List<ExposureDay> theirs = [.. other];
        while (mine.Count > 0)
        {
            var until = theirs.Count > 0 ? Certain(theirs) : DateOnly.MaxValue;
            ImmutableArray<ExposureDay> taken = [.. mine.Where(d => d.Date.First <= until)];
            runs.Add(new(taken[0].Drug, taken));
            mine.RemoveAll(taken.Contains);
            (mine, theirs) = (theirs, mine);
        }
        return runs.ToImmutable();
    }

    /// <summary>The day by which at least one of the doses has been given.</summary>
    private static DateOnly Certain(IEnumerable<ExposureDay> doses) => doses.Min(d => d.Date.Last);
}
