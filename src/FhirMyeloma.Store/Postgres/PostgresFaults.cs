using System.Data.Common;
using Npgsql;

namespace FhirMyeloma.Store.Postgres;

/// <summary>What went wrong, by what is to be done about it.</summary>
internal static class PostgresFaults
{
    /// <summary>The database is away, starts, stops, or has no connection left: what was under way came to nothing, and a later attempt may succeed.</summary>
    public static bool IsAway(Exception fault) => fault switch
    {
        PostgresException { SqlState: var state } => state is "57P01" or "57P02" or "57P03" or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.LockNotAvailable or "25P03"
            || state.StartsWith("08", StringComparison.Ordinal),
        DbException or TimeoutException or IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    /// <summary>The database has as many connections as it allows.</summary>
    public static bool IsFull(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.TooManyConnections };

    /// <summary>Two transactions were in each other's way, which the database ended: none of it was done, and it is done again.</summary>
    public static bool IsCollision(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>Somebody else made the same table or row at the same moment.</summary>
    public static bool IsRace(Exception fault) =>
        IsCollision(fault) || fault is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject or "XX000" };
}
