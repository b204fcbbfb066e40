using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>What happens on one date of a course of treatment.</summary>
/// <param name="Date">The date as written.</param>
/// <param name="Doses">Doses that begin on it, steroids and supportive drugs left out.</param>
/// <param name="Transplants">Transplants of that date.</param>
/// <param name="Cells">CAR-T infusions recorded as procedures without a dose of the product nearby.</param>
internal sealed record CourseDate(
    ClinicalDate Date, ImmutableArray<RoledDose> Doses, ImmutableArray<LineTransplant> Transplants, ImmutableArray<TherapyProcedure> Cells);

/// <summary>A patient's treatment in time order.</summary>
internal sealed class Course
{
    /// <summary>Days within which a procedure and a dose of the product are one infusion.</summary>
    private const int OneInfusionDays = 7;

    private readonly int _window;

    public Course(MyelomaCase patient, LinePolicy policy)
    {
        _window = policy.RegimenWindowDays;
        All = new Roles(patient, policy, Clinical.Lines.Doses.Of(patient)).All;
        Dates = [.. Group(patient)];
        RecordEnd = LatestDate(patient);
    }

    /// <summary>Every dose with its role, by start.</summary>
    public ImmutableArray<RoledDose> All { get; }

    /// <summary>The dates on which treatment other than steroids begins, in time order.</summary>
    public ImmutableArray<CourseDate> Dates { get; }

    /// <summary>The latest date in the record (a.9).</summary>
    public ClinicalDate RecordEnd { get; }

    /// <summary>The drugs against myeloma on board on that day or within the window that begins with it.</summary>
    public ImmutableHashSet<Drug> ActiveFrom(ClinicalDate day) =>
        [.. All.Where(dose => dose.Role == DoseRole.Regimen && IsActiveFrom(dose.Dose, day)).Select(dose => dose.Dose.Drug)];

    /// <summary>Is the dose given on that day or within the window that begins with it?</summary>
    public bool IsActiveFrom(Dose dose, ClinicalDate day) => dose.ReachesTo(day) && StartsInWindow(dose.Start, day);

    /// <summary>Can <paramref name="date"/> lie in the window that begins on <paramref name="day"/>?</summary>
    public bool StartsInWindow(ClinicalDate date, ClinicalDate day) => DaySpan.Between(day, date).Min < _window;

    private IEnumerable<CourseDate> Group(MyelomaCase patient)
    {
        var doses = All.Where(dose => dose.Role is not (DoseRole.Steroid or DoseRole.Premedication or DoseRole.Supportive)).ToLookup(dose => dose.Dose.Start);
        var transplants = patient.Procedures.Where(Roles.IsTransplant)
            .GroupBy(procedure => procedure.Date)
            .ToDictionary(sameDay => sameDay.Key, sameDay => sameDay
                .OrderBy(procedure => procedure.Kind).ThenBy(procedure => procedure.Source)
                .Select(procedure => new LineTransplant(procedure.Date, procedure.Kind, procedure.Source, sameDay.Any(other => other.PlannedTandem)))
                .First());
        var products = All.Where(dose => dose.Dose.Drug.Class() == DrugClass.CarT).Select(dose => dose.Dose.Start).ToArray();
        var cells = patient.Procedures
            .Where(procedure => procedure.Kind == TherapyProcedureKind.CarT)
            .Where(procedure => !products.Any(day => DaySpan.Between(day, procedure.Date) is var span && span.Min <= OneInfusionDays && span.Max >= -OneInfusionDays))
            .GroupBy(procedure => procedure.Date)
            .ToDictionary(sameDay => sameDay.Key, sameDay => sameDay.OrderBy(procedure => procedure.Source).First());

        foreach (var date in doses.Select(group => group.Key).Concat(transplants.Keys).Concat(cells.Keys).Distinct().Order())
        {
            yield return new(
                date,
                [.. doses[date]],
                transplants.TryGetValue(date, out var transplant) ? [transplant] : [],
                cells.TryGetValue(date, out var infusion) ? [infusion] : []);
        }
    }

    private ClinicalDate LatestDate(MyelomaCase patient) =>
        All.Select(dose => dose.Dose.End)
            .Concat(patient.Procedures.Select(procedure => procedure.Date))
            .Concat(patient.Measurements.Select(measurement => measurement.Date))
            .Concat(patient.LastContact is { } contact ? [contact] : [])
            .Concat(patient.Death is { } death ? [death] : [])
            .DefaultIfEmpty(ClinicalDate.Of(DateOnly.MinValue))
            .Max();
}
