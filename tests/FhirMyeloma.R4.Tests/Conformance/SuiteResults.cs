using System.Globalization;
using System.Text;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Conformance;

/// <summary>The counts of all suites (<c>results.csv</c>), and the page made of them and of the known failures.</summary>
internal static class SuiteResults
{
    private const string File = "tests/FhirMyeloma.R4.Tests/Conformance/results.csv";
    private const string Page = "docs/conformance.md";
    private static readonly Lock Gate = new();

    /// <summary>Asserts the count of one suite; <c>ACCEPT_GOLDENS=1</c> takes it.</summary>
    public static void Check(string suite, int agreed, int total, int skipped)
    {
        lock (Gate)
        {
            var rows = Rows();
            var row = rows.GetValueOrDefault(suite) ?? new(suite, 0, 0, 0, "", "");
            rows[suite] = row with { Agreed = agreed, Total = total, Skipped = skipped };
            Golden.Check(File, Text(rows.Values));
        }
    }

    /// <summary>Asserts that the page is current; <c>ACCEPT_GOLDENS=1</c> writes it.</summary>
    public static void CheckPage()
    {
        lock (Gate)
            Golden.Check(Page, Render(Rows().Values));
    }

    public static IReadOnlyCollection<SuiteResult> All
    {
        get
        {
            lock (Gate)
                return Rows().Values;
        }
    }

    private static SortedDictionary<string, SuiteResult> Rows() => new(
        Table.Read(File).ToDictionary(
            row => row["suite"],
            row => new SuiteResult(row["suite"], Number(row["agreed"]), Number(row["total"]), Number(row["skipped"]), row["reach"], row["about"]),
            StringComparer.Ordinal),
        StringComparer.Ordinal);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(IEnumerable<SuiteResult> rows) =>
        "suite,agreed,total,skipped,reach,about\n" + string.Concat(rows.Select(row =>
            string.Create(CultureInfo.InvariantCulture, $"{row.Suite},{row.Agreed},{row.Total},{row.Skipped},{row.Reach},\"{row.About.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n")));

    private static string Render(IEnumerable<SuiteResult> rows)
    {
        var page = new StringBuilder("""
            # Conformance

            Third-party suites and what we make of them. This page is written by the tests
            (`ACCEPT_GOLDENS=1 dotnet test tests/FhirMyeloma.R4.Tests --filter Conformance`, twice) from the counts and from the lists of known
            failures beside them, and a test fails when it is not current. `./test.sh --conformance` runs the suites alone; `FHIR_CORPORA` names
            their folder, and where it is absent they are skipped with a count.

            A known failure must go on failing: one that agrees again breaks the test until it is taken off its list. Its kind is *bug* (ours),
            *feature* (not built) or *wontfix* (the case, or what it asks for, is not ours to follow). Every single error that we report on the
            bundles of others stands in [bundle-errors.txt](../tests/FhirMyeloma.R4.Tests/Conformance/bundle-errors.txt).

            | suite | agreed | of | share | to reach | what it is |
            |---|---:|---:|---:|---|---|

            """);
        var all = rows.ToList();
        foreach (var row in all)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{row.Suite}` | {row.Agreed} | {row.Total} | {row.Share:0.0} % | {row.Reach} | {row.About}");
            page.Append(row.Skipped > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {row.Skipped} more skipped |\n") : " |\n");
        }
        foreach (var suite in KnownFailure.All.GroupBy(failure => failure.Suite, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {suite.Key}: {suite.Count()} known failures\n\n");
            foreach (var reason in suite.GroupBy(failure => (failure.Kind, failure.Reason)))
            {
                page.Append(CultureInfo.InvariantCulture, $"- *{reason.Key.Kind}*: {reason.Key.Reason}\n");
                foreach (var failure in reason)
                    page.Append("  - ").Append(Code(failure.Id)).Append('\n');
            }
        }
        return page.ToString();
    }

    private static string Code(string id) => id.Contains('`', StringComparison.Ordinal) ? $"`` {id} ``" : $"`{id}`";
}

/// <summary>The count of one suite.</summary>
/// <param name="Suite">Its name.</param>
/// <param name="Agreed">Cases in which we agree.</param>
/// <param name="Total">All that were judged.</param>
/// <param name="Skipped">Cases that were not judged.</param>
/// <param name="Reach">What we set out to reach, in words.</param>
/// <param name="About">What the suite is.</param>
internal sealed record SuiteResult(string Suite, int Agreed, int Total, int Skipped, string Reach, string About)
{
    public double Share => Total == 0 ? 0 : 100.0 * Agreed / Total;
}
