using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>What a dose does in a course of treatment.</summary>
internal enum DoseRole
{
    /// <summary>Treats the myeloma: can begin a line.</summary>
    Regimen,
    /// <summary>Steroid: follows the line (R-LOT-13).</summary>
    Steroid,
    /// <summary>Steroid before an infusion only.</summary>
    Premedication,
    /// <summary>Growth factor, plerixafor, fludarabine.</summary>
    Supportive,
    /// <summary>Cyclophosphamide to collect stem cells.</summary>
    Mobilisation,
    /// <summary>Melphalan before a transplant on record.</summary>
    Conditioning,
    /// <summary>Melphalan into a vein, alone, on one or two days, no transplant on record: the day of the line decides (a.10).</summary>
    PossibleConditioning,
    /// <summary>Before CAR-T cells: belongs to their line.</summary>
    Lymphodepletion,
    /// <summary>Between collection and CAR-T cells (R-LOT-12).</summary>
    Bridging,
}

/// <summary>A dose and what it does.</summary>
internal readonly record struct RoledDose(Dose Dose, DoseRole Role);

/// <summary>Sorts doses into those that can begin a line and those that never do (R-LOT-11 to R-LOT-13).</summary>
internal sealed class Roles
{
    private const int OneEpisodeDays = 3;

    private static readonly Drug[] CollectionDrugs = [Drug.Filgrastim, Drug.Plerixafor];

    private readonly LinePolicy _policy;
    private readonly ImmutableArray<Dose> _doses;
    private readonly DoseIndex _index = new();
    private readonly ClinicalDate[] _transplants;
    private readonly ClinicalDate[] _collections;
    private readonly ClinicalDate[] _cells;

    /// <summary>From a collection to the CAR-T cells that follow it in time; a transplant between them took what was collected (R-LOT-12).</summary>
    private readonly (ClinicalDate Collected, ClinicalDate Cells)[] _bridging;

    private readonly (ClinicalDate From, ClinicalDate? Until)[] _stated;

    public Roles(MyelomaCase patient, LinePolicy policy, ImmutableArray<Dose> doses)
    {
        (_policy, _doses) = (policy, doses);
        foreach (var dose in doses)
            _index.Add(dose);
        _transplants = DatesOf(patient, IsTransplant);
        _collections = DatesOf(patient, procedure => procedure.Kind == TherapyProcedureKind.Apheresis);
        _cells = DatesOf(patient, procedure => procedure.Kind == TherapyProcedureKind.CarT);
        if (_index.Given.Overlaps(Drugs.CarT))
            _cells = [.. _cells.Concat(Drugs.CarT.SelectMany(_index.Of).Select(dose => dose.Start)).Distinct()];
        _bridging = _cells.Length == 0 || _collections.Length == 0 ? [] :
        [
            .. from cells in _cells
               from collected in _collections
               where Follows(collected, cells, policy.BridgingDays) && !_transplants.Any(transplant => collected <= transplant && transplant <= cells)
               select (collected, cells),
        ];
        _stated = [.. SteroidLines(CuratedLines.Of(patient))];
    }

    /// <summary>True for every kind of stem-cell transplantation.</summary>
    public static bool IsTransplant(TherapyProcedure procedure) => procedure.Kind
        is TherapyProcedureKind.AutologousTransplant or TherapyProcedureKind.AllogeneicTransplant or TherapyProcedureKind.Transplant;

    /// <summary>The doses with their roles, in the same order.</summary>
    public IEnumerable<RoledDose> All()
    {
        foreach (var dose in _doses)
            yield return new(dose, Of(dose));
    }

    private static ClinicalDate[] DatesOf(MyelomaCase patient, Func<TherapyProcedure, bool> wanted) => patient.Procedures.Length == 0
        ? []
        : [.. patient.Procedures.Where(wanted).Select(procedure => procedure.Date).Distinct()];

    private DoseRole Of(Dose dose)
    {
        if (dose.Drug.IsSteroid())
            return dose.Intent == TherapyIntent.Premedication ? DoseRole.Premedication : IsStatedLine(dose) ? DoseRole.Regimen : DoseRole.Steroid;
        if (!dose.Drug.IsAntiMyeloma())
            return DoseRole.Supportive;
        return dose.Intent switch
        {
            TherapyIntent.Premedication => DoseRole.Supportive,
            TherapyIntent.Mobilisation => DoseRole.Mobilisation,
            TherapyIntent.Conditioning => HasTransplant(dose) ? DoseRole.Conditioning : DoseRole.PossibleConditioning,
            TherapyIntent.Lymphodepletion => DoseRole.Lymphodepletion,
            TherapyIntent.Bridging => DoseRole.Bridging,
            TherapyIntent.NotStated or TherapyIntent.Maintenance or TherapyIntent.Induction or TherapyIntent.Consolidation => ByContext(dose),
        };
    }

    /// <summary>R-LOT-13: a steroid is a line where a curator says so: on or after the stated first day, before any other drug.</summary>
    private bool IsStatedLine(Dose dose) => _stated.Length > 0 && _stated.Any(line => line.From <= dose.Start && (line.Until is not { } end || dose.Start < end));

    /// <summary>The stated lines that no other drug opens within one window, up to the next drug or the next stated line.</summary>
    private IEnumerable<(ClinicalDate From, ClinicalDate? Until)> SteroidLines(ImmutableArray<StatedLine> stated)
    {
        for (var i = 0; i < stated.Length; i++)
        {
            var from = stated[i].Start;
            ClinicalDate? until = i + 1 < stated.Length ? stated[i + 1].Start : null;
            foreach (var dose in _doses)
            {
                if (dose.Drug.IsAntiMyeloma() && dose.ReachesTo(from) && (until is not { } end || dose.Start < end))
                    until = dose.Start;
            }
            if (until is not { } other || DaySpan.Between(from, other).Min >= _policy.RegimenWindowDays)
                yield return (from, until);
        }
    }

    private DoseRole ByContext(Dose dose) =>
        dose.Drug.Class() == DrugClass.CarT ? DoseRole.Regimen
        : IsLymphodepletion(dose) ? DoseRole.Lymphodepletion
        : _bridging.Length > 0 && IsBridging(dose.Start) ? DoseRole.Bridging
        : IsMobilisation(dose) ? DoseRole.Mobilisation
        : dose.Drug == Drug.Melphalan ? Melphalan(dose)
        : DoseRole.Regimen;

    private DoseRole Melphalan(Dose dose)
    {
        if (dose.IsPeriod || dose.Intravenous == false || DosesInEpisode(dose) > _policy.ConditioningDoses)
            return DoseRole.Regimen;
        if (HasTransplant(dose))
            return DoseRole.Conditioning;
        return dose.Intravenous == true && IsAlone(dose) && IsIsolated(dose) ? DoseRole.PossibleConditioning : DoseRole.Regimen;
    }

    private bool HasTransplant(Dose dose) => _transplants.Any(day => Follows(dose.Start, day, _policy.ConditioningBeforeTransplantDays));

    private bool IsLymphodepletion(Dose dose) =>
        dose.Drug == Drug.Cyclophosphamide
        && _cells.Any(day => Follows(dose.Start, day, _policy.LymphodepletionDays))
        && Near(Drug.Fludarabine, dose.Start, OneEpisodeDays).Any();

    private bool IsBridging(ClinicalDate day) => _bridging.Any(span => span.Collected <= day && day < span.Cells);

    private bool IsMobilisation(Dose dose) =>
        dose is { Drug: Drug.Cyclophosphamide, IsPeriod: false }
        && DosesInEpisode(dose) <= _policy.ConditioningDoses
        && IsIsolated(dose)
        && (_collections.Any(day => Follows(dose.Start, day, _policy.MobilisationDays))
            || CollectionDrugs.Any(drug => Near(drug, dose.Start, _policy.MobilisationDays).Any(other => Follows(dose.Start, other.Start, _policy.MobilisationDays))));

    /// <summary>No other drug against myeloma on board that day.</summary>
    private bool IsAlone(Dose dose)
    {
        foreach (var drug in (_index.Given & Drugs.AntiMyeloma).Without(dose.Drug))
        {
            if (_index.IsGivenBetween(drug, dose.Start, dose.Start.First.DayNumber + 1))
                return false;
        }
        return true;
    }

    /// <summary>The doses of the same drug within three days.</summary>
    private int DosesInEpisode(Dose dose) => Near(dose.Drug, dose.Start, OneEpisodeDays).Count();

    /// <summary>No other dose of the drug within one cycle and no period of it around that day: not part of a regimen.</summary>
    private bool IsIsolated(Dose dose) =>
        !Near(dose.Drug, dose.Start, _policy.RegimenWindowDays).Any(other => Gap(dose.Start, other.Start) > OneEpisodeDays)
        && !_index.IsGivenBetween(dose.Drug, dose.Start, dose.Start.First.DayNumber - OneEpisodeDays);

    /// <summary>The doses of a drug that begin so many days or fewer from that day.</summary>
    private IEnumerable<Dose> Near(Drug drug, ClinicalDate day, int days)
    {
        var doses = _index.Of(drug);
        for (var i = _index.CountBefore(drug, day.First.DayNumber - days); i < doses.Count && Gap(day, doses[i].Start) <= days; i++)
            yield return doses[i];
    }

    /// <summary>Can <paramref name="later"/> be that day or up to so many days after it?</summary>
    private static bool Follows(ClinicalDate day, ClinicalDate later, int days)
    {
        var span = DaySpan.Between(day, later);
        return span.Max >= 0 && span.Min <= days;
    }

    private static int Gap(ClinicalDate a, ClinicalDate b) => Math.Abs(a.First.DayNumber - b.First.DayNumber);
}
