using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>
/// A second statement of the IMWG core, from the rules' text alone: it walks a line date by date, fills in what the record leaves open (both ends of every
/// range; for the bounds the best and the worst of what is missing) and asks the table. Slow and plain on purpose; it shares no code with the engine.
/// </summary>
internal sealed class Imwg2016
{
    private readonly OracleLine _line;
    private readonly List<(Verdict Verdict, ChartDay Day)> _dates = [];

    private Imwg2016(OracleLine line) => _line = line;

    public static LineVerdict Judge(MyelomaCase patient, LineOfTherapy line, UrinePolicy policy = UrinePolicy.AssumeNegativeIfBaselineNegative)
    {
        var judge = new Imwg2016(new(patient, line, policy));
        foreach (var day in judge._line.Visits)
        {
            if (judge.At(day) is { } verdict)
                judge._dates.Add((verdict, day));
        }

        judge.Confirm();
        return judge.Whole();
    }

    private enum Missing { AsIs, AtBest, AtWorst }

    // ---- one date ----

    private Verdict? At(ChartDay day)
    {
        var confirmed = Nadirs.Confirmed(_line, _dates, day);
        var lowest = Nadirs.Lowest(_line, day);
        var open = Read(day, confirmed);
        var rules = Certain(open);
        var hasMarker = HasMarkerOfSet(day);
        var level = Level(open, day, _line.Policy);
        if (rules.Count == 0 && !hasMarker && level < ResponseLevel.Complete)
            return null;

        var verdict = new Verdict(day.Date) { Progressions = rules };
        if (rules.Count > 0)
        {
            verdict.Level = verdict.Strict = verdict.Relaxed = verdict.BoundWorst = verdict.BoundBest = ResponseLevel.Progressive;
            return verdict;
        }

        verdict.Level = level;
        verdict.Relaxed = Level(open, day, UrinePolicy.Ignore);
        verdict.Strict = Level(open, day, UrinePolicy.Strict);
        if (verdict.Strict == level && level is > ResponseLevel.Stable and < ResponseLevel.Complete && _line.RestsOnAssumption)
            verdict.Strict = level - 1;
        var progressionPossible = open.Worlds().Any(world => DecisionTable.Progressions(world).Any())
            || Certain(Read(day, lowest)).Count > 0
            || (level < ResponseLevel.Complete && !HasEveryMarkerOfSet(day));
        verdict.BoundWorst = _line.Set == MeasurableBy.None && level == ResponseLevel.NotEvaluable ? level : progressionPossible || (_line.Set == MeasurableBy.Unknown && level == ResponseLevel.NotEvaluable) ? ResponseLevel.Progressive : Least(Fill(open, day, Missing.AtWorst), level);
        verdict.BoundBest = Most(Fill(open, day, Missing.AtBest), level);
        return verdict;
    }

    /// <summary>The rules that hold whatever the ranges hide (R-UNIT-6 with PD); where different rules hold at different ends, those of the first.</summary>
    private static List<string> Certain(Open open)
    {
        List<List<string>> perWorld = [.. open.Worlds().Select(world => DecisionTable.Progressions(world).ToList())];
        if (perWorld.Exists(rules => rules.Count == 0))
            return [];
        List<string> everywhere = [.. perWorld[0].Where(rule => perWorld.TrueForAll(rules => rules.Contains(rule)))];
        return everywhere.Count > 0 ? everywhere : perWorld[0];
    }

    /// <summary>The worse end decides (R-UNIT-6); a measurable marker that is missing costs one level of the other's (a.10, urine STRICT).</summary>
    private ResponseLevel Level(Open open, ChartDay day, UrinePolicy policy)
    {
        var asIs = open with { UrineAssumedLow = UrineAssumedLow(day, policy) };
        var level = asIs.Worlds().Min(DecisionTable.Response);
        if (level >= ResponseLevel.Complete || _line.Set != MeasurableBy.SerumAndUrine || (day.Serum is null) == (day.Urine is null))
            return HasMarkerOfSet(day) || level >= ResponseLevel.Complete ? level : ResponseLevel.NotEvaluable;
        var other = (asIs with { Serum = asIs.Serum ?? Span.Exactly(0), Urine = asIs.Urine ?? Span.Exactly(0) }).Worlds().Min(DecisionTable.Response);
        return other == ResponseLevel.Stable || (day.Urine is null && policy == UrinePolicy.Ignore) ? other : other - 1;
    }

    private bool UrineAssumedLow(ChartDay day, UrinePolicy policy) => _line.Set == MeasurableBy.Flc || policy switch
    {
        UrinePolicy.Ignore => true,
        UrinePolicy.Strict => false,
        _ => _line.Urine is not { } baseline || baseline.Span.High < 100m || _line.UrineIfe is Ife.Negative or Ife.ForeignIgGKappa || UrineNegative(day) is true,
    };

    /// <summary>The best or worst category that any values of what is missing would give, measured values kept (a.10).</summary>
    private ResponseLevel Fill(Open open, ChartDay day, Missing missing)
    {
        if (missing == Missing.AtWorst)
        {
            return (open with { UrineAssumedLow = _line.Set == MeasurableBy.Flc && _line.Urine is null }).Worlds().Min(DecisionTable.Response);
        }

        var filled = open with
        {
            UrineAssumedLow = true,
            RatioNormal = open.RatioNormal ?? true,
            SerumFixationNegative = open.SerumFixationNegative is not false || IfeMayBeDrug(day),
            UrineFixationNegative = open.UrineFixationNegative ?? true,
            Gone = open.Gone ?? (_line.ImagingAt(day.Date) is not null ? null : true),
        };
        var unknown = _line.Set == MeasurableBy.Unknown;
        if (day.Serum is null && (unknown || _line.IsFollowedBySerum))
            filled = filled with { Serum = Span.Exactly(0), NoSerum = true };
        if (day.Urine is null && (unknown || _line.IsFollowedByUrine))
            filled = filled with { Urine = Span.Exactly(0), NoUrine = true };
        if (open.Dflc is null && (unknown || _line.Set == MeasurableBy.Flc))
            filled = filled with { Dflc = Span.Exactly(0) };
        if (day.Marrow is null && (unknown || _line.Set == MeasurableBy.Marrow))
            filled = filled with { Marrow = Span.Exactly(0) };

        // Section b: a small band may be the antibody's; then nothing is left of the disease in serum.
        var asDrug = filled with { Serum = Span.Exactly(0), NoSerum = true, SerumWord = false };
        return OfSets(asDrug) is >= ResponseLevel.Complete and var ifDrug && BandMayBeDrug(day) ? ifDrug : OfSets(filled);

        // A missing baseline may have been anything: of whichever marker serves the patient best, as high as it takes.
        ResponseLevel OfSets(Open one) => !unknown ? OfMarrows(one) : new[] { MeasurableBy.Serum, MeasurableBy.Urine, MeasurableBy.Flc, MeasurableBy.Marrow }
            .Max(set => OfMarrows(one with { Set = set, SerumBaseline = Anything, UrineBaseline = Anything, DflcBaseline = Anything, MarrowBaseline = Anything }));

        ResponseLevel OfMarrows(Open one) => MarrowsAtBest(day).Max(marrow => (one with { CrMarrow = marrow.Percent, Free = marrow.Free }).Worlds().Max(DecisionTable.Response));
    }

    private static readonly Span Anything = new(Point.Top, Point.Top);

    /// <summary>Section b: 0 to 180 days after an anti-CD38 dose a residual below 0.25 g/dL, unless an assay has said what it is.</summary>
    private bool BandMayBeDrug(ChartDay day) =>
        day.Serum is { } serum && (serum.BandByText || serum.Span.Low > 0m) && serum.Span.High < 0.25m && !day.BandResolved && _line.UnderAntibody(day.Date)
        && (!serum.NotIgGKappa || _line.Patient.Diagnosis is { HeavyChain: HeavyChain.IgG, LightChain: LightChain.Kappa });

    private Open Read(ChartDay day, Nadirs nadirs)
    {
        var imaging = _line.ImagingAt(day.Date);
        return new()
        {
            Set = _line.Set,
            Serum = day.Serum?.Span,
            SerumBaseline = _line.Serum?.Span,
            SerumNadir = nadirs.Serum,
            NoSerum = day.Serum?.None,
            Urine = day.Urine?.Span,
            UrineBaseline = _line.Urine?.Span,
            UrineNadir = nadirs.Urine,
            NoUrine = day.Urine?.None,
            Dflc = day.Difference(_line.Involved)?.Span,
            DflcBaseline = _line.Dflc?.Span,
            DflcNadir = nadirs.Dflc,
            Marrow = day.Marrow?.Span,
            MarrowBaseline = _line.Marrow?.Span,
            MarrowNadir = nadirs.Marrow,
            SerumWord = day.Serum is { BandByText: true },
            UrineWord = day.Urine is { BandByText: true },
            Grown = day.Spd,
            Lesion = imaging?.Spd,
            LesionBaseline = _line.Spd,
            LesionNadir = nadirs.Spd,
            SerumFixationNegative = SerumNegative(day),
            UrineFixationNegative = UrineNegative(day),
            CrMarrow = CrMarrow(day),
            RatioNormal = day.RatioNormal is null or { IsUnknown: true } ? null : day.RatioNormal.Value.IsMet,
            Free = NearestMarrow(day, FirstBothNegative(), other => other.Free is not null)?.Free,
            NewLesion = day.NewLesion,
            Plasmacytoma = _line.Plasmacytoma,
            Stated = _line.Stated,
            Gone = imaging?.GoneStated ?? (imaging?.Spd is { } spd ? spd.High <= 0m : null),
        };
    }

    // ---- immunofixation and marrow of CR (a.10) ----

    private bool? SerumNegative(ChartDay day)
    {
        var holder = IfeHolder(day);
        return holder?.SerumIfe switch
        {
            null => null,
            Ife.ForeignIgGKappa => !_line.UnderAntibody(day.Date) ? true : null,
            Ife.Negative => true,
            _ => false,
        };
    }

    /// <summary>A positive serum immunofixation that an antibody can explain: IgG kappa or not typed, under the antibody.</summary>
    private bool IfeMayBeDrug(ChartDay day) => IfeHolder(day) is { SerumIfeMaybeDrug: true } && _line.UnderAntibody(day.Date);

    private ChartDay? IfeHolder(ChartDay day) => day.SerumIfe is not null ? day : Lent(day, other => other.SerumIfe is not null);

    private bool? UrineNegative(ChartDay day) =>
        (day.UrineIfe ?? Lent(day, other => other.UrineIfe is not null)?.UrineIfe) is { } fixation ? fixation != Ife.Positive : null;

    /// <summary>An immunofixation of another day within 7 days, if that day is no assessment itself.</summary>
    private ChartDay? Lent(ChartDay day, Func<ChartDay, bool> has) => !HasMarkerOfSet(day) ? null :
        OracleLine.Nearest(_line.Visits, day, i => has(_line.Visits[i]) && !HasMarkerOfSet(_line.Visits[i])) is { } lender ? _line.Visits[lender] : null;

    private ChartDay? FirstBothNegative() => _line.Visits.Find(day => SerumNegative(day) is true && UrineNegative(day) is true);

    private Span? CrMarrow(ChartDay day) => NearestMarrow(day, FirstBothNegative(), other => other.Marrow is not null)?.Marrow?.Span;

    /// <summary>Not before <paramref name="from"/>, within 60 days, the nearest, of two the later.</summary>
    private ChartDay? NearestMarrow(ChartDay day, ChartDay? from, Func<ChartDay, bool> has) => from is null ? null : _line.Visits
        .Where(other => has(other) && other.Date.First >= from.Date.First && OracleLine.Distance(other.Date, day.Date) <= 60)
        .OrderBy(other => OracleLine.Distance(other.Date, day.Date)).ThenByDescending(other => other.Date)
        .FirstOrDefault();

    /// <summary>While immunofixations are missing, any day that may have been the first with both negative can open the window for marrow.</summary>
    private IEnumerable<(Span? Percent, bool Free)> MarrowsAtBest(ChartDay day)
    {
        var known = FirstBothNegative();
        return _line.Visits
            .Where(first => first.Date <= day.Date && (known is null || first.Date <= known.Date) && (SerumNegative(first) is not false || IfeMayBeDrug(first)) && UrineNegative(first) is not false)
            .Append(known is not null && known.Date <= day.Date ? known : day)
            .Select(first => ((Span?)(NearestMarrow(day, first, other => other.Marrow is not null)?.Marrow?.Span ?? Span.Exactly(0)),
                NearestMarrow(day, first, other => other.Free is not null)?.Free ?? true));
    }

    // ---- which dates are assessments ----

    private bool HasMarkerOfSet(ChartDay day) => _line.Set switch
    {
        MeasurableBy.Serum => day.Serum is not null,
        MeasurableBy.Urine => day.Urine is not null,
        MeasurableBy.SerumAndUrine => day.Serum is not null || day.Urine is not null,
        MeasurableBy.Flc => day.Difference(_line.Involved) is not null,
        MeasurableBy.Marrow => day.Marrow is not null,
        MeasurableBy.Lesion => day.HasImaging,
        _ => day.Serum is not null || day.Urine is not null || (day.Kappa is not null && day.Lambda is not null) || day.Marrow is not null || day.HasImaging,
    };

    private bool HasEveryMarkerOfSet(ChartDay day) =>
        _line.Set == MeasurableBy.SerumAndUrine ? day.Serum is not null && day.Urine is not null : HasMarkerOfSet(day);

    // ---- the line ----

    private void Confirm()
    {
        for (var i = 0; i < _dates.Count; i++)
        {
            var (verdict, _) = _dates[i];
            if (verdict.Level == ResponseLevel.Progressive)
                ConfirmProgression(i);
            else if (verdict.Level >= ResponseLevel.Stable)
                verdict.Confirmed = NeedsNoPair || (Next(i) is { } next && next.Level >= verdict.Level);
        }
    }

    private bool NeedsNoPair => _line.Set is MeasurableBy.Marrow or MeasurableBy.Lesion;

    /// <summary>The next evaluable assessment of a response; null when it is a progression, refuted or not (R-CONF-2, R-CONF-3).</summary>
    private Verdict? Next(int i)
    {
        var next = _dates.Skip(i + 1).Select(date => date.Verdict).FirstOrDefault(verdict => verdict.Level != ResponseLevel.NotEvaluable || verdict.Progressions.Count > 0);
        return next is { Progressions.Count: 0 } ? next : null;
    }

    /// <summary>R-CONF-3, -4, -7.</summary>
    private void ConfirmProgression(int i)
    {
        var (verdict, day) = _dates[i];
        if (verdict.Progressions.Any(IsImagingOrMarrow))
        {
            (verdict.Confirmed, verdict.ConfirmedOn) = (true, verdict.Date);
            return;
        }

        foreach (var later in _line.Visits.Concat(_line.After).SkipWhile(other => other != day).Skip(1))
        {
            var rules = _dates.Find(date => date.Day == later).Verdict?.Progressions ?? (_line.After.Contains(later) ? Certain(Read(later, Nadirs.Confirmed(_line, _dates, later))) : []);
            if (rules.Any(rule => !IsImagingOrMarrow(rule)))
            {
                (verdict.Confirmed, verdict.ConfirmedOn) = (true, later.Date);
                return;
            }

            if (rules.Count > 0)
                return;
            if (!verdict.Progressions.Any(rule => Holds(later, rule)))
                continue;
            if (_line.Visits.Contains(later))
            {
                verdict.Refuted = true;
                verdict.Level = verdict.Strict = verdict.Relaxed = verdict.BoundWorst = verdict.BoundBest = ResponseLevel.NotEvaluable;
            }

            return;
        }
    }

    private bool Holds(ChartDay day, string rule) => rule switch
    {
        "R-PD-1" or "R-PD-2" => day.Serum is not null,
        "R-PD-3" => day.Urine is not null,
        "R-PD-4" => day.Difference(_line.Involved) is not null,
        _ => false,
    };

    private static bool IsImagingOrMarrow(string rule) => rule is "R-PD-5" or "R-PD-6";

    private LineVerdict Whole()
    {
        List<Verdict> dates = [.. _dates.Select(date => date.Verdict)];
        var progression = dates.Find(date => date is { Level: ResponseLevel.Progressive, Confirmed: true }) ?? dates.Find(date => date.Level == ResponseLevel.Progressive);
        var counted = dates.TakeWhile(date => date is not { Level: ResponseLevel.Progressive, Confirmed: true }).ToList();
        var responses = counted.FindAll(date => date.Level >= ResponseLevel.Stable);
        List<ResponseLevel> pairs =
        [
            .. responses.Where(_ => NeedsNoPair).Select(date => date.Level),
            .. responses.Select(date => (date, Next: Next(dates.IndexOf(date)))).Where(pair => pair.Next is not null && counted.Contains(pair.Next)).Select(pair => Least(pair.date.Level, pair.Next!.Level)),
        ];
        return new(
            _line.Set,
            dates,
            responses.Count > 0 ? responses.Max(date => date.Level) : progression is not null ? ResponseLevel.Progressive : ResponseLevel.NotEvaluable,
            pairs.Count > 0 ? pairs.Max() : progression is { Confirmed: true } ? ResponseLevel.Progressive : ResponseLevel.NotEvaluable,
            progression);
    }

    private static ResponseLevel Least(ResponseLevel a, ResponseLevel b) => a < b ? a : b;

    private static ResponseLevel Most(ResponseLevel a, ResponseLevel b) => a > b ? a : b;
}
