using System.Collections.Immutable;
using System.Text;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Store.Transactions;

/// <summary>What became of a change.</summary>
public enum Effect
{
    /// <summary>A resource was made: 201.</summary>
    Created,

    /// <summary>It has a new version: 200.</summary>
    Updated,

    /// <summary>It held this content already, or the condition of a create found it: 200, and nothing was written.</summary>
    Unchanged,

    /// <summary>It is gone: 204.</summary>
    Deleted,

    /// <summary>There was nothing to delete: 204.</summary>
    Absent,
}

/// <summary>What became of one change.</summary>
/// <param name="Effect">What happened.</param>
/// <param name="Type">Type of the resource.</param>
/// <param name="Id">Its logical id; empty when there is none.</param>
/// <param name="Version">The version that now holds; 0 when there is none.</param>
/// <param name="Instant">When that version was written.</param>
public readonly record struct Outcome(Effect Effect, string Type, string Id, int Version, DateTimeOffset Instant)
{
    internal static byte[] Write(ImmutableArray<Outcome> outcomes)
    {
        using var bytes = new MemoryStream(outcomes.Length * 56);
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write7BitEncodedInt(outcomes.Length);
            foreach (var outcome in outcomes)
            {
                writer.Write((byte)outcome.Effect);
                writer.Write(outcome.Type);
                writer.Write(outcome.Id);
                writer.Write7BitEncodedInt(outcome.Version);
                writer.Write7BitEncodedInt64(outcome.Instant.ToUnixTimeMilliseconds());
            }
        }

        return bytes.ToArray();
    }

    internal static ImmutableArray<Outcome> Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var outcomes = ImmutableArray.CreateBuilder<Outcome>(reader.Read7BitEncodedInt());
        while (outcomes.Count < outcomes.Capacity)
            outcomes.Add(new((Effect)reader.ReadByte(), reader.ReadString(), reader.ReadString(), reader.Read7BitEncodedInt(), DateTimeOffset.FromUnixTimeMilliseconds(reader.Read7BitEncodedInt64())));
        return outcomes.ToImmutable();
    }
}

/// <summary>Why a request was not carried out.</summary>
public enum FaultKind
{
    /// <summary>The request says something that no state of the store could fulfil: 400.</summary>
    Invalid,

    /// <summary>There is no such resource: 404.</summary>
    NotFound,

    /// <summary>It was deleted: 410.</summary>
    Gone,

    /// <summary>A condition of the request does not hold: 412.</summary>
    ConditionFailed,

    /// <summary>Well-formed, and against a rule: 422.</summary>
    Unprocessable,
}

/// <summary>A request that was refused; nothing of it was done.</summary>
/// <param name="Kind">What kind of refusal.</param>
/// <param name="Issues">What is wrong, where and what to do.</param>
public sealed record StoreFault(FaultKind Kind, ImmutableArray<Issue> Issues);

/// <summary>The answer to a transaction: outcomes in the order of its changes, or the fault.</summary>
/// <param name="Outcomes">One for each change; empty with a fault.</param>
/// <param name="Fault">Why nothing was done; null when it was.</param>
public readonly record struct TransactionResult(ImmutableArray<Outcome> Outcomes, StoreFault? Fault)
{
    /// <summary>The request came before: this is the answer that it got then.</summary>
    public bool IsRepetition { get; init; }
}

/// <summary>Carries a fault out of the write that it undoes; never leaves the store.</summary>
internal sealed class RefusedException : Exception
{
    public RefusedException(FaultKind kind, params ImmutableArray<Issue> issues) => Fault = new(kind, issues);

    public RefusedException()
    {
    }

    public RefusedException(string message) : base(message)
    {
    }

    public RefusedException(string message, Exception inner) : base(message, inner)
    {
    }

    public StoreFault Fault { get; } = new(FaultKind.Invalid, []);
}
