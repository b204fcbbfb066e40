using System.Globalization;
using System.Reflection;

namespace FhirMyeloma.Store.Engines;

/// <summary>
/// The numbered steps of a schema, forward only: files <c>0001-name.sql</c> in the folder of each engine. A step has its twin of the same number and name in the other folder;
/// tables of plain <c>integer</c>, <c>bigint</c>, <c>text</c> and <c>blob</c> columns differ in <c>blob</c> (there <c>bytea</c>), <c>integer</c> (there <c>bigint</c> for what
/// may be large), <c>strict</c> and <c>without rowid</c> (there nothing) only. None of the statements has a semicolon within.
/// </summary>
internal sealed class SchemaSteps
{
    private readonly (int Number, string Text)[] _steps;

    private SchemaSteps((int Number, string Text)[] steps) => _steps = steps;

    /// <summary>The number of the newest step.</summary>
    public int Newest => _steps[^1].Number;

    /// <summary>The steps of an engine.</summary>
    /// <param name="folder">Its folder, in lower case.</param>
    public static SchemaSteps Of(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return new([.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return (int.Parse(name.AsSpan(folder.Length + 1, 4), CultureInfo.InvariantCulture), reader.ReadToEnd());
        })]);
    }

    /// <summary>What is to be done to a store of a version: the statements of each later step.</summary>
    /// <exception cref="StoreException">A newer program has been at it.</exception>
    public IEnumerable<(int Number, string[] Statements)> After(long version)
    {
        if (version > Newest)
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"The store has schema {version}; this program knows {Newest}. Start a newer program: schemas never go back."));
        return _steps.Where(step => step.Number > version).Select(static step => (step.Number, Statements(step.Text)));
    }

    private static string[] Statements(string text) =>
        string.Join('\n', text.Split('\n').Select(static line => line.Split("--")[0])).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
