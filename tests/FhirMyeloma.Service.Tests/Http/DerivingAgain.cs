using System.Text;
using System.Text.Json;
using FhirMyeloma.Service.Cases;
using FhirMyeloma.Store;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMyeloma.Service.Tests.Http;

/// <summary>Cases that other rules decided are derived again by themselves, and what changed is listed.</summary>
public sealed class DerivingAgain : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("fhirmyeloma-rules-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task A_conclusion_of_older_rules_is_replaced_and_named()
    {
        string id;
        await using (var first = new Server { Settings = { ["DataFolder"] = _data.FullName } })
        {
            using var sender = first.CreateClient();
            id = await StoredStory.KeepAsync(sender, "case-1-isatuximab-35-days-after-daratumumab");
            await sender.GetStringAsync(new Uri($"/api/cases/{id}", UriKind.Relative));
        }

        // As a program with other rules may have left it: the same results, but for one value.
        using (var store = FhirStore.OpenSqlite(Path.Combine(_data.FullName, ServiceOptions.StoreFile), TimeProvider.System))
        {
            var output = store.Cases.Find("development", id)!.Output;
            var older = Encoding.UTF8.GetString(output.Bundle.Span).Replace("\"value\":35,", "\"value\":36,", StringComparison.Ordinal);
            Assert.True(await store.Cases.KeepAsync(store.Cases.Input("development", id)!, output with { Rules = "older", Bundle = Encoding.UTF8.GetBytes(older) }));
        }

        await using var server = new Server { Settings = { ["DataFolder"] = _data.FullName } };
        using var client = server.CreateClient();
        string? changes = null;
        for (var tries = 0; changes is null && tries < 600; tries++)
        {
            using var jobs = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/jobs", UriKind.Relative)));
            var job = jobs.RootElement.GetProperty("jobs").EnumerateArray().FirstOrDefault(static job => job.GetProperty("kind").GetString() == "derivation" && job.GetProperty("state").GetString() == "done");
            if (job.ValueKind == JsonValueKind.Object)
                changes = await client.GetStringAsync(new Uri($"/api/jobs/{job.GetProperty("id").GetString()}/changes", UriKind.Relative));
            else
                await Task.Delay(50);
        }

        Assert.NotNull(changes);
        using var change = JsonDocument.Parse(changes);
        Assert.False(change.RootElement.GetProperty("recordChanged").GetBoolean());
        var washout = Assert.Single(change.RootElement.GetProperty("changes").EnumerateArray(), static one => one.GetProperty("result").GetString() == "anti-cd38-washout");
        Assert.Equal(("36 d", "35 d"), (washout.GetProperty("before").GetString(), washout.GetProperty("after").GetString()));
        var kept = server.Services.GetRequiredService<FhirStore>().Cases.Find("development", id)!;
        Assert.Equal((CaseDerivation.Rules, false), (kept.Output.Rules, kept.IsStale));
    }
}
