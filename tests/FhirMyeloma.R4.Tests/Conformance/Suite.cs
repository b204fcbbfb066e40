using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Conformance;

/// <summary>
/// One suite of third-party cases. On the default folder every case is asserted, every known failure must still fail and
/// the count must be the one of <c>results.csv</c>; with FHIR_CORPORA set the cases are only counted.
/// </summary>
internal sealed class Suite(string name, ITestOutputHelper output)
{
    private readonly HashSet<string> known = KnownFailure.All.Where(failure => failure.Suite == name).Select(failure => failure.Id).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<string> surprises = [];
    private int agreed;
    private int total;
    private int skipped;

    /// <summary>Id as in the known failures; <paramref name="fault"/> is null when the case agrees.</summary>
    public void Case(string id, string? fault)
    {
        id = id.ReplaceLineEndings(" ").Trim();
        total++;
        seen.Add(id);
        if (fault is null)
            agreed++;
        var isKnown = known.Contains(id);
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
        surprises.AddRange(known.Except(seen, StringComparer.Ordinal).Select(id => $"{id}: is listed as a known failure and is no case"));
        Assert.True(surprises.Count == 0, string.Join('\n', surprises));
        SuiteResults.Check(name, agreed, total, skipped);
    }
}
