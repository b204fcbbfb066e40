using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>What the oracle says of one date.</summary>
internal sealed class Verdict(ClinicalDate date)
{
    public ClinicalDate Date { get; } = date;

    public ResponseLevel Level { get; set; }

    public bool Confirmed { get; set; }

    public ResponseLevel Strict { get; set; }

    public ResponseLevel Relaxed { get; set; }

    public ResponseLevel BoundWorst { get; set; }

    public ResponseLevel BoundBest { get; set; }

    /// <summary>Every rule of progression that holds, in the order of the table.</summary>
    public IReadOnlyList<string> Progressions { get; set; } = [];

    /// <summary>R-CONF-7: the next evaluable sample did not bear the progression out.</summary>
    public bool Refuted { get; set; }

    public ClinicalDate? ConfirmedOn { get; set; }

    public override string ToString() =>
        $"{Date} {Category.NameOf(Level)}{(Confirmed ? "+" : "")} strict {Category.NameOf(Strict)} relaxed {Category.NameOf(Relaxed)} "
        + $"[{Category.NameOf(BoundWorst)}..{Category.NameOf(BoundBest)}]{(Level == ResponseLevel.Progressive ? " by " + Progressions[0] : "")}";
}

/// <summary>What the oracle says of one line.</summary>
internal sealed record LineVerdict(
    MeasurableBy Set,
    IReadOnlyList<Verdict> Dates,
    ResponseLevel Best,
    ResponseLevel BestConfirmed,
    Verdict? Progression);
