using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Tests.Properties;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Mapping.Tests.Outbound;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>A pooled patient: the same conclusions, and nothing that leads back.</summary>
public partial class PooledPatientTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";
    private static readonly ImmutableArray<int> _weeks = [.. Enumerable.Range(1, 52).SelectMany(static week => new[] { -week, week }).OrderBy(static week => (week * 37) % 53)];
    private static readonly RenderSettings _settings = new() { Timestamp = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), Version = "0.1.0" };

    public static TheoryData<string> Stories => [.. Story.Names];

    private static string Render(PatientResults patient) => Encoding.UTF8.GetString(CaseToBundle.Render([patient], [], _settings)) + Encoding.UTF8.GetString(CaseSummary.Render(patient));

    private static PatientResults Pooled(PatientResults patient, params IEnumerable<int> weeks)
    {
        var pooled = PooledPatient.Of(patient.Case, DerivationPolicy.Default, Id, weeks);
        Assert.NotNull(pooled);
        return pooled;
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_story_keeps_its_conclusions_and_counts_of_days(string name) => Assert.All(Story.Of(name).Patients, KeepsItsConclusions);

    [Fact]
    public void So_do_rolled_patients() => Assert.All(Patients.Many(25), static rolled =>
    {
        var patient = RolledPatientsTests.WithoutWhatTheFeedLeavesOut(rolled.Item2);
        KeepsItsConclusions(Assert.Single(Story.Of(HospitalFeed.Bundle(new HospitalFeed(patient, new(1), Dialect.Plain).Write())).Patients));
    });

    private static void KeepsItsConclusions(PatientResults patient)
    {
        var pooled = Pooled(patient, _weeks);
        Listed.Same(Said(patient, Moved(patient, pooled)), Said(pooled, 0));
    }

    /// <summary>What the Bundle says, without ids, evidence, notes and dates that are not known to the day; the others moved.</summary>
    private static IEnumerable<string> Said(PatientResults patient, int days)
    {
        foreach (var entry in JsonNode.Parse(CaseToBundle.Render([patient], [], _settings))!["entry"]!.AsArray())
        {
            var resource = entry!["resource"]!.AsObject();
            if (resource["resourceType"]!.GetValue<string>() != "Observation")
                continue;
            foreach (var name in new[] { "id", "subject", "focus", "derivedFrom", "note" })
                resource.Remove(name);
            Move(resource, days);
            yield return resource.ToJsonString();
        }
    }

    private static void Move(JsonNode node, int days)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Move(item!, days);
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                var text = value is JsonValue leaf && leaf.TryGetValue<string>(out var said) && DateText().IsMatch(said) ? said : null;
                if (text is { Length: 10 })
                    members[name] = DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                else if (text is not null || name.StartsWith('_'))
                    members.Remove(name);
                else
                    Move(value!, days);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public void Nothing_that_was_sent_is_in_it_but_codes_of_ours(string name)
    {
        var sent = new HashSet<string>(StringComparer.Ordinal);
        Collect(JsonNode.Parse(Story.Input(name))!, sent);
        foreach (var patient in Story.Of(name).Patients)
        {
            var output = Render(Pooled(patient, _weeks));
            var leaves = new HashSet<string>(StringComparer.Ordinal);
            Collect(JsonNode.Parse("[" + output.Replace("}{", "},{", StringComparison.Ordinal) + "]")!, leaves);
            var text = string.Join('\n', leaves);
            Assert.DoesNotContain(sent, one => one.Length > 3 && one is not ("male" or "female") && text.Contains(one, StringComparison.Ordinal) && !_ours.Value.Contains(one, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public void Every_day_in_it_has_moved_by_the_same_weeks(string name)
    {
        foreach (var patient in Story.Of(name).Patients)
        {
            var pooled = Pooled(patient, _weeks);
            var days = Moved(patient, pooled);
            Assert.NotEqual(0, days);
            Assert.Equal(0, days % 7);
            Assert.Equal(Days(Render(Pooled(patient, 0)), days), Days(Render(pooled), 0), StringComparer.Ordinal);
        }

        static IEnumerable<string> Days(string text, int days) => DayText().Matches(text.Replace("2099-01-01", "", StringComparison.Ordinal))
            .Select(match => ClinicalDate.Parse(match.Value).Moved(days).Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private static int Moved(PatientResults patient, PatientResults pooled) =>
        _weeks.Select(static week => 7 * week).First(days => DeidentifiedCase.Of(patient.Case, Id, days / 7).LastContact?.Text == pooled.Case.LastContact?.Text);

    [Theory]
    [MemberData(nameof(Stories))]
    public void What_is_rendered_is_valid_by_R4_and_by_the_profiles_that_it_claims(string name)
    {
        foreach (var patient in Story.Of(name).Patients)
            Assert.Empty(Validator.R4.Validate(FhirJsonReader.Read(CaseToBundle.Render([Pooled(patient, _weeks)], [], _settings)), new() { Warnings = false }).Where(static issue => issue.IsError).Select(static issue => $"{issue.Text} {string.Join(' ', issue.Expressions)}"));
    }

    [Fact]
    public void A_month_stays_a_range_of_as_many_days_and_no_FHIR_date_says_it()
    {
        var moved = ClinicalDate.Parse("2024-02").Moved(-14);
        Assert.Equal(("2024-01-18/2024-02-15", true), (moved.Text, moved.IsRange));
        Assert.Equal("2024-03-19", ClinicalDate.Parse("2024-03-05").Moved(14).Text);
        Assert.Equal("9999-12-31", ClinicalDate.Parse("9999-12-31").Moved(7).Text);
    }

    [Fact]
    public void Every_date_and_every_free_text_of_a_case_is_replaced()
    {
        foreach (var (_, patient) in Patients.Many(10))
        {
            var moved = DeidentifiedCase.Of(patient with { Center = "Hospital" }, Id, 5);
            var (before, after) = (Dates(patient).ToList(), Dates(moved).ToList());
            Assert.Equal(before.Select(static date => (date.First.AddDays(35), date.Last.AddDays(35))), after.Select(static date => (date.First, date.Last)));
            Assert.Null(moved.Center);
        }
    }

    /// <summary>Every date of a record, whatever the property that holds it.</summary>
    private static IEnumerable<ClinicalDate> Dates(object? value) => value switch
    {
        null or string => [],
        ClinicalDate date => [date],
        DateOnly day => [ClinicalDate.Of(day)],
        System.Collections.IEnumerable items => items.Cast<object?>().SelectMany(Dates),
        _ when value.GetType().Namespace == typeof(MyelomaCase).Namespace => value.GetType().GetProperties(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public).Where(static property => property.GetIndexParameters().Length == 0).SelectMany(property => Dates(property.GetValue(value))),
        _ => [],
    };

    private static readonly Lazy<string> _ours = new(static () => string.Join('\n',
        Directory.EnumerateFiles(Path.Combine(Repo.Root, "profiles"), "*.json").Concat(Directory.EnumerateFiles(Path.Combine(Repo.Root, "src/FhirMyeloma.Mapping/Outbound"), "*.cs")).Select(File.ReadAllText)));

    private static void Collect(JsonNode? node, HashSet<string> texts)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Collect(item, texts);
        }
        else if (node is JsonObject members)
        {
            foreach (var (_, value) in members)
                Collect(value, texts);
        }
        else if (node is JsonValue leaf && leaf.TryGetValue<string>(out var text) && !DateText().IsMatch(text))
        {
            texts.Add(text);
        }
    }

    [GeneratedRegex(@"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(T.*)?\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex DateText();

    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2}", RegexOptions.None, 1_000)]
    private static partial Regex DayText();
}
