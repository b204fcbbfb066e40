using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Turns the doses of a draft into a line: names it, counts it, says how sure it is.</summary>
internal sealed class LineWriter(MyelomaCase patient, LinePolicy policy, Course course)
{
    /// <summary>All lines, final.</summary>
    public ImmutableArray<LineOfTherapy> WriteAll(List<LineDraft> drafts, Func<LineOfTherapy, LineResponse> responseOf)
    {
        var lines = ImmutableArray.CreateBuilder<LineOfTherapy>(drafts.Count);
        for (var i = 0; i < drafts.Count; i++)
        {
            var line = Write(drafts, i, i + 1 < drafts.Count ? drafts[i + 1].Earliest : null);
            lines.Add(i + 1 < drafts.Count ? line : Last(line, drafts[i], responseOf));
        }
        return lines.MoveToImmutable();
    }

    /// <summary>One line as it stands when <paramref name="newTherapy"/> begins.</summary>
    public LineOfTherapy Write(List<LineDraft> drafts, int index, ClinicalDate? newTherapy)
    {
        var draft = drafts[index];
        var next = index + 1 < drafts.Count ? drafts[index + 1] : null;
        var end = next?.First ?? newTherapy;
        var doses = DosesOf(draft, end);
        var (name, window) = Name(draft, doses);
        var steroids = name.Row is null or { Steroid: SteroidNeed.None } ? [] : doses.Where(dose => dose.Role == DoseRole.Premedication);
        RoledDose[] given = [.. doses.Where(dose => dose.Role != DoseRole.Premedication), .. steroids];
        var drugs = Periods(given, draft, end);
        var cycles = Cycles.Count(window, name.Row, [.. given.Where(dose => dose.Role == DoseRole.Regimen && dose.Dose.Start >= draft.MainStart).Select(dose => dose.Dose)], course.RecordEnd);
        var documented = Documented(draft, end);

        HashSet<Flag> flags = [.. draft.Flags];
        if (name.Row is null)
            flags.Add(Flag.RegimenUnnamed);
        if (cycles is { Estimated: true, Started: not null })
            flags.Add(Flag.CyclesEstimated);
        if (documented is { } stated && cycles.Started is { } counted && Math.Abs(stated.Cycles - counted) > 1)
            flags.Add(Flag.CyclesDiffer);

        ClinicalDate[] transplants = [.. draft.Transplants.Select(transplant => transplant.Date)];
        return new()
        {
            Number = draft.Number,
            First = draft.First,
            // Last dose; a transplant ends a line only where no drug is known.
            Last = drugs.Select(drug => drug.Last).Concat(drugs.IsEmpty ? transplants : []).Concat(draft.Cells.Select(cells => cells.Date)).Append(draft.First).Max(),
            NewTherapy = newTherapy,
            PreviousLineStart = index > 0 ? drafts[index - 1].First : null,
            Regimen = name.Name,
            Drugs = drugs,
            CyclesStarted = cycles.Started,
            CyclesCompleted = cycles.Completed,
            CyclesDocumented = documented?.Cycles,
            Transplants = [.. transplants],
            Phases = Phases.Of(draft, given, window),
            StartReason = draft.StartReason,
            EndReason = EndReason(draft, next),
            Confidence = Sureness.Of(draft, next, given, flags),
            Rules = [.. draft.Rules],
            Flags = [.. flags.Order()],
            Sources =
            [
                .. drugs.SelectMany(drug => drug.Sources)
                    .Concat(cycles.Openers)
                    .Concat(draft.Transplants.Select(transplant => transplant.Source))
                    .Concat(draft.Cells.Select(cells => cells.Source))
                    .Concat(draft.OtherSources)
                    .Concat(documented is null ? [] : [documented.Source])
                    .Distinct().Order(),
            ],
        };
    }

    /// <summary>R-LOT-10: is what was given before that day less than a complete cycle?</summary>
    public bool IsShorterThanCycle(LineDraft draft, ClinicalDate next)
    {
        var doses = draft.Doses.Where(dose => dose.Role == DoseRole.Regimen && dose.Dose.Start >= draft.MainStart).ToArray();
        var (name, window) = Name(draft, doses);
        var cycles = Cycles.Count(window, name.Row, [.. doses.Select(dose => dose.Dose)], next);
        return cycles is not { Started: > 1 } && DaySpan.Between(draft.MainStart, next).Max < cycles.Length;
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
        if (responseOf(line).Progression is { } progression && draft.Doses.Exists(dose => dose.Role == DoseRole.Regimen && dose.Dose.End > progression.Date))
        {
            flags.Add(Flag.Review);
            rules.Add("R-LOT-9");
        }
        var limit = flags.Contains(Flag.Review) ? Confidence.Low : flags.Contains(Flag.SubCycle) ? Confidence.Medium : Confidence.High;
        var confidence = draft.Curated is null && limit > line.Confidence ? limit : line.Confidence;
        return line with { Flags = [.. flags.Order()], Rules = [.. rules], Confidence = confidence };
    }

    /// <summary>
    /// The draft's own doses, what goes on from before, and the steroids given with them. A steroid given alone a cycle or more after the last other drug
    /// stays outside: it neither begins nor prolongs a line (R-LOT-13). Lymphodepletion closes the line before, but is no treatment of the myeloma.
    /// </summary>
    private RoledDose[] DosesOf(LineDraft draft, ClinicalDate? end)
    {
        var own = draft.Doses.Where(dose => dose.Role != DoseRole.Lymphodepletion).ToHashSet();
        own.UnionWith(course.All.Where(dose =>
            dose.Role == DoseRole.Regimen && dose.Dose.IsPeriod && draft.Drugs.Contains(dose.Dose.Drug)
            && dose.Dose.Start < draft.First && dose.Dose.ReachesTo(draft.First)));
        var last = own.Select(dose => dose.Dose.IsOpen ? course.RecordEnd : dose.Dose.End)
            .Concat(draft.Transplants.Select(transplant => transplant.Date)).Append(draft.MainStart).Max();
        var steroids = course.All.Where(dose =>
            dose.Role is DoseRole.Steroid or DoseRole.Premedication
            && dose.Dose.ReachesTo(draft.First)
            && (end is not { } limit || dose.Dose.Start < limit)
            && DaySpan.Between(last, dose.Dose.Start).Min < policy.RegimenWindowDays);
        return [.. own.Concat(steroids).OrderBy(dose => dose.Dose.Start).ThenBy(dose => dose.Dose.Drug).ThenBy(dose => dose.Dose.End).ThenBy(dose => dose.Dose.StartSource)];
    }

    private (RegimenName Name, ImmutableHashSet<Drug> Drugs) Name(LineDraft draft, RoledDose[] doses)
    {
        var inWindow = doses.Where(dose =>
            dose.Role is DoseRole.Regimen or DoseRole.Steroid or DoseRole.Premedication && course.IsActiveFrom(dose.Dose, draft.MainStart)).ToArray();
        var drugs = inWindow.Where(dose => dose.Role != DoseRole.Premedication).Select(dose => dose.Dose.Drug).ToImmutableHashSet();
        var premedication = inWindow.Where(dose => dose.Role == DoseRole.Premedication).Select(dose => dose.Dose.Drug).ToImmutableHashSet();
        if (drugs.Any(drug => drug.IsAntiMyeloma()))
            return (Regimens.Of(drugs, premedication), drugs.Union(premedication));
        if (draft.Cells.Count > 0)
            return (new("CAR-T", null), drugs);
        if (draft.Transplants.Count > 0)
            return (new(draft.Transplants[0].Kind == TherapyProcedureKind.AllogeneicTransplant ? "Allo-SCT" : "ASCT", null), drugs);
        return (Regimens.Of(drugs, premedication), drugs);
    }

    private ImmutableArray<DrugPeriod> Periods(RoledDose[] doses, LineDraft draft, ClinicalDate? end) =>
    [
        .. doses.GroupBy(dose => dose.Dose.Drug)
            .OrderBy(ofDrug => ofDrug.Key.Code(), StringComparer.Ordinal)
            .Select(ofDrug =>
            {
                var first = ofDrug.Select(dose => (Date: Later(dose.Dose.Start, draft.First), Source: dose.Dose.StartSource)).Min();
                var last = ofDrug.Select(dose => (Date: Until(dose.Dose, end), Source: dose.Dose.EndSource)).GroupBy(dose => dose.Date).MaxBy(day => day.Key)!.Min();
                return new DrugPeriod(
                    ofDrug.Key, first.Date, last.Date, ofDrug.Min(dose => dose.Dose.Evidence), [.. new[] { first.Source, last.Source }.Distinct().Order()]);
            }),
    ];

    private static ClinicalDate Later(ClinicalDate a, ClinicalDate b) => a > b ? a : b;

    /// <summary>A period that reaches into the next line ends here where that begins; an open one at the end of the record.</summary>
    private ClinicalDate Until(Dose dose, ClinicalDate? end)
    {
        var last = dose.IsOpen ? Later(course.RecordEnd, dose.Start) : dose.End;
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
