using System.Threading.Channels;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Audit;

namespace FhirMyeloma.Service.Audit;

/// <summary>
/// Writes the rows of reads, refusals and logins in groups, at most a tenth of a second after the answer; those of changes are written by the change. What is handed in is
/// written before the process ends in order; whoever kills it may lose the last tenth of a second of reads.
/// </summary>
internal sealed class AuditWriter(FhirStore store, ILogger<AuditWriter> log) : BackgroundService
{
    private const int MostWaiting = 10_000;
    private const int LargestGroup = 500;
    private static readonly TimeSpan _gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);
    private readonly Channel<Handed> _waiting = Channel.CreateBounded<Handed>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Hands a row in; waits while too many wait.</summary>
    public async ValueTask AddAsync(AuditEntry entry)
    {
        try
        {
            await _waiting.Writer.WriteAsync(new(entry, null));
        }
        catch (ChannelClosedException)
        {
            // The request outlived the graceful stop: its row is written where it stands.
            await store.Audit.AppendAsync([entry]);
        }
    }

    /// <summary>Ends when everything that was handed in before is on disk.</summary>
    public async Task FlushAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_waiting.Writer.TryWrite(new(null, done)) || await _waiting.Writer.WaitToWriteAsync() && _waiting.Writer.TryWrite(new(null, done)))
            await done.Task;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writing)
            await writing.WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not ended by the token: what was handed in is written first.
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            List<Handed> group = [];
            using var gathering = new CancellationTokenSource(_gathering);
            try
            {
                while (group.Count < LargestGroup && await _waiting.Reader.WaitToReadAsync(gathering.Token) && _waiting.Reader.TryRead(out var handed))
                {
                    group.Add(handed);
                    if (handed.Flushed is not null)
                        break;
                }
            }
            catch (OperationCanceledException)
            {
                // The time to gather is over.
            }

            await WriteAsync([.. group.Select(static one => one.Entry).OfType<AuditEntry>()]);
            group.ForEach(static one => one.Flushed?.SetResult());
        }
    }

    private async Task WriteAsync(List<AuditEntry> entries)
    {
        while (entries.Count > 0)
        {
            try
            {
                await store.Audit.AppendAsync(entries);
                return;
            }
            catch (Exception fault)
            {
                // A store that is busy or away comes back; until then requests wait once the queue is full.
                log.Failed("audit", fault.GetType().FullName, fault.StackTrace);
                await Task.Delay(_pause, CancellationToken.None);
            }
        }
    }

    private readonly record struct Handed(AuditEntry? Entry, TaskCompletionSource? Flushed);
}
