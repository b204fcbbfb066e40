using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Conformance;

/// <summary>A case of a third-party suite in which we differ, on purpose or not yet: a line of <c>known-failures*.txt</c>.</summary>
/// <param name="Suite">Name as <see cref="Suite"/> prints it.</param>
/// <param name="Id">The case.</param>
/// <param name="Kind"><c>bug</c>: ours; <c>feature</c>: not built; <c>wontfix</c>: the case, or what it asks for, is not ours.</param>
/// <param name="Reason">Why, in words for a reader of docs/conformance.md.</param>
internal sealed record KnownFailure(string Suite, string Id, string Kind, string Reason)
{
    private static readonly Lazy<KnownFailure[]> Lines = new(() => [.. Read()]);

    /// <summary>Every line of every file, in order of file name and line.</summary>
    public static IReadOnlyList<KnownFailure> All => Lines.Value;

    private static IEnumerable<KnownFailure> Read()
    {
        var folder = Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Conformance");
        foreach (var file in Directory.EnumerateFiles(folder, "known-failures*.txt").Order(StringComparer.Ordinal))
        {
            foreach (var line in File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#'))
            {
                // An id may hold a bar (FHIRPath's union), so the outer fields are taken from both ends.
                var parts = line.Split('|', StringSplitOptions.TrimEntries);
                Assert.True(parts is [{ Length: > 0 }, _, .., "bug" or "feature" or "wontfix", { Length: > 10 }], $"{Path.GetFileName(file)}: '{line}' is not suite | case | bug, feature or wontfix | reason");
                var (start, end) = (line.IndexOf('|', StringComparison.Ordinal) + 1, line.LastIndexOf('|', line.LastIndexOf('|') - 1));
                yield return new(parts[0], line[start..end].Trim(), parts[^2], parts[^1]);
            }
        }
    }
}
