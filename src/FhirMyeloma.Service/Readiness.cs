using FhirMyeloma.Store;

namespace FhirMyeloma.Service;

/// <summary>Derives and validates one story beside the first requests, so that definitions and vocabularies are loaded when the first hospital asks.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, Pipeline pipeline, Published published, FhirStore store, ILogger<Readiness> log) : BackgroundService
{
    private volatile bool _warm;

    /// <summary>True between the end of the warm-up and the beginning of the shutdown, while the store answers.</summary>
    public bool IsReady => _warm && !lifetime.ApplicationStopping.IsCancellationRequested && Answers();

    private bool Answers()
    {
        try
        {
            return store.IsAlive();
        }
        catch (Exception fault)
        {
            log.Failed("store", fault.GetType().FullName, fault.StackTrace);
            return false;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        () =>
        {
            try
            {
                if (Published.FirstInput() is { } input)
                {
                    _ = pipeline.Assess(input, WireFormat.Json, []);
                    _ = published.Verdicts.On(WireFormat.Json.Read(input), []);
                }
            }
            catch (Exception bug)
            {
                // Whoever asks next gets the same failure as a 500; the probes and the other calls still answer.
                log.Failed("warm-up", bug.GetType().FullName, bug.StackTrace);
            }

            _warm = true;
        },
        stoppingToken);
}
