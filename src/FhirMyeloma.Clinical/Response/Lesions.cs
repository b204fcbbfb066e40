using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>One lesion that the record follows by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Spd">Product of its diameters, mm2; 0 when it is gone.</param>
/// <param name="LongestDiameter">Its longest diameter, mm; 0 when it is gone.</param>
internal sealed record NamedLesion(string Name, Sample? Spd, Sample? LongestDiameter);

/// <summary>What one imaging date says of the lesions.</summary>
internal sealed record Lesions
{
    public static Lesions None { get; } = new();

    /// <summary>Sum of the products of the diameters, mm2: as sent, else the sum over the lesions.</summary>
    public Sample? Spd { get; private init; }

    /// <summary>The longest diameter, mm: of the only lesion as sent, else the largest.</summary>
    public Sample? LongestDiameter { get; private init; }

    /// <summary>The sizes were sent lesion by lesion, not as a sum.</summary>
    public bool IsByName => !Named.IsEmpty && !_hasTotal;

    /// <summary>The lesions that have a name, by name.</summary>
    public ImmutableArray<NamedLesion> Named { get; private init; } = [];

    /// <summary>Lesions called new.</summary>
    public ImmutableArray<LesionFinding> New { get; private init; } = [];

    /// <summary>Whether a lesion is new was looked at, and the answer is not known.</summary>
    public bool MayBeNew { get; private init; }

    /// <summary>Met: all gone; NotMet: some are seen; Unknown: not said.</summary>
    public Tri Gone { get; private init; }

    public ImmutableArray<SourceId> Sources { get; private init; } = [];

    public bool IsEmpty => Sources.IsEmpty;

    private readonly bool _hasTotal;
    private readonly bool _saysAll;

    private Lesions(bool hasTotal = false, bool saysAll = false) => (_hasTotal, _saysAll) = (hasTotal, saysAll);

    public static Lesions Of(ImmutableArray<LesionFinding> findings)
    {
        if (findings.IsEmpty)
            return None;
        // One lesion gone is a size of 0, whatever was measured of it.
        List<LesionFinding> sizes =
        [
            .. findings.Where(finding => finding.Measure is LesionMeasure.Spd or LesionMeasure.LongestDiameter),
            .. findings.Where(finding => finding is { Measure: LesionMeasure.Gone, Lesion: not null } && finding.Value.IsAbove(0).IsMet)
                .SelectMany(finding => new[] { LesionMeasure.Spd, LesionMeasure.LongestDiameter }.Select(measure => finding with { Measure = measure, Value = Reading.Exact(0) })),
        ];
        List<LesionFinding> gone = [.. findings.Where(finding => finding.Measure == LesionMeasure.Gone)];
        var saysAll = gone.Exists(finding => finding.Lesion is null);
        // A size of 0 says gone by itself; the measure that was not sent says nothing. Of two statements the worse stands.
        var seen = sizes.Select(finding => finding.Value.IsAbove(0)).Concat(gone.Select(finding => !finding.Value.IsAbove(0))).ToList();
        return new(hasTotal: sizes.Exists(finding => finding.Lesion is null), saysAll)
        {
            Spd = Joined(sizes, LesionMeasure.Spd, (a, b) => a + b),
            LongestDiameter = Joined(sizes, LesionMeasure.LongestDiameter, (a, b) => b.Low > a.Low ? b : a),
            Named =
            [
                .. sizes.Where(finding => finding.Lesion is not null).GroupBy(finding => finding.Lesion!, StringComparer.Ordinal)
                    .OrderBy(lesion => lesion.Key, StringComparer.Ordinal)
                    .Select(lesion => new NamedLesion(lesion.Key, Joined([.. lesion], LesionMeasure.Spd, (a, b) => a + b), Joined([.. lesion], LesionMeasure.LongestDiameter, (a, b) => a + b))),
            ],
            New = [.. findings.Where(finding => finding.Measure == LesionMeasure.NewLesion && finding.Value.IsAbove(0).IsMet)],
            MayBeNew = findings.Any(finding => finding.Measure == LesionMeasure.NewLesion && finding.Value.IsAny),
            Gone = seen.Count == 0 ? Tri.Unknown : !seen.Aggregate((a, b) => a | b),
            Sources = [.. findings.Select(finding => finding.Source).Distinct().Order()],
        };
    }

    /// <summary>
    /// The findings that stand after a later imaging: it replaces what it speaks of, lesion by lesion; a sum or a statement about all replaces everything.
    /// </summary>
    public static ImmutableArray<LesionFinding> Renewed(ImmutableArray<LesionFinding> before, ImmutableArray<LesionFinding> later) =>
        later.IsEmpty ? before
        : later.Any(finding => finding.Lesion is null) ? later
        : [.. before.Where(finding => finding.Lesion is not null && !later.Any(other => other.Lesion == finding.Lesion)), .. later];

    /// <summary>Met when all lesions of the baseline are gone; a lesion that the imaging does not speak of leaves it open.</summary>
    public Tri GoneFrom(Lesions baseline) =>
        Gone.IsMet && !_saysAll && IsByName && baseline.IsByName && !Covers(baseline) ? Tri.Unknown : Gone;

    /// <summary>Met when imaging shows at least this fall of the sum of products, or all lesions gone; null where it did not measure what the baseline did.</summary>
    public Tri? FellBy(decimal percent, Lesions baseline)
    {
        if (GoneFrom(baseline).IsMet)
            return Tri.Met;
        if (Spd is not { } now || baseline.Spd is not { } before)
            return null;
        var fell = now.Value.FellBy(percent, before.Value);
        // What was not measured again can only add to the sum.
        return fell.IsMet && IsByName && baseline.IsByName && !Covers(baseline) ? null : fell;
    }

    private bool Covers(Lesions baseline) => baseline.Named.All(lesion => Named.Any(other => other.Name == lesion.Name && (lesion.Spd is null || other.Spd is not null)));

    private static Sample? Joined(List<LesionFinding> findings, LesionMeasure measure, Func<Reading, Reading, Reading> join)
    {
        List<LesionFinding> ofMeasure = [.. findings.Where(finding => finding.Measure == measure)];
        if (ofMeasure.Exists(finding => finding.Lesion is null))
            ofMeasure.RemoveAll(finding => finding.Lesion is not null);
        if (ofMeasure.Count == 0)
            return null;
        // Two values for one lesion on one day are a range; different lesions are joined.
        var value = ofMeasure.GroupBy(finding => finding.Lesion, StringComparer.Ordinal)
            .Select(lesion => lesion.Select(finding => finding.Value).Aggregate((a, b) => a.IsAny ? b : b.IsAny ? a : a.Union(b)))
            .Aggregate(join);
        return new() { IsDiameter = measure == LesionMeasure.LongestDiameter, IsBlank = value.IsAny, Date = ofMeasure.Max(finding => finding.Date), Value = value, Sources = [.. ofMeasure.Select(finding => finding.Source).Distinct().Order()] };
    }
}
