using System.Text.RegularExpressions;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>
/// Issue codes are written where the fault is found, in every project; so the source is the list of those in use.
/// </summary>
public sealed partial class IssueCodesTests
{
    [Fact]
    public void Every_issue_code_in_use_is_published() => Assert.Empty(InUse().Except(PublishedCodes.Of("issue"), StringComparer.Ordinal));

    [Fact]
    public void The_scan_sees_codes_of_every_project_that_has_some() =>
        Assert.Subset(InUse(), new HashSet<string>(StringComparer.Ordinal) { "json-syntax", "reference-dangling", "no-myeloma-evidence", "contradiction-reported-response" });

    private static HashSet<string> InUse() =>
        Directory.EnumerateFiles(Path.Combine(Repo.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(Codes)
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Codes(string file)
    {
        var text = File.ReadAllText(file);
        var matches = MadeHere().Matches(text).AsEnumerable();
        if (Path.GetFileName(file) is "IssueCodes.cs" or "ResultIssues.cs" or "Faults.cs" or "Words.Issues.cs" or "MappingIssues.cs" or "StoreIssues.cs")
            matches = matches.Concat(Listed().Matches(text));
        return matches.Select(match => match.Groups["code"].Value);
    }

    [GeneratedRegex("""(?:Issue\.|issues\.)(?:Fatal|Error|Warning|Information)\(\s*"(?<code>[a-z][a-z0-9-]*)"|new Issue\(\s*IssueSeverity\.\w+,\s*"(?<code>[a-z][a-z0-9-]*)",""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MadeHere();

    [GeneratedRegex("""const string \w+ = "(?<code>[a-z][a-z0-9-]*)";|\["(?<code>[a-z][a-z0-9-]*)"\] = \(""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listed();
}
