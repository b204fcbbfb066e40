namespace FhirMyeloma.Testing;

/// <summary>A reviewed table of cases: comma-separated with quotes where needed, a header line, <c>#</c> comments.</summary>
internal static class Table
{
    /// <summary>The rows as columns by name.</summary>
    /// <param name="path">Relative to the repository.</param>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(string path)
    {
        var lines = File.ReadLines(Path.Combine(Repo.Root, path)).Where(line => line.Length > 0 && line[0] != '#').Select(Split).ToList();
        return lines.Skip(1).Select(cells =>
        {
            if (cells.Count != lines[0].Count)
                throw new InvalidDataException($"{path}: {cells.Count} cells instead of {lines[0].Count} in the row that begins with {string.Join(',', cells.Take(3))}");
            return (IReadOnlyDictionary<string, string>)lines[0].Zip(cells).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        });
    }

    private static List<string> Split(string line)
    {
        var cells = new List<string>();
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                cell.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(line[i]);
        }
        cells.Add(cell.ToString());
        return cells;
    }
}
