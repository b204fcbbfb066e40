using System.Text.RegularExpressions;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Derivations;

/// <summary>Every rule that the rules state is the <c>rule</c> of some row of a case table, of whatever test project, or the list says why there is none.</summary>
public partial class RuleRowsTests
{
    private const string Without = "tests/FhirMyeloma.Clinical.Tests/Derivations/rules-without-rows.csv";

    private static readonly Dictionary<string, string> Listed = Table.Read(Without).ToDictionary(row => row["id"], row => row["because"], StringComparer.Ordinal);

    private static readonly HashSet<string> Stated =
        Id().Matches(File.ReadAllText(Path.Combine(Repo.Root, "docs/rules.md"))).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    private static readonly HashSet<string> WithRows = Directory.GetFiles(Path.Combine(Repo.Root, "tests"), "*.csv", SearchOption.AllDirectories)
        .Where(table => File.ReadLines(table).FirstOrDefault(line => line.Length > 0 && line[0] != '#')?.Split(',').Contains("rule", StringComparer.Ordinal) == true)
        .SelectMany(table => Table.Read(Path.GetRelativePath(Repo.Root, table)))
        .SelectMany(row => row["rule"].Split('+', ' '))
        .ToHashSet(StringComparer.Ordinal);

    [Fact]
    public void Every_rule_has_a_row_or_a_reason()
    {
        Assert.DoesNotContain(Stated, id => !WithRows.Contains(id) && !Listed.ContainsKey(id));
        Assert.DoesNotContain(Listed.Values, string.IsNullOrWhiteSpace);
    }

    [Fact]
    public void A_rule_with_a_row_is_not_on_the_list() => Assert.DoesNotContain(Listed.Keys, WithRows.Contains);

    [Fact]
    public void The_list_names_rules_only() => Assert.Empty(Listed.Keys.Except(Stated, StringComparer.Ordinal));

    [GeneratedRegex(@"\b(R-[A-Z0-9]+-[0-9]+[a-z]?|IMWG-2016/[A-Za-z-]*[A-Za-z])\b", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Id();
}
