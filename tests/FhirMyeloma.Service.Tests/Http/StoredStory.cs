using System.Text.Json;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>A story of fhir-examples, kept.</summary>
internal static class StoredStory
{
    /// <summary>Posts a story as a transaction and gives the id of its first patient.</summary>
    public static async Task<string> KeepAsync(HttpClient client, string story)
    {
        using var input = JsonDocument.Parse(Server.Story(story));
        var entries = input.RootElement.GetProperty("entry").EnumerateArray().Select((entry, index) =>
        {
            var resource = entry.GetProperty("resource");
            var fullUrl = entry.TryGetProperty("fullUrl", out var url) ? url.GetString() : $"urn:uuid:00000000-0000-4000-8000-{index:D12}";
            return $$$"""{"fullUrl":"{{{fullUrl}}}","resource":{{{resource.GetRawText()}}},"request":{"method":"POST","url":"{{{resource.GetProperty("resourceType").GetString()}}}"}}""";
        });
        var posted = await client.PostAsync(new Uri("/fhir", UriKind.Relative), Server.Json($$$"""{"resourceType":"Bundle","type":"transaction","entry":[{{{string.Join(',', entries)}}}]}"""));
        return (await posted.ResourceAsync("Bundle")).GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("response").GetProperty("location").GetString()!)
            .First(static at => at.StartsWith("Patient/", StringComparison.Ordinal)).Split('/')[1];
    }
}
