using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Jobs;

namespace FhirMyeloma.Service.Jobs;

/// <summary>Carries out a Bundle that was posted to be answered later. The job's id is its idempotency key, so that a worker who takes it over from a dead one does nothing twice.</summary>
internal sealed class BundleWork(FhirStore store, IServiceProvider services)
{
    public async Task<JobResult> DoAsync(Job job)
    {
        // Keeping hands jobs in; it cannot be had before it is made.
        var keeping = services.GetRequiredService<Keeping>();
        var request = JobRequest.Of(job);
        var body = store.Jobs.Body(job);
        var read = (request.IsXml ? WireFormat.Xml : WireFormat.Json).Read(body);
        if (read.Document is null)
            return JobResult.Failure(StatusCodes.Status400BadRequest, read.Issues);
        return await keeping.BundleAsync(read, body, request.CallerOf(job), $"job:{job.Id}", request.Return, request.Server()) switch
        {
            FhirResource answer => JobResult.Done(answer.Json.ToArray()),
            // There is room later.
            FhirFault { Status: StatusCodes.Status503ServiceUnavailable } => throw new StoreBusyException("The store is busy."),
            FhirFault fault => JobResult.Failure(fault.Status, fault.Issues),
            var other => throw new InvalidOperationException($"A Bundle was answered with {other.GetType().Name}."),
        };
    }
}
