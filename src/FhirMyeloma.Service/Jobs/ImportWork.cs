using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Jobs;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Service.Jobs;

/// <summary>
/// Keeps the resources of an NDJSON body, each for itself: one with an id is put under it, one without is created. Lines go in groups; a group is a transaction while all its
/// lines are right. A line that is refused stops no other.
/// </summary>
internal sealed class ImportWork(FhirStore store, IServiceProvider services)
{
    private const int GroupSize = 200;
    private const int MostErrors = 1_000;

    public async Task<JobResult> DoAsync(Job job, JobProgress progress, CancellationToken cancelled)
    {
        var keeping = services.GetRequiredService<Keeping>();
        var caller = JobRequest.Of(job).CallerOf(job);
        var lines = Lines(store.Jobs.Body(job));
        var state = job.Result.IsEmpty ? new ImportResult() : JsonSerializer.Deserialize<ImportResult>(job.Result.Span)!;
        for (var start = (int)job.Done; start < lines.Count; start += GroupSize)
        {
            cancelled.ThrowIfCancellationRequested();
            var group = lines.Skip(start).Take(GroupSize).Select((line, index) => Read(line, start + index + 1, caller)).ToList();
            state = state.Add(await KeepAsync(keeping, caller, job, start, group));
            await progress.StepAsync(Math.Min(start + GroupSize, lines.Count), lines.Count, JsonSerializer.SerializeToUtf8Bytes(state));
        }

        return JobResult.Done(JsonSerializer.SerializeToUtf8Bytes(state));
    }

    private static async Task<ImportResult> KeepAsync(Keeping keeping, Caller caller, Job job, int start, List<ImportLine> group)
    {
        var right = group.Where(static line => line.Change is not null).ToList();
        var result = right.Count == 0 ? default : await keeping.ExecuteAsync(caller, new()
        {
            Changes = [.. right.Select(static line => line.Change!)],
            // A worker who takes the job over does no line twice.
            Key = string.Create(CultureInfo.InvariantCulture, $"job:{job.Id}:{start}"),
            Content = [.. System.Security.Cryptography.SHA256.HashData(job.Request.Span)],
        });
        var outcomes = result.Fault is null ? result.Outcomes : [];
        List<ImportLine> refused = [.. group.Where(static line => line.Change is null)];
        if (result.Fault is not null)
        {
            var builder = ImmutableArray.CreateBuilder<Outcome>();
            foreach (var line in right)
            {
                var alone = await keeping.ExecuteAsync(caller, new()
                {
                    Changes = [line.Change!],
                    Key = string.Create(CultureInfo.InvariantCulture, $"job:{job.Id}:{start}:{line.Number}"),
                    Content = [.. System.Security.Cryptography.SHA256.HashData(job.Request.Span)],
                });
                if (alone.Fault is { } fault)
                    refused.Add(line with { Issues = fault.Issues });
                else
                    builder.AddRange(alone.Outcomes);
            }

            outcomes = builder.ToImmutable();
        }

        return new()
        {
            Created = outcomes.IsDefault ? 0 : outcomes.Count(static one => one.Effect == Effect.Created),
            Updated = outcomes.IsDefault ? 0 : outcomes.Count(static one => one.Effect == Effect.Updated),
            Unchanged = outcomes.IsDefault ? 0 : outcomes.Count(static one => one.Effect == Effect.Unchanged),
            Refused = refused.Count,
            Errors = [.. refused.OrderBy(static line => line.Number).Take(MostErrors).Select(static line => line.Outcome())],
        };
    }

    private static ImportLine Read(ReadOnlyMemory<byte> line, int number, Caller caller)
    {
        var read = FhirJsonReader.Read(line);
        if (read.Document is null)
            return new(number, null, read.Issues);
        var issues = Validator.R4.Validate(read, Keeping.Rules);
        if (issues.Any(static issue => issue.IsError))
            return new(number, null, [.. issues.Where(static issue => issue.IsError)]);
        var resource = read.Document.Root;
        var (change, fault) = resource["id"].Text is { } id
            ? ChangeRequest.Update(resource.TypeName, id, null, resource, null, "")
            : ChangeRequest.Create(resource.TypeName, resource, null, "");
        return (fault ?? ChangeRequest.ConditionalReference(resource) ?? caller.Refuse(change!)) is { } wrong ? new(number, null, [wrong]) : new(number, change, []);
    }

    private static List<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        List<ReadOnlyMemory<byte>> lines = [];
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (!line.Span.Trim(" \t\r"u8).IsEmpty)
                lines.Add(line);
        }

        return lines;
    }

    private sealed record ImportLine(int Number, Change? Change, ImmutableArray<Issue> Issues)
    {
        /// <summary>What is wrong with the line; the line itself is the source line of every issue.</summary>
        public string Outcome() => System.Text.Encoding.UTF8.GetString(OperationOutcomes.Render(
            Issues.Select(issue => issue with { Place = null, Diagnostics = string.Create(CultureInfo.InvariantCulture, $"line {Number} of the body") })));
    }
}

/// <summary>What became of the lines of an import.</summary>
internal sealed record ImportResult
{
    /// <summary>Resources that were not there.</summary>
    public int Created { get; init; }

    /// <summary>Resources with a new version.</summary>
    public int Updated { get; init; }

    /// <summary>Resources that were kept like this already.</summary>
    public int Unchanged { get; init; }

    /// <summary>Lines that were not kept.</summary>
    public int Refused { get; init; }

    /// <summary>An OperationOutcome for each of the first thousand of these.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    public ImportResult Add(ImportResult more) => new()
    {
        Created = Created + more.Created,
        Updated = Updated + more.Updated,
        Unchanged = Unchanged + more.Unchanged,
        Refused = Refused + more.Refused,
        Errors = [.. Errors.Concat(more.Errors).Take(1_000)],
    };
}
