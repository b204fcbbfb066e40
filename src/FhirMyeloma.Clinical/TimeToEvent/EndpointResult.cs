using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.TimeToEvent;

/// <summary>What is timed (section i).</summary>
public enum Endpoint
{
    /// <summary>R-TTE-4: first dose to first PR or better; responders only.</summary>
    TimeToFirstResponse,
    /// <summary>R-TTE-5: first dose to the first date of the best category, MR or better.</summary>
    TimeToBestResponse,
    /// <summary>R-TTE-6: first PR or better to PD or death due to myeloma.</summary>
    DurationOfResponse,
    /// <summary>R-TTE-7: first dose to PD or any death.</summary>
    ProgressionFreeSurvival,
    /// <summary>R-TTE-8: first dose to PD or death due to myeloma.</summary>
    TimeToProgression,
    /// <summary>R-TTE-10: first dose to the first dose of the next line, or death.</summary>
    TimeToNextTreatment,
    /// <summary>R-TTE-11: first dose to PD on the next line, or death.</summary>
    Pfs2,
    /// <summary>R-TTE-12: first CR to relapse from CR or death.</summary>
    DiseaseFreeSurvival,
    /// <summary>R-TTE-9: first dose, or diagnosis, to any death.</summary>
    OverallSurvival,
}

/// <summary>What ended a time.</summary>
public enum EndpointEvent
{
    /// <summary>First PR or better.</summary>
    Response,
    /// <summary>First date of the best category.</summary>
    BestResponse,
    /// <summary>PD by the criteria (R-TTE-13).</summary>
    Progression,
    /// <summary>Relapse from CR, for disease-free survival alone.</summary>
    RelapseFromCr,
    /// <summary>Start of the next line.</summary>
    NextLine,
    /// <summary>Death of another cause than myeloma, or of one not stated.</summary>
    Death,
    /// <summary>Death that the record says is due to myeloma.</summary>
    DeathDueToMyeloma,
}

/// <summary>Why a time ended without event.</summary>
public enum CensoringRule
{
    /// <summary>The disease was last assessed then, without PD.</summary>
    LastAdequateAssessment,
    /// <summary>New therapy began before PD: the last adequate assessment before it.</summary>
    NewTherapyBeforeProgression,
    /// <summary>Death of another or unknown cause does not count here: the last adequate assessment before it.</summary>
    DeathOfOtherOrUnknownCause,
    /// <summary>Two or more assessments were missed before the event: the last adequate one before the gap.</summary>
    MissedAssessments,
    /// <summary>Without a baseline nothing could be assessed: the first day.</summary>
    NoBaseline,
    /// <summary>No assessment after the start could be evaluated: the first day.</summary>
    NoAssessment,
    /// <summary>The patient was last known to be alive then.</summary>
    LastKnownAlive,
    /// <summary>Death before the next line, under the policy that censors it.</summary>
    DeathBeforeNextLine,
}

/// <summary>Why a time has no days.</summary>
public enum NoDaysReason
{
    /// <summary>The patient is dead and nobody says since when.</summary>
    DeathUndated,
    /// <summary>The end lies before the start: the record contradicts itself.</summary>
    EndBeforeStart,
}

/// <summary>One endpoint of one line, or overall survival from diagnosis (section i).</summary>
public sealed record EndpointResult
{
    /// <summary>The line's number; null from diagnosis.</summary>
    public int? Line { get; init; }

    /// <summary>What is timed.</summary>
    public required Endpoint Endpoint { get; init; }

    /// <summary>Where the time starts.</summary>
    public required ClinicalDate Start { get; init; }

    /// <summary>Where it ends, by event or censored; null when a death is undated.</summary>
    public ClinicalDate? End { get; init; }

    /// <summary>End minus start in calendar days, clipped at 0; null with a <see cref="Reason"/>.</summary>
    public DaySpan? Days { get; init; }

    /// <summary>What ended it; null when censored.</summary>
    public EndpointEvent? Event { get; init; }

    /// <summary>Why it is censored; null when an event ended it.</summary>
    public CensoringRule? Censoring { get; init; }

    /// <summary>Why there are no days.</summary>
    public NoDaysReason? Reason { get; init; }

    /// <summary>Of a progression: whether it is confirmed (R-CONF-7); null for every other end.</summary>
    public bool? ProgressionConfirmed { get; init; }

    /// <summary>False while start or end rests on an unconfirmed category.</summary>
    public required bool IsFinal { get; init; }

    /// <summary>Policies without which it would start or end otherwise, e.g. <c>new-therapy=ignored</c>; empty under the defaults.</summary>
    public ImmutableArray<string> Policies { get; init; } = [];

    /// <summary>Caveats.</summary>
    public ImmutableArray<Flag> Flags { get; init; } = [];

    /// <summary>What decided start and end.</summary>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.Nothing;

    /// <summary>An event, not censored.</summary>
    public bool IsEvent => Event is not null;

    /// <summary>R-TTE-18: what survival statistics take for an event on day 0; null for every other time, which they take as it is.</summary>
    public decimal? AnalysisDays => IsEvent && Days is { Days: 0 } ? 0.5m : null;

    /// <summary>R-TTE-15: days in months of 30.4375 days, unrounded.</summary>
    public static decimal Months(int days) => days / 30.4375m;
}
