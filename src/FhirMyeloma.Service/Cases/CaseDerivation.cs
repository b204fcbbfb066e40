using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using FhirMyeloma.Clinical;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Metrics;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Cases;

namespace FhirMyeloma.Service.Cases;

/// <summary>Derives the cases of the patients from what is kept about them, and keeps them.</summary>
internal sealed class CaseDerivation(FhirStore store, Pipeline pipeline, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string Centre, string Patient), Task> _underWay = new();

    /// <summary>Names the rules and the vocabulary that decide: the builds that hold them. Any other makes every case stale.</summary>
    public static string Rules { get; } = $"{MetadataEndpoints.Version}+{Build(typeof(Derivation))}{Build(typeof(BundleToCase))}";

    /// <summary>The case of a patient, holding every change that was acknowledged before this was called.</summary>
    /// <returns>Null when there is no such Patient.</returns>
    public async Task<KeptCase?> CurrentAsync(string centre, string patient)
    {
        // Whoever derives it already may have read the record before the newest change. What he keeps says so; what befalls him is his to tell.
        if (_underWay.TryGetValue((centre, patient), out var other))
            await Task.WhenAny(other);
        return store.Cases.Find(centre, patient) is { IsStale: false } kept && kept.Output.Rules == Rules ? kept : await DeriveAsync(centre, patient);
    }

    /// <summary>Derives a case from what is kept now, and keeps it unless the record changes meanwhile: then the answer is right all the same, and somebody derives again.</summary>
    /// <returns>Null when there is no such Patient.</returns>
    public async Task<KeptCase?> DeriveAsync(string centre, string patient)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirst = _underWay.TryAdd((centre, patient), done.Task);
        try
        {
            return await DeriveNowAsync(centre, patient);
        }
        finally
        {
            if (isFirst)
                _underWay.TryRemove((centre, patient), out _);
            done.SetResult();
        }
    }

    private async Task<KeptCase?> DeriveNowAsync(string centre, string patient)
    {
        if (store.Cases.Input(centre, patient) is not { } input)
            return null;
        var begun = Stopwatch.GetTimestamp();
        var output = input.Versions.IsEmpty ? null : Output(input);
        Measures.Derivation.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        await store.Cases.KeepAsync(input, output, output is null ? null : before => Changes(before, input, output));
        return output is null ? null : new()
        {
            Centre = centre,
            Id = patient,
            Instant = clock.GetUtcNow(),
            AsOf = input.AsOf,
            IsStale = false,
            Output = output,
            Inputs = [.. input.Versions.Select(static version => version.At).Order()],
        };
    }

    /// <summary>A case under another choice than the default; nothing is kept.</summary>
    public Answer Under(CaseInput input, AssessChoice choice) => pipeline.AssessKept(Collection(input.Versions), choice);

    /// <summary>A case for those who may not know whom it is about; nothing is kept.</summary>
    public Answer Pooled(CaseInput input, AssessChoice choice, string id, IEnumerable<int> weeks) => pipeline.AssessPooled(Collection(input.Versions), choice, id, weeks);

    /// <summary>Notes that deriving a case failed, which is a bug of ours: it is tried again when the record or the rules change.</summary>
    public async Task FailAsync(string centre, string patient)
    {
        if (store.Cases.Input(centre, patient) is { } input)
            await store.Cases.FailAsync(input, Rules);
    }

    private CaseOutput Output(CaseInput input)
    {
        var answer = Under(input, AssessChoice.Default);
        return answer.Fault is { } refused
            ? new() { Rules = Rules, IsRefused = true, Summary = "{}"u8.ToArray(), Bundle = OperationOutcomes.Render(refused.Issues) }
            : new() { Rules = Rules, Summary = CaseSummary.Render(answer.Patients[0]), Bundle = answer.Bundle };
    }

    /// <summary>What other rules changed in a case, as JSON; null when nothing.</summary>
    private static byte[]? Changes(KeptCase before, CaseInput input, CaseOutput output)
    {
        var changes = BundleDifference.Between(before.Output.Bundle, output.Bundle);
        if (changes.IsEmpty)
            return null;
        var json = new CanonicalJson();
        json.StartObject().Member("center", input.Centre).Member("patient", $"Patient/{input.Id}").Member("recordChanged", input.AsOf > before.AsOf).Name("changes").StartArray();
        foreach (var change in changes)
            json.StartObject().Member("result", change.Result).Member("about", change.About).Member("before", change.Before).Member("after", change.After).EndObject();
        return json.EndArray().EndObject().ToArray();
    }

    /// <summary>The resources as a Bundle. Without fullUrls, so that evidence is cited by type, id and version.</summary>
    private static byte[] Collection(ImmutableArray<StoredVersion> versions)
    {
        var json = new CanonicalJson(versions.Sum(static version => version.Body.Length + 16) + 128);
        json.StartObject().Member("resourceType", "Bundle").Member("type", "collection").Name("entry").StartArray();
        foreach (var version in versions)
            json.StartObject().Name("resource").Raw(version.Body.Span).EndObject();
        return json.EndArray().EndObject().ToArray();
    }

    private static string Build(Type type) => type.Module.ModuleVersionId.ToString("N")[..8];
}
