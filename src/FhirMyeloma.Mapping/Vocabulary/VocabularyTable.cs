using System.Collections.Immutable;
using System.Text;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>One embedded CSV table: comma separated, a header row, quotes only where a cell needs them, the last column says why the row is there.</summary>
internal static class VocabularyTable
{
    /// <summary>The rows without the header; each has as many cells as the header.</summary>
    public static ImmutableArray<ImmutableArray<string>> Read(string name)
    {
        using var stream = typeof(VocabularyTable).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<string>>();
        var width = Cells(reader.ReadLine() ?? "").Length;
        while (reader.ReadLine() is { } line)
        {
            var cells = Cells(line);
            if (cells.Length != width)
                throw new InvalidOperationException($"{name}: row {rows.Count + 2} has {cells.Length} cells, the header {width}.");
            rows.Add(cells);
        }
        return rows.ToImmutable();
    }

    /// <summary>Reads <c>serum-m-protein</c> as the enum member SerumMProtein, whatever the case.</summary>
    public static T Word<T>(string kebab) where T : struct, Enum => Enum.Parse<T>(kebab.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);

    private static ImmutableArray<string> Cells(string line)
    {
        var cells = ImmutableArray.CreateBuilder<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"')
                cell.Append(line[++i]);
            else if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(c);
        }
        cells.Add(cell.ToString());
        return cells.ToImmutable();
    }
}
