using FhirMyeloma.Store;

namespace FhirMyeloma.Service.Cases;

/// <summary>Derives stale cases beside the requests, at once after each commit; what a crash left over is found at the next start.</summary>
internal sealed class CaseWorker(FhirStore store, CaseDerivation derivation, ILogger<CaseWorker> log) : BackgroundService
{
    private const int Batch = 32;

    // Another process on the same store may have written.
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Says that something was committed.</summary>
    public void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stoppingToken };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var stale = store.Cases.Stale(Batch, CaseDerivation.Rules);
                if (stale.IsEmpty)
                    await _wake.WaitAsync(_pause, stoppingToken);
                else
                    await Parallel.ForEachAsync(stale, options, async (patient, _) => await DeriveAsync(patient.Centre, patient.Patient));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // A store that is away comes back; the marks are kept in it.
                log.Failed("cases", fault.GetType().FullName, fault.StackTrace);
                await Task.Delay(_pause, CancellationToken.None);
            }
        }
    }

    private async Task DeriveAsync(string centre, string patient)
    {
        try
        {
            await derivation.CurrentAsync(centre, patient);
        }
        catch (StoreBusyException)
        {
            // Its turn comes again.
            await Task.Delay(_pause);
        }
        catch (Exception bug)
        {
            log.Failed("case", bug.GetType().FullName, bug.StackTrace);
            await derivation.FailAsync(centre, patient);
        }
    }
}
