using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>The lines that a curator stated: they win over derived boundaries (d.1).</summary>
internal sealed class CuratedLines
{
    private readonly Queue<StatedLine> _ahead;

    public CuratedLines(MyelomaCase patient) => _ahead = new(patient.StatedLines
        .GroupBy(stated => stated.Number)
        .Select(same => same.OrderBy(stated => stated.Start).ThenBy(stated => stated.Source).First())
        .OrderBy(stated => stated.Start).ThenBy(stated => stated.Number));

    /// <summary>The stated lines that have begun by that date; of several only the last leaves room for doses.</summary>
    public ImmutableArray<StatedLine> TakeFrom(ClinicalDate date)
    {
        StatedLine? begun = null;
        while (_ahead.TryPeek(out var next) && next.Start <= date)
            begun = _ahead.Dequeue();
        return begun is null ? [] : [begun];
    }

    /// <summary>
    /// True where the curator leaves no room for a derived boundary: inside a stated line with an end, and where the next stated line follows by number.
    /// </summary>
    public bool Fixes(LineDraft current, ClinicalDate date) =>
        (current.Curated?.End is { } end && date <= end) || (_ahead.TryPeek(out var next) && next.Number <= current.Number + 1);
}
