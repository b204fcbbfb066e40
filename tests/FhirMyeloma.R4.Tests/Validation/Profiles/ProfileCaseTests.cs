using System.Text;
using System.Text.Json;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Validation.Profiles;

/// <summary>
/// Case files: definitions, and resources with the issues of the profile rules that each must get, as "code at path". A definition may
/// leave out what R4 demands of a published one; what it says is read as in any other.
/// </summary>
public class ProfileCaseTests
{
    private static string Folder => Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Validation", "Profiles");

    public static TheoryData<string, string> All()
    {
        var cases = new TheoryData<string, string>();
        foreach (var file in Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var one in json.RootElement.GetProperty("cases").EnumerateArray())
                cases.Add(Path.GetFileName(file), one.GetProperty("title").GetString()!);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_resource_gets_exactly_the_issues_of_its_profile(string file, string title)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        var definitions = DefinitionSet.R4.With([.. json.RootElement.GetProperty("definitions").EnumerateArray().Select(definition => FhirJsonReader.Read(Bytes(definition)).Document!)]);
        var one = json.RootElement.GetProperty("cases").EnumerateArray().Single(candidate => candidate.GetProperty("title").GetString() == title);
        var read = FhirJsonReader.Read(Bytes(one.GetProperty("resource")));
        Assert.DoesNotContain(read.Issues, issue => issue.IsError);
        var profiles = one.TryGetProperty("profile", out var profile) ? [profile.GetString()!] : Array.Empty<string>();

        var issues = new Validator(definitions).Validate(read, new() { Profiles = [.. profiles] });

        var expected = one.GetProperty("expect").EnumerateArray().Select(item => item.GetString()!).Order(StringComparer.Ordinal);
        var actual = issues.Where(IsOfProfiles).Select(issue => $"{issue.Code} at {issue.Expressions[0]}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, actual);
        Assert.All(issues.Where(IsOfProfiles), issue => Assert.DoesNotContain("secret", issue.Text, StringComparison.Ordinal));
    }

    // The rules of R4 itself, which the terse definitions here break, name their key first; those of a profile its url.
    private static bool IsOfProfiles(Issue issue) =>
        issue.Code.StartsWith("profile-", StringComparison.Ordinal) || issue.Code is IssueCodes.Invariant or IssueCodes.InvariantNotEvaluated && issue.Diagnostics?.StartsWith("http", StringComparison.Ordinal) == true || issue.Code == IssueCodes.DefinitionFault;

    private static byte[] Bytes(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());
}
