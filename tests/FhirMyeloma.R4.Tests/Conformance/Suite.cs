using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Conformance;

/// <summary>
/// One suite of third-party cases. On the default folder every case is asserted and every known failure must still fail;
/// with FHIR_CORPORA set the cases are only counted.
/// </summary>
internal sealed class Suite(string name, ITestOutputHelper output)
{
    private static readonly Lazy<Dictionary<string, string>> Known = new(ReadKnown);

    private readonly List<string> surprises = [];
    private int agreed;
    private int total;
    private int skipped;

    /// <summary>Id as in known-failures.txt; <paramref name="fault"/> is null when the case agrees.</summary>
    public void Case(string id, string? fault)
    {
        total++;
        if (fault is null)
            agreed++;
        var isKnown = Known.Value.ContainsKey($"{name}/{id}");
        if (fault is not null && (!isKnown || Repo.CorporaNamed))
            surprises.Add($"{id}: {fault}");
        if (fault is null && isKnown && !Repo.CorporaNamed)
            surprises.Add($"{id}: is listed as a known failure and agrees now; take it off the list");
    }

    public void Skip() => skipped++;

    public void Finish()
    {
        output.WriteLine($"{name}: {agreed}/{total}{(skipped > 0 ? $", {skipped} skipped" : "")}");
        Assert.True(total > 0, $"{name} has no cases");
        if (Repo.CorporaNamed)
        {
            foreach (var surprise in surprises)
                output.WriteLine("  " + surprise);
            Console.WriteLine($"{name}: {agreed}/{total}");
            return;
        }
        Assert.True(surprises.Count == 0, string.Join('\n', surprises));
    }

    private static Dictionary<string, string> ReadKnown()
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Directory.EnumerateFiles(Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Conformance"), "known-failures*.txt").Order(StringComparer.Ordinal).SelectMany(File.ReadLines))
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var parts = line.Split('|', StringSplitOptions.TrimEntries);
            Assert.True(parts is [_, _, "bug" or "feature" or "wontfix", { Length: > 10 }], $"known failures: '{line}' is not suite | file | bug, feature or wontfix | reason");
            known.Add($"{parts[0]}/{parts[1]}", parts[3]);
        }
        return known;
    }
}
