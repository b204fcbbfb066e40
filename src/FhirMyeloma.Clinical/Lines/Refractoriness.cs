using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Refractoriness by drug and class (section c). The strict status and the descriptive labels are kept apart.</summary>
public static class Refractoriness
{
    /// <summary>One result per line and drug, by line, then drug code.</summary>
    public static ImmutableArray<DrugRefractoriness> Derive(
        MyelomaCase patient, ImmutableArray<LineOfTherapy> lines, ImmutableArray<LineResponse> responses, DerivationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentNullException.ThrowIfNull(policy);
        return
        [
            .. lines.SelectMany(line => line.Drugs
                .OrderBy(period => period.Drug.Code(), StringComparer.Ordinal)
                .Select(period => Judge(patient, line, period, responses, policy))),
        ];
    }

    /// <summary>The class label of the patient (R-REF-8): classes counted over the drugs with strict status refractory.</summary>
    public static ClassRefractoriness OfClasses(ImmutableArray<LineOfTherapy> lines, ImmutableArray<DrugRefractoriness> drugs)
    {
        ImmutableArray<DrugRefractoriness> refractory = [.. drugs.Where(d => d.Status == RefractoryStatus.Refractory)];
        var to = Distinct(refractory);
        var undecided = Distinct(drugs.Where(d => d.Status == RefractoryStatus.NotDeterminable && IsOfAClass(d.Drug) && !to.Contains(d.Drug)));
        int Count(DrugClass of) => to.Count(drug => drug.Class() == of);
        var (antiCd38, proteasome, imid) = (Count(DrugClass.AntiCd38), Count(DrugClass.ProteasomeInhibitor), Count(DrugClass.ImmunomodulatoryDrug));
        var label = (antiCd38, proteasome, imid) switch
        {
            ( >= 1, >= 2, >= 2) => ClassLabel.Penta,
            ( >= 1, >= 1, >= 1) => ClassLabel.TripleClass,
            (_, >= 1, >= 1) => ClassLabel.Double,
            (0, 0, 0) => undecided.IsEmpty && !lines.IsEmpty ? ClassLabel.None : ClassLabel.NotDeterminable,
            _ => ClassLabel.Single,
        };
        var decided = label is ClassLabel.None or ClassLabel.NotDeterminable ? drugs : [.. refractory.Where(d => IsOfAClass(d.Drug))];
        return new(
            label,
            to,
            decided.IsEmpty ? null : decided.Min(d => d.First),
            decided.IsEmpty ? null : decided.Max(d => d.Last),
            [.. refractory.SelectMany(d => d.Flags).Distinct()],
            [])
        {
            Cited = Cited.When(() => [.. decided.SelectMany(d => d.Sources).Distinct().Order()]),
            Undecided = undecided,
        };
    }

    private static ImmutableArray<Drug> Distinct(IEnumerable<DrugRefractoriness> results) =>
        [.. results.Select(d => d.Drug).Distinct().OrderBy(d => d.Code(), StringComparer.Ordinal)];

    private static bool IsOfAClass(Drug drug) => drug.Class() is DrugClass.AntiCd38 or DrugClass.ProteasomeInhibitor or DrugClass.ImmunomodulatoryDrug;

    internal static DrugRefractoriness Judge(
        MyelomaCase patient, LineOfTherapy line, DrugPeriod period, ImmutableArray<LineResponse> responses, DerivationPolicy policy)
    {
        var response = responses.First(r => r.Line == line.Number);
        var verdict = Verdict(patient, period, response, responses, policy);
        var asserted = Asserted(patient, period, policy);
        return new(
            period.Drug,
            line.Number,
            period.First,
            period.Last,
            verdict.Status,
            Labels(line, period, response, verdict.Status, asserted is not null),
            period.Drug == Drug.Daratumumab && verdict.Status == RefractoryStatus.Refractory ? "R-REF-6" : verdict.Criterion,
            verdict.Source,
            verdict.Flags,
            [])
        {
            Cited = Cited.When(() => [.. verdict.Cited.Sources.Concat(period.Sources).Concat(asserted is { } stated ? [stated.Source] : []).Distinct().Order()]),
        };
    }

    /// <summary>
    /// A clinician's word on the drug once it had been given; one that names no drug speaks of those given on its date or within the days after them that make
    /// a drug refractory.
    /// </summary>
    private static StatedRefractoriness? Asserted(MyelomaCase patient, DrugPeriod period, DerivationPolicy policy) => patient.StatedRefractoriness
        .Where(stated => stated.Drug is null
            ? stated.Date is { } date && Within(period, date, policy.RefractoryDays).IsMet
            : stated.Drug == period.Drug && (stated.Date is not { } known || known.Last >= period.First.First))
        .OrderBy(stated => stated.Source).FirstOrDefault();

    private static int Completed(LineOfTherapy line) => line.CyclesCompleted ?? line.CyclesDocumented ?? 0;

    private sealed record Ruling(
        RefractoryStatus Status, string Criterion, ProgressionSource? Source, ImmutableArray<Flag> Flags, Cited Cited);

    /// <summary>a.10, "c, 60 days", in the order in which the arms are tried.</summary>
    private static Ruling Verdict(
        MyelomaCase patient, DrugPeriod period, LineResponse response, ImmutableArray<LineResponse> responses, DerivationPolicy policy)
    {
        // A PD of the day of the first dose was drawn before it and belongs to the line before (a.7).
        ImmutableArray<Progression> progressions =
        [
            .. responses.Where(r => r.Line >= response.Line).Select(r => r.Progression).OfType<Progression>()
                .Where(p => p.Date.Last > period.First.First).OrderBy(p => p.Date),
        ];
        if (progressions.FirstOrDefault(p => Within(period, p.Date, policy.RefractoryDays).IsMet) is { } counted)
            return new(RefractoryStatus.Refractory, "R-REF-2", ProgressionSource.ImwgDerived, Open(counted), counted.Cited);
        if (response.Best == ResponseLevel.Stable)
            return new(RefractoryStatus.Refractory, "R-REF-1", null, Carried(response), response.Cited);
        if (progressions.FirstOrDefault(p => Within(period, p.Date, policy.RefractoryDays).IsUnknown) is { } possible)
            return new(RefractoryStatus.NotDeterminable, "R-REF-2", ProgressionSource.ImwgDerived, Open(possible), possible.Cited);
        if (response.Best == ResponseLevel.NotEvaluable)
            return Reported(patient, period, policy)
                ?? new(RefractoryStatus.NotDeterminable, "R-REF-2", null, Carried(response), response.Cited);
        if (progressions.Length > 0)
            return new(RefractoryStatus.Exposed, "R-REF-7", ProgressionSource.ImwgDerived, Open(progressions[0]), progressions[0].Cited);
        return response.Best == ResponseLevel.Progressive
            ? new(RefractoryStatus.NotDeterminable, "R-REF-2", null, Carried(response), response.Cited)
            : new(RefractoryStatus.NotRefractory, "R-REF-2", null, Carried(response), response.Cited);
    }

    /// <summary>A clinician's progression counts only where no response can be derived, and is named as such (R-REF-9).</summary>
    private static Ruling? Reported(MyelomaCase patient, DrugPeriod period, DerivationPolicy policy) =>
        patient.StatedProgressions
            .Where(p => Within(period, p.Date, policy.RefractoryDays).IsMet)
            .OrderBy(p => p.Date).ThenBy(p => p.Source)
            .Select(p => new Ruling(RefractoryStatus.Refractory, "R-REF-9", ProgressionSource.ClinicianReported, [], Cited.These([p.Source])))
            .FirstOrDefault();

    /// <summary>First dose &lt; PD &lt;= last dose + 60 days, for every day that the dates can mean; never met by a PD that may precede the first dose.</summary>
    private static Tri Within(DrugPeriod period, ClinicalDate progression, int days)
    {
        var after = progression.First > period.First.Last ? Tri.Met : Tri.Unknown;
        var since = DaySpan.Between(period.Last, progression);
        var before = since.Max <= days ? Tri.Met : since.Min > days ? Tri.NotMet : Tri.Unknown;
        return after & before;
    }

    private static ImmutableArray<Flag> Open(Progression progression) => progression.Confirmed ? [] : [Flag.Unconfirmed];

    private static ImmutableArray<Flag> Carried(LineResponse response) => response.Flags.Contains(Flag.Unconfirmed) ? [Flag.Unconfirmed] : [];

    private static ImmutableArray<string> Labels(
        LineOfTherapy line, DrugPeriod period, LineResponse response, RefractoryStatus status, bool asserted)
    {
        var known = response.Best != ResponseLevel.NotEvaluable;
        var completed = Completed(line);
        var ended = line.EndReason != LineEndReason.NoLaterTherapy;
        List<string> labels = [];
        if (known && response.Best < ResponseLevel.VeryGoodPartial && (completed >= 4 || (ended && completed >= 2)))
            labels.Add("SUBOPTIMAL_LT_VGPR");
        if (known && response.Best < ResponseLevel.Partial && completed >= 2)
            labels.Add("POOR_LT_PR");
        if (known && line.Number == 1 && response.Best < ResponseLevel.Minimal)
            labels.Add("PRIMARY_REFRACTORY_IMWG");
        if (period.Drug == Drug.Daratumumab && status == RefractoryStatus.Refractory)
            labels.Add("DARA_REFRACTORY_IMWG");
        if (asserted)
            labels.Add("CLINICIAN_REFRACTORY");
        return [.. labels.Order(StringComparer.Ordinal)];
    }
}
