using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Search;

/// <summary>One condition of a query; all of them must hold.</summary>
public abstract class Criterion
{
    private protected Criterion(SearchParameter parameter) => Parameter = parameter;

    /// <summary>The parameter that it asks: of a chain the reference that it follows.</summary>
    public SearchParameter Parameter { get; }

    /// <summary>
    /// The rows of the index of which every match has at least one; null when the index cannot narrow it. A posting of <c>_id</c> is the
    /// logical id, a moment of <c>_lastUpdated</c> the time of the version: these a store knows without rows.
    /// </summary>
    public virtual IndexCandidates? Candidates => null;

    /// <summary>
    /// Does the resource match? Decided from its content alone, or, of a chain, also from what the resolver finds. A chain without resolver is
    /// an <see cref="ArgumentNullException"/>.
    /// </summary>
    public abstract bool Matches(Element resource, SearchResolver? resolver = null);
}

/// <summary>Rows of the index, any of which will do.</summary>
/// <param name="Postings">Keys to look up.</param>
/// <param name="Moments">Stretches of time to touch: a row whose Low is at most this High, and its High at least this Low.</param>
public sealed record IndexCandidates(ImmutableArray<Posting> Postings, ImmutableArray<Moment> Moments);

/// <summary>What a chain asks of the other resources.</summary>
/// <param name="Resolve">The current resource of <c>Type/id</c>; the element that does not exist when there is none.</param>
/// <param name="Referring">The resources of a type whose reference parameter points to a resource: type, code of the parameter, target.</param>
public sealed record SearchResolver(Func<string, Element> Resolve, Func<string, string, Element, IEnumerable<Element>> Referring);

/// <summary>The values of a parameter in the resource itself.</summary>
internal sealed class ValueCriterion(SearchParameter parameter, string? resourceType, ImmutableArray<ValueTest> tests, bool negated) : Criterion(parameter)
{
    /// <summary>Beyond so many keys a list is no narrowing.</summary>
    private const int MaxKeys = 2000;

    public override IndexCandidates? Candidates => negated ? null : CandidateFinder.Find(Parameter, resourceType, tests, MaxKeys);

    public override bool Matches(Element resource, SearchResolver? resolver = null) => Matches(resource) != negated;

    private bool Matches(Element resource)
    {
        if (Parameter.Type == SearchType.Composite)
            return MatchesComposite(resource);
        foreach (var value in SearchValues.Of(Parameter, resource))
        {
            foreach (var test in tests)
            {
                if (test.Holds(value))
                    return true;
            }
        }
        return false;
    }

    private bool MatchesComposite(Element resource)
    {
        var elements = new List<Element>();
        Parameter.Path.Collect(resource, elements);
        return elements.Exists(element => tests.Any(test => test is CompositeTest { Parts: var parts } && MatchesParts(element, parts)));
    }

    private bool MatchesParts(Element element, ImmutableArray<ValueTest> parts)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            var part = Parameter.Components[i];
            if (!SearchValues.Of(part.Path, part.Type, element).Exists(parts[i].Holds))
                return false;
        }
        return true;
    }
}

/// <summary><c>:missing</c>; R4 search.html#modifiers.</summary>
internal sealed class MissingCriterion(SearchParameter parameter, bool missing) : Criterion(parameter)
{
    public override bool Matches(Element resource, SearchResolver? resolver = null) => HasValue(resource) != missing;

    private bool HasValue(Element resource)
    {
        if (Parameter.Type != SearchType.Composite)
            return SearchValues.Of(Parameter, resource).Count > 0;
        var elements = new List<Element>();
        Parameter.Path.Collect(resource, elements);
        return elements.Exists(element => Parameter.Components.All(part => SearchValues.Of(part.Path, part.Type, element).Count > 0));
    }
}

/// <summary>A condition on what a reference points to (<c>patient.identifier=…</c>); R4 search.html#chaining.</summary>
public sealed class ChainedCriterion : Criterion
{
    internal ChainedCriterion(SearchParameter parameter, ImmutableArray<ChainTarget> targets, string? ownBase)
        : base(parameter)
    {
        Targets = targets;
        OwnBase = ownBase;
    }

    /// <summary>What the target may be, and the condition on it; one of them must hold.</summary>
    public ImmutableArray<ChainTarget> Targets { get; }

    private string? OwnBase { get; }

    /// <inheritdoc/>
    public override bool Matches(Element resource, SearchResolver? resolver = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        foreach (var value in SearchValues.Of(Parameter, resource))
        {
            if (value is not ReferenceValue { Literal: { } literal } reference)
                continue;
            var found = literal.StartsWith('#') ? Contained(resource, literal[1..])
                : reference.Id is null || reference.BaseUrl is not null && reference.BaseUrl != OwnBase ? default
                : resolver.Resolve($"{reference.Type}/{reference.Id}");
            if (found.Exists && Targets.Any(target => target.ResourceType == found.TypeName && target.Criterion.Matches(found, resolver)))
                return true;
        }
        return false;
    }

    private static Element Contained(Element resource, string id)
    {
        foreach (var contained in resource.Children("contained"))
        {
            if (contained["id"].Text == id)
                return contained;
        }
        return default;
    }
}

/// <summary>One type that a chain may lead to.</summary>
/// <param name="ResourceType">Type of the target.</param>
/// <param name="Criterion">The condition on it.</param>
public sealed record ChainTarget(string ResourceType, Criterion Criterion);

/// <summary>A condition on a resource that refers to this one (<c>_has:Observation:patient:code=…</c>); R4 search.html#has.</summary>
public sealed class ReverseCriterion : Criterion
{
    internal ReverseCriterion(SearchParameter parameter, string resourceType, Criterion inner)
        : base(parameter)
    {
        ResourceType = resourceType;
        Inner = inner;
    }

    /// <summary>The type that refers.</summary>
    public string ResourceType { get; }

    /// <summary>The condition on the resource that refers.</summary>
    public Criterion Inner { get; }

    /// <inheritdoc/>
    public override bool Matches(Element resource, SearchResolver? resolver = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        return resolver.Referring(ResourceType, Parameter.Code, resource).Any(referring => Inner.Matches(referring, resolver));
    }
}
