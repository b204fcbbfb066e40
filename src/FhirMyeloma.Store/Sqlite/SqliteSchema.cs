using System.Globalization;
using System.Reflection;

namespace FhirMyeloma.Store.Sqlite;

/// <summary>Brings a file to the schema of this program: numbered steps, forward only, under the lock of the writer.</summary>
internal static class SqliteSchema
{
    private const string Prefix = "sqlite/";

    /// <summary>The number of the newest step.</summary>
    public static int Newest => Steps().Max(static step => step.Number);

    /// <exception cref="StoreException">The file was written by a newer program.</exception>
    public static void Bring(SqliteSession session)
    {
        // Two programs that start together: the second waits here and finds the work done.
        session.Run("begin immediate");
        var version = session.Scalar("select user_version from pragma_user_version()") ?? 0;
        if (version > Newest)
        {
            session.Run("rollback");
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"The store has schema {version}; this program knows {Newest}. Start a newer program: schemas never go back."));
        }

        foreach (var (number, text) in Steps().Where(step => step.Number > version).OrderBy(static step => step.Number))
        {
            foreach (var statement in Statements(text))
                session.Run(statement);
            session.Run(string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {number}"));
        }

        session.Run("commit");
    }

    // None of our statements has a semicolon within.
    private static string[] Statements(string text) =>
        string.Join('\n', text.Split('\n').Select(static line => line.Split("--")[0])).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<(int Number, string Text)> Steps()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
    }
}
