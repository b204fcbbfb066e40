using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>One thing that a sender posts.</summary>
/// <param name="Bundle">A transaction or a batch.</param>
/// <param name="IsBatch">True for a batch.</param>
/// <param name="Key">Its Idempotency-Key; null without.</param>
/// <param name="Copies">How often it comes before the next thing of the sender.</param>
internal sealed record RolledPost(string Bundle, bool IsBatch, string? Key, int Copies)
{
    /// <summary>What it does to the resources of the sender, in the order of its entries.</summary>
    public required ImmutableArray<RolledEffect> Effects { get; init; }

    /// <summary>Comes once only: a batch with a create that has no condition, which nothing could tell from another.</summary>
    public bool IsOnce => IsBatch && Effects.Any(static effect => effect.Kind == RolledKind.Create);

    /// <summary>True for one that may mean something new when the same bytes are sent on purpose once more.</summary>
    public bool MayComeAnew => Key is null && Effects.All(static effect => effect.Kind != RolledKind.Create);

    /// <summary>True while a copy that was held up on its way does nothing: until <paramref name="later"/> touches what this one wrote.</summary>
    public bool Outlives(IEnumerable<RolledPost> later) => !IsOnce
        && (Effects.All(static effect => effect.Kind == RolledKind.CreateOnCondition) || !later.SelectMany(static post => post.Effects).Select(static effect => effect.Name).Intersect(Effects.Select(static effect => effect.Name), StringComparer.Ordinal).Any());
}

/// <summary>How an entry says what is to be written.</summary>
internal enum RolledKind
{
    Create,
    CreateOnCondition,
    Update,
    UpdateOnCondition,
}

/// <summary>What one entry does.</summary>
/// <param name="Kind">How it says so.</param>
/// <param name="Name">Type and business identifier of the resource.</param>
/// <param name="Content">What the resource then holds, references by business identifier; a create on condition only where there is none.</param>
internal readonly record struct RolledEffect(RolledKind Kind, string Name, string Content);

/// <summary>A sender that alone writes its resources: what it posts, and what that leaves.</summary>
internal sealed class RolledWriter
{
    private const int PatientsOfOne = 2;
    private const int ResultsOfOne = 6;
    private const int Shared = 2;
    private const string Nobody = "Patient/nobody";

    private readonly Dice _dice;
    private readonly int _number;
    private readonly SortedDictionary<string, string> _left = new(StringComparer.Ordinal);

    // Business identifiers of what is kept under an id that this sender chose.
    private readonly HashSet<string> _chosen = new(StringComparer.Ordinal);

    public RolledWriter(Dice dice, int number)
    {
        (_dice, _number) = (dice, number);
        var posts = ImmutableArray.CreateBuilder<RolledPost>();
        for (var count = dice.Roll(2, 8); posts.Count < count;)
        {
            var again = posts.Where(static post => post.MayComeAnew).ToList();
            var post = again.Count > 0 && dice.Chance(30) ? dice.Pick<RolledPost>([.. again]) : Roll(posts.Count);
            foreach (var effect in post.Effects)
            {
                if (effect.Kind != RolledKind.CreateOnCondition || !_left.ContainsKey(effect.Name))
                    _left[effect.Name] = effect.Content;
            }

            posts.Add(post);
        }

        Posts = posts.ToImmutable();
    }

    /// <summary>What it posts, in its order.</summary>
    public ImmutableArray<RolledPost> Posts { get; }

    /// <summary>Its resources after that, by type and business identifier; patients that all senders have are among them.</summary>
    public IReadOnlyDictionary<string, string> Left => _left;

    private RolledPost Roll(int index)
    {
        var isBatch = _dice.Chance(25);
        List<string> entries = [];
        List<RolledEffect> effects = [];
        Dictionary<string, string> urns = new(StringComparer.Ordinal);
        foreach (var number in _dice.Shuffle(Enumerable.Range(0, PatientsOfOne + Shared)).Take(_dice.Roll(0, 2)))
            entries.Add(Patient(number, isBatch, effects, urns));
        foreach (var number in _dice.Shuffle(Enumerable.Range(0, ResultsOfOne)).Take(_dice.Roll(entries.Count == 0 ? 1 : 0, 4)))
            entries.Add(Result(number, isBatch, effects, urns));
        string[] sent = isBatch ? [.. entries] : _dice.Shuffle(entries);
        var post = new RolledPost(
            $$$"""{"resourceType":"Bundle","type":"{{{(isBatch ? "batch" : "transaction")}}}","entry":[{{{string.Join(',', sent)}}}]}""",
            isBatch, !isBatch && _dice.Chance(50) ? string.Create(CultureInfo.InvariantCulture, $"key-{_number}-{index}") : null, _dice.Roll(1, 3))
        {
            Effects = [.. effects],
        };
        return post.IsOnce ? post with { Copies = 1 } : post;
    }

    private string Patient(int number, bool isBatch, List<RolledEffect> effects, Dictionary<string, string> urns)
    {
        if (number >= PatientsOfOne)
        {
            // Every sender has it, and all say the same of it.
            var common = string.Create(CultureInfo.InvariantCulture, $"common-{number}");
            return Entry("Patient", common, RolledKind.CreateOnCondition, static (name, id) => StoreContract.Patient(name, id, "Comun"), StoreContract.Patient(common, null, "Comun"), effects, urns);
        }

        var own = string.Create(CultureInfo.InvariantCulture, $"{_number}-p{number}");
        var family = _dice.Pick("Uno", "Dos");
        return Entry("Patient", own, Kind($"Patient/{own}", isBatch), (name, id) => StoreContract.Patient(name, id, family), StoreContract.Patient(own, null, family), effects, urns);
    }

    private string Result(int number, bool isBatch, List<RolledEffect> effects, Dictionary<string, string> urns)
    {
        var own = string.Create(CultureInfo.InvariantCulture, $"{_number}-r{number}");
        var value = _dice.Pick("1.0", "2.0");
        var (subject, patient) = Subject(isBatch, effects, urns);
        return Entry("Observation", own, Kind($"Observation/{own}", isBatch), (name, id) => StoreContract.Result(name, subject, value, id), StoreContract.Result(own, patient, value), effects, urns);
    }

    /// <summary>A patient as the entry may refer to it, and by its business identifier.</summary>
    private (string Reference, string Patient) Subject(bool isBatch, List<RolledEffect> effects, Dictionary<string, string> urns)
    {
        var known = _left.Keys.Concat(effects.Select(static effect => effect.Name)).Where(name => name.StartsWith("Patient/", StringComparison.Ordinal) && (!isBatch || _chosen.Contains(name))).Distinct(StringComparer.Ordinal).ToList();
        if (known.Count == 0)
            return (Nobody, Nobody);
        var patient = _dice.Pick<string>([.. known]);
        return urns.TryGetValue(patient, out var urn) && !isBatch ? (urn, patient)
            : _chosen.Contains(patient) && (isBatch || _dice.Chance(50)) ? ($"Patient/{Id(patient)}", patient)
            : ($"Patient?{Condition(patient)}", patient);
    }

    private RolledKind Kind(string name, bool isBatch)
    {
        if (_left.ContainsKey(name))
            return _chosen.Contains(name) ? _dice.Pick(RolledKind.CreateOnCondition, RolledKind.Update, RolledKind.UpdateOnCondition) : _dice.Pick(RolledKind.CreateOnCondition, RolledKind.UpdateOnCondition, RolledKind.UpdateOnCondition);
        var kind = isBatch && _dice.Chance(80)
            ? _dice.Pick(RolledKind.CreateOnCondition, RolledKind.Update, RolledKind.UpdateOnCondition)
            : _dice.Pick(RolledKind.Create, RolledKind.CreateOnCondition, RolledKind.Update, RolledKind.UpdateOnCondition);
        if (kind == RolledKind.Update)
            _chosen.Add(name);
        return kind;
    }

    private static string Entry(string type, string number, RolledKind kind, Func<string, string?, string> resource, string content, List<RolledEffect> effects, Dictionary<string, string> urns)
    {
        var name = $"{type}/{number}";
        effects.Add(new(kind, name, JsonNode.Parse(content)!.ToJsonString()));
        var urn = string.Create(CultureInfo.InvariantCulture, $"urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d{effects.Count:0000}");
        if (kind is RolledKind.Create or RolledKind.CreateOnCondition)
            urns.Add(name, urn);
        return kind switch
        {
            RolledKind.Create => StoreContract.Post(urn, resource(number, null)),
            RolledKind.CreateOnCondition => StoreContract.Post(urn, resource(number, null), Condition(name)),
            RolledKind.Update => StoreContract.Put($"{type}/{Id(name)}", resource(number, Id(name))),
            RolledKind.UpdateOnCondition => StoreContract.Put($"{type}?{Condition(name)}", resource(number, null)),
        };
    }

    /// <summary>The search that finds a resource by its business identifier.</summary>
    public static string Condition(string name) => name.Split('/') is ["Patient", var number] ? $"identifier=urn:oid:1.2.3|{number}" : $"identifier=urn:oid:1.2.4|{name.Split('/')[1]}";

    private static string Id(string name) => "own-" + name.Split('/')[1];
}
