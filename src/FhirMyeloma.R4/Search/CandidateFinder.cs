using System.Collections.Immutable;

namespace FhirMyeloma.R4.Search;

/// <summary>From what a criterion asks to the rows of the index of which every match has one.</summary>
internal static class CandidateFinder
{
    /// <summary>Null when the index has no rows of the parameter, or a value finds nothing in it to look up.</summary>
    public static IndexCandidates? Find(SearchParameter parameter, string? resourceType, ImmutableArray<ValueTest> tests, int most)
    {
        if (parameter.Type == SearchType.Composite)
            return OfComposite(parameter, resourceType, tests, most);
        ImmutableArray<string> codes = parameter.Code is "_id" or "_lastUpdated" ? [parameter.Code]
            : resourceType is null ? []
            : IndexPlan.CodesOf(resourceType, parameter);
        if (codes.IsEmpty)
            return null;
        var postings = ImmutableArray.CreateBuilder<Posting>();
        var moments = ImmutableArray.CreateBuilder<Moment>();
        foreach (var test in tests)
        {
            if (test is DateTest { Touched: { } touched })
                moments.AddRange(codes.Select(code => new Moment(code, touched.Low, touched.High)));
            else if (test is DateTest || !AddKeys(parameter, codes, test, postings) || postings.Count > most)
                return null;
        }
        return new(postings.DrainToImmutable(), moments.DrainToImmutable());
    }

    private static bool AddKeys(SearchParameter parameter, ImmutableArray<string> codes, ValueTest test, ImmutableArray<Posting>.Builder postings)
    {
        switch (test)
        {
            case TokenTest { Code: { Length: > 0 } code }:
                postings.AddRange(codes.Select(indexed => new Posting(indexed, IndexKeys.Of(code))));
                return true;
            case UriTest { Below: false, Uri: var uri }:
                postings.AddRange(codes.Select(indexed => new Posting(indexed, IndexKeys.Of(uri))));
                return true;
            case StringTest { Match: not StringMatch.Contains, Folded: { Length: >= IndexKeys.Letters } folded }:
                postings.AddRange(codes.Select(indexed => new Posting(indexed, IndexKeys.Beginning(folded, 0))));
                return true;
            case ReferenceTest reference:
                return AddReference(parameter, reference, postings);
            default:
                return false;
        }
    }

    private static bool AddReference(SearchParameter parameter, ReferenceTest test, ImmutableArray<Posting>.Builder postings)
    {
        if (test.Id is not { } id)
        {
            AddLiteral(parameter, test.Literal!, postings);
            return true;
        }
        if (test.BaseUrl is not null)
        {
            AddLiteral(parameter, $"{test.BaseUrl}{test.Type}/{id}", postings);
            return true;
        }
        ImmutableArray<string> types = test.Type is { } type ? [type] : parameter.Targets;
        foreach (var target in types)
        {
            var code = parameter.Narrower is { } narrower && narrower.NarrowedTo == target ? narrower.Code : parameter.Code;
            postings.Add(new(code, IndexKeys.Of($"{target}/{id}")));
            if (test.OwnBase is { } server)
                postings.Add(new(code, IndexKeys.Of($"{server}{target}/{id}")));
        }
        // Any type at all is no narrowing.
        return !types.IsEmpty;
    }

    private static void AddLiteral(SearchParameter parameter, string literal, ImmutableArray<Posting>.Builder postings)
    {
        postings.Add(new(parameter.Code, IndexKeys.Of(literal)));
        if (parameter.Narrower is { } narrower)
            postings.Add(new(narrower.Code, IndexKeys.Of(literal)));
    }

    /// <summary>The first part is a code, which the index knows.</summary>
    private static IndexCandidates? OfComposite(SearchParameter parameter, string? resourceType, ImmutableArray<ValueTest> tests, int most)
    {
        var first = SearchParameters.For(resourceType).FirstOrDefault(other => other.Url == parameter.Components[0].Url);
        return first is null ? null : Find(first, resourceType, [.. tests.OfType<CompositeTest>().Select(static test => test.Parts[0])], most);
    }
}
