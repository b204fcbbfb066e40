using System.Globalization;
using FhirMyeloma.Clinical;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Mapping.Tests.Outbound;
using FhirMyeloma.Mapping.Tests.Stories;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Boundaries;

/// <summary>
/// Every threshold at its value, just below it and just above it, in each unit that hospitals send, from the hospital's Bundle to the derived one: a value
/// that is equal to the threshold in its own unit is equal to it in ours.
/// </summary>
public sealed class BoundaryTests
{
    private const string Folder = "tests/FhirMyeloma.Mapping.Tests/Boundaries";
    private const string PatientKey = "urn:nhc|1";

    public static TheoryData<string> Tables => [.. Directory.GetFiles(Path.Combine(Repo.Root, Folder), "*.csv").Select(table => Path.GetFileName(table)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Tables))]
    public void A_threshold_holds_in_the_unit_of_the_hospital(string table)
    {
        var wrong = new List<string>();
        foreach (var row in Table.Read($"{Folder}/{table}"))
        {
            var story = Story.Of(UnitStory.Bundle(row["clone"], row["doses"], row["units"], row["samples"]), policy: Policy(row["policy"]));
            var root = story.Root;
            wrong.AddRange(row["expect"].Split(' ')
                .Select(pair => (Name: pair[..pair.IndexOf('=', StringComparison.Ordinal)], Expected: pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]))
                .Select(pair => (pair.Name, pair.Expected, Said: Said(story, root, pair.Name, pair.Expected)))
                .Where(pair => pair.Said != pair.Expected)
                .Select(pair => $"{row["rule"]} {row["units"]} | {row["samples"]} ({row["because"]}): {pair.Name} expected {pair.Expected}, was {pair.Said}"));
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong)}");
    }

    private static DerivationPolicy Policy(string name) => name switch
    {
        "" => DerivationPolicy.Default,
        "imwg-2006" => DerivationPolicy.Default with { Rulesets = [ResponseRuleset.Imwg2006] },
        "serum-0.5" => DerivationPolicy.Default with { MeasurableSerum = MeasurableSerum.HalfGram },
        "serum-0.5-non-igg" => DerivationPolicy.Default with { MeasurableSerum = MeasurableSerum.HalfGramNonIgG },
        _ => throw new InvalidDataException("policy " + name),
    };

    /// <summary>What the derived Bundle says under a name of the tables.</summary>
    private static string Said(Story story, Element root, string name, string expected)
    {
        var ruleset = story.Patients[0].Results.ByRuleset[0].Ruleset.Code();
        if (name is "issue" or "noissue")
        {
            var codes = story.Issues.Select(issue => issue.Code).ToHashSet(StringComparer.Ordinal);
            return codes.Contains(expected) == (name is "issue") ? expected : string.Join('+', codes.Order(StringComparer.Ordinal));
        }

        if (name[0] is 'd' && char.IsDigit(name[1]))
        {
            var (day, element) = name.Split('.') is [var d, var e] ? (d, e) : (name, "value");
            return Of(Find(root, "imwg-response-at", ruleset, $"1@{UnitStory.Date(day)}"), element, expected);
        }

        return name switch
        {
            "set" => Of(Find(root, "imwg-response", ruleset, "1"), "measurable-by", expected),
            "clinical-relapse" or "relapse-from-cr" => OnDay(Of(Find(root, "imwg-response", ruleset, "1"), name + "-date", expected)),
            "strength" => Of(Find(root, "imwg-response", ruleset, "1"), "interference-strength", expected),
            "iss" or "r-iss" or "r2-iss" => Of(Find(root, name + "-stage", name, ""), "value", expected),
            "risk" => Of(Find(root, "cytogenetic-risk", "ims-imwg-2025", "ims-imwg-2025"), "value", expected),
            "refractory" => Of(Find(root, "drug-refractoriness", ruleset, "daratumumab@1"), "value", expected),
            _ when name.StartsWith("mrd@", StringComparison.Ordinal) => Of(Find(root, "mrd-status", "imwg-2016", UnitStory.Date(name[4..]) + "#0"), "value", expected),
            _ => throw new InvalidDataException("name " + name),
        };
    }

    private static Element? Find(Element root, string code, string ruleset, string row)
    {
        var id = Ids.OfResult(PatientKey, code, ruleset, row).ToString();
        return root.Resources().Select(resource => (Element?)resource).FirstOrDefault(resource => resource!.Value["id"].Text == id);
    }

    private static string Of(Element? found, string element, string expected)
    {
        if (found is not { } observation)
            return "nothing";
        switch (element)
        {
            case "value":
                return Code(observation);
            case "has" or "hasnot":
                var flags = observation.Components("flag").Select(Code).ToHashSet(StringComparer.Ordinal);
                return flags.Contains(expected) == (element is "has") ? expected : string.Join('+', flags.Order(StringComparer.Ordinal));
            default:
                return string.Join('+', observation.Components(element).Select(Code)) is { Length: > 0 } said ? said : "-";
        }
    }

    private static string OnDay(string date) =>
        DateOnly.TryParse(date, CultureInfo.InvariantCulture, out var day)
            ? "d" + (day.DayNumber - DateOnly.Parse(UnitStory.Date("d0"), CultureInfo.InvariantCulture).DayNumber).ToString(CultureInfo.InvariantCulture) : date;

    // Our own code; of other values the text.
    private static string Code(Element holder) =>
        holder.Said().Split(' ') is [var first, ..] && first.Contains('|', StringComparison.Ordinal) ? first[(first.IndexOf('|', StringComparison.Ordinal) + 1)..]
        : holder.Said() is var said && said.StartsWith("absent ", StringComparison.Ordinal) ? "none"
        : said.StartsWith("value", StringComparison.Ordinal) ? said[(said.IndexOf(' ', StringComparison.Ordinal) + 1)..] : said;
}
