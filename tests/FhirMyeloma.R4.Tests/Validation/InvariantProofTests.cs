using System.Text;
using System.Text.Json.Nodes;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Validation;

/// <summary>
/// Constraints run as comparisons of presence and as C#; here both are held against the FHIRPath of the specification, at every
/// element of real resources and of resources whose members were taken out and put in at random.
/// </summary>
public class InvariantProofTests
{
    private const int Seed = 20261122;

    private static readonly string[] Own =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repo.Root, "fhir-examples"), "*put.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
        .. Directory.EnumerateFiles(Path.Combine(Repo.Root, "profiles"), "*.json").Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void The_compiled_rules_agree_with_FHIRPath_on_our_examples()
    {
        var tally = new Tally();
        foreach (var file in Own)
            tally.Compare(FhirJsonReader.Read(File.ReadAllBytes(file)).Document!, file);
        tally.AssertAgrees(leastDecided: 10_000);
    }

    [Fact]
    public void The_compiled_rules_agree_with_FHIRPath_on_mutations_of_our_examples() => Mutations(Own, rounds: 150).AssertAgrees(leastDecided: 10_000, leastBroken: 20);

    [CorporaFact]
    public void The_compiled_rules_agree_with_FHIRPath_on_the_official_examples()
    {
        var tally = new Tally();
        foreach (var file in Official)
            tally.Compare(FhirJsonReader.Read(File.ReadAllBytes(file)).Document!, Path.GetFileName(file));
        tally.AssertAgrees(leastDecided: 10_000);
    }

    [CorporaFact]
    public void The_compiled_rules_agree_with_FHIRPath_on_mutations_of_the_official_examples() => Mutations([.. Official.Where(file => new FileInfo(file).Length < 60_000)], rounds: 1_500).AssertAgrees(leastDecided: 20_000, leastBroken: 200);

    private static IEnumerable<string> Official => Directory.EnumerateFiles(Path.Combine(Repo.Corpora!, "r4-examples"), "*.json", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "MANIFEST.json").Order(StringComparer.Ordinal);

    private static Tally Mutations(string[] files, int rounds)
    {
        var dice = new Random(Seed);
        var pool = new Dictionary<string, List<(string Name, string Json)>>(StringComparer.Ordinal);
        foreach (var file in files)
            Collect(JsonNode.Parse(File.ReadAllBytes(file))!.AsObject(), "", pool);
        var tally = new Tally();
        for (var round = 0; round < rounds; round++)
        {
            var file = files[dice.Next(files.Length)];
            var root = JsonNode.Parse(File.ReadAllBytes(file))!.AsObject();
            for (var change = dice.Next(1, 40); change > 0; change--)
                Mutate(root, dice, pool);
            if (FhirJsonReader.Read(Encoding.UTF8.GetBytes(root.ToJsonString())).Document is { } document)
                tally.Compare(document, $"seed {Seed}, round {round} of {Path.GetFileName(file)}");
        }
        return tally;
    }

    /// <summary>Members by what holds them: those of a Period can be put into any Period.</summary>
    private static void Collect(JsonObject holder, string name, Dictionary<string, List<(string, string)>> pool)
    {
        var key = holder["resourceType"] is JsonValue type ? type.ToString() : name;
        if (!pool.TryGetValue(key, out var members))
            pool.Add(key, members = []);
        foreach (var (member, value) in holder)
        {
            if (value is null || member == "resourceType")
                continue;
            if (members.Count < 400)
                members.Add((member, value.ToJsonString()));
            foreach (var child in value is JsonArray items ? items : [.. new[] { value.DeepClone() }])
            {
                if (child is JsonObject inner)
                    Collect(inner, member, pool);
            }
        }
    }

    private static void Mutate(JsonObject root, Random dice, Dictionary<string, List<(string Name, string Json)>> pool)
    {
        var (at, key) = (root, root["resourceType"]?.ToString() ?? "");
        // Down by chance, so that every level is reached.
        while (dice.Next(5) > 0)
        {
            var inner = at.SelectMany(member => member.Value switch
            {
                JsonObject value => [(member.Key, value)],
                JsonArray items => items.OfType<JsonObject>().Select(item => (member.Key, item)),
                _ => [],
            }).ToArray();
            if (inner.Length == 0)
                break;
            (key, at) = inner[dice.Next(inner.Length)];
            key = at["resourceType"]?.ToString() ?? key;
        }
        if (dice.Next(2) == 0 && at.Count > 1)
        {
            var name = at.ElementAt(dice.Next(at.Count)).Key;
            if (name != "resourceType")
                at.Remove(name);
        }
        else if (pool.TryGetValue(key, out var members) && members.Count > 0)
        {
            var (name, json) = members[dice.Next(members.Count)];
            at[name] = JsonNode.Parse(json);
        }
    }

    /// <summary>Counts what was decided by which form, and keeps where the forms differ.</summary>
    private sealed class Tally
    {
        private readonly List<string> differences = [];
        private readonly HashSet<string> written = new(StringComparer.Ordinal);
        private int byPresence;
        private int broken;

        public void Compare(FhirDocument document, string source)
        {
            var scope = new ValidationScope(document, DefinitionSet.R4, new());
            var tape = document.Tape;
            for (var at = 0; at < tape.Count; at++)
            {
                if (tape.Nodes[at].Kind != NodeKind.Object || StructureOf(in tape, at) is not { } schema)
                    continue;
                var mask = ValidationWalk.Presence(in tape, at);
                foreach (var invariant in schema.Rules.Invariants.Where(invariant => schema.Rules.Terms.Any(term => term.Invariant == invariant)))
                    Compare(scope, in tape, schema, invariant, mask, at, source);
            }
        }

        public void AssertAgrees(int leastDecided, int leastBroken = 0)
        {
            Assert.True(differences.Count == 0, $"{differences.Count} differ:\n{string.Join('\n', differences.Take(20))}");
            Assert.True(byPresence >= leastDecided, $"only {byPresence} were decided by presence");
            Assert.True(broken >= leastBroken, $"only {broken} rules were broken, which proves little");
            Assert.NotEmpty(written);
        }

        private static StructSchema? StructureOf(in FhirTape tape, int at)
        {
            ref readonly var node = ref tape.Nodes[at];
            return node.Is(NodeFlags.Resource) ? SchemaCatalog.R4.ById[node.Link].Structure : node.Property is { Kind: PropertyKind.Complex } property ? property.Structure : null;
        }

        private void Compare(ValidationScope scope, in FhirTape tape, StructSchema schema, Invariant invariant, ulong mask, int at, string source)
        {
            var fitting = schema.Rules.Terms.Where(term => term.Invariant == invariant && (mask & term.Care) == term.Want).ToArray();
            bool ours;
            if (fitting.Any(term => term.IsBroken))
            {
                (ours, byPresence) = (false, byPresence + 1);
            }
            else if (fitting.Length == 0)
            {
                (ours, byPresence) = (true, byPresence + 1);
            }
            else
            {
                var verdict = invariant.Written?.Invoke(in tape, at) ?? Verdict.Ask;
                if (verdict == Verdict.Ask)
                    return;
                written.Add(invariant.Constraint.Key);
                ours = verdict == Verdict.Holds;
            }
            var element = new Element(scope.Document, at);
            bool theirs;
            try
            {
                theirs = invariant.Expression.IsTrue(element, scope.FhirPath(element)) != false;
            }
            catch (FhirPathException)
            {
                // Two values where one belongs: the reader reports them, and the expression has no answer.
                return;
            }
            broken += theirs ? 0 : 1;
            if (ours != theirs)
                differences.Add($"{invariant.Constraint.Key} at {element.Path}: compiled {ours}, FHIRPath {theirs} ({source})");
        }
    }
}
