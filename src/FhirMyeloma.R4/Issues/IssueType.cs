namespace FhirMyeloma.R4.Issues;

/// <summary>FHIR's issue-type (http://hl7.org/fhir/issue-type), each code in Pascal case.</summary>
public enum IssueType
{
    /// <summary>Content invalid against the specification or a profile.</summary>
    Invalid,

    /// <summary>A structural fault: bad JSON, an unknown element, a wrong type.</summary>
    Structure,

    /// <summary>A required element is missing.</summary>
    Required,

    /// <summary>A value is not allowed or not in its format.</summary>
    Value,

    /// <summary>A rule across elements fails.</summary>
    Invariant,

    /// <summary>An authentication or authorisation issue.</summary>
    Security,

    /// <summary>The caller must log in first.</summary>
    Login,

    /// <summary>The caller or token is not known.</summary>
    Unknown,

    /// <summary>The session or token has expired.</summary>
    Expired,

    /// <summary>The caller may not do this.</summary>
    Forbidden,

    /// <summary>Something was left out for access reasons.</summary>
    Suppressed,

    /// <summary>A processing issue.</summary>
    Processing,

    /// <summary>The request is not supported here.</summary>
    NotSupported,

    /// <summary>The same thing exists already.</summary>
    Duplicate,

    /// <summary>More than one match where one is wanted.</summary>
    MultipleMatches,

    /// <summary>Something that is referred to does not exist.</summary>
    NotFound,

    /// <summary>It existed and was deleted.</summary>
    Deleted,

    /// <summary>The content is too long.</summary>
    TooLong,

    /// <summary>A code or system is not understood or not allowed.</summary>
    CodeInvalid,

    /// <summary>An extension is not acceptable here.</summary>
    Extension,

    /// <summary>The request would cost too much.</summary>
    TooCostly,

    /// <summary>Content fails a rule of the product.</summary>
    BusinessRule,

    /// <summary>Content conflicts with what is there.</summary>
    Conflict,

    /// <summary>May work when tried again.</summary>
    Transient,

    /// <summary>A resource or record is locked.</summary>
    LockError,

    /// <summary>The persistent store is unavailable.</summary>
    NoStore,

    /// <summary>An unexpected internal error.</summary>
    Exception,

    /// <summary>An internal time-out.</summary>
    Timeout,

    /// <summary>Not all data sources could be reached.</summary>
    Incomplete,

    /// <summary>Too many requests.</summary>
    Throttled,

    /// <summary>Information only.</summary>
    Informational,
}

/// <summary>The codes as FHIR writes them.</summary>
public static class IssueWords
{
    /// <summary>For instance <c>code-invalid</c>.</summary>
    public static string ToCode(this IssueType type) => type switch
    {
        IssueType.Invalid => "invalid",
        IssueType.Structure => "structure",
        IssueType.Required => "required",
        IssueType.Value => "value",
        IssueType.Invariant => "invariant",
        IssueType.Security => "security",
        IssueType.Login => "login",
        IssueType.Unknown => "unknown",
        IssueType.Expired => "expired",
        IssueType.Forbidden => "forbidden",
        IssueType.Suppressed => "suppressed",
        IssueType.Processing => "processing",
        IssueType.NotSupported => "not-supported",
        IssueType.Duplicate => "duplicate",
        IssueType.MultipleMatches => "multiple-matches",
        IssueType.NotFound => "not-found",
        IssueType.Deleted => "deleted",
        IssueType.TooLong => "too-long",
        IssueType.CodeInvalid => "code-invalid",
        IssueType.Extension => "extension",
        IssueType.TooCostly => "too-costly",
        IssueType.BusinessRule => "business-rule",
        IssueType.Conflict => "conflict",
        IssueType.Transient => "transient",
        IssueType.LockError => "lock-error",
        IssueType.NoStore => "no-store",
        IssueType.Exception => "exception",
        IssueType.Timeout => "timeout",
        IssueType.Incomplete => "incomplete",
        IssueType.Throttled => "throttled",
        IssueType.Informational => "informational",
    };

    /// <summary>For instance <c>error</c>.</summary>
    public static string ToCode(this IssueSeverity severity) => severity switch
    {
        IssueSeverity.Fatal => "fatal",
        IssueSeverity.Error => "error",
        IssueSeverity.Warning => "warning",
        IssueSeverity.Information => "information",
    };
}
