using System.Text;
using System.Text.Json.Nodes;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Validation;

/// <summary>What holds of every issue, whatever was broken: its expression selects the place, and it repeats nobody's data.</summary>
public class IssuePropertyTests
{
    // Stands for whatever a hospital may have written: no issue may repeat it.
    private const string Secret = "Zq7Secretvalue";
    private const int Rounds = 4_000;

    [Fact]
    public void The_first_expression_selects_exactly_one_node_and_no_value_is_repeated()
    {
        var seeds = Seeds().ToList();
        var dice = new Dice(20261122);
        var issues = 0;
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            var broken = Break(JsonNode.Parse(seeds[round % seeds.Count])!, dice);
            var read = FhirJsonReader.Read(Encoding.UTF8.GetBytes(broken.ToJsonString()));
            var verdict = Validator.R4.Validate(read);
            // Where a choice stands in two types, a path without types selects both; and a root of no known type has no path.
            var most = verdict.Any(issue => issue.Code == IssueCodes.ChoiceRepeated) ? 2 : 1;
            var least = read.Document?.ResourceType is { Length: > 0 } ? 1 : 0;
            foreach (var issue in verdict)
            {
                issues++;
                Assert.DoesNotContain(Secret, issue.Text + issue.Diagnostics + string.Concat(issue.Expressions), StringComparison.OrdinalIgnoreCase);
                if (read.Document is { } document && Selects(document.Root, issue) is var selected && (selected < least || selected > most))
                    faults.TryAdd(issue.Code, $"round {round}: {issue.Code} '{string.Join("', '", issue.Expressions)}' selects {selected} nodes: {issue.Text}\n{broken.ToJsonString()}");
            }
        }
        Assert.True(faults.Count == 0, string.Join("\n\n", faults.Values));
        Assert.InRange(issues, Rounds / 2, Rounds * 20);
    }

    /// <summary>Nodes that the first expression selects; what is not there (an unknown or empty member) is looked for at its container, which comes second.</summary>
    private static int Selects(Element root, Issue issue)
    {
        if (issue.Expressions.IsEmpty)
            return 0;
        var count = FhirPathExpression.Compile(issue.Expressions[0]).Evaluate(root).Count;
        return count == 0 && issue.Expressions.Length > 1 ? FhirPathExpression.Compile(issue.Expressions[1]).Evaluate(root).Count : count;
    }

    private static JsonNode Break(JsonNode root, Dice dice)
    {
        for (var times = dice.Roll(1, 3); times > 0; times--)
        {
            var places = Places(root).ToList();
            if (places.Count == 0)
                break;
            var (parent, name) = places[dice.Roll(0, places.Count - 1)];
            var isUrlOrReference = name is "url" or "reference" or "fullUrl" or "resourceType" or "profile";
            switch (dice.Roll(0, 6))
            {
                case 0:
                    parent.Remove(name);
                    break;
                case 1 when !isUrlOrReference:
                    parent[name] = Secret;
                    break;
                case 2 when !isUrlOrReference:
                    parent[name] = new JsonArray(Secret + " and more");
                    break;
                case 3:
                    parent[name] = new JsonObject();
                    break;
                case 4:
                    parent[name] = 7;
                    break;
                case 5 when !parent.ContainsKey(name + "x"):
                    var moved = parent[name];
                    parent.Remove(name);
                    parent[name + "x"] = moved;
                    break;
                default:
                    parent["extension"] = new JsonArray(new JsonObject { ["url"] = "http://example.org/e", ["valueString"] = Secret, ["valueInteger"] = 1 });
                    break;
            }
        }
        return root;
    }

    private static IEnumerable<(JsonObject Parent, string Name)> Places(JsonNode? node) => node switch
    {
        JsonObject parent => parent.Select(member => (parent, member.Key)).Concat(parent.SelectMany(member => Places(member.Value))),
        JsonArray items => items.SelectMany(Places),
        _ => [],
    };

    private static IEnumerable<string> Seeds()
    {
        yield return File.ReadAllText(Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Data", "valid-bundle.json"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repo.Root, "fhir-examples"), "input.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            // A few entries of each story, so that the changes meet different types.
            var bundle = JsonNode.Parse(File.ReadAllText(file))!;
            var entries = bundle["entry"]!.AsArray();
            foreach (var type in entries.Select(entry => entry!["resource"]!["resourceType"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).ToList())
                yield return entries.First(entry => entry!["resource"]!["resourceType"]!.GetValue<string>() == type)!["resource"]!.ToJsonString();
        }
    }
}
