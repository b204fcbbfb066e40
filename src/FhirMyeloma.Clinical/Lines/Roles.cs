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
internal sealed class Roles(MyelomaCase patient, LinePolicy policy, ImmutableArray<Dose> doses)
{
    private const int OneEpisodeDays = 3;

    private readonly ImmutableArray<ClinicalDate> _transplants =
        [.. patient.Procedures.Where(IsTransplant).Select(procedure => procedure.Date).Order()];

    private readonly ImmutableArray<ClinicalDate> _collections =
        [.. patient.Procedures.Where(procedure => procedure.Kind == TherapyProcedureKind.Apheresis).Select(procedure => procedure.Date).Order()];

    private readonly ImmutableArray<ClinicalDate> _cells =
    [
        .. patient.Procedures.Where(procedure => procedure.Kind == TherapyProcedureKind.CarT).Select(procedure => procedure.Date)
            .Concat(doses.Where(dose => dose.Drug.Class() == DrugClass.CarT).Select(dose => dose.Start)).Order(),
    ];

    /// <summary>True for every kind of stem-cell transplantation.</summary>
    public static bool IsTransplant(TherapyProcedure procedure) => procedure.Kind
        is TherapyProcedureKind.AutologousTransplant or TherapyProcedureKind.AllogeneicTransplant or TherapyProcedureKind.Transplant;

    /// <summary>The doses with their roles, in the same order.</summary>
    public ImmutableArray<RoledDose> All => [.. doses.Select(dose => new RoledDose(dose, Of(dose)))];

    private DoseRole Of(Dose dose)
    {
        if (dose.Drug.IsSteroid())
            return dose.Intent == TherapyIntent.Premedication ? DoseRole.Premedication : DoseRole.Steroid;
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

    private DoseRole ByContext(Dose dose) =>
        dose.Drug.Class() == DrugClass.CarT ? DoseRole.Regimen
        : IsLymphodepletion(dose) ? DoseRole.Lymphodepletion
        : IsBridging(dose) ? DoseRole.Bridging
        : IsMobilisation(dose) ? DoseRole.Mobilisation
        : dose.Drug == Drug.Melphalan ? Melphalan(dose)
        : DoseRole.Regimen;

    private DoseRole Melphalan(Dose dose)
    {
        if (dose.IsPeriod || dose.Intravenous == false || Episode(dose).Length > policy.ConditioningDoses)
            return DoseRole.Regimen;
        if (HasTransplant(dose))
            return DoseRole.Conditioning;
        var alone = !doses.Any(other => other.Drug != Drug.Melphalan && other.Drug.IsAntiMyeloma() && other.Start <= dose.Start && other.ReachesTo(dose.Start));
        return dose.Intravenous == true && alone && IsIsolated(dose) ? DoseRole.PossibleConditioning : DoseRole.Regimen;
    }

    private bool HasTransplant(Dose dose) => _transplants.Any(day => Follows(dose.Start, day, policy.ConditioningBeforeTransplantDays));

    private bool IsLymphodepletion(Dose dose) =>
        dose.Drug == Drug.Cyclophosphamide
        && _cells.Any(day => Follows(dose.Start, day, policy.LymphodepletionDays))
        && doses.Any(other => other.Drug == Drug.Fludarabine && Gap(dose.Start, other.Start) <= OneEpisodeDays);

    private bool IsBridging(Dose dose) =>
        _cells.Any(cells => dose.Start < cells && _collections.Any(collected =>
            collected <= dose.Start
            && Follows(collected, cells, policy.BridgingDays)
            && !_transplants.Any(transplant => collected <= transplant && transplant <= cells)));

    private bool IsMobilisation(Dose dose) =>
        dose is { Drug: Drug.Cyclophosphamide, IsPeriod: false }
        && Episode(dose).Length <= policy.ConditioningDoses
        && IsIsolated(dose)
        && (_collections.Any(day => Follows(dose.Start, day, policy.MobilisationDays))
            || doses.Any(other => other.Drug is Drug.Filgrastim or Drug.Plerixafor && Follows(dose.Start, other.Start, policy.MobilisationDays)));

    /// <summary>The doses of the same drug within three days.</summary>
    private Dose[] Episode(Dose dose) => [.. doses.Where(other => other.Drug == dose.Drug && Gap(dose.Start, other.Start) <= OneEpisodeDays)];

    /// <summary>No other dose of the drug within one cycle: not part of a regimen.</summary>
    private bool IsIsolated(Dose dose) => !doses.Any(other =>
        other.Drug == dose.Drug
        && Gap(dose.Start, other.Start) > OneEpisodeDays
        && (Gap(dose.Start, other.Start) <= policy.RegimenWindowDays || (other.IsPeriod && other.Start <= dose.Start && other.ReachesTo(dose.Start))));

    /// <summary>Can <paramref name="later"/> be that day or up to so many days after it?</summary>
    private static bool Follows(ClinicalDate day, ClinicalDate later, int days)
    {
        var span = DaySpan.Between(day, later);
        return span.Max >= 0 && span.Min <= days;
    }

    private static int Gap(ClinicalDate a, ClinicalDate b) => Math.Abs(a.First.DayNumber - b.First.DayNumber);
}
