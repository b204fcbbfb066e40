using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Clinical.Washout;

/// <summary>A maximal run of one antibody's doses, uninterrupted by the other (R-WO-8).</summary>
/// <param name="Drug">Which antibody.</param>
/// <param name="Doses">Its doses, by date.</param>
internal sealed record AntibodyRun(Drug Drug, ImmutableArray<ExposureDay> Doses)
{
    /// <summary>The dose that can be the latest.</summary>
    public ExposureDay LastDose { get; } = Doses.OrderBy(d => d.Date.Last).ThenBy(d => d.Date.First).ThenByDescending(d => d.Source).Last();

    /// <summary>The dose that can be the earliest.</summary>
    public ExposureDay FirstDose { get; } = Doses.OrderBy(d => d.Date.First).ThenBy(d => d.Date.Last).ThenBy(d => d.Source).First();

    /// <summary>The days on which the last dose can have been given: not before any dose known to the day.</summary>
    public (DateOnly Earliest, DateOnly Latest) LastGiven => (Doses.Max(d => d.Date.First), Doses.Max(d => d.Date.Last));

    /// <summary>The days on which the first dose can have been given.</summary>
    public (DateOnly Earliest, DateOnly Latest) FirstGiven => (Doses.Min(d => d.Date.First), Doses.Min(d => d.Date.Last));
}

/// <summary>Splits the doses of the two antibodies into runs.</summary>
internal static class AntibodyRuns
{
    /// <summary>
    /// Runs in time order. Where partial dates leave the order open, the order with the fewest switches stands, and with equal numbers daratumumab came
    /// first; on one day the antibody that was being given comes first (R-WO-9: concurrent is 0 days).
    /// </summary>
    public static ImmutableArray<AntibodyRun> Split(IEnumerable<ExposureDay> doses)
    {
        ExposureDay[] all = [.. doses];
        ExposureDay[] daratumumab = [.. all.Where(d => d.Drug == Drug.Daratumumab)];
        ExposureDay[] isatuximab = [.. all.Where(d => d.Drug == Drug.Isatuximab)];
        if (daratumumab.Length == 0 && isatuximab.Length == 0)
            return [];
        var daratumumabCanBeFirst = isatuximab.Length == 0 || (daratumumab.Length > 0 && Earliest(daratumumab) <= Certain(isatuximab));
        var isatuximabCanBeFirst = daratumumab.Length == 0 || (isatuximab.Length > 0 && Earliest(isatuximab) < Certain(daratumumab));
        if (!isatuximabCanBeFirst)
            return Walk(daratumumab, isatuximab);
        if (!daratumumabCanBeFirst)
            return Walk(isatuximab, daratumumab);
        var one = Walk(daratumumab, isatuximab);
        var other = Walk(isatuximab, daratumumab);
        return other.Length < one.Length ? other : one;
    }

    /// <summary>Takes every dose of the antibody in hand that can lie on or before the first certain dose of the other, then changes hands.</summary>
    private static ImmutableArray<AntibodyRun> Walk(ExposureDay[] inHand, ExposureDay[] other)
    {
        var runs = ImmutableArray.CreateBuilder<AntibodyRun>();
        List<ExposureDay> mine = [.. inHand.OrderBy(d => d.Date)];
        List<ExposureDay> theirs = [.. other.OrderBy(d => d.Date)];
        while (mine.Count > 0)
        {
            var until = theirs.Count > 0 ? Certain(theirs) : DateOnly.MaxValue;
            ImmutableArray<ExposureDay> taken = [.. mine.Where(d => d.Date.First <= until)];
            if (taken.IsEmpty)
                taken = [mine[0]];
            runs.Add(new(taken[0].Drug, taken));
            mine.RemoveAll(taken.Contains);
            (mine, theirs) = theirs.Count > 0 ? (theirs, mine) : (mine, theirs);
        }
        return runs.ToImmutable();
    }

    private static DateOnly Earliest(IEnumerable<ExposureDay> doses) => doses.Min(d => d.Date.First);

    /// <summary>The day by which at least one of the doses has been given.</summary>
    private static DateOnly Certain(IEnumerable<ExposureDay> doses) => doses.Min(d => d.Date.Last);
}
