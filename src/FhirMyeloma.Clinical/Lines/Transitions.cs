using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Walks a course of treatment date by date and decides where one line ends and the next begins (d.1).</summary>
internal sealed class Transitions(MyelomaCase patient, LinePolicy policy, Course course, LineWriter writer, Func<LineOfTherapy, LineResponse> responseOf)
{
    private readonly List<LineDraft> _drafts = [];
    private readonly CuratedLines _curated = new(patient);
    private readonly PlannedChanges _plans = new(patient, policy, course);

    /// <summary>Doses that wait for the event to which they belong: conditioning for its transplant, bridging for its cells.</summary>
    private readonly List<RoledDose> _waiting = [];

    private LineDraft? _current;

    /// <summary>The lines, in order.</summary>
    public List<LineDraft> Drafts()
    {
        foreach (var date in course.Dates)
        {
            BeginCurated(date);
            _waiting.AddRange(date.Doses.Where(dose => dose.Role is DoseRole.Conditioning or DoseRole.Bridging or DoseRole.Lymphodepletion));
            _current?.Doses.AddRange(date.Doses.Where(dose => dose.Role == DoseRole.Mobilisation));

            var possible = date.Doses.Where(dose => dose.Role == DoseRole.PossibleConditioning).ToArray();
            var assumed = possible.Where(IsAssumedTransplant).ToArray();
            var doses = date.Doses.Where(dose => dose.Role == DoseRole.Regimen)
                .Concat(possible.Except(assumed).Select(dose => dose with { Role = DoseRole.Regimen })).ToArray();
            if (doses.Length > 0 || date.Cells.Length > 0)
                Give(date.Date, doses, date.Cells);
            foreach (var dose in assumed)
                AssumeTransplant(dose);
            foreach (var transplant in date.Transplants)
                Transplant(transplant);
        }
        if (_current is not null)
            _current.Doses.AddRange(_waiting);
        return _drafts;
    }

    private void Give(ClinicalDate date, RoledDose[] doses, ImmutableArray<TherapyProcedure> cells)
    {
        var drugs = doses.Select(dose => dose.Dose.Drug).ToHashSet();
        var isCells = cells.Length > 0 || drugs.Any(drug => drug.Class() == DrugClass.CarT);
        if (_current is not { } current)
            Begin(FirstBridging(date, isCells) ?? date, date, LineStartReason.FirstTherapy, "R-LOT-1");
        else if (!current.IsEmpty && !_curated.Fixes(current, date))
            Continue(current, date, drugs, isCells);

        var line = _current!;
        line.Doses.AddRange(doses);
        line.Cells.AddRange(cells);
        line.Drugs.UnionWith(drugs);
        if (isCells)
            TakeBridging(line, date);
    }

    /// <summary>Same line, the rest of a regimen too short to count, or a new line?</summary>
    private void Continue(LineDraft current, ClinicalDate date, HashSet<Drug> drugs, bool isCells)
    {
        var isChange = isCells ? !drugs.All(current.Drugs.Contains) || drugs.Count == 0 : drugs.Any(drug => !current.Drugs.Contains(drug));
        if (!isChange)
        {
            if (IsGap(current, date))
                Begin(date, date, LineStartReason.RestartAfterGap, "R-LOT-6");
            else if (_plans.IsMaintenanceAfterPause(current, date))
                JudgeMaintenance(current, date);
            return;
        }

        var start = FirstBridging(date, isCells) ?? date;
        var inWindow = course.StartsInWindow(start, current.MainStart);
        var continues = course.All.Any(dose => dose.Role == DoseRole.Regimen && current.Drugs.Contains(dose.Dose.Drug) && course.IsActiveFrom(dose.Dose, start));
        if (inWindow && continues && !isCells)
            return;
        if (!current.IsCompleteByItself && current.Curated is null && writer.IsShorterThanCycle(current, start))
            AttachToNext(current, date);
        else
            Judge(current, start, date, course.ActiveFrom(date).Union(drugs), isCells);
    }

    /// <summary>R-LOT-10: what was given so far is no line; it stays as an episode of the one that follows.</summary>
    private void AttachToNext(LineDraft current, ClinicalDate date)
    {
        current.Flags.Add(Flag.SubCycle);
        current.Rules.Add("R-LOT-10");
        current.MainStart = date;
        current.Drugs.Clear();
        current.Drugs.UnionWith(course.ActiveFrom(date));
    }

    private void Judge(LineDraft current, ClinicalDate start, ClinicalDate date, ImmutableHashSet<Drug> next, bool isCells)
    {
        var before = ResponseBefore(current, start);
        var planned = isCells ? _plans.ByPlan(current, next, start) : _plans.By(current, next, start);
        var responseAllows = !before.Progressed && (!before.IsBelowPartial || planned == PlannedBy.FirstPlan);
        if (policy.PlannedChangesStay && planned != PlannedBy.Nothing && (responseAllows || (!policy.PlannedNeedsResponse && planned == PlannedBy.Template)))
        {
            current.Rules.Add("R-LOT-1");
            current.PlannedChange ??= start;
            current.OtherSources.UnionWith(_plans.SourcesOf(current, next, start, planned));
            current.ResponseUnknown |= before.IsUnknown;
            return;
        }

        var stopped = !next.Overlaps(current.Drugs);
        var maintenance = current.Transplants.Count > 0 && _plans.IsMaintenanceFrom(date, next);
        var returns = _drafts.SkipLast(1).Any(earlier => next.SetEquals(earlier.Drugs));
        var (reason, rule) =
            returns ? (LineStartReason.RestartAfterOtherRegimen, "R-LOT-6")
            : maintenance ? (LineStartReason.UnplannedMaintenance, "R-LOT-8")
            : before.Progressed ? (LineStartReason.Progression, stopped ? "R-LOT-2" : "R-LOT-4")
            : stopped ? (LineStartReason.RegimenChanged, "R-LOT-2")
            : (LineStartReason.DrugAdded, "R-LOT-4");
        var restart = stopped ? null : RestartBefore(current, date);
        var line = Begin(restart ?? start, restart ?? date, reason, rule);
        Note(line, before);
        // d.3: a change after a transplant that neither progression nor a poor response explains may be what its doctors call maintenance.
        if (current.Transplants.Count > 0 && !before.Progressed && !before.IsBelowPartial && !isCells)
            line.Flags.Add(Flag.Review);
        line.Drugs.UnionWith(next.Where(current.Drugs.Contains));
        if (restart is { } from)
            Move(current, line, from);
    }

    /// <summary>R-LOT-8: a drug of the line alone after a transplant and a pause, for progression or much later.</summary>
    private void JudgeMaintenance(LineDraft current, ClinicalDate date)
    {
        var before = ResponseBefore(current, date);
        if (!before.Progressed && !_plans.IsLate(current, date))
            return;
        var line = Begin(date, date, LineStartReason.UnplannedMaintenance, "R-LOT-8");
        Note(line, before);
        if (!before.Progressed)
            line.Flags.Add(Flag.Review);
    }

    private void Transplant(LineTransplant transplant)
    {
        var conditioning = _waiting.Where(dose => dose.Role == DoseRole.Conditioning && dose.Dose.Start <= transplant.Date).ToList();
        var first = conditioning.Select(dose => dose.Dose.Start).Append(transplant.Date).Min();
        if (_current is not { } current)
        {
            Begin(first, first, LineStartReason.FirstTherapy, "R-LOT-1");
        }
        else if (current.Transplants.Count > 0 && !_curated.Fixes(current, first))
        {
            var last = current.Transplants[^1];
            var days = DaySpan.Between(last.Date, transplant.Date).Min;
            if (days <= policy.OneTransplantDays)
            {
                // Two records of one transplant; the earlier date stands.
                current.OtherSources.Add(transplant.Source);
                current.Doses.AddRange(conditioning);
                _waiting.RemoveAll(conditioning.Contains);
                return;
            }
            if ((last.PlannedTandem || transplant.PlannedTandem) && days <= policy.TandemDays)
            {
                current.Rules.Add("R-LOT-5");
            }
            else
            {
                var before = ResponseBefore(current, first);
                Note(Begin(first, first, LineStartReason.FurtherTransplant, "R-LOT-5"), before);
            }
        }
        _current!.Transplants.Add(transplant);
        _current.Rules.Add("R-LOT-11");
        _current.Doses.AddRange(conditioning);
        _waiting.RemoveAll(conditioning.Contains);
    }

    private bool IsAssumedTransplant(RoledDose dose)
    {
        if (dose.Dose.Intent == TherapyIntent.Conditioning)
            return true;
        if (_current is not { } current)
            return false;
        var day = DaySpan.Between(current.First, dose.Dose.Start);
        return day.Min >= policy.AssumedTransplantFromDay && day.Max <= policy.AssumedTransplantToDay;
    }

    private void AssumeTransplant(RoledDose dose)
    {
        _waiting.Add(dose with { Role = DoseRole.Conditioning });
        Transplant(new(dose.Dose.Start, TherapyProcedureKind.Transplant, dose.Dose.StartSource, false));
        _current!.Flags.Add(Flag.TransplantAssumed);
    }

    /// <summary>Bridging and lymphodepletion belong to the line of the cells (R-LOT-11, R-LOT-12).</summary>
    private void TakeBridging(LineDraft line, ClinicalDate cells)
    {
        var taken = _waiting.Where(dose => dose.Role is DoseRole.Bridging or DoseRole.Lymphodepletion && dose.Dose.Start <= cells).ToList();
        _waiting.RemoveAll(taken.Contains);
        if (taken.Count == 0)
            return;
        line.Rules.Add("R-LOT-11");
        if (taken.Exists(dose => dose.Role == DoseRole.Bridging))
        {
            line.Rules.Add("R-LOT-12");
            line.Flags.Add(Flag.Review);
        }
        line.Doses.AddRange(taken);
        var earliest = taken.Min(dose => dose.Dose.Start);
        if (earliest < line.Earliest && line.MainStart == cells)
            line.Earliest = earliest;
    }

    private ClinicalDate? FirstBridging(ClinicalDate cells, bool isCells) => !isCells ? null : _waiting
        .Where(dose => dose.Role == DoseRole.Bridging && dose.Dose.Start <= cells)
        .Select(dose => (ClinicalDate?)dose.Dose.Start).Min();

    private LineDraft Begin(ClinicalDate first, ClinicalDate mainStart, LineStartReason reason, string? rule)
    {
        _current = new(_drafts.Count == 0 ? 1 : _drafts[^1].Number + 1, first, reason) { MainStart = mainStart };
        if (rule is not null)
            _current.Rules.Add(rule);
        _drafts.Add(_current);
        return _current;
    }

    private void BeginCurated(CourseDate date)
    {
        foreach (var stated in _curated.TakeFrom(date.Date))
        {
            if (_current is not { } current || stated.Number > current.Number)
                BeginCuratedLine(date.Date, stated.Number);
            _current!.Curated = stated;
            _current.Number = stated.Number;
            _current.StartReason = LineStartReason.Curated;
            _current.Flags.Add(Flag.Curated);
            _current.OtherSources.Add(stated.Source);
        }
    }

    private void BeginCuratedLine(ClinicalDate date, int number)
    {
        var before = _current;
        var line = Begin(date, date, LineStartReason.Curated, null);
        line.Number = number;
        if (before is not null)
            line.Drugs.UnionWith(course.ActiveFrom(date).Where(before.Drugs.Contains));
    }

    private bool IsGap(LineDraft current, ClinicalDate date) =>
        policy.SameRegimenGapDays is { } gap && DaySpan.Between(current.LastTreatment, date).Min >= gap;

    /// <summary>
    /// A drug of the line that was resumed after two cycles or more without any, shortly before the new drug: the new regimen began with it (R-LOT-6).
    /// </summary>
    private ClinicalDate? RestartBefore(LineDraft current, ClinicalDate date)
    {
        var recent = current.Doses.Where(dose => dose.Role == DoseRole.Regimen && course.StartsInWindow(date, dose.Dose.Start)).Select(dose => dose.Dose.Start);
        var resumed = recent.Append(date).Min();
        var before = current.Doses.Where(dose => dose.Role == DoseRole.Regimen && dose.Dose.Start < resumed).ToArray();
        return before.Length > 0 && !before.Any(dose => dose.Dose.ReachesTo(resumed))
            && DaySpan.Between(before.Max(dose => dose.Dose.End), resumed).Min > 2 * policy.RegimenWindowDays
            && resumed < date ? resumed : null;
    }

    private static void Move(LineDraft from, LineDraft to, ClinicalDate start)
    {
        var moved = from.Doses.Where(dose => dose.Dose.Start >= start).ToList();
        from.Doses.RemoveAll(moved.Contains);
        to.Doses.AddRange(moved);
        to.Drugs.UnionWith(moved.Select(dose => dose.Dose.Drug));
    }

    private static void Note(LineDraft line, ResponseBefore before)
    {
        line.StartsAfterProgression = before.Progressed;
        line.ResponseUnknown = before.IsUnknown;
        line.OtherSources.UnionWith(before.Sources);
        if (before.Progressed)
            line.Rules.Add("R-LOT-9");
    }

    private ResponseBefore ResponseBefore(LineDraft current, ClinicalDate start) =>
        Lines.ResponseBefore.Of(patient, current.First, start, responseOf(writer.Write(_drafts, _drafts.IndexOf(current), start)));
}
