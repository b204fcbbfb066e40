using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Postgres;

/// <summary>Brings a database to the schema of this program: numbered steps, forward only, one program at a time.</summary>
internal static class PostgresSchema
{
    private const int MostAttempts = 10;
    private static readonly SchemaSteps _steps = SchemaSteps.Of("postgres");

    /// <exception cref="StoreException">The database was written by a newer program.</exception>
    public static void Bring(PostgresSession session)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Prepare(session);
                break;
            }
            catch (Exception fault) when (attempt < MostAttempts && PostgresFaults.IsRace(fault))
            {
                // "If not exists" does not keep two programs that start at once from making one table.
                session.RollBack();
                Thread.Sleep(50);
            }
        }

        InTransaction(session, Migrate);
    }

    private static void Prepare(PostgresSession session) => InTransaction(session, static session =>
    {
        session.Run("create table if not exists schema_version (one integer primary key, version bigint not null)");
        session.Run("insert into schema_version (one, version) values (1, 0) on conflict do nothing");
    });

    private static void Migrate(PostgresSession session)
    {
        // Programs that start together: the others wait here and find the work done.
        var version = session.Scalar("select version from schema_version where one = 1 for update") ?? 0;
        foreach (var (number, statements) in _steps.After(version))
        {
            foreach (var statement in statements)
                session.Run(statement);
            session.Execute("update schema_version set version = $0 where one = 1", (long)number);
        }
    }

    private static void InTransaction(PostgresSession session, Action<PostgresSession> work)
    {
        session.Begin();
        try
        {
            work(session);
            session.Commit();
        }
        catch (StoreException)
        {
            session.RollBack();
            throw;
        }
    }
}
