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
        List<RoledDose> regimen = [];
        List<RoledDose> assumed = [];
        foreach (var date in course.Dates)
        {
            BeginCurated(date.Date);
            regimen.Clear();
            assumed.Clear();
            foreach (var dose in date.Doses)
                Sort(dose, regimen, assumed);
            if (regimen.Count > 0 || date.Cells is not null)
                Give(date.Date, regimen, date.Cells);
            foreach (var dose in assumed)
                AssumeTransplant(dose);
            if (date.Transplant is { } transplant)
                Transplant(transplant);
        }
        foreach (var dose in _waiting)
            _current?.Add(dose);
        return _drafts;
    }

    private void Sort(RoledDose dose, List<RoledDose> regimen, List<RoledDose> assumed)
    {
        switch (dose.Role)
        {
            case DoseRole.Regimen:
                regimen.Add(dose);
                break;
            case DoseRole.PossibleConditioning when IsAssumedTransplant(dose):
                assumed.Add(dose);
                break;
            case DoseRole.PossibleConditioning:
                regimen.Add(dose with { Role = DoseRole.Regimen });
                break;
            case DoseRole.Mobilisation:
                _current?.Add(dose);
                break;
            case DoseRole.Conditioning or DoseRole.Bridging or DoseRole.Lymphodepletion:
                _waiting.Add(dose);
                break;
            case DoseRole.Steroid or DoseRole.Premedication or DoseRole.Supportive:
                break;
        }
    }

    private void Give(ClinicalDate date, List<RoledDose> doses, TherapyProcedure? cells)
    {
        DrugSet drugs = [];
        foreach (var dose in doses)
            drugs = drugs.With(dose.Dose.Drug);
        var isCells = cells is not null || drugs.Overlaps(Drugs.CarT);
        if (_current is not { } current)
            Begin(FirstBridging(date, isCells) ?? date, date, LineStartReason.FirstTherapy, "R-LOT-1");
        else if (!current.IsEmpty)
            Continue(current, date, drugs, isCells);

        var line = _current!;
        foreach (var dose in doses)
            line.Add(dose);
        if (cells is not null)
            line.Add(cells);
        line.Drugs |= drugs;
        if (isCells)
            TakeBridging(line, date);
    }

    /// <summary>Same line, the rest of a regimen too short to count, or a new line?</summary>
    private void Continue(LineDraft current, ClinicalDate date, DrugSet drugs, bool isCells)
    {
        var isChange = !current.Drugs.ContainsAll(drugs) || (isCells && drugs.IsEmpty);
        if (_curated.Fixing(current, date) is { } fixing)
        {
            if (isChange)
                Overrule(current, fixing);
            return;
        }
        if (!isChange)
        {
            if (_plans.IsMaintenanceAfterPause(current, date))
                JudgeMaintenance(current, date);
            else if (IsGap(current, date))
                Begin(date, date, LineStartReason.RestartAfterGap, "R-LOT-6");
            return;
        }

        var start = FirstBridging(date, isCells) ?? date;
        var joins = !isCells && course.StartsInWindow(start, current.MainStart)
            && (policy.WindowIsRegimen || course.ActiveFrom(start).Overlaps(current.Drugs));
        if (joins)
            return;
        if (!current.IsCompleteByItself && current.Curated is null && writer.IsShorterThanCycle(current, start))
            AttachToNext(current, date);
        else
            Judge(current, start, date, course.ActiveFrom(date) | drugs, isCells);
    }

    /// <summary>R-LOT-10: what was given so far is no line; it stays as an episode of the one that follows.</summary>
    private void AttachToNext(LineDraft current, ClinicalDate date)
    {
        current.Flags.Add(Flag.SubCycle);
        current.Rules.Add("R-LOT-10");
        current.MainStart = date;
        current.Drugs = course.ActiveFrom(date);
    }

    private void Judge(LineDraft current, ClinicalDate start, ClinicalDate date, DrugSet next, bool isCells)
    {
        var before = ResponseBefore(current, start);
        var planned = isCells ? _plans.ByPlan(current, next, start) : _plans.By(current, next, start);
        var isPlanned = planned != PlannedBy.Nothing;
        var responseAllows = !before.Progressed && (!before.IsBelowPartial || planned == PlannedBy.FirstPlan);
        if (policy.PlannedChangesStay && isPlanned && (responseAllows || (!policy.PlannedNeedsResponse && planned == PlannedBy.Template)))
        {
            current.Rules.Add("R-LOT-1");
            current.PlannedChange ??= start;
            current.OtherSources.UnionWith(_plans.SourcesOf(current, next, start));
            current.ResponseUnknown |= before.IsUnknown;
            return;
        }

        var stopped = !next.Overlaps(current.Drugs);
        // Where planned changes are lines too, a planned maintenance is just another regimen.
        var counted = isPlanned && responseAllows;
        var maintenance = !counted && !isCells && current.Transplants.Count > 0 && _plans.IsMaintenanceFrom(date, next) && !_plans.HasBegunMaintenance(current, start);
        var returns = _drafts.FindIndex(earlier => earlier != current && next == earlier.Drugs) >= 0;
        var (reason, rule) =
            returns ? (LineStartReason.RestartAfterOtherRegimen, "R-LOT-6")
            : maintenance ? (LineStartReason.UnplannedMaintenance, "R-LOT-8")
            : before.Progressed ? (LineStartReason.Progression, stopped ? "R-LOT-2" : "R-LOT-4")
            : stopped ? (LineStartReason.RegimenChanged, "R-LOT-2")
            : (LineStartReason.DrugAdded, "R-LOT-4");
        var restart = stopped || isCells ? null : RestartBefore(current, date);
        var line = Begin(restart ?? start, restart ?? date, reason, rule);
        Note(line, before);
        // d.3: a change after a transplant that neither progression nor a poor response explains may be what its doctors call maintenance.
        if (!counted && current.Transplants.Count > 0 && !before.Progressed && !before.IsBelowPartial && !isCells)
            line.Flags.Add(Flag.Review);
        line.Drugs |= next & current.Drugs;
        line.New = next - current.Drugs;
        if (restart is { } from)
            current.Move(line, from);
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
        var conditioning = Take(dose => dose.Role == DoseRole.Conditioning && dose.Dose.Start <= transplant.Date);
        var first = conditioning.Select(dose => dose.Dose.Start).Append(transplant.Date).Min();
        if (_current is not { } current)
        {
            Begin(first, first, LineStartReason.FirstTherapy, "R-LOT-1");
        }
        else if (current.Transplants.Count > 0 && _curated.Fixing(current, first) is { } fixing)
        {
            Overrule(current, fixing);
        }
        else if (current.Transplants.Count > 0)
        {
            var last = current.Transplants[^1];
            var days = DaySpan.Between(last.Date, transplant.Date).Min;
            if (days <= policy.OneTransplantDays)
            {
                // Two records of one transplant; the earlier date stands.
                current.OtherSources.Add(transplant.Source);
                conditioning.ForEach(current.Add);
                return;
            }
            var plan = _plans.TandemPlan(current, first);
            var isTandem = current.Transplants.Count == 1 && (last.PlannedTandem || transplant.PlannedTandem || plan is not null);
            if (isTandem && days <= policy.TandemDays)
            {
                current.Rules.Add("R-LOT-5");
                if (plan is { } planned && !last.PlannedTandem && !transplant.PlannedTandem)
                    current.OtherSources.Add(planned);
            }
            else
            {
                var before = ResponseBefore(current, first);
                Note(Begin(first, first, LineStartReason.FurtherTransplant, "R-LOT-5"), before);
            }
        }
        _current!.Add(transplant);
        _current.Rules.Add("R-LOT-11");
        conditioning.ForEach(_current.Add);
    }

    /// <summary>Takes doses out of those that wait.</summary>
    private List<RoledDose> Take(Predicate<RoledDose> wanted)
    {
        var taken = _waiting.FindAll(wanted);
        if (taken.Count > 0)
            _waiting.RemoveAll(wanted);
        return taken;
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
        var taken = Take(dose => dose.Role is DoseRole.Bridging or DoseRole.Lymphodepletion && dose.Dose.Start <= cells);
        if (taken.Count == 0)
            return;
        line.Rules.Add("R-LOT-11");
        if (taken.Exists(dose => dose.Role == DoseRole.Bridging))
        {
            line.Rules.Add("R-LOT-12");
            line.Flags.Add(Flag.Review);
        }
        taken.ForEach(line.Add);
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

    private void BeginCurated(ClinicalDate date)
    {
        if (_curated.TakeFrom(date) is not { } stated)
            return;
        if (_current is not { } current || stated.Number > current.Number)
            BeginCuratedLine(date, stated.Number);
        _current!.Curated = stated;
        _current.Number = stated.Number;
        _current.StartReason = LineStartReason.Curated;
        Overrule(_current, stated);
    }

    /// <summary>The curator's word stands in place of a rule: marked and cited.</summary>
    private static void Overrule(LineDraft line, StatedLine stated)
    {
        line.Flags.Add(Flag.Curated);
        line.OtherSources.Add(stated.Source);
    }

    private void BeginCuratedLine(ClinicalDate date, int number)
    {
        var before = _current;
        var line = Begin(date, date, LineStartReason.Curated, null);
        line.Number = number;
        if (before is not null)
            line.Drugs |= course.ActiveFrom(date) & before.Drugs;
    }

    private bool IsGap(LineDraft current, ClinicalDate date) =>
        policy.SameRegimenGapDays is { } gap && !current.GoesOn && DaySpan.Between(current.LastTreatment, date).Min >= gap;

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

    private static void Note(LineDraft line, ResponseBefore before)
    {
        line.StartsAfterProgression = before.Progressed;
        line.ResponseUnknown = before.IsUnknown;
        line.OtherSources.UnionWith(before.Sources);
        if (before.Progressed)
            line.Rules.Add("R-LOT-9");
    }

    private ResponseBefore ResponseBefore(LineDraft current, ClinicalDate start) =>
        Lines.ResponseBefore.Of(patient, current.First, start, responseOf(LineWriter.Outline(_drafts, _drafts.Count - 1, start)));
}
