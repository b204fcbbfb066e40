using System.Text.RegularExpressions;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests.House;

/// <summary>Issue codes and rule ids: each has one meaning and one place.</summary>
public partial class Catalogues
{
    private static IEnumerable<(string File, string Code)> IssueCodes => Sources.Code("src")
        .Where(static file => Path.GetFileName(file) is var name && name is "IssueCodes.cs" or "MappingIssues.cs" or "ResultIssues.cs" or "StoreIssues.cs" or "Faults.cs")
        .SelectMany(static file => Constant().Matches(File.ReadAllText(file)).Select(match => (Sources.Name(file), match.Groups["code"].Value)));

    [Fact]
    public void Issue_codes_are_kebab_case() => Assert.All(IssueCodes, static code => Assert.Matches(Kebab(), code.Code));

    [Fact]
    public void No_issue_code_has_two_meanings() =>
        Assert.Empty(IssueCodes.GroupBy(static code => code.Code, StringComparer.Ordinal).Where(static same => same.Skip(1).Any()).Select(static same => $"{same.Key}: {string.Join(", ", same.Select(static code => code.File))}"));

    [Fact]
    public void Every_fault_of_http_is_in_the_table()
    {
        var codes = Constant().Matches(File.ReadAllText(Path.Combine(Repo.Root, "src/FhirMyeloma.Service/Http/Faults.cs"))).Select(static match => match.Groups["code"].Value).Order(StringComparer.Ordinal);
        Assert.Equal(Faults.Table.Keys.Order(StringComparer.Ordinal), codes);
    }

    [Fact]
    public void Every_rule_that_the_code_names_is_stated_in_the_rules()
    {
        var stated = Rule().Matches(File.ReadAllText(Path.Combine(Repo.Root, "docs/rules.md"))).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);
        var named = Sources.Code("src").SelectMany(static file => Rule().Matches(File.ReadAllText(file)).Select(match => (Id: match.Value, File: Sources.Name(file))));
        Assert.Empty(named.Where(rule => !stated.Contains(rule.Id)).Select(static rule => $"{rule.Id} in {rule.File}").Distinct(StringComparer.Ordinal));
    }

    [GeneratedRegex("const string \\w+ = \"(?<code>[^\"]+)\"", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Constant();

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Kebab();

    [GeneratedRegex(@"\b(R-[A-Z0-9]+-[0-9]+[a-z]?|IMWG-20[0-9]{2}/[A-Za-z]+)\b", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Rule();
}
