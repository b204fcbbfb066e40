using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Staging;

/// <summary>
/// ISS (Greipp 2005), R-ISS (Palumbo 2015) and R2-ISS (D'Agostino 2022) from the values at diagnosis (f.1). A stage is given where every value of the
/// missing inputs gives the same one; a measured range is read at its worse end (R-UNIT-6). The stage that the hospital stated is carried beside the
/// computed one and never replaces it. It serves the next rule, though: a stated ISS is the ISS of R-ISS and R2-ISS as far as the measured values leave it open.
/// </summary>
public static class Stages
{
    /// <summary>Lower edge of the middle class of beta-2 microglobulin, mg/L.</summary>
    private const decimal Beta2MicroglobulinRaised = 3.5m;

    /// <summary>Beta-2 microglobulin of ISS III and of rule (4) of IMS/IMWG 2025, mg/L.</summary>
    internal const decimal Beta2MicroglobulinHigh = 5.5m;

    /// <summary>Albumin of ISS I, g/dL.</summary>
    private const decimal AlbuminNormal = 3.5m;

    /// <summary>ISS, R-ISS and R2-ISS, in this order.</summary>
    /// <param name="patient">The case.</param>
    /// <param name="firstDose">First dose of any anti-myeloma drug; results after it do not count. Null when there is none.</param>
    public static ImmutableArray<StageResult> Derive(MyelomaCase patient, ClinicalDate? firstDose)
    {
        ArgumentNullException.ThrowIfNull(patient);
        var window = new DiagnosisWindow(patient.Diagnosis.Date, firstDose);
        var fish = new Cytogenetics(patient.Diagnosis, window);
        var beta2 = Beta2Microglobulin(patient, window);
        var albumin = window.Input(patient, Marker.Albumin, "ALBUMIN", 2, value => Levels(value.Value.IsBelow(AlbuminNormal)));
        var ldh = window.Input(patient, Marker.Ldh, Ldh, 2, value => Levels(value.Value.IsAbove(value.ReferenceHigh!.Value)));
        OpenInput Fish(string name, params Abnormality[] any) => OpenInput.YesNo(name, fish.Has(any), fish.Facts(any));
        var del17p = Fish("DEL_17P", Abnormality.Del17p);
        var t4_14 = Fish("T_4_14", Abnormality.T4_14);
        return
        [
            Stage(new(StagingSystem.Iss, "ISS", [beta2, albumin], levels => Iss(levels[0], levels[1])), patient, window),
            Stage(
                new(StagingSystem.RIss, "R-ISS", [beta2, albumin, ldh, del17p, t4_14, Fish("T_14_16", Abnormality.T14_16)],
                    levels => RIss(Iss(levels[0], levels[1]), levels[2] > 0, levels[3] + levels[4] + levels[5] > 0)),
                patient, window),
            Stage(
                new(StagingSystem.R2Iss, "R2-ISS", [beta2, albumin, ldh, del17p, t4_14, Fish("GAIN_1Q", Abnormality.Gain1q, Abnormality.Amp1q)],
                    levels => R2Iss(Iss(levels[0], levels[1]), levels[2] > 0, levels[3] > 0, levels[4] > 0, levels[5] > 0)),
                patient, window),
        ];
    }

    /// <summary>Beta-2 microglobulin in the three classes of ISS: below 3.5, below 5.5, 5.5 mg/L or more.</summary>
    internal static OpenInput Beta2Microglobulin(MyelomaCase patient, DiagnosisWindow window) =>
        window.Input(patient, Marker.Beta2Microglobulin, "BETA2_MICROGLOBULIN", 3, value => Beta2Classes(value.Value));

    /// <summary>ISS of a class of beta-2 microglobulin (0 to 2) and of albumin (1: low).</summary>
    internal static int Iss(int beta2, int albuminLow) => (beta2, albuminLow) switch
    {
        (2, _) => 3,
        (0, 0) => 1,
        _ => 2,
    };

    /// <summary>R-ISS of an ISS stage.</summary>
    internal static int RIss(int iss, bool ldhHigh, bool highRiskFish) => iss switch
    {
        1 when !ldhHigh && !highRiskFish => 1,
        3 when ldhHigh || highRiskFish => 3,
        _ => 2,
    };

    /// <summary>R2-ISS by points: 0 is I, to 1 is II, to 2.5 is III, more is IV.</summary>
    internal static int R2Iss(int iss, bool ldhHigh, bool del17p, bool t4_14, bool gain1q)
    {
        var points = (iss switch { 3 => 1.5m, 2 => 1m, _ => 0 })
            + (ldhHigh ? 1 : 0) + (del17p ? 1 : 0) + (t4_14 ? 1 : 0) + (gain1q ? 0.5m : 0);
        return points switch { 0 => 1, <= 1 => 2, <= 2.5m => 3, _ => 4 };
    }

    private const string Ldh = "LDH";

    /// <summary>Positions of the two inputs of ISS, which come first in every system.</summary>
    private const int Beta2 = 0, Albumin = 1;

    private sealed record System(StagingSystem Name, string Rule, ImmutableArray<OpenInput> Inputs, Func<int[], int> Stage);

    private static StageResult Stage(System system, MyelomaCase patient, DiagnosisWindow window)
    {
        var statedIss = system.Name == StagingSystem.Iss ? null : StatedIss(system, patient, window);
        int? Rule(int[] levels) =>
            statedIss is { } stated && Iss(levels[Beta2], levels[Albumin]) != stated.Stage ? null : system.Stage(levels);

        var all = new Combinations(system.Inputs, Rule);
        var read = new Combinations([.. system.Inputs.Select(input => input.AsPresumed())], Rule);
        ImmutableArray<string> missing =
            [.. system.Inputs.Where((input, i) => input is { IsOpen: true, IsMeasured: false } && all.Matters(i)).Select(input => input.Name).Order(StringComparer.Ordinal)];
        var reported = window.Stated(patient, system.Name);
        var bearing = Bearing(system, Rule);
        ImmutableArray<Fact> facts =
        [
            .. bearing.SelectMany(input => input.Facts),
            .. statedIss is { } iss ? [new Fact(iss.Source, iss.Date)] : Array.Empty<Fact>(),
        ];
        ImmutableArray<Flag> flags =
        [
            .. bearing.SelectMany(input => input.Flags.Where(flag => flag != Flag.CensoredValue && flag != Flag.ContradictoryValues || all.Results.Length > 1)),
            .. ImpliesLdh(system, Rule, reported) ? [Flag.LdhAssumed] : Array.Empty<Flag>(),
        ];
        return new(
            system.Name,
            read.Results is [var stage] && missing.IsEmpty ? stage : null,
            all.Results[^1],
            all.Results[0],
            reported?.Stage,
            facts.Select(fact => fact.Date).Max() ?? reported?.Date ?? patient.Diagnosis.Date,
            missing,
            [.. flags.Distinct().Order()],
            system.Rule,
            [.. facts.Select(fact => fact.Source).Distinct().Order()]);
    }

    /// <summary>The stated ISS, when the measured values leave the stage open and allow it.</summary>
    private static StatedStage? StatedIss(System system, MyelomaCase patient, DiagnosisWindow window)
    {
        var measured = new Combinations([.. system.Inputs.Take(2).Select(input => input.AsPresumed())], levels => Iss(levels[Beta2], levels[Albumin]));
        return measured.Results.Length > 1 && window.StatedInput(patient, StagingSystem.Iss) is { } stated && measured.Results.Contains(stated.Stage) ? stated : null;
    }

    /// <summary>
    /// The inputs with a result that bear on the stage: albumin only below the beta-2 microglobulin of ISS III, LDH and FISH only where the ISS stage
    /// lets them decide. Two of them that say the same are both cited.
    /// </summary>
    private static ImmutableArray<OpenInput> Bearing(System system, Func<int[], int?> rule) =>
    [
        .. system.Inputs.Where((input, i) =>
        {
            if (input.Facts.IsEmpty || i == Beta2)
                return !input.Facts.IsEmpty;
            var known = system.Inputs.Select((other, k) => k == Beta2 || (k == Albumin && i != Albumin) ? other.AsPresumed() : other.Blank());
            return new Combinations([.. known], rule).Matters(i);
        }),
    ];

    /// <summary>LDH_ASSUMED: LDH has no result, could be either, and the stated stage can only be right with one of the two (f.3).</summary>
    private static bool ImpliesLdh(System system, Func<int[], int?> rule, StatedStage? reported)
    {
        if (reported is null || system.Inputs.FirstOrDefault(input => input.Name == Ldh) is not { Facts.IsEmpty: true } ldh)
            return false;
        bool Fits(int level) => new Combinations(system.Inputs.Replace(ldh, ldh with { Possible = [level] }), rule).Results.Contains(reported.Stage);
        return Fits(0) != Fits(1);
    }

    private static IEnumerable<int> Beta2Classes(Reading value)
    {
        if (!value.IsAtLeast(Beta2MicroglobulinRaised).IsMet)
            yield return 0;
        if (!value.IsBelow(Beta2MicroglobulinRaised).IsMet && !value.IsAtLeast(Beta2MicroglobulinHigh).IsMet)
            yield return 1;
        if (!value.IsBelow(Beta2MicroglobulinHigh).IsMet)
            yield return 2;
    }

    private static IEnumerable<int> Levels(Tri worse) => worse.IsMet ? [1] : worse.IsNotMet ? [0] : [0, 1];
}
