namespace FhirMyeloma.Clinical.TimeToEvent;

/// <summary>What new therapy before progression does to PFS, TTP and duration of response (R-TTE-6, R-TTE-7).</summary>
public enum NewTherapyPolicy
{
    /// <summary><c>censors</c>, the default: the time ends, censored, at the last adequate assessment before it.</summary>
    Censors,
    /// <summary><c>ignored</c>: the first progression of this or a later line, or death, ends the time whatever was given meanwhile.</summary>
    Ignored,
}

/// <summary>Whether a progression counts that no later sample confirms or refutes (R-CONF-7: open).</summary>
public enum UnconfirmedProgressionPolicy
{
    /// <summary><c>counts</c>, the default: as the last word of its line it ends the time, and the result stays preliminary.</summary>
    Counts,
    /// <summary><c>ignored</c>: the time is censored at the last adequate assessment before it.</summary>
    Ignored,
}

/// <summary>Which deaths end the duration of response (R-TTE-6).</summary>
public enum ResponseDeathPolicy
{
    /// <summary><c>due-to-myeloma</c>, the default.</summary>
    DueToMyeloma,
    /// <summary><c>any</c>.</summary>
    Any,
}

/// <summary>What death does to the time to next treatment (R-TTE-10).</summary>
public enum NextTreatmentDeathPolicy
{
    /// <summary><c>counts</c>, the default: death is an event.</summary>
    Counts,
    /// <summary><c>censors</c>.</summary>
    Censors,
}

/// <summary>What two or more missed assessments before progression or death do (R-TTE-7).</summary>
public enum MissedAssessmentsPolicy
{
    /// <summary><c>ignored</c>, the default.</summary>
    Ignored,
    /// <summary><c>censors</c>, the sensitivity analysis: the time ends, censored, at the last adequate assessment before the gap.</summary>
    Censors,
}

/// <summary>The choices of time to event, each by name, with the defaults of section i.</summary>
public sealed record TimeToEventPolicy
{
    /// <summary>The defaults of the clinical rules.</summary>
    public static TimeToEventPolicy Default { get; } = new();

    /// <summary>New therapy before progression.</summary>
    public NewTherapyPolicy NewTherapy { get; init; }

    /// <summary>A progression that stays unconfirmed.</summary>
    public UnconfirmedProgressionPolicy UnconfirmedProgression { get; init; }

    /// <summary>Deaths that end a response.</summary>
    public ResponseDeathPolicy ResponseDeath { get; init; }

    /// <summary>Death before the next line.</summary>
    public NextTreatmentDeathPolicy NextTreatmentDeath { get; init; }

    /// <summary>Two or more missed assessments.</summary>
    public MissedAssessmentsPolicy MissedAssessments { get; init; }

    /// <summary>Days from one expected assessment to the next; more than twice as many without one are two missed assessments.</summary>
    public int AssessmentIntervalDays { get; init; } = 28;
}
