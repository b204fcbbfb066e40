using System.Globalization;
using Microsoft.Data.Sqlite;

namespace FhirMyeloma.Store.Sqlite;

/// <summary>A store copied whole into one file, and back.</summary>
public static class SqliteBackup
{
    /// <summary>Copies a store, as it is at one moment, into a file; it may be in use meanwhile, by another process too.</summary>
    /// <param name="store">The store's file.</param>
    /// <param name="backup">The file to write; there must be none yet.</param>
    /// <exception cref="StoreException">There is no store, it is damaged, or the file is there already.</exception>
    public static void Write(string store, string backup)
    {
        if (File.Exists(backup))
            throw new StoreException("The file is there already. Name another: a backup never replaces one.");
        // Whole or not at all: nobody shall take half a copy for a backup.
        var unfinished = backup + ".unfinished";
        File.Delete(unfinished);
        Copy(store, unfinished);
        File.Move(unfinished, backup);
    }

    /// <summary>Makes a store of a backup.</summary>
    /// <param name="backup">A file that <see cref="Write"/> made.</param>
    /// <param name="store">Where the store is to be; there must be none yet.</param>
    /// <exception cref="StoreException">The backup is none, is damaged or of a newer program, or there is a store already.</exception>
    public static void Restore(string backup, string store)
    {
        if (File.Exists(store))
            throw new StoreException("There is a store already. Stop the service and move its files away first: restoring never replaces one.");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(store))!);
        Copy(backup, store);
    }

    private static void Copy(string from, string to)
    {
        if (!File.Exists(from))
            throw new StoreException("There is no such file.");
        try
        {
            using var source = new SqliteConnection(SqliteEngine.Source(from, SqliteOpenMode.ReadOnly));
            using var target = new SqliteConnection(SqliteEngine.Source(to, SqliteOpenMode.ReadWriteCreate));
            source.Open();
            target.Open();
            Check(source);
            source.BackupDatabase(target);
        }
        catch (SqliteException fault)
        {
            File.Delete(to);
            throw new StoreException("The file is no store, or it is damaged.", fault);
        }
        catch (StoreException)
        {
            File.Delete(to);
            throw;
        }
    }

    private static void Check(SqliteConnection source)
    {
        using var command = source.CreateCommand();
        command.CommandText = "pragma user_version";
        var version = (long)command.ExecuteScalar()!;
        if (version is 0)
            throw new StoreException("The file is no store.");
        if (version > SqliteSchema.Newest)
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"The file has schema {version}; this program knows {SqliteSchema.Newest}. Use a newer program."));
        command.CommandText = "pragma quick_check";
        if (command.ExecuteScalar() is not "ok")
            throw new StoreException("The file is damaged.");
    }
}
