using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>What one imaging date says of the lesions.</summary>
internal sealed record Lesions
{
    public static Lesions None { get; } = new();

    /// <summary>Sum of the products of the diameters, mm2: as sent, else the sum over the lesions.</summary>
    public Sample? Spd { get; init; }

    /// <summary>The largest of the longest diameters, mm.</summary>
    public Sample? LongestDiameter { get; init; }

    /// <summary>A lesion called new.</summary>
    public LesionFinding? New { get; init; }

    /// <summary>Met: all gone; NotMet: some are seen; Unknown: not said.</summary>
    public Tri Gone { get; init; }

    public ImmutableArray<SourceId> Sources { get; init; } = [];

    public bool IsEmpty => Sources.IsEmpty;

    public static Lesions Of(ImmutableArray<LesionFinding> findings)
    {
        if (findings.IsEmpty)
            return None;
        var spd = Joined(findings, LesionMeasure.Spd, (a, b) => a + b);
        var diameter = Joined(findings, LesionMeasure.LongestDiameter, (a, b) => b.Low > a.Low ? b : a);
        var gone = findings.FirstOrDefault(finding => finding.Measure == LesionMeasure.Gone);
        // A size of 0 says gone by itself; the measure that was not sent says nothing.
        var seen = spd is null && diameter is null ? Tri.Unknown : (spd?.Value.IsAbove(0) ?? Tri.NotMet) | (diameter?.Value.IsAbove(0) ?? Tri.NotMet);
        return new()
        {
            Spd = spd,
            LongestDiameter = diameter,
            New = findings.FirstOrDefault(finding => finding.Measure == LesionMeasure.NewLesion && finding.Value.IsAbove(0).IsMet),
            Gone = gone is not null ? gone.Value.IsAbove(0) : !seen,
            Sources = [.. findings.Select(finding => finding.Source).Distinct().Order()],
        };
    }

    /// <summary>Met when imaging shows at least this fall of the sum of products, or all lesions gone.</summary>
    public Tri FellBy(decimal percent, Lesions baseline) =>
        Gone.IsMet ? Tri.Met
        : Spd is { } now && baseline.Spd is { } before ? now.Value.FellBy(percent, before.Value)
        : Tri.Unknown;

    private static Sample? Joined(ImmutableArray<LesionFinding> findings, LesionMeasure measure, Func<Reading, Reading, Reading> join)
    {
        List<LesionFinding> ofMeasure = [.. findings.Where(finding => finding.Measure == measure)];
        if (ofMeasure.Exists(finding => finding.Lesion is null))
            ofMeasure.RemoveAll(finding => finding.Lesion is not null);
        if (ofMeasure.Count == 0)
            return null;
        // Two values for one lesion on one day are a range; different lesions are joined.
        var value = ofMeasure.GroupBy(finding => finding.Lesion, StringComparer.Ordinal)
            .Select(lesion => lesion.Select(finding => finding.Value).Aggregate((a, b) => a.Union(b)))
            .Aggregate(join);
        return new() { Date = ofMeasure[0].Date, Value = value, Sources = [.. ofMeasure.Select(finding => finding.Source).Distinct().Order()] };
    }
}
