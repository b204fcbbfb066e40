using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>One marker at one date, with what it is compared to; null is "not measured".</summary>
internal readonly record struct Compared(Point? Now, Point? Baseline, Point? Nadir)
{
    public bool FellBy(decimal percent) => Now is { } now && Baseline is { } baseline && now <= (1 - (percent / 100)) * baseline;

    /// <summary>R-PD-8: from a nadir of 0 or less everything is more.</summary>
    public bool RoseBy(decimal percent) => Now is { } now && Nadir is { } nadir && (nadir <= 0m || now >= (1 + (percent / 100)) * nadir);

    public Point? Rise => Now is { } now && Nadir is { } nadir ? now - Point.Most(nadir, 0m) : null;
}

/// <summary>What one row of the table is asked: exact numbers and plain yes or no. What a record leaves open is asked once per possibility.</summary>
internal sealed record Findings
{
    public required MeasurableBy Set { get; init; }

    public Compared Serum { get; init; }

    public Compared Urine { get; init; }

    public Compared Dflc { get; init; }

    public Compared Marrow { get; init; }

    /// <summary>Sum of products on the day, mm².</summary>
    public Compared Grown { get; init; }

    /// <summary>Sum of products that speaks for the day, mm².</summary>
    public Compared Lesion { get; init; }

    /// <summary>Serum M-protein is 0 or was sent as below a limit.</summary>
    public bool NoSerum { get; init; }

    public bool NoUrine { get; init; }

    public bool? SerumFixationNegative { get; init; }

    public bool? UrineFixationNegative { get; init; }

    /// <summary>The marrow that may speak for CR at this date (a.10), %.</summary>
    public Point? CrMarrow { get; init; }

    public bool? RatioNormal { get; init; }

    /// <summary>No clonal plasma cells.</summary>
    public bool? Free { get; init; }

    public bool NewLesion { get; init; }

    /// <summary>A plasmacytoma was seen at baseline: its fate must be shown.</summary>
    public bool Plasmacytoma { get; init; }

    /// <summary>A plasmacytoma was only stated, without a size.</summary>
    public bool Stated { get; init; }

    /// <summary>Imaging shows every plasmacytoma gone.</summary>
    public bool? Gone { get; init; }

    /// <summary>What the urine policy says of a urine that was not measured: below 100 mg/24 h.</summary>
    public bool UrineAssumedLow { get; init; }
}
