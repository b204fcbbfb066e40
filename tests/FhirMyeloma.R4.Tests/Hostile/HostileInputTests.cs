using System.Diagnostics;
using System.Globalization;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;

namespace FhirMyeloma.R4.Tests.Hostile;

public class HostileInputTests
{
    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static ReadResult Read(string json) => FhirJsonReader.Read(Encoding.UTF8.GetBytes(json));

    private static ReadResult InTime(string json, int milliseconds)
    {
        var watch = Stopwatch.StartNew();
        var result = Read(json);
        result.Document?.CheckReferences();
        Assert.True(watch.ElapsedMilliseconds < milliseconds, $"took {watch.ElapsedMilliseconds} ms");
        return result;
    }

    public static TheoryData<string> DeepShapes =>
    [
        """{"resourceType":"Patient","extension":[|{"url":"a","extension":[|]}|]}""",
        """{"resourceType":"Bundle","type":"collection","entry":[|{"resource":{"resourceType":"Bundle","type":"collection","entry":[|]}}|]}""",
        """{"resourceType":"Patient","contained":[|{"resourceType":"Patient","contained":[|]}|]}""",
        """{"resourceType":"Questionnaire","status":"draft","item":[|{"linkId":"a","type":"group","item":[|]}|]}""",
        """{"resourceType":"Parameters","parameter":[|{"name":"a","part":[|]}|]}""",
        """{"resourceType":"Patient","unknown":[|[|]|]}""",
        """{"unknown":[|{"a":[|]}|],"resourceType":"Patient"}""",
    ];

    [Theory]
    [MemberData(nameof(DeepShapes))]
    public void Deep_nesting_is_refused_at_64_levels_however_deep_it_goes(string shape)
    {
        var parts = shape.Split('|');
        foreach (var depth in (int[])[100, 5_000, 100_000])
        {
            var closed = parts[0] + Repeat(parts[1], depth) + Repeat(parts[2], depth) + parts[3];
            Assert.Equal(IssueCodes.TooDeep, Assert.Single(InTime(closed, 3000).Issues).Code);
            var open = parts[0] + Repeat(parts[1], depth);
            Assert.Equal(IssueCodes.TooDeep, Assert.Single(InTime(open, 3000).Issues).Code);
        }
    }

    [Theory]
    [InlineData(62, false)]
    [InlineData(63, true)]
    public void Sixty_four_levels_are_allowed(int arrays, bool isTooDeep)
    {
        // The resource is one level, the member's array another.
        var result = Read($$"""{"resourceType":"Patient","unknown":[{{Repeat("[", arrays)}}{{Repeat("]", arrays)}}]}""");
        Assert.Equal(isTooDeep ? IssueCodes.TooDeep : IssueCodes.UnknownElement, result.Issues[0].Code);
    }

    [Fact]
    public void A_hundred_thousand_opening_arrays_are_refused() => Assert.True(InTime(new string('[', 100_000), 1000).IsUnreadable);

    [Fact]
    public void Rules_share_a_budget_that_grows_with_the_document()
    {
        // obs-7 compares each code with those of each component.
        string Codings(string system) => string.Join(',', Enumerable.Range(0, 300).Select(code => $$"""{"system":"{{system}}","code":"{{code}}"}"""));
        var components = string.Join(',', Enumerable.Range(0, 300).Select(code => """{"code":{"coding":[{"system":"http://a.c","code":"#"}]},"valueInteger":1}""".Replace("#", $"{code}", StringComparison.Ordinal)));
        var observation = """{"resource":{"resourceType":"Observation","status":"final","code":{"coding":[#codes]},"valueInteger":1,"component":[#components]}}"""
            .Replace("#codes", Codings("http://a.b"), StringComparison.Ordinal).Replace("#components", components, StringComparison.Ordinal);

        var one = Verdict(observation, 1);
        var many = Verdict(observation, 100);

        Assert.DoesNotContain(IssueCodes.ValidationTooCostly, one, StringComparer.Ordinal);
        Assert.Contains(IssueCodes.ValidationTooCostly, many, StringComparer.Ordinal);
        Assert.DoesNotContain(IssueCodes.InvariantNotEvaluated, many, StringComparer.Ordinal);

        static string[] Verdict(string entry, int times) =>
            [.. Validator.R4.Validate(FhirJsonReader.Read(Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"collection","entry":[{{string.Join(',', Enumerable.Repeat(entry, times))}}]}"""))).Select(issue => issue.Code)];
    }

    [Fact]
    public void A_wide_bundle_is_read_in_linear_time()
    {
        var entries = Repeat("""{"resource":{"resourceType":"Basic","code":{"text":"x"}}},""", 100_000);
        var result = InTime($$"""{"resourceType":"Bundle","type":"collection","entry":[{{entries[..^1]}}]}""", 10_000);
        Assert.Empty(result.Issues);
        Assert.Equal(100_000, Bundle.From(result.Document)!.Entries.Length);
    }

    [Fact]
    public void Asking_each_entry_for_type_and_timestamp_does_not_walk_the_others()
    {
        var entries = Repeat("""{"resource":{"resourceType":"Basic","code":{"text":"x"}}},""", 50_000);
        var bundle = Bundle.From(Read($$"""{"resourceType":"Bundle","entry":[{{entries[..^1]}}],"type":"collection"}""").Document)!;
        var watch = Stopwatch.StartNew();
        Assert.All(bundle.Entries, _ => Assert.Equal(("collection", null), (bundle.Type, bundle.Timestamp)));
        Assert.True(watch.ElapsedMilliseconds < 3000, $"took {watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void Many_references_into_many_contained_resources_stay_linear()
    {
        var numbers = Enumerable.Range(0, 20_000).Select(number => number.ToString(CultureInfo.InvariantCulture)).ToArray();
        var contained = string.Join(',', numbers.Select(number => $$"""{"resourceType":"Patient","id":"{{number}}"}"""));
        var links = string.Join(',', numbers.Select(number => $$$"""{"other":{"reference":"#{{{number}}}"},"type":"seealso"}"""));
        Assert.Empty(InTime($$"""{"resourceType":"Patient","contained":[{{contained}}],"link":[{{links}}]}""", 10_000).Document!.CheckReferences());
    }

    [Fact]
    public void A_hundred_thousand_unknown_members_cost_no_more_than_their_length()
    {
        var members = string.Concat(Enumerable.Range(0, 100_000).Select(number => $",\"m{number}\":1"));
        var result = InTime($$"""{"resourceType":"Patient"{{members}}}""", 10_000);
        Assert.Equal(1001, result.Issues.Length);
    }

    [Fact]
    public void A_hundred_thousand_faults_are_counted_and_not_listed()
    {
        var names = Repeat("{\"family\":5},", 100_000);
        var result = InTime($$"""{"resourceType":"Patient","name":[{{names[..^1]}}]}""", 10_000);
        Assert.Equal(1001, result.Issues.Length);
        Assert.StartsWith("99000 more", result.Issues[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_of_ten_million_characters_is_read()
    {
        var result = InTime($$"""{"resourceType":"Binary","contentType":"text/plain","data":"{{new string('A', 10_000_000)}}"}""", 10_000);
        Assert.Empty(result.Issues);
    }

    [Fact]
    public void A_long_array_with_a_long_companion_array_stays_linear()
    {
        var given = Repeat("null,", 100_000)[..^1];
        var companions = Repeat("{\"id\":\"a\"},", 100_000)[..^1];
        Assert.Empty(InTime($$"""{"resourceType":"Patient","name":[{"_given":[{{companions}}],"given":[{{given}}]}]}""", 10_000).Issues);
    }

    [Fact]
    public void A_resource_that_names_its_type_last_at_every_level_is_read()
    {
        var json = """{"resourceType":"Basic","code":{"text":"x"}}""";
        for (var level = 0; level < 15; level++)
            json = $$"""{"entry":[{"resource":{{json}}}],"type":"collection","resourceType":"Bundle"}""";
        Assert.Empty(InTime(json, 1000).Issues);
    }
}
