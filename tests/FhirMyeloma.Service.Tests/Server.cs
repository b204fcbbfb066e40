using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FhirMyeloma.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FhirMyeloma.Service.Tests;

/// <summary>The whole service in memory, with everything that it logs kept.</summary>
public class Server : WebApplicationFactory<Program>
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("fhirmyeloma-");

    internal ConcurrentQueue<string> Log { get; } = [];

    /// <summary>Options that differ from the shipped ones.</summary>
    internal Dictionary<string, string?> Settings { get; init; } = [];

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting($"{ServiceOptions.Section}:{nameof(ServiceOptions.DataFolder)}", _data.FullName);
        foreach (var (name, value) in Settings)
            builder.UseSetting($"{ServiceOptions.Section}:{name}", value);
        builder.ConfigureServices(services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Keeper(Log))));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _data.Exists)
            _data.Delete(recursive: true);
    }

    internal static StringContent Json(string body, string type = "application/fhir+json") => new(body, Encoding.UTF8, new MediaTypeHeaderValue(type, "utf-8"));

    /// <summary>A client that sends a stream as it comes; the default one would read it whole in order to follow redirects.</summary>
    internal HttpClient Streaming() => CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });

    internal Task<HttpResponseMessage> AssessAsync(string body, string query = "") => CreateClient().PostAsync(new Uri($"/fhir/$assess{query}", UriKind.Relative), Json(body));

    internal static string Story(string name) => File.ReadAllText(Path.Combine(Repo.Root, "fhir-examples", name, "input.json"));

    private sealed class Keeper(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            lines.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
    }
}

internal static class Answers
{
    /// <summary>Asserts that the answer is an OperationOutcome of this status in FHIR's media type, and gives its issues as (severity, type, our code, text).</summary>
    public static async Task<List<(string Severity, string Type, string Code, string Text, string[] Expressions)>> OutcomeAsync(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)status}: {body}");
        Assert.Equal("application/fhir+json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        using var outcome = JsonDocument.Parse(body);
        Assert.Equal("OperationOutcome", outcome.RootElement.GetProperty("resourceType").GetString());
        return [.. outcome.RootElement.GetProperty("issue").EnumerateArray().Select(static issue => (
            issue.GetProperty("severity").GetString()!,
            issue.GetProperty("code").GetString()!,
            issue.GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()!,
            issue.GetProperty("details").GetProperty("text").GetString()!,
            issue.TryGetProperty("expression", out var expressions) ? expressions.EnumerateArray().Select(static e => e.GetString()!).ToArray() : []))];
    }

    public static async Task<JsonElement> ResourceAsync(this HttpResponseMessage answer, string type)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode}: {body}");
        Assert.Equal("application/fhir+json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        var resource = JsonDocument.Parse(body).RootElement;
        Assert.Equal(type, resource.GetProperty("resourceType").GetString());
        return resource;
    }
}
