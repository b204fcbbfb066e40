using System.Collections.Immutable;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Clinical.Washout;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>
/// Whether two derivations say the same of one row: its value, status and components (contract section 3), and the values that its note compares. What is
/// cited for it, the period of a response and the reasons that its note gives for what was not reached may differ.
/// </summary>
internal static class Shown
{
    public static bool Same(LineOfTherapy a, LineOfTherapy b) =>
        (a.Number, a.First, a.Last, a.Regimen, a.CyclesStarted, a.CyclesCompleted, a.CyclesDocumented)
            == (b.Number, b.First, b.Last, b.Regimen, b.CyclesStarted, b.CyclesCompleted, b.CyclesDocumented)
        && (a.StartReason, a.EndReason, a.Confidence) == (b.StartReason, b.EndReason, b.Confidence)
        && a.Drugs.Select(period => period.Drug).SequenceEqual(b.Drugs.Select(period => period.Drug))
        && Same(a.Transplants, b.Transplants) && Same(a.Phases, b.Phases) && Same(a.Rules, b.Rules) && Same(a.Flags, b.Flags);

    public static bool Same(LineResponse a, LineResponse b) =>
        (a.Line, a.Best, a.IsFinal, a.BestConfirmed, a.Strict, a.Relaxed, a.BoundWorst, a.BoundBest)
            == (b.Line, b.Best, b.IsFinal, b.BestConfirmed, b.Strict, b.Relaxed, b.BoundWorst, b.BoundBest)
        && (a.MeasurableBy, a.Marker, a.Baseline, a.Nadir, a.Last, a.Deciding, a.PercentChange, a.Criterion)
            == (b.MeasurableBy, b.Marker, b.Baseline, b.Nadir, b.Last, b.Deciding, b.PercentChange, b.Criterion)
        && Same(a.Progression, b.Progression)
        && a.RelapseFromMrdNegative == b.RelapseFromMrdNegative
        && (a.RelapseFromCr, a.ClinicalRelapse, a.FirstResponse, a.BestResponse, a.IfDrugBand, a.IfDrugAtBaseline, a.Interference)
            == (b.RelapseFromCr, b.ClinicalRelapse, b.FirstResponse, b.BestResponse, b.IfDrugBand, b.IfDrugAtBaseline, b.Interference)
        && Same(a.Flags, b.Flags) && Same(a.Missing, b.Missing) && Same(a.Policies, b.Policies);

    public static bool Same(ResponseAt a, ResponseAt b) =>
        (a.Line, a.Date, a.Level, a.Confirmed, a.Marker, a.PercentChange, a.Criterion)
            == (b.Line, b.Date, b.Level, b.Confirmed, b.Marker, b.PercentChange, b.Criterion)
        && (a.Strict, a.Relaxed, a.BoundWorst, a.BoundBest, a.Value) == (b.Strict, b.Relaxed, b.BoundWorst, b.BoundBest, b.Value)
        && (a.Level == ResponseLevel.Progressive ? a.Nadir == b.Nadir : a.Baseline == b.Baseline)
        && Same(a.Flags, b.Flags) && Same(a.Missing, b.Missing) && Same(a.Policies, b.Policies);

    public static bool Same(AntibodySwitch a, AntibodySwitch b) =>
        (a.From, a.To, a.Ordinal, a.LastDose, a.FirstDose, a.Days, a.Estimated, a.Primary)
            == (b.From, b.To, b.Ordinal, b.LastDose, b.FirstDose, b.Days, b.Estimated, b.Primary)
        && (a.Category, a.Overlap, a.InterveningLines, a.EvidenceLevel, a.Reason, a.LastLineResponse, a.RefractoryAtLast)
            == (b.Category, b.Overlap, b.InterveningLines, b.EvidenceLevel, b.Reason, b.LastLineResponse, b.RefractoryAtLast)
        && Same(a.Flags, b.Flags);

    public static bool Same(DrugRefractoriness a, LineResponse ofA, DrugRefractoriness b, LineResponse ofB) =>
        (a.Drug, a.Line, a.First, a.Last, a.Status, a.Criterion, a.ProgressionSource) == (b.Drug, b.Line, b.First, b.Last, b.Status, b.Criterion, b.ProgressionSource)
        && Same(a.Labels, b.Labels) && Same(a.Flags, b.Flags)
        // The note names the best response where no progression decided.
        && (a.ProgressionSource is not null || ofA.Best == ofB.Best);

    public static bool Same(ClassRefractoriness a, ClassRefractoriness b) =>
        a.Label == b.Label && Same(a.Drugs, b.Drugs) && Same(a.Flags, b.Flags);

    public static bool Same(MrdStatus a, MrdStatus b) =>
        (a.Date, a.Status, a.Method, a.Sensitivity, a.Criterion) == (b.Date, b.Status, b.Method, b.Sensitivity, b.Criterion) && Same(a.Flags, b.Flags);

    public static bool Same(StageResult a, StageResult b) =>
        (a.System, a.Stage, a.BoundWorst, a.BoundBest, a.Reported) == (b.System, b.Stage, b.BoundWorst, b.BoundBest, b.Reported)
        && Same(a.Missing, b.Missing) && Same(a.Flags, b.Flags);

    public static bool Same(CytogeneticRisk a, CytogeneticRisk b) =>
        (a.Definition, a.Level, a.BoundWorst, a.BoundBest) == (b.Definition, b.Level, b.BoundWorst, b.BoundBest)
        && Same(a.Abnormalities, b.Abnormalities) && Same(a.Missing, b.Missing) && Same(a.Flags, b.Flags);

    public static bool Same(ReportedResponseCheck a, LineResponse? ofA, ReportedResponseCheck b, LineResponse? ofB) =>
        (a.Line, a.Date, a.Order, a.Reported, a.Derived, a.Verdict, a.Criterion) == (b.Line, b.Date, b.Order, b.Reported, b.Derived, b.Verdict, b.Criterion)
        && Same(a.Missing, b.Missing)
        // The note names the bounds unless both agree, and the progression that the statement speaks of.
        && (a.Verdict == ReportedVerdict.Agrees || (ofA?.BoundWorst, ofA?.BoundBest) == (ofB?.BoundWorst, ofB?.BoundBest))
        && (ReportedResponses.SpeaksOfProgression(a, ofA) ? ofA?.Progression?.Date : null) == (ReportedResponses.SpeaksOfProgression(b, ofB) ? ofB?.Progression?.Date : null);

    public static bool Same(EndpointResult a, EndpointResult b) =>
        (a.Line, a.Endpoint, a.Start, a.End, a.Days) == (b.Line, b.Endpoint, b.Start, b.End, b.Days)
        && (a.Event, a.Censoring, a.Reason, a.ProgressionConfirmed, a.IsFinal) == (b.Event, b.Censoring, b.Reason, b.ProgressionConfirmed, b.IsFinal)
        && Same(a.Flags, b.Flags);

    private static bool Same(Progression? a, Progression? b) =>
        (a?.Date, a?.Criterion, a?.Confirmed, a?.ConfirmedDate) == (b?.Date, b?.Criterion, b?.Confirmed, b?.ConfirmedDate);

    private static bool Same<T>(ImmutableArray<T> a, ImmutableArray<T> b) => a.AsSpan().SequenceEqual(b.AsSpan(), EqualityComparer<T>.Default);
}
