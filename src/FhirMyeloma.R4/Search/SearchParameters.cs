using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Search;

/// <summary>
/// The search parameters of R4: all of the types that a myeloma record is made of, of every other type those that each resource has
/// (<c>_id</c>, <c>_lastUpdated</c>, <c>_profile</c>, <c>_security</c>, <c>_source</c>, <c>_tag</c>). R4 searchparameter-registry.html.
/// </summary>
public static class SearchParameters
{
    private const string Registry = "http://hl7.org/fhir/SearchParameter/";

    private static readonly Lazy<FrozenDictionary<string, FrozenDictionary<string, SearchParameter>>> Catalogue = new(Read);
    private static readonly Lazy<FrozenDictionary<string, ImmutableArray<SearchParameter>>> Sorted = new(static () =>
        Catalogue.Value.ToFrozenDictionary(static type => type.Key, static type => type.Value.Values.OrderBy(static parameter => parameter.Code, StringComparer.Ordinal).ToImmutableArray(), StringComparer.Ordinal));

    /// <summary>The parameters of a resource type, by code; of no type (null) or one that R4 does not have those that every resource has.</summary>
    public static ImmutableArray<SearchParameter> For(string? resourceType) => Sorted.Value[Key(resourceType)];

    /// <summary>The parameter of that code; null when the type has none.</summary>
    public static SearchParameter? Find(string? resourceType, string code) => Catalogue.Value[Key(resourceType)].GetValueOrDefault(code);

    /// <summary>The types that are searched by their content, not only by what every resource has.</summary>
    internal static ImmutableArray<string> Types => [.. Catalogue.Value.Keys.Where(static type => type != "Resource").Order(StringComparer.Ordinal)];

    private static string Key(string? resourceType) => resourceType is not null && Catalogue.Value.ContainsKey(resourceType) ? resourceType : "Resource";

    private static FrozenDictionary<string, FrozenDictionary<string, SearchParameter>> Read()
    {
        using var stream = typeof(SearchParameters).Assembly.GetManifestResourceStream("r4-search-parameters.txt")
            ?? throw new InvalidOperationException("The R4 search parameters are not embedded in this build.");
        using var reader = new StreamReader(stream);
        var rows = new List<Row>();
        while (reader.ReadLine() is { } line)
            rows.Add(Row.Of(line.Split('\t')));
        var common = rows.Where(static row => row.ResourceType == "Resource").ToList();
        return rows.GroupBy(static row => row.ResourceType, StringComparer.Ordinal).ToFrozenDictionary(
            static type => type.Key,
            type => Compile(type.Key == "Resource" ? type : type.Concat(common)),
            StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, SearchParameter> Compile(IEnumerable<Row> type)
    {
        Row[] rows = [.. type];
        var types = rows.ToDictionary(static row => row.Id, static row => row.Type, StringComparer.Ordinal);
        var made = rows.ToDictionary(static row => row.Code, row => Make(row, types), StringComparer.Ordinal);
        foreach (var row in rows)
        {
            // subject and patient read the same element; the second says which references it takes.
            var narrower = Array.Find(rows, other => other.Expression.StartsWith($"{row.Expression}.where(resolve()", StringComparison.Ordinal));
            if (narrower is not null)
                made[row.Code] = made[row.Code] with { Narrower = made[narrower.Code] };
        }
        return made.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static SearchParameter Make(Row row, Dictionary<string, SearchType> types) =>
        new(row.Code, row.Type, Registry + row.Id, row.Targets, [.. row.Components.Select(part => new SearchComponent(Registry + part.Id, types[part.Id]) { Path = SearchPath.Compile(part.Expression) })])
        {
            Path = SearchPath.Compile(row.Expression),
        };

    private sealed record Row(string ResourceType, string Code, SearchType Type, string Id, string Expression, ImmutableArray<string> Targets, ImmutableArray<(string Id, string Expression)> Components)
    {
        public static Row Of(string[] fields) => new(
            fields[0],
            fields[1],
            Enum.Parse<SearchType>(fields[2], ignoreCase: true),
            fields[3],
            fields[4],
            [.. SchemaCompiler.Field(fields, 5).Split(',', StringSplitOptions.RemoveEmptyEntries)],
            [.. SchemaCompiler.Field(fields, 6).Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static part => (part[..part.IndexOf('=')], part[(part.IndexOf('=') + 1)..]))]);
    }
}
