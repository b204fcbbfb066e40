using System.Collections.Immutable;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;

namespace FhirMyeloma.Service.Endpoints;

/// <summary>The definitions that the service publishes: profiles, value sets, code systems, concept maps, operations.</summary>
internal static class DefinitionEndpoints
{
    public const string Tag = "Definitions";

    /// <summary>Read and search of each type.</summary>
    public static ImmutableArray<RouteRow> Routes { get; } = [.. Published.Types.SelectMany(static type => (ImmutableArray<RouteRow>)[Read(type), Search(type)])];

    private static RouteRow Read(string type) => new()
    {
        Id = $"read{type}",
        LeavesNoEvent = true,
        Needs = Need.UnlessPublished(Letters.Read, type),
        Method = HttpMethods.Get,
        Path = $"{RouteTable.Base}/{type}/{{id}}",
        Tag = Tag,
        Summary = $"A published {type}",
        Description = $"A {type} that this service publishes, by its id, the last part of its canonical; else one that was posted here.",
        Handler = (HttpContext context, string id, Published published, FhirStore store, Caller caller) => published.Find(type, id) is { Exists: true } found
            ? new FhirResource(FhirJsonWriter.WriteCanonical(found))
            : store.Read(caller.Centre, type, id) is not null ? Reading.Current(context, store, caller.Centre, type, id)
            : Faults.Of(Faults.UnknownId, $"There is no {type} with this id. Published: {string.Join(", ", published.Ids(type))}."),
        Answers = type,
        Parameters = [new("id", "The id.", [], Example(type), InPath: true)],
        Faults = [400, 404, 406],
        Interaction = (type, "read"),
    };

    private static RouteRow Search(string type) => new()
    {
        Id = $"search{type}",
        LeavesNoEvent = true,
        Needs = Need.Nothing,
        Method = HttpMethods.Get,
        Path = $"{RouteTable.Base}/{type}",
        Tag = Tag,
        Summary = $"Every published {type}, or that with a canonical",
        Description = $"The {type} resources that this service publishes, as a searchset.",
        Handler = (HttpContext context, Published published) => Found(context, published, type),
        Answers = "Bundle",
        Parameters = [new("url", "The canonical.", [], null, Repeats: true)],
        Faults = [400, 406],
        Interaction = (type, "search-type"),
    };

    private static FhirResource Found(HttpContext context, Published published, string type)
    {
        var asked = context.Request.Query["url"].OfType<string>().ToArray();
        var self = $"{context.Request.Scheme}://{context.Request.Host}{RouteTable.Base}/{type}";
        var found = published.Ids(type).Select(id => published.Find(type, id)).Where(definition => asked.Length == 0 || asked.Contains(definition["url"].Text, StringComparer.Ordinal)).ToList();
        var json = new CanonicalJson(64 * 1024);
        json.StartObject()
            .Member("resourceType", "Bundle")
            .Member("type", "searchset")
            .Name("total").Number(found.Count)
            .Name("link").StartArray().StartObject().Member("relation", "self").Member("url", $"{self}{Query(asked)}").EndObject().EndArray();
        if (found.Count > 0)
        {
            json.Name("entry").StartArray();
            foreach (var definition in found)
            {
                json.StartObject().Member("fullUrl", $"{self}/{definition["id"].Text}").Name("resource");
                FhirJsonWriter.WriteCanonical(definition, json);
                json.Name("search").StartObject().Member("mode", "match").EndObject().EndObject();
            }

            json.EndArray();
        }

        json.EndObject();
        return new(json.ToArray());
    }

    private static string Query(string[] asked) => asked.Length == 0 ? "" : $"?{string.Join('&', asked.Select(static url => $"url={Uri.EscapeDataString(url)}"))}";

    private static string Example(string type) => type switch
    {
        "ConceptMap" => "drug-codes",
        "OperationDefinition" => "assess",
        "StructureDefinition" => "anti-cd38-washout",
        _ => "imwg-response",
    };
}
