using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>One marker at a date and the nadir before it.</summary>
internal readonly record struct Rise(Sample Current, NadirValue Nadir)
{
    public Tri ByPercent(decimal percent) => Current.Value.RoseBy(percent, Nadir.Value);

    public Reading Amount => Current.Value.RiseFrom(Nadir.Value);
}

/// <summary>What the progression rules read at one date.</summary>
internal readonly record struct ProgressionFacts(
    LineFrame Frame, Rise? Serum, Rise? Urine, Rise? Dflc, Rise? Marrow, Sample? Circulating, Sample? LowestCirculating, Sample? Calcium,
    LesionGrowth Lesions);

/// <summary>A published condition of progression.</summary>
/// <param name="Id">Rule id.</param>
/// <param name="Marker">The marker that met it; null for circulating cells and calcium.</param>
/// <param name="Applies">The sets it is read in.</param>
/// <param name="Holds">The condition; NotMet where the marker was not measured.</param>
internal sealed record ProgressionRule(string Id, ResponseMarker? Marker, Func<ProgressionFacts, bool> Applies, Func<ProgressionFacts, Tri> Holds)
{
    /// <summary>Imaging and marrow need no second sample (R-CONF-1).</summary>
    public bool NeedsConfirmation => Marker is not (ResponseMarker.Marrow or ResponseMarker.Lesion);

    /// <summary>What it reads where that is none of the markers.</summary>
    public Func<SampleDay, Sample?> Reads { get; init; } = _ => null;
}

/// <summary>The verdict of all rules on one date.</summary>
/// <param name="Met">The rules that hold for every value, in order.</param>
/// <param name="Possible">A rule holds for some values of a range only.</param>
internal readonly record struct ProgressionVerdict(ImmutableArray<ProgressionRule> Met, ProgressionRule? Possible)
{
    public bool IsMet => !Met.IsDefaultOrEmpty;

    /// <summary>A rule that holds, else one that may.</summary>
    public ProgressionRule? Any => IsMet ? Met[0] : Possible;
}

/// <summary>Progressive disease, IMWG-2016 (a.4 with the readings of a.10). Any one suffices.</summary>
internal static class ProgressionRules
{
    // R-PD-2, g/dL.
    private const decimal HighNadir = 5;

    public static ImmutableArray<ProgressionRule> Imwg2016 { get; } =
    [
        new("R-PD-1", ResponseMarker.SerumM, Always, f => Over(f.Serum, rise => rise.ByPercent(25) & rise.Amount.IsAtLeast(0.5m))),
        // From a nadir of 5 g/dL the absolute rise suffices. a.10 does not list it where nothing is measurable.
        new("R-PD-2", ResponseMarker.SerumM, f => f.Frame.Set != MeasurableBy.None, f => Over(f.Serum, RoseFromHighNadir)),
        new("R-PD-3", ResponseMarker.UrineM, Always, f => Over(f.Urine, rise => rise.ByPercent(25) & rise.Amount.IsAtLeast(200))),
        // More than 10 mg/dL, strictly: 100 mg/L.
        new("R-PD-4", ResponseMarker.Dflc,
            f => f.Frame.Set is MeasurableBy.Flc or MeasurableBy.Marrow or MeasurableBy.Lesion or MeasurableBy.None && f.Frame.Baseline.Dflc is not null,
            f => Over(f.Dflc, rise => rise.ByPercent(25) & rise.Amount.IsAbove(100))),
        new("R-PD-5", ResponseMarker.Marrow,
            f => f.Frame.Set is MeasurableBy.Marrow or MeasurableBy.Lesion or MeasurableBy.None && f.Frame.Baseline.Marrow is not null,
            f => Over(f.Marrow, rise => rise.ByPercent(25) & rise.Amount.IsAtLeast(10))),
        new("R-PD-6", ResponseMarker.Lesion, Always, f => f.Lesions.Holds),
        new("R-PD-7", null, f => f.Frame.Set == MeasurableBy.Unknown && f.Serum is null && f.Urine is null && f.Dflc is null && f.Marrow is null, CirculatingCellsRose)
        {
            Reads = day => day.Circulating,
        },
    ];

    /// <summary>The rules of 2006 and 2011: marrow to an absolute 10 %, and hypercalcaemia, whose cause the record does not prove.</summary>
    public static ImmutableArray<ProgressionRule> Imwg2006 { get; } =
    [
        .. Imwg2016.Select(rule => rule.Id != "R-PD-5" ? rule
            : rule with { Holds = f => Over(f.Marrow, rise => rise.ByPercent(25) & rise.Current.Value.IsAtLeast(10) & rise.Amount.IsAbove(0)) }),
        new("R-PD-9", null, Always, f => f.Calcium is { } calcium ? calcium.Value.IsAbove(11.5m) : Tri.NotMet) { Reads = day => day.Calcium },
    ];

    public static ProgressionVerdict Judge(ImmutableArray<ProgressionRule> rules, ProgressionFacts facts)
    {
        ImmutableArray<ProgressionRule> met = [];
        ProgressionRule? possible = null;
        foreach (var rule in rules)
        {
            if (!rule.Applies(facts))
                continue;
            var holds = rule.Holds(facts);
            if (holds.IsMet)
                met = met.Add(rule);
            else if (holds.IsUnknown)
                possible ??= rule;
        }

        return new(met, possible);
    }

    /// <summary>The rise of the marker that a rule reads.</summary>
    public static Rise? Of(this ProgressionFacts facts, ResponseMarker? marker) => marker switch
    {
        ResponseMarker.SerumM => facts.Serum,
        ResponseMarker.UrineM => facts.Urine,
        ResponseMarker.Dflc => facts.Dflc,
        ResponseMarker.Marrow => facts.Marrow,
        ResponseMarker.Lesion or null => null,
    };

    private static bool Always(ProgressionFacts facts) => true;

    private static Tri Over(Rise? rise, Func<Rise, Tri> holds) => rise is { } measured ? holds(measured) : Tri.NotMet;

    /// <summary>
    /// R-PD-2. A nadir that is a range across 5 g/dL is asked on both sides: from the upper part a rise of 1 must follow; it is certain only if the lower part
    /// gives R-PD-1 (R-UNIT-6: every value of the range gives PD, by whichever rule).
    /// </summary>
    private static Tri RoseFromHighNadir(Rise rise)
    {
        var (now, nadir) = (rise.Current.Value, rise.Nadir.Value);
        if (!nadir.IsAtLeast(HighNadir).IsUnknown)
            return nadir.IsAtLeast(HighNadir) & rise.Amount.IsAtLeast(1);
        var (lower, upper) = (nadir with { High = HighNadir, HighIncluded = false }, nadir with { Low = HighNadir, LowIncluded = true });
        var fromUpper = now.RiseFrom(upper).IsAtLeast(1);
        var fromLower = now.RoseBy(25, lower) & now.RiseFrom(lower).IsAtLeast(0.5m);
        return fromUpper.IsNotMet ? Tri.NotMet : (fromUpper & fromLower).IsMet ? Tri.Met : Tri.Unknown;
    }

    private static Tri CirculatingCellsRose(ProgressionFacts facts) =>
        facts is { Circulating: { } now, LowestCirculating: { } lowest } ? now.Value.RoseBy(50, lowest.Value) & now.Value.IsAtLeast(200) : Tri.NotMet;
}
