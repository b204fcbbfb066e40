using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>What the response of a line says about a change of treatment (d.1, condition i).</summary>
/// <param name="Progressed">PD precedes the change, derived or asserted by a clinician.</param>
/// <param name="IsBelowPartial">Without progression: the best response before it is less than PR.</param>
/// <param name="IsUnknown">No response was derived or stated.</param>
/// <param name="Sources">The assertions that decided, where nothing derived did.</param>
internal sealed record ResponseBefore(bool Progressed, bool IsBelowPartial, bool IsUnknown, ImmutableArray<SourceId> Sources)
{
    /// <summary>
    /// Derived categories decide; a stated category only where none could be derived. A progression counts from either, confirmed or still open:
    /// the change of treatment is often the reason why no second sample exists.
    /// </summary>
    public static ResponseBefore Of(MyelomaCase patient, ClinicalDate lineStart, ClinicalDate change, LineResponse derived)
    {
        var asserted = patient.StatedProgressions.Where(stated => InLine(stated.Date)).OrderBy(stated => stated.Date).ThenBy(stated => stated.Source).ToArray();
        var stated = patient.StatedResponses
            .Where(response => response.Date is { } date && InLine(date) && response.Level != ResponseLevel.NotEvaluable)
            .OrderBy(response => response.Date).ThenBy(response => response.Source).ToArray();
        var statedProgression = stated.FirstOrDefault(response => response.Level == ResponseLevel.Progressive);

        var derivedProgression = derived.Best == ResponseLevel.Progressive || (derived.Progression is { } progression && progression.Date <= change);
        if (derivedProgression)
            return AfterProgression([]);
        if (asserted.Length > 0 || statedProgression is not null)
            return AfterProgression(asserted.Length > 0 ? [asserted[0].Source] : [statedProgression!.Source]);
        if (derived.Best != ResponseLevel.NotEvaluable)
            return new(false, derived.Best < ResponseLevel.Partial, false, []);
        if (stated.Length > 0)
        {
            var best = stated.MaxBy(response => response.Level)!;
            return new(false, best.Level < ResponseLevel.Partial, false, [best.Source]);
        }
        return new(false, false, true, []);

        static ResponseBefore AfterProgression(ImmutableArray<SourceId> sources) => new(true, false, false, sources);

        bool InLine(ClinicalDate date) => date > lineStart && date <= change;
    }
}
