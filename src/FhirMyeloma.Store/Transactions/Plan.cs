using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Search;

namespace FhirMyeloma.Store.Transactions;

/// <summary>
/// What a transaction will write, made beside the writer from the last committed state: identities found, references rewritten, bodies and index entries ready.
/// The writer only asks whether the plan still holds; where it does not, it is made again.
/// </summary>
internal sealed class Plan
{
    private readonly Transaction _transaction;
    private readonly int _centre;
    private readonly Target[] _targets;
    private readonly List<(Condition Condition, long[] Matches)> _found = [];

    private Plan(Transaction transaction, int centre)
    {
        _transaction = transaction;
        _centre = centre;
        _targets = new Target[transaction.Changes.Length];
    }

    /// <summary>What is to be written, in the order in which FHIR processes a transaction; changes that write nothing are not among it.</summary>
    public IEnumerable<PlannedVersion> Versions => _targets
        .Select(static (target, index) => (target.Version, target.Interaction, index))
        .Where(static target => target.Version is not null)
        .OrderBy(static target => target.Interaction).ThenBy(static target => target.index)
        .Select(static target => target.Version!);

    /// <summary>Makes a plan.</summary>
    /// <param name="session">The state that it is made for.</param>
    /// <param name="types">Numbers of the resource types.</param>
    /// <param name="centre">The centre that writes.</param>
    /// <param name="transaction">What it asks for.</param>
    /// <param name="newId">Gives ids.</param>
    /// <exception cref="RefusedException">The transaction cannot be carried out.</exception>
    public static Plan Make(StoreSession session, TypeNumbers types, int centre, Transaction transaction, Func<string> newId)
    {
        var plan = new Plan(transaction, centre);
        plan.Foresee(session, types);
        plan.FindTargets(session, types, newId);
        plan.RefuseRepeated();
        plan.Compose(session, types);
        return plan;
    }

    /// <summary>True while nothing that it rests on has changed.</summary>
    public bool Holds(StoreSession session, TypeNumbers types)
    {
        Foresee(session, types);
        session.ForeseeRows([.. _targets.Select(static target => target.Row?.Pk).OfType<long>()]);
        foreach (var target in _targets)
        {
            var now = target.WasLookedUp ? session.Find(_centre, types[target.Type], target.Id) : target.Row is { } row ? session.Row(row.Pk) : null;
            if (now?.At != target.Row?.At)
                return false;
        }

        return _found.All(found => Matches(session, types, found.Condition).AsSpan().SequenceEqual(found.Matches));
    }

    /// <summary>The outcomes in the order of the changes, once every version has its instant.</summary>
    public ImmutableArray<Outcome> Outcomes(StoreSession session) => [.. _targets.Select(target =>
        target.Version is { } version ? new Outcome(version.Effect, target.Type, target.Id, version.Number, version.Instant)
        : target.Row is { Deleted: false } row ? new Outcome(Effect.Unchanged, target.Type, target.Id, row.Version, DateTimeOffset.FromUnixTimeMilliseconds(session.Newest(row).Instant))
        : new Outcome(Effect.Absent, target.Type, target.Id, 0, default))];

    /// <summary>All that will be looked up, so that it can be fetched at once.</summary>
    private void Foresee(StoreSession session, TypeNumbers types)
    {
        var changes = _transaction.Changes;
        var conditions = changes.Select(static change => change.Condition).Concat(changes.SelectMany(static change => change.Links.Select(static link => link.Condition)));
        new Finder(session, types, _centre).Foresee(
            conditions.OfType<Condition>().Select(static condition => condition.Query),
            changes.Where(static change => change is { Id: not null, Interaction: not Interaction.Create }).Select(static change => (change.Type, change.Id!)));
    }

    private void FindTargets(StoreSession session, TypeNumbers types, Func<string> newId)
    {
        foreach (var (index, change) in _transaction.Changes.Index().OrderBy(static change => change.Item.Interaction))
        {
            var target = new Target { Interaction = change.Interaction, Type = change.Type };
            var type = types[change.Type];
            if (change.Condition is { } condition)
            {
                var matches = Find(session, types, condition);
                if (matches.Length > 1)
                {
                    throw new RefusedException(FaultKind.ConditionFailed, StoreIssues.Error(StoreIssues.ConditionMultiple, IssueType.MultipleMatches,
                        $"The condition finds {matches.Length} resources and may find one at most. Name an identifier that only one has.", change.Expression));
                }

                target.Row = matches.Length == 1 ? session.Row(matches[0]) : null;
                target.IsMatched = change.Interaction == Interaction.Create && matches.Length == 1;
                if (target.Row is { } row)
                {
                    if (change.Interaction == Interaction.Update && change.Id is { } id && id != row.Id)
                    {
                        throw new RefusedException(FaultKind.Invalid, StoreIssues.Error(StoreIssues.IdMismatch, IssueType.Invalid,
                            "The condition finds a resource with another id than the one sent. Leave the id out, or send that of the resource.", change.Expression));
                    }

                    target.Id = row.Id;
                }
                else if (change is { Interaction: Interaction.Update, Id: { } own })
                {
                    LookUp(ref target, session, type, own);
                }
            }
            else if (change.Interaction != Interaction.Create)
            {
                LookUp(ref target, session, type, change.Id!);
            }

            if (target.Id.Length == 0 && change.Interaction != Interaction.Delete)
                target.Id = newId();
            if (change.IfMatch is { } seen && seen != (target.Row is { Deleted: false } current ? current.Version : 0))
            {
                throw new RefusedException(FaultKind.ConditionFailed, StoreIssues.Error(StoreIssues.VersionMismatch, IssueType.Conflict,
                    "The resource has changed since the version that If-Match names. Read it, apply the change to what it holds now, and send that with its ETag.", change.Expression));
            }

            _targets[index] = target;
        }
    }

    private void LookUp(ref Target target, StoreSession session, int type, string id)
    {
        target.Id = id;
        target.Row = session.Find(_centre, type, id);
        target.WasLookedUp = true;
    }

    private long[] Find(StoreSession session, TypeNumbers types, Condition condition)
    {
        var matches = Matches(session, types, condition);
        _found.Add((condition, matches));
        return matches;
    }

    private long[] Matches(StoreSession session, TypeNumbers types, Condition condition) => [.. new Finder(session, types, _centre).Matches(condition.Query).Select(static found => found.Pk)];

    /// <summary>R4 http.html#trules: a resource may be meant once. Two creates under one condition would make it twice.</summary>
    private void RefuseRepeated()
    {
        Dictionary<(string Type, string Id), int> first = [];
        Dictionary<string, int> conditions = new(StringComparer.Ordinal);
        for (var i = 0; i < _targets.Length; i++)
        {
            if (_targets[i].Id.Length > 0 && !first.TryAdd((_targets[i].Type, _targets[i].Id), i))
                Refuse(first[(_targets[i].Type, _targets[i].Id)], i);
            if (_transaction.Changes[i] is { Condition: { } condition, Interaction: not Interaction.Delete } && !conditions.TryAdd($"{_targets[i].Type}?{condition.Text}", i))
                Refuse(conditions[$"{_targets[i].Type}?{condition.Text}"], i);
        }

        void Refuse(int one, int other) => throw new RefusedException(FaultKind.Unprocessable, Issue.Error(StoreIssues.IdentityRepeated, IssueType.Duplicate,
            "Two entries mean the same resource; a transaction may change a resource once. Send the one that is to hold.",
            _transaction.Changes[one].Expression, _transaction.Changes[other].Expression));
    }

    private void Compose(StoreSession session, TypeNumbers types)
    {
        for (var i = 0; i < _targets.Length; i++)
        {
            ref var target = ref _targets[i];
            var change = _transaction.Changes[i];
            if (target.IsMatched)
                continue;
            if (change.Interaction == Interaction.Delete)
            {
                if (target.Row is { Deleted: false } gone)
                    target.Version = PlannedVersion.Gone(gone);
                continue;
            }

            var version = PlannedVersion.Of(_centre, types[target.Type], target.Id, target.Row, change.Resource, Texts(session, types, change));
            var isSame = target.Row is { Deleted: false } row && session.Content(row).AsSpan().SequenceEqual(version.Content);
            target.Version = isSame ? null : version;
        }
    }

    /// <summary>What stands in place of the links of a resource.</summary>
    private Dictionary<Element, string>? Texts(StoreSession session, TypeNumbers types, Change change)
    {
        Dictionary<Element, string>? texts = null;
        foreach (var link in change.Links)
        {
            if (link.Element.TypeName == "xhtml")
                (texts ??= [])[link.Element] = Links.RewriteNarrative(link.Element.Text!, url => NarrativeTarget(change, url));
            else if (link.Entry is { } entry && _targets[entry].Id.Length > 0)
                Put(link.Element, $"{_targets[entry].Type}/{_targets[entry].Id}");
            else if (link.Condition is { } condition)
                Put(link.Element, Single(session, types, condition, link));
        }

        return texts;

        void Put(Element element, string text)
        {
            if (!element.TextEquals(System.Text.Encoding.UTF8.GetBytes(text)))
                (texts ??= [])[element] = text;
        }
    }

    private string? NarrativeTarget(Change change, string url)
    {
        var same = change.Links.FirstOrDefault(link => link.Entry is not null && link.Element.Text == url);
        return same.Entry is { } entry ? $"{_targets[entry].Type}/{_targets[entry].Id}" : null;
    }

    /// <summary>The one resource that a conditional reference means: of the store, or made by this transaction (R4: conditional references are resolved last).</summary>
    private string Single(StoreSession session, TypeNumbers types, Condition condition, Link link)
    {
        HashSet<string> ids = [.. Find(session, types, condition).Select(pk => session.Row(pk)!.Value.Id)];
        for (var i = 0; i < _targets.Length; i++)
        {
            var change = _transaction.Changes[i];
            if (_targets[i].Type == condition.Query.ResourceType && !_targets[i].IsMatched && change.Resource.Exists && Means(condition, change.Resource))
                ids.Add(_targets[i].Id);
        }

        return ids.Count == 1 ? $"{condition.Query.ResourceType}/{ids.Single()}" : throw new RefusedException(FaultKind.Unprocessable, StoreIssues.Error(StoreIssues.ReferenceUnresolved,
            ids.Count == 0 ? IssueType.NotFound : IssueType.MultipleMatches,
            ids.Count == 0 ? "The conditional reference finds no resource. Post the resource first, or in the same transaction." : "The conditional reference finds several resources and must find one.",
            link.Element.Path));
    }

    // A chain leads out of a resource that is not kept yet; it means what is kept.
    private static bool Means(Condition condition, Element resource) =>
        condition.Query.Criteria.All(static criterion => criterion is not (ChainedCriterion or ReverseCriterion)) && condition.Query.Matches(resource);

    private struct Target
    {
        public Target()
        {
        }

        public required Interaction Interaction { get; init; }

        public required string Type { get; init; }

        public string Id { get; set; } = "";

        /// <summary>What the store holds of it.</summary>
        public ResourceRow? Row { get; set; }

        /// <summary>Found by its id, not by a condition.</summary>
        public bool WasLookedUp { get; set; }

        /// <summary>The condition of a create found it: nothing is to be done.</summary>
        public bool IsMatched { get; set; }

        public PlannedVersion? Version { get; set; }
    }
}
