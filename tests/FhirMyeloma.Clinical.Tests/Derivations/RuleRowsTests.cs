using System.Text.RegularExpressions;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Derivations;

/// <summary>Every rule that the rules state is the <c>rule</c> of some row of a case table, or the list says why there is none yet.</summary>
public partial class RuleRowsTests
{
    private const string Without = "tests/FhirMyeloma.Clinical.Tests/Derivations/rules-without-rows.csv";

    [Fact]
    public void Every_rule_has_a_row_or_a_reason()
    {
        var tables = Directory.GetFiles(Path.Combine(Repo.Root, "tests"), "*.csv", SearchOption.AllDirectories)
            .Where(table => File.ReadLines(table).FirstOrDefault(line => line.Length > 0 && line[0] != '#')?.Split(',').Contains("rule", StringComparer.Ordinal) == true);
        var rows = tables.SelectMany(table => Table.Read(Path.GetRelativePath(Repo.Root, table))).SelectMany(row => row["rule"].Split('+', ' ')).ToHashSet(StringComparer.Ordinal);
        var listed = Table.Read(Without).ToDictionary(row => row["id"], row => row["because"], StringComparer.Ordinal);
        var stated = Id().Matches(File.ReadAllText(Path.Combine(Repo.Root, "docs/rules.md"))).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.DoesNotContain(stated, id => !rows.Contains(id) && !listed.ContainsKey(id));
        Assert.DoesNotContain(listed.Values, string.IsNullOrWhiteSpace);
    }

    [GeneratedRegex(@"\b(R-[A-Z0-9]+-[0-9]+[a-z]?|IMWG-2016/[A-Za-z-]*[A-Za-z])\b", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Id();
}
