using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Search;

/// <summary>Reads what selects resources: a parameter with its modifier and values, a chain, a reverse chain.</summary>
internal sealed class CriterionReader(SearchIssues issues, string? baseUrl)
{
    /// <summary>References that a chain may follow.</summary>
    private const int MaxDepth = 3;

    /// <summary>Alternatives of one parameter.</summary>
    private const int MaxValues = 1000;

    /// <summary>Null when there is an issue.</summary>
    public Criterion? Read(string? resourceType, string name, string value) => Read(resourceType, name, value, 0);

    private Criterion? Read(string? resourceType, string name, string value, int depth)
    {
        if (depth > MaxDepth)
        {
            issues.Chain(string.Create(CultureInfo.InvariantCulture, $"A chain may follow {MaxDepth} references; this one follows more."));
            return null;
        }
        if (name.StartsWith("_has:", StringComparison.Ordinal))
            return ReadReverse(resourceType, name, value, depth);
        var point = name.IndexOf('.', StringComparison.Ordinal);
        var head = point < 0 ? name : name[..point];
        var colon = head.IndexOf(':', StringComparison.Ordinal);
        var code = colon < 0 ? head : head[..colon];
        var modifier = colon < 0 ? null : head[(colon + 1)..];
        if (SearchParameters.Find(resourceType, code) is not { } parameter)
        {
            issues.Unknown(resourceType, code);
            return null;
        }
        return point < 0 ? ReadValues(parameter, resourceType, modifier, value) : ReadChain(parameter, modifier, name[(point + 1)..], value, depth);
    }

    private Criterion? ReadValues(SearchParameter parameter, string? resourceType, string? modifier, string value)
    {
        if (modifier is not null && !Modifiers(parameter).Contains(modifier, StringComparer.Ordinal) && !(parameter.Type == SearchType.Reference && parameter.Targets.IsEmpty && SchemaCatalog.R4.IsConcreteResource(modifier)))
        {
            issues.Modifier(parameter, modifier, Modifiers(parameter));
            return null;
        }
        if (modifier == "missing")
        {
            if (value is "true" or "false")
                return new MissingCriterion(parameter, missing: value == "true");
            issues.Invalid($"The value of '{parameter.Code}:missing' is neither true nor false.");
            return null;
        }
        var values = ValueParser.Split(value, ',');
        if (values.Count > MaxValues)
        {
            issues.Invalid(string.Create(CultureInfo.InvariantCulture, $"'{parameter.Code}' has more than {MaxValues} values."));
            return null;
        }
        var tests = ImmutableArray.CreateBuilder<ValueTest>(values.Count);
        foreach (var one in values)
        {
            if (ValueParser.Parse(parameter, modifier, one, baseUrl, out var fault) is { } test)
            {
                tests.Add(test);
                continue;
            }
            issues.Invalid($"A value of the search parameter '{parameter.Code}' {fault}.");
            return null;
        }
        return new ValueCriterion(parameter, resourceType, tests.MoveToImmutable(), negated: modifier == "not");
    }

    private static IReadOnlyCollection<string> Modifiers(SearchParameter parameter) => parameter.Type switch
    {
        SearchType.Token => ["missing", "not", "text"],
        SearchType.String => ["contains", "exact", "missing"],
        SearchType.Uri => ["below", "missing"],
        SearchType.Reference => ["identifier", "missing", .. parameter.NarrowedTo is { } only ? [only] : parameter.Targets],
        SearchType.Date or SearchType.Quantity or SearchType.Number or SearchType.Composite => ["missing"],
    };

    private ChainedCriterion? ReadChain(SearchParameter parameter, string? type, string rest, string value, int depth)
    {
        if (parameter.Type != SearchType.Reference)
        {
            issues.Chain($"'{parameter.Code}' is no reference, so that nothing can be chained to it with a point.");
            return null;
        }
        if (type is not null && (!SchemaCatalog.R4.IsConcreteResource(type) || !parameter.MayTarget(type)))
        {
            issues.Chain($"'{parameter.Code}' does not refer to the type '{Suggestion.Shown(type)}'; it may refer to {(parameter.Targets.IsEmpty ? "any type of R4" : string.Join(", ", parameter.Targets))}.");
            return null;
        }
        var first = rest.Split('.', ':')[0];
        ImmutableArray<string> types = type is not null ? [type]
            : parameter.NarrowedTo is { } only ? [only]
            : [.. (parameter.Targets.IsEmpty ? SearchParameters.Types : parameter.Targets).Where(target => first == "_has" || SearchParameters.Find(target, first) is not null)];
        if (types.IsEmpty)
        {
            issues.Chain($"Nothing that '{parameter.Code}' refers to has a search parameter '{Suggestion.Shown(first)}'.");
            return null;
        }
        var targets = ImmutableArray.CreateBuilder<ChainTarget>(types.Length);
        foreach (var target in types)
        {
            if (Read(target, rest, value, depth + 1) is not { } inner)
                return null;
            targets.Add(new(target, inner));
        }
        return new(parameter, targets.MoveToImmutable(), baseUrl);
    }

    private ReverseCriterion? ReadReverse(string? resourceType, string name, string value, int depth)
    {
        var parts = name.Split(':', 4);
        if (parts.Length < 4 || parts[3].Length == 0 || !SchemaCatalog.R4.IsConcreteResource(parts[1]))
        {
            issues.Chain("'_has' is written _has:Type:reference:parameter with a resource type of R4.");
            return null;
        }
        if (SearchParameters.Find(parts[1], parts[2]) is not { Type: SearchType.Reference } parameter)
        {
            issues.Unknown(parts[1], parts[2], SearchType.Reference);
            return null;
        }
        if (resourceType is not null && !parameter.MayTarget(resourceType))
        {
            issues.Chain($"'{parameter.Code}' of {Suggestion.WithArticle(parts[1])} does not refer to {Suggestion.WithArticle(resourceType)}.");
            return null;
        }
        return Read(parts[1], parts[3], value, depth + 1) is { } inner ? new(parameter, parts[1], inner) : null;
    }
}
