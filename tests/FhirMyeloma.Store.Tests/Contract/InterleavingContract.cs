using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>
/// Senders that each write resources of their own, in any order between them and at the same moment, and that post again what they posted: the state is the one after
/// posting everything once, in order, up to ids and versions. <c>INTERLEAVING_ROUNDS</c> makes it longer, <c>INTERLEAVING_SEED</c> begins elsewhere.
/// </summary>
public abstract class InterleavingContract : StoreContract
{
    private static readonly int _rounds = Setting("INTERLEAVING_ROUNDS", 12);
    private static readonly int _seed = Setting("INTERLEAVING_SEED", 20260105);

    [Fact]
    public Task Posts_in_any_order_between_their_senders_and_again_leave_the_state_of_posting_once() => LeavesTheStateOfPostingOnceAsync(InTurnsAsync);

    [Fact]
    public Task Posts_at_the_same_moment_and_again_leave_the_state_of_posting_once() => LeavesTheStateOfPostingOnceAsync((centre, writers, dice) =>
        Task.WhenAll(writers.Select(writer => (writer, new Dice((ulong)dice.Roll(0, 1_000_000)))).ToList().Select(one => Task.Run(() => AloneAsync(centre, one.writer, one.Item2)))));

    private async Task LeavesTheStateOfPostingOnceAsync(Func<string, ImmutableArray<RolledWriter>, Dice, Task> post)
    {
        for (var round = 0; round < _rounds; round++)
        {
            var dice = new Dice((ulong)(_seed + round));
            ImmutableArray<RolledWriter> writers = [.. Enumerable.Range(0, dice.Roll(2, 5)).Select(number => new RolledWriter(dice, number))];
            var (once, any) = (string.Create(CultureInfo.InvariantCulture, $"once-{round}"), string.Create(CultureInfo.InvariantCulture, $"any-{round}"));
            foreach (var one in writers.SelectMany(static writer => writer.Posts))
                await SendAsync(once, one);
            await post(any, writers, dice);

            var left = writers.SelectMany(static writer => writer.Left).DistinctBy(static one => one.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            Same(left.Values.Order(StringComparer.Ordinal), State(once), $"{dice}: posted once");
            Same(State(once), State(any), $"{dice}: in another order and again");
            foreach (var (type, search) in Searches(left.Keys))
                Same(Found(once, type, search), Found(any, type, search), $"{dice}: {type}?{search}");
            foreach (var (name, content) in left)
                Same([content], Found(any, name.Split('/')[0], RolledWriter.Condition(name)), $"{dice}: {name}");
        }
    }

    /// <summary>One after the other, each sender's in its order; copies come at once, or late.</summary>
    private async Task InTurnsAsync(string centre, ImmutableArray<RolledWriter> writers, Dice dice)
    {
        var sent = new int[writers.Length];
        while (Enumerable.Range(0, writers.Length).Where(number => sent[number] < writers[number].Posts.Length).ToArray() is { Length: > 0 } open)
        {
            var number = dice.Pick<int>(open);
            var post = writers[number].Posts[sent[number]++];
            for (var copy = 0; copy < post.Copies; copy++)
                await SendAsync(centre, post);
            var late = dice.Roll(0, writers.Length - 1);
            if (dice.Chance(50) && Late(writers[late], sent[late], dice) is { } again)
                await SendAsync(centre, again);
        }
    }

    /// <summary>All posts of one sender, the copies of each at the same moment.</summary>
    private async Task AloneAsync(string centre, RolledWriter writer, Dice dice)
    {
        for (var sent = 0; sent < writer.Posts.Length; sent++)
        {
            await Task.WhenAll(Enumerable.Range(0, writer.Posts[sent].Copies).Select(_ => Task.Run(() => SendAsync(centre, writer.Posts[sent]))));
            if (dice.Chance(50) && Late(writer, sent + 1, dice) is { } again)
                await SendAsync(centre, again);
        }
    }

    /// <summary>Something that was sent before and of which a copy still does nothing; null when there is nothing.</summary>
    private static RolledPost? Late(RolledWriter writer, int sent, Dice dice)
    {
        var done = writer.Posts[..sent];
        RolledPost[] able = [.. done.Where((post, index) => post.Outlives(done[(index + 1)..]))];
        return able.Length == 0 ? null : dice.Pick<RolledPost>(able);
    }

    private async Task SendAsync(string centre, RolledPost post)
    {
        if (!post.IsBatch)
        {
            await DoneAsync(post.Bundle, post.Key, centre);
            return;
        }

        var (batch, faults) = Read(post.Bundle);
        Assert.Empty(faults);
        foreach (var change in batch!.Changes)
            Assert.Null((await Store.ExecuteAsync(centre, new() { Changes = [change] })).Fault?.Issues[0].Text);
    }

    private List<string> State(string centre) => Contents(centre, Store.At(centre, Store.Snapshot(centre, ["Patient", "Observation"], ofPatients: false, since: null).Places.SelectMany(static one => one.Places)));

    private List<string> Found(string centre, string type, string search)
    {
        var parts = search.Split('=', 2);
        var (query, issues) = SearchQuery.Parse(type, [new(parts[0], parts[1]), new("_count", "1000")], lenient: false);
        Assert.Empty(issues);
        return Contents(centre, Store.Search(centre, query!).Matches);
    }

    private static IEnumerable<(string Type, string Search)> Searches(IEnumerable<string> names) =>
    [
        ("Patient", "family=uno"),
        ("Patient", "_has:Observation:subject:value-quantity=1.0"),
        ("Observation", "code=http://loinc.org|33358-3"),
        ("Observation", "value-quantity=2.0"),
        .. names.Where(static name => name.StartsWith("Patient/", StringComparison.Ordinal)).Select(static name => ("Observation", $"subject:Patient.{RolledWriter.Condition(name)}")),
    ];

    /// <summary>What versions hold, without id and meta, referring by business identifier; sorted.</summary>
    private List<string> Contents(string centre, IEnumerable<StoredVersion> versions) => [.. versions.Select(version =>
    {
        var body = JsonNode.Parse(version.Body.Span)!.AsObject();
        body.Remove("id");
        body.Remove("meta");
        if (body["subject"] is { } subject && subject["reference"]!.GetValue<string>().Split('/') is [var type, var id] && Store.Read(centre, type, id) is { } patient)
            subject["reference"] = $"{type}/{Root(patient)["identifier"]["value"].Text}";
        return body.ToJsonString();
    }).Order(StringComparer.Ordinal)];

    private static void Same(IEnumerable<string> expected, IEnumerable<string> actual, string where)
    {
        List<string> one = [.. expected], other = [.. actual];
        if (!one.SequenceEqual(other, StringComparer.Ordinal))
            Assert.Fail(new StringBuilder(where).AppendJoin("", one.Except(other, StringComparer.Ordinal).Select(static line => "\nmissing " + line)).AppendJoin("", other.Except(one, StringComparer.Ordinal).Select(static line => "\ntoo much " + line)).Append(CultureInfo.InvariantCulture, $"\n{one.Count} expected, {other.Count} there").ToString());
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set : otherwise;
}
