using System.Collections.Immutable;
using System.Text.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Jobs;

namespace FhirMyeloma.Service.Jobs;

/// <summary>
/// Prepares a bulk export: notes which versions held at one moment. The files are written out of the store when they are fetched, again and again the same, and take no room.
/// </summary>
internal sealed class ExportWork(FhirStore store)
{
    /// <summary>Resources in one file.</summary>
    public const int FileSize = 10_000;

    public Task<JobResult> DoAsync(Job job)
    {
        var request = JobRequest.Of(job);
        var snapshot = store.Snapshot(job.Centre!, request.Types.IsEmpty ? ResourceTypes.All : request.Types, request.OfPatients, request.Since);
        var result = new ExportResult(snapshot.Instant, [.. snapshot.Places.SelectMany(static one => one.Places.Chunk(FileSize).Select(chunk => new ExportFile(one.Type, chunk)))]);
        return Task.FromResult(JobResult.Done(JsonSerializer.SerializeToUtf8Bytes(result)));
    }
}

/// <summary>What an export holds.</summary>
/// <param name="Instant">The moment at which it held.</param>
/// <param name="Files">Its files.</param>
internal sealed record ExportResult(DateTimeOffset Instant, ImmutableArray<ExportFile> Files);

/// <summary>A file of an export.</summary>
/// <param name="Type">The type of all its resources.</param>
/// <param name="Places">Where in the history of the store they lie.</param>
internal sealed record ExportFile(string Type, long[] Places);
