using FhirMyeloma.R4.Issues;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Service.Storing;

/// <summary>What the store refuses, as HTTP says it.</summary>
internal static class StoreFaults
{
    /// <summary>The status of each kind of refusal (R4 http.html#summary).</summary>
    public static int Status(FaultKind kind) => kind switch
    {
        FaultKind.Invalid => StatusCodes.Status400BadRequest,
        FaultKind.NotFound => StatusCodes.Status404NotFound,
        FaultKind.Gone => StatusCodes.Status410Gone,
        FaultKind.ConditionFailed => StatusCodes.Status412PreconditionFailed,
        FaultKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
    };

    public static FhirFault ToHttp(this StoreFault fault) => new(Status(fault.Kind), fault.Issues);

    public static FhirFault Invalid(Issue issue) => new(StatusCodes.Status400BadRequest, [issue]);

    /// <summary>The store does not answer, or has too much to do.</summary>
    public static FhirFault Busy(StoreBusyException busy) => Faults.Of(Faults.StoreBusy, busy.MayBeDone
        ? "The database was lost while it committed: whether this request was carried out will be seen when it is back. Send a transaction again as it is, and it is not carried out twice; look before sending another change again."
        : "The store is busy or away; nothing of this request was done. Send it again after the time that Retry-After says.");

    public static FhirFault NotFound(string type) =>
        new(StatusCodes.Status404NotFound, [Issue.Error(StoreIssues.NotFound, IssueType.NotFound, $"There is no {type} with this id here.")]);

    public static FhirFault Gone(string type) =>
        new(StatusCodes.Status410Gone, [Issue.Error(StoreIssues.Deleted, IssueType.Deleted, $"This {type} was deleted; its history is still there.")]);

    public static FhirFault NoVersion(string type) =>
        new(StatusCodes.Status404NotFound, [Issue.Error(StoreIssues.VersionUnknown, IssueType.NotFound, $"This {type} has no such version.")]);
}
