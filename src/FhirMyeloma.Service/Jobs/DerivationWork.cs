using System.Text.Json;
using FhirMyeloma.Service.Cases;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Jobs;

namespace FhirMyeloma.Service.Jobs;

/// <summary>Has every case derived again when the rules or the vocabulary are others than those that decided it, and lists what that changed.</summary>
internal sealed class DerivationWork(FhirStore store, CaseWorker cases)
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    /// <summary>At the start: asks for it where it is needed.</summary>
    public async Task RequestAsync(CancellationToken stop)
    {
        // A process with other rules on the same store asks for its own.
        if (!stop.IsCancellationRequested && store.CaseRules.AreNew(CaseDerivation.Rules) && !store.Jobs.List(null, 100).Any(static job => !job.IsOver && JobRequest.Of(job).Rules == CaseDerivation.Rules))
            await store.Jobs.AcceptAsync(null, JobKind.Derivation, JsonSerializer.SerializeToUtf8Bytes(new JobRequest("") { Rules = CaseDerivation.Rules }));
    }

    public async Task<JobResult> DoAsync(Job job, JobProgress progress, CancellationToken cancelled)
    {
        if (JobRequest.Of(job).Rules != CaseDerivation.Rules)
            return JobResult.Done("""{"changed":0,"superseded":true}"""u8.ToArray());
        // Marking twice marks the same: what was derived meanwhile has these rules.
        var total = job.Total;
        if (total == 0 || store.CaseRules.AreNew(CaseDerivation.Rules))
            total = Math.Max(total, await store.CaseRules.MarkAsync(CaseDerivation.Rules, job.Number));
        while (store.CaseRules.Left(job.Number, CaseDerivation.Rules) is > 0 and var left)
        {
            await progress.StepAsync(total - left, total);
            cases.Wake();
            await Task.Delay(_look, cancelled);
        }

        await progress.StepAsync(total, total);
        return JobResult.Done(JsonSerializer.SerializeToUtf8Bytes(new { derived = total, changed = store.CaseRules.Changes(job.Number).Length }));
    }
}
