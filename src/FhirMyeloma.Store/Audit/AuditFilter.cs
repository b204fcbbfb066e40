namespace FhirMyeloma.Store.Audit;

/// <summary>Which rows of the audit are asked for; null is no condition.</summary>
public sealed record AuditFilter
{
    /// <summary>Written at or after this instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Written before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>About this patient.</summary>
    public string? Patient { get; init; }

    /// <summary>By this agent.</summary>
    public string? Agent { get; init; }

    /// <summary>C, R, U, D or E.</summary>
    public char? Action { get; init; }

    /// <summary>0, 4, 8 or 12.</summary>
    public int? Outcome { get; init; }

    /// <summary>In this centre.</summary>
    public string? Centre { get; init; }
}
