using System.Text;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests;

/// <summary>Case tables: CSV with a header, quotes where needed, the last column says why the row is there.</summary>
internal static class Cases
{
    /// <summary>The rows without the header and without the last column.</summary>
    public static IEnumerable<object[]> Read(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", file));
        foreach (var row in Rows(text).Skip(1))
        {
            Assert.False(string.IsNullOrWhiteSpace(row[^1]), $"{file}: '{row[0]}, {row[1]}' does not say because");
            yield return [.. row[..^1]];
        }
    }

    private static IEnumerable<string[]> Rows(string text)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (quoted && letter == '"' && at + 1 < text.Length && text[at + 1] == '"')
            {
                cell.Append('"');
                at++;
            }
            else if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && letter is ',' or '\n' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
                if (letter == '\n')
                {
                    yield return [.. cells];
                    cells.Clear();
                }
            }
            else
            {
                cell.Append(letter);
            }
        }
        if (cells.Count > 0)
            yield return [.. cells, cell.ToString()];
    }
}
