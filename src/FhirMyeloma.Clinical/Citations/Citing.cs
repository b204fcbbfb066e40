using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Clinical.Washout;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>
/// Says for every result of a case which inputs decided it: deriving from the Patient and them alone shows the same, and without any one of them it does not
/// (issue 4). Nothing is looked for until it is asked for.
/// </summary>
internal sealed class Citing(MyelomaCase patient, DerivationPolicy policy, DerivedCase found)
{
    // Results may be read by several threads at once; what they cite is looked for by one at a time.
    private readonly Lock _looking = new();
    private readonly Dictionary<int, ImmutableArray<SourceId>> _existence = [];
    private Smallest? _smallest;

    private Smallest Smallest => _smallest ??= new(patient, policy);

    public DerivedCase Cite() => found with
    {
        Lines = [.. found.Lines.Select(line => line with { Cited = WhenAsked(() => OfLine(line)) })],
        ByRuleset = [.. found.ByRuleset.Select(Cite)],
        Switches = [.. found.Switches.Select(change => change with { Cited = WhenAsked(() => OfSwitch(change)) })],
        Mrd = [.. found.Mrd.Select((status, at) => status with { Cited = WhenAsked(() => OfMrd(status, at)) })],
        Stages = [.. found.Stages.Select(stage => stage with { Cited = WhenAsked(() => OfStage(stage)) })],
        Risks = [.. found.Risks.Select(risk => risk with { Cited = WhenAsked(() => OfRisk(risk)) })],
    };

    private RulesetResults Cite(RulesetResults under)
    {
        ImmutableArray<LineResponse> responses = [.. under.Responses.Select(response => Cite(under.Ruleset, response))];
        ImmutableArray<DrugRefractoriness> refractoriness =
            [.. under.Refractoriness.Select(drug => drug with { Cited = WhenAsked(() => OfDrug(under, responses, drug)) })];
        return under with
        {
            Responses = responses,
            Refractoriness = refractoriness,
            ClassRefractoriness = under.ClassRefractoriness with { Cited = WhenAsked(() => OfClasses(under, refractoriness)) },
            ReportedChecks = [.. under.ReportedChecks.Select(check => check with { Cited = WhenAsked(() => OfCheck(under, responses, check)) })],
            TimesToEvent = OfEndpoints(under, responses),
        };
    }

    private LineResponse Cite(ResponseRuleset ruleset, LineResponse response)
    {
        ImmutableArray<ResponseAt> dates = [.. response.Assessments.Select(at => at with { Cited = WhenAsked(() => OfDate(ruleset, at)) })];
        return response with
        {
            Cited = WhenAsked(() => OfResponse(ruleset, response, dates)),
            Assessments = dates,
            Progression = response.Progression is { } progression && dates.FirstOrDefault(at => at.Date == progression.Date) is { } shown
                ? progression with { Cited = shown.Cited }
                : response.Progression,
        };
    }

    private Cited WhenAsked(Func<ImmutableArray<SourceId>> find) => Cited.When(() =>
    {
        lock (_looking)
            return find();
    });

    // ---- lines ----

    private ImmutableArray<SourceId> OfLine(LineOfTherapy line) => Smallest.Of(
        line.Decreed.Sources,
        Existence(line).Concat(line.Cited.Sources)
            .Concat(After(line) is { } next ? Existence(next) : patient.LastContactSources)
            .Concat(found.ByRuleset[0].Responses.Where(response => response.Line == line.Number || response.Line == line.Number - 1)
                .SelectMany(response => response.Progression?.Sources ?? [])),
        part => part.Lines.Any(other => Shown.Same(line, other)));

    /// <summary>The inputs because of which there is a line of that number that begins on that day.</summary>
    private ImmutableArray<SourceId> Existence(LineOfTherapy line)
    {
        if (_existence.TryGetValue(line.Number, out var known))
            return known;
        var at = found.Lines.IndexOf(line);
        return _existence[line.Number] = Smallest.Of(
            [],
            (at > 0 ? Existence(found.Lines[at - 1]) : []).Concat(FirstDay(line)),
            part => part.Outlines.Any(other => (other.Number, other.First) == (line.Number, line.First)));
    }

    private IEnumerable<SourceId> FirstDay(LineOfTherapy line)
    {
        var begun = line.Drugs.Where(period => period.First == line.First).SelectMany(FirstDose);
        return begun.Any() ? begun : line.Cited.Sources;
    }

    // Not the last: a drug that comes back where only its first dose is known would be a change.
    private IEnumerable<SourceId> FirstDose(DrugPeriod period) =>
        period.Sources.Where(source => patient.Drugs.Any(dose => dose.Source == source && (dose.Start ?? dose.End) == period.First));

    /// <summary>The first dose in the line of the drugs of these doses: a drug that was there from the start is no change later.</summary>
    private IEnumerable<SourceId> FirstDoses(LineOfTherapy line, List<SourceId> doses)
    {
        var drugs = patient.Drugs.Where(exposure => doses.Contains(exposure.Source)).Select(exposure => exposure.Drug).ToHashSet();
        return line.Drugs.Where(period => drugs.Contains(period.Drug)).SelectMany(FirstDose);
    }

    private LineOfTherapy? After(LineOfTherapy line) => found.Lines.SkipWhile(other => other.Number != line.Number).Skip(1).FirstOrDefault();

    private LineOfTherapy Line(int number) => found.Lines.First(line => line.Number == number);

    /// <summary>
    /// What decides a result of a line once the line stands, and what makes the line: the two hardly touch, so the first is found with the line given, which is
    /// quick, and only doses, which may serve both, are weighed in the whole. Where a result looks past its own line, <paramref name="weighAll"/> weighs everything.
    /// </summary>
    private ImmutableArray<SourceId> InLine(
        LineOfTherapy line, IEnumerable<SourceId> decreed, IEnumerable<SourceId> likely, IEnumerable<SourceId> candidates, IEnumerable<SourceId> makers, bool weighAll,
        Func<Rederivation, bool> givesInLine, Func<Rederivation, bool> gives)
    {
        if ((Smallest.Among([], likely, givesInLine) ?? Smallest.Among([], candidates, givesInLine)) is not { } inLine)
            return Smallest.Of(decreed, candidates.Concat(makers), gives);
        return Placed(line, decreed, inLine, candidates, makers, weighAll, gives);
    }

    private ImmutableArray<SourceId> Placed(
        LineOfTherapy line, IEnumerable<SourceId> decreed, ImmutableArray<SourceId> inLine, IEnumerable<SourceId> candidates, IEnumerable<SourceId> makers, bool weighAll,
        Func<Rederivation, bool> gives)
    {
        var doses = inLine.Where(Smallest.IsDose).ToList();
        var existence = Existence(line);
        if (doses.Count > 0)
            makers = makers.Concat(doses).Concat(FirstDay(line)).Concat(FirstDoses(line, doses));
        else if (!weighAll && existence.Length == found.Lines.IndexOf(line) + 1 && Smallest.IsGivenBy(inLine.Concat(existence), part => Whole(part) && IsAlike(line, part)))
            return [.. inLine.Union(existence).Order()];

        // What was found in the line stays; what makes the line goes where it can.
        var values = weighAll ? [] : inLine.Except(doses).ToList();
        if (Smallest.Among(decreed.Concat(values), inLine.Concat(makers).Concat(existence), Whole) is not { } all)
            return Smallest.Of(decreed, inLine.Concat(existence).Concat(makers).Concat(candidates), gives);
        // A value that the line as it was given needs may be needless where other doses make the line, or speak for its bands.
        return weighAll || (doses.Count == 0 && Smallest.IsGivenBy(all, part => IsAlike(line, part))) ? all : Smallest.Among(decreed, all, Whole)!.Value;

        bool Whole(Rederivation part) => part.Case.HasMyelomaEvidence == patient.HasMyelomaEvidence && gives(part);
    }

    /// <summary>Does the line of that number hold the same dates in the part as it does in the whole?</summary>
    private static bool IsAlike(LineOfTherapy line, Rederivation part) =>
        part.Outlines.FirstOrDefault(other => other.Number == line.Number) is { } other
        && (other.First, other.PreviousLineStart) == (line.First, line.PreviousLineStart)
        && (other.NewTherapy == line.NewTherapy || (other.NewTherapy is null && part.Days.All(day => day.Date.IsOnOrBefore(line.NewTherapy!.Value).IsMet)));

    // ---- responses ----

    private ImmutableArray<SourceId> OfResponse(ResponseRuleset ruleset, LineResponse response, ImmutableArray<ResponseAt> dates)
    {
        var line = Line(response.Line);
        return InLine(
            line, [],
            response.Speaking.Sources.Concat(dates.Where(at => response.SpeakingDates.Value.Contains(at.Date)).SelectMany(at => at.Sources)),
            response.Cited.Sources, [], true,
            part => Shown.Same(response, part.ResponseOf(line, ruleset)),
            part => part.ResponseOf(response.Line, ruleset) is { } other && Shown.Same(response, other));
    }

    private ImmutableArray<SourceId> OfDate(ResponseRuleset ruleset, ResponseAt at)
    {
        var line = Line(at.Line);
        var plain = at.Plain.Sources;
        if (plain.IsEmpty || !Smallest.IsGivenBy(plain, GivesInLine))
            return InLine(line, [], [], at.Cited.Sources, [], false, GivesInLine, Gives);
        // Each of them is one result that nothing else stands in for, unless a report among them holds several.
        if (plain.Any(Smallest.SaysSeveral))
            plain = Smallest.Among([], plain, GivesInLine)!.Value;
        return Placed(line, [], plain, at.Cited.Sources, [], false, Gives);

        bool GivesInLine(Rederivation part) => part.At(line, at.Date, ruleset) is { } other && Shown.Same(at, other);

        bool Gives(Rederivation part) => part.At(at.Line, at.Date, ruleset) is { } other && Shown.Same(at, other);
    }

    private ImmutableArray<SourceId> OfCheck(RulesetResults under, ImmutableArray<LineResponse> responses, ReportedResponseCheck check)
    {
        var response = under.Responses.FirstOrDefault(one => one.Line == check.Line);
        return Smallest.Of(
            [],
            (responses.FirstOrDefault(one => one.Line == check.Line)?.Sources ?? check.Cited.Sources)
                .Concat(patient.StatedResponses.Where(stated => stated.Date == check.Date && stated.Order <= check.Order).Select(stated => stated.Source)),
            part => part.Under(under.Ruleset) is var other && other.ReportedChecks.Any(one =>
                Shown.Same(check, response, one, other.Responses.FirstOrDefault(derived => derived.Line == one.Line))));
    }

    private ImmutableArray<EndpointResult> OfEndpoints(RulesetResults under, ImmutableArray<LineResponse> responses)
    {
        // Start and end are rows of their own: what those cite is nearly all.
        var likely = new Lazy<ImmutableArray<EndpointResult>>(() => Endpoints.Derive(patient, found.Lines, responses, policy.TimeToEvent));
        return [.. under.TimesToEvent.Select((time, at) => time with { Cited = WhenAsked(() => OfEndpoint(under.Ruleset, time, likely.Value[at])) })];
    }

    private ImmutableArray<SourceId> OfEndpoint(ResponseRuleset ruleset, EndpointResult time, EndpointResult likely)
    {
        var lines = time.Line is { } number ? found.Lines.Where(line => line.Number == number || line.Number == number + 1) : [];
        return Smallest.Of(
            [],
            likely.Sources.Concat(lines.SelectMany(line => Existence(line))),
            part =>
            {
                ImmutableArray<LineResponse> responses = [.. part.Lines.Select(line => part.ResponseOf(line, ruleset))];
                return Endpoints.Derive(part.Case, part.Lines, responses, policy.TimeToEvent).Any(other => Shown.Same(time, other));
            });
    }

    private ImmutableArray<SourceId> OfMrd(MrdStatus status, int at)
    {
        // Of several results of one date the row is the n-th.
        var onDate = found.Mrd.Take(at).Count(other => other.Date == status.Date);
        var cited = status.Cited.Sources;
        return Smallest.Of(
            [],
            cited.Concat(patient.Mrd.Where(result => result.Date == status.Date).Select(result => result.Source))
                .Concat(status.Status is MrdStatusCode.Negative or MrdStatusCode.SustainedNegative ? found.Lines.SelectMany(line => Existence(line)) : []),
            part =>
            {
                ImmutableArray<LineResponse> responses = [.. part.Outlines.Select(line => part.ResponseOf(line, policy.Rulesets[0]))];
                return MinimalResidualDisease.Derive(part.Case, responses, policy).Where(other => other.Date == status.Date).Skip(onDate).FirstOrDefault() is { } same
                    && Shown.Same(status, same);
            });
    }

    // ---- refractoriness and washout ----

    private ImmutableArray<SourceId> OfDrug(RulesetResults under, ImmutableArray<LineResponse> responses, DrugRefractoriness drug)
    {
        var line = Line(drug.Line);
        var period = line.Drugs.First(one => one.Drug == drug.Drug);
        var response = under.Responses.First(one => one.Line == drug.Line);
        var progression = ProgressionOf(under, drug);
        var stated = patient.StatedRefractoriness.Where(one => one.Drug == drug.Drug).Select(one => one.Source)
            .Concat(drug.ProgressionSource == ProgressionSource.ClinicianReported ? patient.StatedProgressions.Select(one => one.Source) : []);
        bool Same(DrugRefractoriness other, LineResponse ofOther) => other.Drug == drug.Drug && other.Line == drug.Line && Shown.Same(drug, response, other, ofOther);
        return InLine(
            line,
            period.Sources,
            responses.Where(one => one.Line == drug.Line || one.Line == progression?.Line).SelectMany(one => one.Sources).Concat(stated).Except(period.Sources),
            drug.Cited.Sources.Except(period.Sources)
                .Concat(drug.Labels.IsEmpty ? [] : responses.First(one => one.Line == drug.Line).Sources)
                .Concat(stated),
            (drug.Labels.IsEmpty ? [] : line.Cited.Sources.Concat(After(line) is { } next ? Existence(next) : patient.LastContactSources))
                .Concat(progression is null ? [] : Existence(Line(progression.Line))),
            true,
            part =>
            {
                ImmutableArray<LineResponse> derived =
                    [.. found.Lines.Where(one => one.Number >= line.Number).Select(one => part.ResponseOf(one, under.Ruleset))];
                return Same(Refractoriness.Judge(part.Case, line, period, derived, policy), derived[0]);
            },
            part => part.RefractorinessOf(drug.Line, drug.Drug, under.Ruleset) is var (other, ofOther) && Same(other, ofOther));
    }

    private static LineResponse? ProgressionOf(RulesetResults under, DrugRefractoriness drug) =>
        drug.ProgressionSource is null ? null : under.Responses.FirstOrDefault(response => response.Line >= drug.Line && response.Progression is not null);

    private ImmutableArray<SourceId> OfClasses(RulesetResults under, ImmutableArray<DrugRefractoriness> drugs)
    {
        var result = under.ClassRefractoriness;
        var deciding = drugs.Where(drug => result.Drugs.IsEmpty ? drug.Status != RefractoryStatus.Refractory : drug.Status == RefractoryStatus.Refractory);
        return Smallest.Of([], deciding.SelectMany(drug => drug.Sources), part => Shown.Same(result, part.Under(under.Ruleset).ClassRefractoriness));
    }

    private ImmutableArray<SourceId> OfSwitch(AntibodySwitch change)
    {
        var under = found.ByRuleset[0];
        var before = found.Switches.TakeWhile(other => other != change).SelectMany(other => other.Cited.Sources);
        var lines = found.Lines.Where(line => change.FirstDose is { } first && line.First.First <= first.Last).ToList();
        var last = lines.LastOrDefault(line => line.Drugs.Any(drug => drug.Drug == change.From));
        return Smallest.Of(
            [],
            change.Cited.Sources.Concat(before).Concat(lines.SelectMany(line => Existence(line)))
                .Concat(last is null ? [] : under.Responses.First(response => response.Line == last.Number).Cited.Sources)
                .Concat(last is null ? [] : under.Refractoriness.Where(drug => drug.Line == last.Number && drug.Drug == change.From).SelectMany(drug => drug.Cited.Sources)),
            part =>
            {
                var other = part.Under(under.Ruleset);
                return AntibodySwitches.Derive(part.Case, part.Lines, other.Responses, other.Refractoriness).Any(one => Shown.Same(change, one));
            });
    }

    // ---- stage and risk ----

    private ImmutableArray<SourceId> OfStage(StageResult stage) => Smallest.Of(
        [],
        stage.Cited.Sources.Concat(AtDiagnosis).Concat(patient.Diagnosis.StatedStages.Where(stated => stated.System == stage.System).Select(stated => stated.Source)),
        part => Stages.Derive(part.Case, Derivation.FirstDose(part.Case)).Any(other => Shown.Same(stage, other)));

    private ImmutableArray<SourceId> OfRisk(CytogeneticRisk risk) => Smallest.Of(
        [],
        risk.Cited.Sources.Concat(AtDiagnosis),
        part => Derivation.FirstDose(part.Case) is var first
            && CytogeneticRisks.Derive(part.Case, first, Stages.Derive(part.Case, first)).Any(other => Shown.Same(risk, other)));

    private IEnumerable<SourceId> AtDiagnosis => patient.Diagnosis.DateSource is { } dated ? [dated] : FirstDoseSources;

    private IEnumerable<SourceId> FirstDoseSources => ExposureDays.Of(patient)
        .Where(day => day.Drug.IsAntiMyeloma() && day.Evidence != ExposureEvidence.Order).Take(1).Select(day => day.Source);
}
