using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Staging;

/// <summary>
/// The days whose results describe the disease at diagnosis (f.1): 60 days before to 14 days after it and not after the first dose. Without a date of
/// diagnosis the first dose stands for it; without either there is no window and nothing lies in it.
/// </summary>
internal sealed class DiagnosisWindow(ClinicalDate? diagnosis, ClinicalDate? firstDose)
{
    private const int DaysBefore = 60;
    private const int DaysAfter = 14;

    private readonly ClinicalDate? _anchor = diagnosis ?? firstDose;

    /// <summary>Does the date lie in the window for every day that it, the diagnosis and the first dose can mean?</summary>
    public bool Holds(ClinicalDate date) =>
        _anchor is { } anchor
        && date.First.DayNumber >= anchor.Last.DayNumber - DaysBefore
        && date.Last.DayNumber <= anchor.First.DayNumber + DaysAfter
        && (firstDose is not { } dose || date.IsOnOrBefore(dose).IsMet);

    /// <summary>Days between a date and the diagnosis; 0 for a date that is not stated.</summary>
    public int Distance(ClinicalDate? date) =>
        date is { } day && _anchor is { } anchor ? Math.Abs(day.First.DayNumber - anchor.First.DayNumber) : 0;

    /// <summary>
    /// The usable results of a marker on the day of the window that is nearest to diagnosis (tie: the earlier). A preliminary result serves only where
    /// its day has no final one (R-UNIT-8).
    /// </summary>
    public ImmutableArray<Measurement> Nearest(MyelomaCase patient, Marker marker)
    {
        var day = patient.Measurements
            .Where(value => value.Marker == marker && value.HasUnit && !value.Spurious && !value.PresentNotQuantifiable)
            .Where(value => marker != Marker.Ldh || value.ReferenceHigh is not null)
            .Where(value => Holds(value.Date))
            .GroupBy(value => value.Date)
            .OrderBy(group => Distance(group.Key))
            .ThenBy(group => group.Key)
            .FirstOrDefault();
        if (day is null)
            return [];
        var final = day.Where(value => value.Status == ResultStatus.Final).ToList();
        return [.. final.Count > 0 ? final : [.. day]];
    }

    /// <summary>
    /// A marker as the input of a rule: the levels (0 upward) that its values of one day reach. Different values of one day are a range (a.10).
    /// </summary>
    public OpenInput Input(MyelomaCase patient, Marker marker, string name, int levels, Func<Measurement, IEnumerable<int>> levelsOf)
    {
        var values = Nearest(patient, marker);
        if (values.IsEmpty)
            return new(name, levels, [.. Enumerable.Range(0, levels)], []);
        var reached = values.SelectMany(levelsOf).ToHashSet();
        var differ = values.Select(value => value.Value).Distinct().Count() > 1;
        ImmutableArray<Flag> flags =
        [
            .. reached.Count > 1 ? [differ ? Flag.ContradictoryValues : Flag.CensoredValue] : Array.Empty<Flag>(),
            .. values[0].Status == ResultStatus.Preliminary ? [Flag.PreliminaryUsed] : Array.Empty<Flag>(),
        ];
        return new(name, levels, [.. Enumerable.Range(reached.Min(), reached.Max() - reached.Min() + 1)], [.. values.Select(value => new Fact(value.Source, value.Date))])
        {
            IsMeasured = true,
            Presumed = reached.Max(),
            Flags = flags,
        };
    }

    /// <summary>The stage that the hospital stated: the one dated nearest to diagnosis (undated: of the diagnosis), of equals the higher.</summary>
    public StatedStage? Stated(MyelomaCase patient, StagingSystem system) =>
        patient.Diagnosis.StatedStages
            .Where(stage => stage.System == system)
            .OrderBy(stage => Distance(stage.Date))
            .ThenByDescending(stage => stage.Stage)
            .ThenBy(stage => stage.Source)
            .FirstOrDefault();

    /// <summary>
    /// The stated stage where it may serve as an input of another rule: undated or of the window, and not contradicted by another such statement.
    /// </summary>
    public StatedStage? StatedInput(MyelomaCase patient, StagingSystem system)
    {
        var usable = patient.Diagnosis.StatedStages
            .Where(stage => stage.System == system && (stage.Date is not { } date || _anchor is null || Holds(date)))
            .OrderBy(stage => Distance(stage.Date))
            .ThenBy(stage => stage.Source)
            .ToList();
        return usable.Select(stage => stage.Stage).Distinct().Count() == 1 ? usable[0] : null;
    }
}
