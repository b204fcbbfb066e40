using System.Text;
using FhirMyeloma.Clinical.Cohorts;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Mapping.Tests.Outbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Stories;

public sealed class StoryTests
{
    public static TheoryData<string> Names => [.. Story.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_case_is_what_the_hospital_said(string name)
    {
        var cases = Story.Of(name).Patients.Select(patient => CaseText.Of(patient.Case)).ToList();
        Golden.Check($"fhir-examples/{name}/case.json", cases.Count == 1 ? cases[0] : $"[\n{string.Join(",\n", cases.Select(text => text.TrimEnd('\n')))}\n]\n");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_derived_bundle_is_the_reviewed_one(string name) =>
        Golden.Check($"fhir-examples/{name}/output.json", Golden.Lines(Story.Of(name).Output));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_derived_bundle_is_valid_R4_in_canonical_form(string name)
    {
        var output = Story.Of(name).Output;
        var read = FhirJsonReader.Read(output);
        Assert.Empty(read.Issues.Where(issue => issue.IsError));
        Assert.Equal(Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(read.Document!.Root)), Encoding.UTF8.GetString(output));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_reviewed_table_expects_is_there(string name)
    {
        var story = Story.Of(name);
        var bundle = story.Root;
        var wrong = new List<string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Mapping.Tests/Stories/expected.csv").Where(row => row["story"] == name))
        {
            var said = Said(bundle, story, row);
            if (said != row["said"])
                wrong.Add($"{row["result"]} {row["row"]} {row["element"]}: expected {row["said"]} ({row["because"]}), was {said}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_story_has_expectations() =>
        Assert.Empty(Story.Names.Except(Table.Read("tests/FhirMyeloma.Mapping.Tests/Stories/expected.csv").Select(row => row["story"]), StringComparer.Ordinal));

    [Fact]
    public void Pooled_washouts_have_median_35_and_quartiles_10_and_35_by_type_7()
    {
        var days = Story.Of("two-centres-pooled").Patients.Select(patient => (decimal)patient.Results.Switches.Single(change => change.Primary).Days!.Value.Days!.Value);
        var pooled = Quantiles.Describe(days)!;
        Assert.Equal((5, 10m, 35m, 35m), (pooled.Count, pooled.LowerQuartile, pooled.Median, pooled.UpperQuartile));
    }

    [Fact]
    public void Pooling_changes_nothing_for_a_patient()
    {
        var pooled = Entries(Story.Of("two-centres-pooled").Root);
        foreach (var name in Story.Names.Where(name => name.StartsWith("case-", StringComparison.Ordinal) && !name.Contains("twin", StringComparison.Ordinal)))
            Assert.Empty(Entries(Story.Of(name).Root).SkipLast(1).Except(pooled, StringComparer.Ordinal));
    }

    [Fact]
    public void The_consistent_twin_raises_no_false_alarm() =>
        Assert.DoesNotContain(
            Story.Of("case-5-twin-reported-scr-agrees").Root.Resources()[^1].Children("issue").ToArray(),
            issue => issue["severity"].Text == "warning");

    private static IEnumerable<string> Entries(Element bundle) =>
        bundle.Children("entry").ToArray().Select(entry => Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(entry)));

    /// <summary>What an element of a derived Observation says; the Observation is found by its name-based id.</summary>
    private static string Said(Element bundle, Story story, IReadOnlyDictionary<string, string> row)
    {
        var key = story.Patients.Select(patient => patient.Case.PatientKey).Single(key => key.EndsWith(row["patient"], StringComparison.Ordinal));
        var (ruleset, rowKey) = (row["row"].Split('|')[0], row["row"].Split('|')[1]);
        var id = Ids.OfResult(key, row["result"], ruleset, rowKey).ToString();
        var found = bundle.Resources().Where(resource => resource["id"].Text == id).ToList();
        if (found.Count != 1)
            return found.Count == 0 ? "nothing" : "several";
        var observation = found[0];
        return row["element"] switch
        {
            "value" => observation.Said(),
            "status" => observation["status"].Text!,
            "effective" => observation["effectivePeriod"] is { Exists: true } period ? $"{period["start"].Text} .. {period["end"].Text}" : observation["effectiveDateTime"].Text!,
            "note" => observation["note"]["text"].Text!,
            var component => string.Join(' ', observation.Components(component).Select(item => Last(item.Said()))),
        };
    }

    /// <summary>Of a coded component only the code.</summary>
    private static string Last(string said) => said[(said.LastIndexOf('|') + 1)..].Replace("valueInteger ", "", StringComparison.Ordinal)
        .Replace("valueBoolean ", "", StringComparison.Ordinal).Replace("valueDateTime ", "", StringComparison.Ordinal);
}
