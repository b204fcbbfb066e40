using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Store;

/// <summary>The stable codes of the issues that keeping resources can raise. A code is never reused for another meaning.</summary>
public static class StoreIssues
{
    /// <summary>A request's URL is neither <c>Type</c>, <c>Type/id</c> nor <c>Type?search</c>, or does not suit its method.</summary>
    public const string RequestUrl = "request-url-invalid";

    /// <summary>A method that an entry of a Bundle cannot have here.</summary>
    public const string RequestMethod = "request-method-unsupported";

    /// <summary>An entry that creates or updates holds no resource.</summary>
    public const string ResourceMissing = "request-resource-missing";

    /// <summary>The resource is of another type than the URL says.</summary>
    public const string TypeMismatch = "request-type-mismatch";

    /// <summary>The resource has no id, or another than the URL says.</summary>
    public const string IdMismatch = "request-id-mismatch";

    /// <summary>An ETag that is none of a version.</summary>
    public const string VersionTag = "version-tag-invalid";

    /// <summary>Two entries mean one resource.</summary>
    public const string IdentityRepeated = "identity-repeated";

    /// <summary>A condition finds several resources.</summary>
    public const string ConditionMultiple = "condition-multiple-matches";

    /// <summary>A condition that searches for nothing.</summary>
    public const string ConditionEmpty = "condition-empty";

    /// <summary>The current version is not the one that the sender has seen.</summary>
    public const string VersionMismatch = "version-mismatch";

    /// <summary>A conditional reference that finds no resource, or several.</summary>
    public const string ReferenceUnresolved = "conditional-reference-unresolved";

    /// <summary>A conditional reference outside a transaction.</summary>
    public const string ReferenceConditional = "conditional-reference-not-allowed";

    /// <summary>An entry of a batch refers to another entry, of which it knows nothing.</summary>
    public const string ReferenceInBatch = "reference-between-entries";

    /// <summary>An Idempotency-Key that came with other content before.</summary>
    public const string KeyReused = "idempotency-key-reused";

    /// <summary>No resource has this type and id.</summary>
    public const string NotFound = "resource-not-found";

    /// <summary>The resource was deleted.</summary>
    public const string Deleted = "resource-deleted";

    /// <summary>The resource has no such version.</summary>
    public const string VersionUnknown = "version-not-found";

    internal static Issue Error(string code, IssueType type, string text, string expression) => Issue.Error(code, type, text, expression.Length == 0 ? [] : [expression]);
}
