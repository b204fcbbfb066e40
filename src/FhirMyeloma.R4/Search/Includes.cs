using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Search;

/// <summary>What <c>_include</c> and <c>_revinclude</c> follow; R4 search.html#revinclude.</summary>
public static class Includes
{
    /// <summary>The resources of this server that an <c>_include</c> adds to a resource, as <c>Type/id</c>; nothing where it begins at another type.</summary>
    public static IEnumerable<string> Targets(this SearchInclude include, Element resource)
    {
        if (include.SourceType is { } source && source != resource.TypeName)
            yield break;
        foreach (var parameter in include.Parameter is { } one ? [one] : References(resource.TypeName))
        {
            foreach (var value in SearchValues.Of(parameter, resource))
            {
                if (value is ReferenceValue { Id: { } id, BaseUrl: null } reference && (include.TargetType is null || include.TargetType == reference.Type))
                    yield return $"{reference.Type}/{id}";
            }
        }
    }

    /// <summary>The codes of the reference parameters by which a <c>_revinclude</c> finds what refers to a resource of a type; nothing where it is about another type.</summary>
    public static IEnumerable<string> Referring(this SearchInclude include, string target) =>
        include is not { SourceType: { } source } || (include.TargetType is { } only && only != target) ? []
        : include.Parameter is { } one ? [one.Code]
        : References(source).Where(parameter => parameter.MayTarget(target)).Select(static parameter => parameter.Code);

    private static IEnumerable<SearchParameter> References(string type) => SearchParameters.For(type).Where(static parameter => parameter.Type == SearchType.Reference);
}
