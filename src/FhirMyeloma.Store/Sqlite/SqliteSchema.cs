using System.Globalization;
using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Sqlite;

/// <summary>Brings a file to the schema of this program: numbered steps, forward only, under the lock of the writer.</summary>
internal static class SqliteSchema
{
    private static readonly SchemaSteps _steps = SchemaSteps.Of("sqlite");

    /// <summary>The number of the newest step.</summary>
    public static int Newest => _steps.Newest;

    /// <exception cref="StoreException">The file was written by a newer program.</exception>
    public static void Bring(SqliteSession session)
    {
        // Two programs that start together: the second waits here and finds the work done.
        session.BeginTurn();
        try
        {
            foreach (var (number, statements) in _steps.After(session.Scalar("select user_version from pragma_user_version()") ?? 0))
            {
                foreach (var statement in statements)
                    session.Run(statement);
                session.Run(string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {number}"));
            }
        }
        catch
        {
            session.RollBack();
            throw;
        }

        session.Commit();
    }
}
