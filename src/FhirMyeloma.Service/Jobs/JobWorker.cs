using FhirMyeloma.R4.Issues;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Jobs;

namespace FhirMyeloma.Service.Jobs;

/// <summary>Does the jobs, two at a time, so that a long import does not keep a Bundle waiting.</summary>
internal sealed class JobWorker(FhirStore store, BundleWork bundles, ImportWork imports, ExportWork exports, DerivationWork derivations, ILogger<JobWorker> log) : BackgroundService
{
    private const int AtOnce = 2;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(derivations.RequestAsync(stoppingToken), Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => WorkAsync(stoppingToken))));
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (store.Jobs.AreWaiting() && await store.Jobs.TakeAsync() is { } job)
                    await DoAsync(job, stop);
                else
                    await Task.Delay(_pause, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The store is away or full; the job is in it and keeps.
                log.Failed("jobs", fault.GetType().FullName, fault.StackTrace);
                await Task.Delay(_pause, CancellationToken.None);
            }
        }
    }

    private async Task DoAsync(Job job, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var progress = new JobProgress(store.Jobs, job, ended);
        var heartbeat = progress.BeatAsync();
        try
        {
            var result = await (job.Kind switch
            {
                JobKind.Bundle => bundles.DoAsync(job),
                JobKind.Import => imports.DoAsync(job, progress, ended.Token),
                JobKind.Export => exports.DoAsync(job),
                JobKind.Derivation => derivations.DoAsync(job, progress, ended.Token),
            });
            await store.Jobs.EndAsync(job, result.State, result.Body);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await store.Jobs.ReleaseAsync(job);
            throw;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Its owner ended it.
        }
        catch (Exception bug) when (bug is not StoreException)
        {
            log.Failed(job.Id, bug.GetType().FullName, bug.StackTrace);
            await store.Jobs.EndAsync(job, JobState.Failed, JobResult.Failure(StatusCodes.Status500InternalServerError, [Faults.IssueOf(Faults.Internal, "The server failed.")]).Body);
        }
        finally
        {
            await ended.CancelAsync();
            await heartbeat;
        }
    }
}

/// <summary>How far a job is; keeps it held while it goes on.</summary>
internal sealed class JobProgress(JobTable jobs, Job job, CancellationTokenSource ended)
{
    private long _done = job.Done;
    private long _total = job.Total;

    /// <summary>Tells a step; what is told here is not done again.</summary>
    /// <exception cref="OperationCanceledException">The job was cancelled.</exception>
    public async Task StepAsync(long done, long total, byte[]? result = null)
    {
        (_done, _total) = (done, total);
        if (!await jobs.StepAsync(job, done, total, result))
            await ended.CancelAsync();
        ended.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Renews the hold until the job ends.</summary>
    public async Task BeatAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(JobTable.Lease / 4, ended.Token);
                if (!await jobs.StepAsync(job, _done, _total))
                    await ended.CancelAsync();
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or StoreException)
        {
            // It is over, or the store is busy and the next step tells.
        }
    }
}

/// <summary>What came of a job.</summary>
/// <param name="State">Done or failed.</param>
/// <param name="Body">What is kept of it.</param>
internal readonly record struct JobResult(JobState State, byte[] Body)
{
    public static JobResult Done(byte[] body) => new(JobState.Done, body);

    /// <summary>Three digits of the HTTP status, then the OperationOutcome.</summary>
    public static JobResult Failure(int status, IEnumerable<Issue> issues) =>
        new(JobState.Failed, [.. System.Text.Encoding.ASCII.GetBytes(status.ToString("D3", System.Globalization.CultureInfo.InvariantCulture)), .. OperationOutcomes.Render(issues)]);

    public static (int Status, ReadOnlyMemory<byte> Outcome) Failure(ReadOnlyMemory<byte> body) =>
        (int.Parse(body.Span[..3], System.Globalization.CultureInfo.InvariantCulture), body[3..]);
}
