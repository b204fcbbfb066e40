using System.Collections.Immutable;
using System.Text.Json;

namespace FhirMyeloma.Store.Audit;

/// <summary>
/// An access, as the audit keeps it: who did what to which resources, and how it ended. It names resources by type and id and says nothing of what is in them, so that it can stay
/// when they are erased.
/// </summary>
public sealed record AuditEntry
{
    /// <summary>The interaction or operation, in the words of FHIR where it has them: <c>read</c>, <c>transaction</c>, <c>everything</c>, <c>login</c>.</summary>
    public required string Interaction { get; init; }

    /// <summary>What it does: C creates, R reads, U updates, D deletes, E executes (R4 audit-event-action).</summary>
    public required char Action { get; init; }

    /// <summary>How it ended: 0 well, 4 refused, 8 failed, 12 out of order (R4 audit-event-outcome).</summary>
    public int Outcome { get; init; }

    /// <summary>HTTP status of the answer; 0 where nothing was asked by HTTP, or it is not known when the row is written.</summary>
    public int Status { get; init; }

    /// <summary>Who asked.</summary>
    public required string Agent { get; init; }

    /// <summary>The network address that they asked from; empty where there is none.</summary>
    public string Address { get; init; } = "";

    /// <summary>The centre that it was done in; empty where it is about none.</summary>
    public string Centre { get; init; } = "";

    /// <summary>The id of the request, or of the job that acts for one.</summary>
    public string Request { get; init; } = "";

    /// <summary>What was asked for: the path, and of the query the names of its parameters.</summary>
    public string Query { get; init; } = "";

    /// <summary>Logical ids of the patients whom it concerns.</summary>
    public ImmutableArray<string> Patients { get; init; } = [];

    /// <summary>What was read or written, as <c>Type/id</c> or <c>Type/id/_history/version</c>.</summary>
    public ImmutableArray<string> Entities { get; init; } = [];

    internal byte[] Write(long number, long instant) => JsonSerializer.SerializeToUtf8Bytes(new Numbered(number, instant, this));

    internal static (long Number, long Instant, AuditEntry Entry) Read(byte[] content)
    {
        var numbered = JsonSerializer.Deserialize<Numbered>(content)!;
        return (numbered.Number, numbered.Instant, numbered.Entry);
    }

    private sealed record Numbered(long Number, long Instant, AuditEntry Entry);
}

/// <summary>An entry as it is kept.</summary>
/// <param name="Number">1 for the first; without a gap.</param>
/// <param name="Instant">When it was written.</param>
/// <param name="Entry">What it says.</param>
public sealed record AuditRow(long Number, DateTimeOffset Instant, AuditEntry Entry);
