using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>The lines that a curator stated: they win over derived boundaries (d.1).</summary>
internal sealed class CuratedLines(MyelomaCase patient)
{
    private readonly Queue<StatedLine> _ahead = new(Of(patient));

    /// <summary>One statement per number, the earliest, in time order.</summary>
    public static ImmutableArray<StatedLine> Of(MyelomaCase patient) => patient.StatedLines.IsEmpty ? [] :
    [
        .. patient.StatedLines
            .GroupBy(stated => stated.Number)
            .Select(same => same.OrderBy(stated => stated.Start).ThenBy(stated => stated.Source).First())
            .OrderBy(stated => stated.Start).ThenBy(stated => stated.Number),
    ];

    /// <summary>The stated line that has begun by that date; of several only the last leaves room for doses.</summary>
    public StatedLine? TakeFrom(ClinicalDate date)
    {
        StatedLine? begun = null;
        while (_ahead.TryPeek(out var next) && next.Start <= date)
            begun = _ahead.Dequeue();
        return begun;
    }

    /// <summary>
    /// The statement that leaves no room for a derived boundary: that of a stated line with an end, or of the line that follows this one by number; null where
    /// the curator says nothing.
    /// </summary>
    public StatedLine? Fixing(LineDraft current, ClinicalDate date) =>
        current.Curated is { End: { } end } stated && date <= end ? stated
        : _ahead.TryPeek(out var next) && next.Number <= current.Number + 1 ? next
        : null;
}
