using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Search;

/// <summary>The resources of the case tables, and queries as they stand in a URL but for its escapes.</summary>
internal static class SearchCases
{
    public static IReadOnlyDictionary<string, Element> Resources { get; } = File.ReadLines(Path.Combine(Repo.Root, "tests/FhirMyeloma.R4.Tests/Search/resources.ndjson"))
        .Select(static line => FhirJsonReader.Read(Encoding.UTF8.GetBytes(line)).Document!.Root)
        .ToDictionary(static resource => $"{resource.TypeName}/{resource["id"].Text}", StringComparer.Ordinal);

    /// <summary>Answers chains from the resources.</summary>
    public static SearchResolver Resolver { get; } = new(
        static reference => Resources.GetValueOrDefault(reference),
        static (type, parameter, target) => Resources.Values.Where(resource => SearchQuery.Parse(type, [new(parameter, $"{target.TypeName}/{target["id"].Text}")], lenient: false).Query!.Matches(resource, Resolver)));

    public static IEnumerable<KeyValuePair<string, string>> Parameters(string query) => query.Split('&').Select(static part =>
        part.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? KeyValuePair.Create(part[..at], part[(at + 1)..]) : KeyValuePair.Create(part, ""));

    public static ParsedSearch Parse(string? type, string query, bool lenient = false) => SearchQuery.Parse(type is { Length: 0 } ? null : type, Parameters(query), lenient);
}
