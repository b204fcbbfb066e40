using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Turns the doses of a draft into a line: names it, counts it, says how sure it is.</summary>
internal sealed class LineWriter(MyelomaCase patient, Course course)
{
    /// <summary>All lines, final.</summary>
    public ImmutableArray<LineOfTherapy> WriteAll(List<LineDraft> drafts, Func<LineOfTherapy, LineResponse> responseOf)
    {
        var lines = ImmutableArray.CreateBuilder<LineOfTherapy>(drafts.Count);
        for (var i = 0; i < drafts.Count; i++)
        {
            var line = Write(drafts, i);
            lines.Add(i + 1 < drafts.Count ? line : Last(line, drafts[i], responseOf));
        }
        return lines.MoveToImmutable();
    }

    /// <summary>The bounds of a line as it stands when <paramref name="newTherapy"/> begins: all that its response depends on.</summary>
    public static LineOfTherapy Outline(List<LineDraft> drafts, int index, ClinicalDate? newTherapy) => new()
    {
        Number = drafts[index].Number,
        First = drafts[index].First,
        Last = drafts[index].LastTreatment,
        NewTherapy = newTherapy,
        PreviousLineStart = index > 0 ? drafts[index - 1].First : null,
        Regimen = "",
        Drugs = [],
        StartReason = drafts[index].StartReason,
        EndReason = LineEndReason.NextLine,
        Confidence = Confidence.High,
        Sources = [],
    };

    /// <summary>One line, but for what its own response says about its end.</summary>
    private LineOfTherapy Write(List<LineDraft> drafts, int index)
    {
        var draft = drafts[index];
        var next = index + 1 < drafts.Count ? drafts[index + 1] : null;
        var doses = DosesOf(draft, next?.First);
        var (name, window) = Name(draft, doses);
        if (name.Row is null or { Steroid: SteroidNeed.None })
            doses.RemoveAll(dose => dose.Role == DoseRole.Premedication);
        var drugs = Periods(doses, draft, next?.First);
        var cycles = Cycles.Count(window, name.Row, Treatment(doses, draft.MainStart), next?.First, course.RecordEnd);
        var documented = patient.DocumentedCycles.IsEmpty ? null : Documented(draft, next?.First);

        HashSet<Flag> flags = [.. draft.Flags];
        if (name.Row is null)
            flags.Add(Flag.RegimenUnnamed);
        if (cycles is { Estimated: true, Started: not null })
            flags.Add(Flag.CyclesEstimated);
        if (documented is { } stated && cycles.Started is { } counted && Math.Abs(stated.Cycles - counted) > 1)
            flags.Add(Flag.CyclesDiffer);

        var doubts = Sureness.Of(draft, next, doses, flags);
        return new()
        {
            Number = draft.Number,
            First = draft.First,
            Last = LastOf(draft, drugs),
            NewTherapy = next?.Earliest,
            PreviousLineStart = index > 0 ? drafts[index - 1].First : null,
            Regimen = name.Name,
            Drugs = drugs,
            CyclesStarted = cycles.Started,
            CyclesCompleted = cycles.Completed,
            CyclesDocumented = documented?.Cycles,
            Transplants = [.. draft.Transplants.Select(transplant => transplant.Date)],
            Phases = Phases.Of(draft, doses, window),
            StartReason = draft.StartReason,
            EndReason = EndReason(draft, next),
            NewDrugs = draft.New.IsEmpty ? [] : [.. draft.New.OrderBy(drug => drug.Code(), StringComparer.Ordinal)],
            Confidence = Sureness.Confidence(doubts),
            Doubts = Sureness.Deciding(doubts),
            Rules = [.. draft.Rules],
            Flags = [.. flags.Order()],
            Sources = [],
            Decreed = Cited.When(() => [.. drugs.SelectMany(drug => drug.Sources).Concat(cycles.Openers).Distinct().Order()]),
            Cited = Cited.When(() => SourcesOf(draft, drugs, cycles, documented)),
        };
    }

    /// <summary>Last dose; a transplant ends a line only where no drug is known.</summary>
    private static ClinicalDate LastOf(LineDraft draft, ImmutableArray<DrugPeriod> drugs)
    {
        var last = draft.First;
        foreach (var drug in drugs)
            last = ClinicalDate.Later(last, drug.Last);
        foreach (var cells in draft.Cells)
            last = ClinicalDate.Later(last, cells.Date);
        if (drugs.IsEmpty)
        {
            foreach (var transplant in draft.Transplants)
                last = ClinicalDate.Later(last, transplant.Date);
        }
        return last;
    }

    private static ImmutableArray<SourceId> SourcesOf(LineDraft draft, ImmutableArray<DrugPeriod> drugs, CycleCount cycles, DocumentedCycles? documented)
    {
        HashSet<SourceId> sources = [.. draft.OtherSources];
        foreach (var drug in drugs)
            sources.UnionWith(drug.Sources);
        sources.UnionWith(cycles.Openers);
        foreach (var transplant in draft.Transplants)
            sources.Add(transplant.Source);
        foreach (var cells in draft.Cells)
            sources.Add(cells.Source);
        if (documented is not null)
            sources.Add(documented.Source);
        return [.. sources.Order()];
    }

    private static List<Dose> Treatment(IReadOnlyList<RoledDose> doses, ClinicalDate from)
    {
        List<Dose> treatment = [];
        foreach (var dose in doses)
        {
            if (dose.Role == DoseRole.Regimen && dose.Dose.Start >= from)
                treatment.Add(dose.Dose);
        }
        return treatment;
    }

    /// <summary>R-LOT-10: is what was given before that day less than a complete cycle?</summary>
    public bool IsShorterThanCycle(LineDraft draft, ClinicalDate next)
    {
        var days = DaySpan.Between(draft.MainStart, next).Max;
        if (days >= Cycles.LongestDays)
            return false;
        var doses = DosesOf(draft, next);
        var (name, window) = Name(draft, doses);
        var cycles = Cycles.Count(window, name.Row, Treatment(doses, draft.MainStart), next, next);
        return cycles is not { Started: > 1 } && days < cycles.Length;
    }

    /// <summary>The last regimen of the record is a line however short (a.10); PD without a change of treatment asks for a look (R-LOT-9).</summary>
    private LineOfTherapy Last(LineOfTherapy line, LineDraft draft, Func<LineOfTherapy, LineResponse> responseOf)
    {
        HashSet<Flag> flags = [.. line.Flags];
        if (!draft.IsCompleteByItself && draft.Curated is null && IsShorterThanCycle(draft, course.RecordEnd))
            flags.Add(Flag.SubCycle);
        SortedSet<string> rules = new(line.Rules, StringComparer.Ordinal);
        if (flags.Contains(Flag.SubCycle))
            rules.Add("R-LOT-10");
        // Every progression of the line comes after its first day.
        if (draft.LastRegimen > draft.First && responseOf(line).Progression is { } progression && draft.LastRegimen > progression.Date)
        {
            flags.Add(Flag.Review);
            rules.Add("R-LOT-9");
        }
        SortedSet<LineDoubt> doubts = [.. line.Doubts];
        if (draft.Curated is null && flags.Contains(Flag.Review))
            doubts.Add(LineDoubt.Review);
        if (draft.Curated is null && flags.Contains(Flag.SubCycle))
            doubts.Add(LineDoubt.SubCycle);
        return line with { Flags = [.. flags.Order()], Rules = [.. rules], Confidence = Sureness.Confidence([.. doubts]), Doubts = Sureness.Deciding([.. doubts]) };
    }

    /// <summary>
    /// The draft's own doses, what goes on from before, and the steroids given with them. A steroid given alone a cycle or more after the last other drug
    /// stays outside: it neither begins nor prolongs a line (R-LOT-13). Lymphodepletion closes the line before, but is no treatment of the myeloma.
    /// </summary>
    private List<RoledDose> DosesOf(LineDraft draft, ClinicalDate? end)
    {
        List<RoledDose> doses = [.. course.GoingOn(draft.First, draft.Drugs)];
        foreach (var dose in draft.Doses)
        {
            if (dose.Role != DoseRole.Lymphodepletion)
                doses.Add(dose);
        }
        var last = draft.MainStart;
        foreach (var dose in doses)
            last = ClinicalDate.Later(last, dose.Dose.IsOpen ? course.RecordEnd : dose.Dose.End);
        foreach (var transplant in draft.Transplants)
            last = ClinicalDate.Later(last, transplant.Date);
        foreach (var dose in course.SteroidsFrom(draft.First, course.WindowEnd(last)))
        {
            if (end is { } limit && dose.Dose.Start >= limit)
                break;
            doses.Add(dose);
        }
        doses.Sort((a, b) => Clinical.Lines.Doses.InTime(a.Dose, b.Dose));
        return doses;
    }

    private (RegimenName Name, DrugSet Drugs) Name(LineDraft draft, IReadOnlyList<RoledDose> doses)
    {
        DrugSet drugs = [];
        DrugSet premedication = [];
        foreach (var dose in doses)
        {
            if (!course.StartsInWindow(dose.Dose.Start, draft.MainStart))
                break;
            if (!dose.Dose.ReachesTo(draft.MainStart))
                continue;
            if (dose.Role is DoseRole.Regimen or DoseRole.Steroid)
                drugs = drugs.With(dose.Dose.Drug);
            else if (dose.Role == DoseRole.Premedication)
                premedication = premedication.With(dose.Dose.Drug);
        }
        if (drugs.Overlaps(Drugs.AntiMyeloma))
        {
            var name = Regimens.Of(drugs, premedication);
            var withCells = draft.Cells.Any(cells => course.StartsInWindow(cells.Date, draft.MainStart));
            return (withCells ? new("CAR-T-" + name.Name, null) : name, drugs | premedication);
        }
        if (draft.Cells.Count > 0)
            return (new("CAR-T", null), drugs);
        if (draft.Transplants.Count > 0)
            return (new(draft.Transplants[0].Kind == TherapyProcedureKind.AllogeneicTransplant ? "Allo-SCT" : "ASCT", null), drugs);
        return (Regimens.Of(drugs, premedication), drugs);
    }

    private ImmutableArray<DrugPeriod> Periods(List<RoledDose> doses, LineDraft draft, ClinicalDate? end)
    {
        DrugSet drugs = [];
        foreach (var dose in doses)
            drugs = drugs.With(dose.Dose.Drug);
        var periods = new DrugPeriod[drugs.Count];
        var i = 0;
        foreach (var drug in drugs)
            periods[i++] = Period(drug, doses, draft, end);
        Array.Sort(periods, (a, b) => string.CompareOrdinal(a.Drug.Code(), b.Drug.Code()));
        return ImmutableCollectionsMarshal.AsImmutableArray(periods);
    }

    /// <summary>First and last day of a drug in the line; of sources that say the same the smallest is cited.</summary>
    private DrugPeriod Period(Drug drug, List<RoledDose> doses, LineDraft draft, ClinicalDate? end)
    {
        (ClinicalDate Date, SourceId Source)? first = null;
        (ClinicalDate Date, SourceId Source)? last = null;
        // Of each drug only the strongest kind of evidence is counted (R-WO-5).
        var evidence = ExposureEvidence.Administration;
        foreach (var (dose, _) in doses)
        {
            if (dose.Drug != drug)
                continue;
            var (from, to) = (ClinicalDate.Later(dose.Start, draft.First), Until(dose, end));
            if (first is not { } begun || from < begun.Date || (from == begun.Date && dose.StartSource < begun.Source))
                first = (from, dose.StartSource);
            if (last is not { } ended || to > ended.Date || (to == ended.Date && dose.EndSource < ended.Source))
                last = (to, dose.EndSource);
            evidence = dose.Evidence;
        }
        var (start, stop) = (first!.Value, last!.Value);
        ImmutableArray<SourceId> sources = start.Source == stop.Source ? [start.Source] : start.Source < stop.Source ? [start.Source, stop.Source] : [stop.Source, start.Source];
        return new(drug, start.Date, stop.Date, evidence, sources);
    }

    /// <summary>A period that reaches into the next line ends here where that begins; an open one at the end of the record.</summary>
    private ClinicalDate Until(Dose dose, ClinicalDate? end)
    {
        var last = dose.IsOpen ? ClinicalDate.Later(course.RecordEnd, dose.Start) : dose.End;
        return end is { } limit && last > limit && dose.Start < limit ? limit : last;
    }

    private DocumentedCycles? Documented(LineDraft draft, ClinicalDate? end) => patient.DocumentedCycles
        .Where(stated => stated.Date >= draft.First && (end is not { } limit || stated.Date < limit))
        .OrderBy(stated => stated.Date).ThenBy(stated => stated.Cycles).ThenByDescending(stated => stated.Source)
        .LastOrDefault();

    private LineEndReason EndReason(LineDraft draft, LineDraft? next) =>
        draft.Curated?.End is not null ? LineEndReason.Curated
        : next is not null ? next.StartsAfterProgression ? LineEndReason.Progression : LineEndReason.NextLine
        : patient.Death is not null ? LineEndReason.Death
        : LineEndReason.NoLaterTherapy;
}
