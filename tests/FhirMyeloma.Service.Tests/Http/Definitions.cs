using System.Text.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>What the service publishes: profiles, value sets, code systems, concept maps and operations.</summary>
public class Definitions(Server server) : IClassFixture<Server>
{
    private async Task<JsonElement> GetAsync(string path, string type) => await (await server.CreateClient().GetAsync(new Uri(path, UriKind.Relative))).ResourceAsync(type);

    [Fact]
    public async Task Every_file_of_profiles_is_read_at_its_type_and_id()
    {
        var files = Directory.GetFiles(Path.Combine(Repo.Root, "profiles"), "*.json").Where(static file => !file.Contains(".received.", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 100);
        foreach (var file in files)
        {
            var name = Path.GetFileNameWithoutExtension(file).Split('-', 2);
            var definition = await GetAsync($"/fhir/{name[0]}/{name[1]}", name[0]);
            Assert.Equal($"https://fhirmyeloma.org/fhir/{name[0]}/{name[1]}", definition.GetProperty("url").GetString());
        }
    }

    [Theory]
    [InlineData("StructureDefinition", "anti-cd38-washout")]
    [InlineData("ValueSet", "imwg-response")]
    [InlineData("CodeSystem", "issue")]
    [InlineData("ConceptMap", "drug-codes")]
    [InlineData("OperationDefinition", "validate")]
    public async Task A_canonical_finds_its_definition(string type, string id)
    {
        var bundle = await GetAsync($"/fhir/{type}?url=https://fhirmyeloma.org/fhir/{type}/{id}", "Bundle");
        Assert.Equal(("searchset", 1), (bundle.GetProperty("type").GetString(), bundle.GetProperty("total").GetInt32()));
        var entry = Assert.Single(bundle.GetProperty("entry").EnumerateArray());
        Assert.Equal(id, entry.GetProperty("resource").GetProperty("id").GetString());
        Assert.EndsWith($"/fhir/{type}/{id}", entry.GetProperty("fullUrl").GetString(), StringComparison.Ordinal);
        Assert.Equal("match", entry.GetProperty("search").GetProperty("mode").GetString());
    }

    [Fact]
    public async Task A_canonical_of_somebody_else_finds_nothing()
    {
        var bundle = await GetAsync("/fhir/StructureDefinition?url=https://example.org/other", "Bundle");
        Assert.Equal(0, bundle.GetProperty("total").GetInt32());
        Assert.False(bundle.TryGetProperty("entry", out _));
        Assert.Contains("url=https%3A%2F%2Fexample.org%2Fother", bundle.GetProperty("link")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
    }
}
