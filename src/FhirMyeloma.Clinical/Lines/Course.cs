using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>What happens on one date of a course of treatment.</summary>
/// <param name="Date">The date as written.</param>
/// <param name="Doses">Doses that begin on it, steroids and supportive drugs left out.</param>
/// <param name="Transplant">A transplant of that date.</param>
/// <param name="Cells">A CAR-T infusion recorded as procedure without a dose of the product nearby.</param>
internal readonly record struct CourseDate(
    ClinicalDate Date, ArraySegment<RoledDose> Doses, LineTransplant? Transplant, TherapyProcedure? Cells);

/// <summary>A patient's treatment in time order.</summary>
internal sealed class Course
{
    /// <summary>Days within which a procedure and a dose of the product are one infusion.</summary>
    private const int OneInfusionDays = 7;

    private readonly int _window;
    private readonly DoseIndex _regimen = new();
    private readonly DoseIndex _steroids = new();
    private readonly List<RoledDose> _periods = [];
    private readonly List<RoledDose> _steroidDoses = [];
    private readonly List<RoledDose> _steroidPeriods = [];

    public Course(MyelomaCase patient, LinePolicy policy)
    {
        _window = policy.RegimenWindowDays;
        List<RoledDose> treatment = [];
        foreach (var dose in new Roles(patient, policy, Clinical.Lines.Doses.Of(patient)).All())
        {
            RecordEnd = ClinicalDate.Later(RecordEnd, dose.Dose.End);
            switch (dose.Role)
            {
                case DoseRole.Steroid or DoseRole.Premedication:
                    _steroidDoses.Add(dose);
                    if (dose.Dose.IsPeriod)
                        _steroidPeriods.Add(dose);
                    if (dose.Role == DoseRole.Steroid)
                        _steroids.Add(dose.Dose);
                    continue;
                case DoseRole.Supportive:
                    continue;
                case DoseRole.Regimen:
                    _regimen.Add(dose.Dose);
                    if (dose.Dose.IsPeriod)
                        _periods.Add(dose);
                    break;
            }
            treatment.Add(dose);
        }
        Dates = Group(patient, [.. treatment]);
        IncludeInRecord(patient);
    }

    /// <summary>The dates on which treatment other than steroids begins, in time order.</summary>
    public ImmutableArray<CourseDate> Dates { get; }

    /// <summary>The latest date in the record (a.9).</summary>
    public ClinicalDate RecordEnd { get; private set; } = ClinicalDate.Of(DateOnly.MinValue);

    /// <summary>The drugs against myeloma on board on that day or within the window that begins with it.</summary>
    public DrugSet ActiveFrom(ClinicalDate day) => _regimen.GivenBetween(day, WindowEnd(day));

    /// <summary>Is a steroid that is more than premedication on board on that day or within the window that begins with it?</summary>
    public bool HasSteroidFrom(ClinicalDate day) => !_steroids.GivenBetween(day, WindowEnd(day)).IsEmpty;

    /// <summary>Periods of treatment with these drugs that began before that day and reach it.</summary>
    public IEnumerable<RoledDose> GoingOn(ClinicalDate day, DrugSet drugs) => GoingOn(_periods, day).Where(dose => drugs.Contains(dose.Dose.Drug));

    /// <summary>Steroids, premedication included, from that day on while they can begin before <paramref name="before"/>.</summary>
    public IEnumerable<RoledDose> SteroidsFrom(ClinicalDate day, int before)
    {
        foreach (var period in GoingOn(_steroidPeriods, day))
            yield return period;
        for (var i = FirstFrom(_steroidDoses, day); i < _steroidDoses.Count && _steroidDoses[i].Dose.Start.First.DayNumber < before; i++)
            yield return _steroidDoses[i];
    }

    private static IEnumerable<RoledDose> GoingOn(List<RoledDose> periods, ClinicalDate day) =>
        periods.TakeWhile(dose => dose.Dose.Start < day).Where(dose => dose.Dose.ReachesTo(day));

    private static int FirstFrom(List<RoledDose> doses, ClinicalDate day)
    {
        var (low, high) = (0, doses.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (doses[middle].Dose.Start < day)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>Can <paramref name="date"/> lie in the window that begins on <paramref name="day"/>?</summary>
    public bool StartsInWindow(ClinicalDate date, ClinicalDate day) => date.First.DayNumber < WindowEnd(day);

    /// <summary>The number of the first day after the window, for the latest day that the date can mean.</summary>
    public int WindowEnd(ClinicalDate day) => day.Last.DayNumber + _window;

    private static ImmutableArray<CourseDate> Group(MyelomaCase patient, RoledDose[] treatment)
    {
        List<CourseDate> dates = [];
        for (var i = 0; i < treatment.Length;)
        {
            var first = i;
            var date = treatment[i].Dose.Start;
            while (i < treatment.Length && treatment[i].Dose.Start == date)
                i++;
            dates.Add(new(date, new(treatment, first, i - first), null, null));
        }
        if (patient.Procedures.Length > 0)
            AddProcedures(patient, dates, [.. treatment.Where(dose => dose.Dose.Drug.Class() == DrugClass.CarT).Select(dose => dose.Dose.Start)]);
        return [.. dates];
    }

    private static void AddProcedures(MyelomaCase patient, List<CourseDate> dates, ClinicalDate[] products)
    {
        var inTime = Comparer<CourseDate>.Create((a, b) => a.Date.CompareTo(b.Date));
        var ofDoses = dates.Count;
        foreach (var sameDay in patient.Procedures.GroupBy(procedure => procedure.Date))
        {
            var date = sameDay.Key;
            var transplant = sameDay.Where(Roles.IsTransplant).OrderBy(procedure => procedure.Kind).ThenBy(procedure => procedure.Source)
                .Select(procedure => new LineTransplant(date, procedure.Kind, procedure.Source, sameDay.Any(other => Roles.IsTransplant(other) && other.PlannedTandem)))
                .FirstOrDefault();
            var cells = products.Any(day => DaySpan.Between(day, date) is { Min: <= OneInfusionDays, Max: >= -OneInfusionDays })
                ? null
                : sameDay.Where(procedure => procedure.Kind == TherapyProcedureKind.CarT).OrderBy(procedure => procedure.Source).FirstOrDefault();
            if (transplant is null && cells is null)
                continue;
            CourseDate entry = new(date, ArraySegment<RoledDose>.Empty, transplant, cells);
            var at = dates.BinarySearch(0, ofDoses, entry, inTime);
            if (at >= 0)
                dates[at] = dates[at] with { Transplant = transplant, Cells = cells };
            else
                dates.Add(entry);
        }
        dates.Sort(inTime);
    }

    private void IncludeInRecord(MyelomaCase patient)
    {
        foreach (var procedure in patient.Procedures)
            Include(procedure.Date);
        foreach (var measurement in patient.Measurements)
            Include(measurement.Date);
        Include(patient.LastContact);
        Include(patient.Death);

        void Include(ClinicalDate? date) => RecordEnd = ClinicalDate.Later(RecordEnd, date ?? RecordEnd);
    }
}
