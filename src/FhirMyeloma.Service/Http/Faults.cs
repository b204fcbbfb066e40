using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Service.Http;

/// <summary>Everything that HTTP itself can find wrong, each with its stable code, FHIR issue type and status: the one table.</summary>
internal static class Faults
{
    public const string UnknownParameter = "unknown-parameter";
    public const string ParameterValue = "parameter-value";
    public const string ParameterRepeated = "parameter-repeated";
    public const string ParameterBody = "parameter-body";
    public const string NotABundle = "not-a-bundle";
    public const string EncodingBroken = "body-encoding-broken";
    public const string RequestMalformed = "request-malformed";
    public const string UnknownPath = "unknown-path";
    public const string UnknownId = "unknown-id";
    public const string UnknownType = "unknown-type";
    public const string UnknownJob = "unknown-job";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string NotAcceptable = "not-acceptable";
    public const string BodyTimeout = "body-timeout";
    public const string BodyTooLarge = "body-too-large";
    public const string TooManyEntries = "too-many-entries";
    public const string UnsupportedMediaType = "unsupported-media-type";
    public const string UnsupportedEncoding = "unsupported-encoding";
    public const string RequestLineTooLong = "request-line-too-long";
    public const string HeadersTooLarge = "headers-too-large";
    public const string Throttled = "too-many-requests";
    public const string NotReady = "not-ready";
    public const string StoreBusy = "store-busy";
    public const string LoginRequired = "login-required";
    public const string TokenInvalid = "token-invalid";
    public const string TokenExpired = "token-expired";
    public const string KeyInvalid = "api-key-invalid";
    public const string IdentityUnavailable = "identity-unavailable";
    public const string ScopeMissing = "scope-missing";
    public const string RoleMissing = "role-missing";
    public const string CentreMissing = "center-missing";
    public const string CentreForeign = "center-foreign";
    public const string CentreAmbiguous = "center-ambiguous";
    public const string Internal = "internal-error";

    public const string TypeMismatch = "type-mismatch";
    public const string IdMissing = "id-missing";
    public const string IdIgnored = "id-ignored";
    public const string DeleteNotChecked = "delete-not-checked";
    public const string ProfileNotNamed = "profile-not-named";

    /// <summary>Issue code → FHIR issue type and HTTP status; 200 where the fault is one of what <c>$validate</c> was asked about.</summary>
    public static FrozenDictionary<string, (IssueType Type, int Status)> Table { get; } = new Dictionary<string, (IssueType, int)>(StringComparer.Ordinal)
    {
        [UnknownParameter] = (IssueType.NotSupported, 400),
        [ParameterValue] = (IssueType.CodeInvalid, 400),
        [ParameterRepeated] = (IssueType.Invalid, 400),
        [ParameterBody] = (IssueType.Structure, 400),
        [NotABundle] = (IssueType.Structure, 400),
        [EncodingBroken] = (IssueType.Structure, 400),
        [RequestMalformed] = (IssueType.Structure, 400),
        [UnknownPath] = (IssueType.NotFound, 404),
        [UnknownId] = (IssueType.NotFound, 404),
        [UnknownType] = (IssueType.NotFound, 404),
        [UnknownJob] = (IssueType.NotFound, 404),
        [MethodNotAllowed] = (IssueType.NotSupported, 405),
        [NotAcceptable] = (IssueType.NotSupported, 406),
        [BodyTimeout] = (IssueType.Timeout, 408),
        [BodyTooLarge] = (IssueType.TooLong, 413),
        [TooManyEntries] = (IssueType.TooCostly, 413),
        [UnsupportedMediaType] = (IssueType.NotSupported, 415),
        [UnsupportedEncoding] = (IssueType.NotSupported, 415),
        [RequestLineTooLong] = (IssueType.TooLong, 414),
        [HeadersTooLarge] = (IssueType.TooLong, 431),
        [LoginRequired] = (IssueType.Login, 401),
        [TokenInvalid] = (IssueType.Login, 401),
        [TokenExpired] = (IssueType.Expired, 401),
        [KeyInvalid] = (IssueType.Login, 401),
        [IdentityUnavailable] = (IssueType.Transient, 503),
        [ScopeMissing] = (IssueType.Forbidden, 403),
        [RoleMissing] = (IssueType.Forbidden, 403),
        [CentreMissing] = (IssueType.Forbidden, 403),
        [CentreForeign] = (IssueType.Forbidden, 403),
        [CentreAmbiguous] = (IssueType.Required, 400),
        [Throttled] = (IssueType.Throttled, 429),
        [Internal] = (IssueType.Exception, 500),
        [TypeMismatch] = (IssueType.Invalid, 200),
        [IdMissing] = (IssueType.Required, 200),
        [IdIgnored] = (IssueType.Informational, 200),
        [DeleteNotChecked] = (IssueType.NotSupported, 200),
        [ProfileNotNamed] = (IssueType.NotSupported, 200),
        [StoreBusy] = (IssueType.Transient, 503),
        [NotReady] = (IssueType.Transient, 503),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>One fault, ready to be answered.</summary>
    /// <param name="code">A code of the table.</param>
    /// <param name="text">What is wrong and what to do, without any value of a patient.</param>
    /// <param name="expressions">Simple FHIRPath of what is wrong, rooted at the posted resource, or <c>http.{name}</c> for a parameter or header.</param>
    public static FhirFault Of(string code, string text, params ImmutableArray<string> expressions) => new(Table[code].Status, [IssueOf(code, text, expressions)]);

    /// <summary>Several issues of the request itself; the status is that of the first.</summary>
    public static FhirFault Of(ImmutableArray<Issue> issues) => new(Table[issues[0].Code].Status, issues);

    /// <summary>The issue alone, when several are collected before answering.</summary>
    public static Issue IssueOf(string code, string text, params ImmutableArray<string> expressions) =>
        new(IssueSeverity.Error, code, Table[code].Type, text, expressions.IsDefault ? [] : expressions);

    /// <summary>The body unfolds to more values than the options allow.</summary>
    public static FhirFault TooManyValues(ServiceOptions options) =>
        Of(BodyTooLarge, FormattableString.Invariant($"The body holds more than {options.MaxValues} values. Send fewer patients in one Bundle."));

    /// <summary>The Bundle holds more entries than the options allow.</summary>
    /// <param name="options">The options.</param>
    /// <param name="root">Expression of the Bundle.</param>
    public static FhirFault TooManyEntriesIn(ServiceOptions options, string root) =>
        Of(TooManyEntries, FormattableString.Invariant($"The Bundle holds more than {options.MaxEntries} entries. Send fewer patients in one Bundle."), $"{root}.entry");

    /// <summary>The fault for a status that the framework chose by itself (routing, request line, size).</summary>
    public static FhirFault OfStatus(int status, string hint) => status switch
    {
        404 => Of(UnknownPath, $"There is nothing at this path. {hint}"),
        405 => Of(MethodNotAllowed, "This path does not answer this method; the Allow header names those that it answers."),
        408 => Of(BodyTimeout, "The request body did not arrive in time. Send it again over a faster connection, or in smaller Bundles."),
        413 => Of(BodyTooLarge, "The request is larger than this server takes; /fhir/metadata states the limit."),
        414 => Of(RequestLineTooLong, "The path and the query string are too long. Send parameters in a Parameters body."),
        415 => Of(UnsupportedMediaType, "This media type is not read here. Send application/fhir+json or application/fhir+xml in UTF-8."),
        429 => Of(Throttled, "Too many requests from this address. Wait as long as the Retry-After header says."),
        503 => Of(NotReady, "The service is starting. Try again in a moment."),
        431 => Of(HeadersTooLarge, "The headers of the request are too large. Send fewer or shorter ones."),
        >= 500 => Of(Internal, "The server failed."),
        _ => new(status, [IssueOf(RequestMalformed, "The HTTP request is malformed.")]),
    };
}
