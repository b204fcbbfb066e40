using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>The findings of a date as the record has them: ranges, and null for what was not measured.</summary>
internal sealed record Open
{
    public required MeasurableBy Set { get; init; }

    public Span? Serum { get; init; }

    public Span? SerumBaseline { get; init; }

    public Span? SerumNadir { get; init; }

    public bool? NoSerum { get; init; }

    public Span? Urine { get; init; }

    public Span? UrineBaseline { get; init; }

    public Span? UrineNadir { get; init; }

    public bool? NoUrine { get; init; }

    public Span? Dflc { get; init; }

    public Span? DflcBaseline { get; init; }

    public Span? DflcNadir { get; init; }

    public Span? Marrow { get; init; }

    public Span? MarrowBaseline { get; init; }

    public Span? MarrowNadir { get; init; }

    /// <summary>The sum of products of this date, for progression.</summary>
    public Span? Grown { get; init; }

    /// <summary>The sum of products that speaks for this date, for responses.</summary>
    public Span? Lesion { get; init; }

    public Span? LesionBaseline { get; init; }

    public Span? LesionNadir { get; init; }

    public bool? SerumFixationNegative { get; init; }

    public bool? UrineFixationNegative { get; init; }

    public Span? CrMarrow { get; init; }

    public bool? RatioNormal { get; init; }

    public bool? Free { get; init; }

    public bool NewLesion { get; init; }

    public bool Plasmacytoma { get; init; }

    public bool Stated { get; init; }

    public bool SerumWord { get; init; }

    public bool UrineWord { get; init; }

    public bool? Gone { get; init; }

    public bool UrineAssumedLow { get; init; }

    /// <summary>Every combination of the ends of the ranges: what holds in all of them holds, what holds in some may.</summary>
    public IEnumerable<Findings> Worlds() =>
        from serum in Ends(Serum, SerumBaseline, SerumNadir)
        from urine in Ends(Urine, UrineBaseline, UrineNadir)
        from dflc in Ends(Dflc, DflcBaseline, DflcNadir)
        from marrow in Ends(Marrow, MarrowBaseline, MarrowNadir)
        from grown in Ends(Grown, null, LesionNadir)
        from lesion in Ends(Lesion, LesionBaseline, null)
        from crMarrow in Ends(CrMarrow)
        select new Findings
        {
            Set = Set,
            Serum = serum,
            Urine = urine,
            Dflc = dflc,
            Marrow = marrow,
            Grown = grown,
            Lesion = lesion,
            NoSerum = NoSerum is true || (serum.Now == 0m && !SerumWord),
            NoUrine = NoUrine is true || (urine.Now == 0m && !UrineWord),
            SerumFixationNegative = SerumFixationNegative,
            UrineFixationNegative = UrineFixationNegative,
            CrMarrow = crMarrow,
            RatioNormal = RatioNormal,
            Free = Free,
            NewLesion = NewLesion,
            Plasmacytoma = Plasmacytoma,
            Stated = Stated,
            Gone = Gone,
            UrineAssumedLow = UrineAssumedLow,
        };

    private static IEnumerable<Compared> Ends(Span? now, Span? baseline, Span? nadir) =>
        now is null ? [default] : from n in Ends(now) from b in Ends(baseline) from lowest in Ends(nadir).Concat(AcrossFive(nadir)) select new Compared(n, b, lowest);

    /// <summary>R-PD-2 begins at a nadir of 5, so a range across it is asked there too.</summary>
    private static IEnumerable<Point?> AcrossFive(Span? nadir) => nadir is { } range && range.Low < 5m && range.High > 5m ? [new Point(5, -1), new Point(5)] : [];

    private static IEnumerable<Point?> Ends(Span? span) => span is not { } range ? [null] : range.IsExact ? [range.Low] : [range.Low, range.High];
}
