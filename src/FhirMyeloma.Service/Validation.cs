using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Http;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service;

/// <summary>The verdict on one posted resource, by the rules of R4 and by the profiles that it claims or that are named.</summary>
internal sealed class Validation(IOptions<ServiceOptions> options, Published published)
{
    /// <summary>Validates without keeping anything.</summary>
    /// <param name="body">The posted resource; must not change while this runs.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="type">The type that the path names; null at the level of the system.</param>
    /// <param name="said">Parameters that were said outside the body.</param>
    /// <returns>Everything that there is to say, or why nothing could be judged.</returns>
    public (ImmutableArray<Issue> Issues, FhirFault? Fault) Validate(ReadOnlyMemory<byte> body, WireFormat format, string? type, ImmutableArray<Said> said)
    {
        if (Size.Values(body.Span, format) > options.Value.MaxValues)
            return ([], Faults.TooManyValues(options.Value));
        var posted = format.Read(body);
        if (posted.Document is null)
            return ([], new(StatusCodes.Status400BadRequest, posted.Issues));
        var (request, fault) = ValidateRequest.From(posted, said);
        if (request is null)
            return ([], fault);
        if (request.Read is not { } read)
            return ([.. request.Issues, DeleteNotChecked], null);
        if (read.Document is null)
            return ([], new(StatusCodes.Status400BadRequest, read.Issues));
        if (read.Document.Root.Children("entry").Count > options.Value.MaxEntries)
            return ([], Faults.TooManyEntriesIn(options.Value, request.Root.Length > 0 ? request.Root : read.Document.ResourceType));

        var found = published.Verdicts.On(read, request.Profiles);
        var issues = request.Rooted([.. OfRequest(read, type, request), .. found]);
        return (request.Root.Length > 0 && format == WireFormat.Xml ? WithThoseOfXml(posted.Issues, issues) : [.. request.Issues, .. issues], null);
    }

    /// <summary>A resource taken out of XML is read again as JSON, which has neither its faults of XML nor its lines; the first reading had both.</summary>
    private static ImmutableArray<Issue> WithThoseOfXml(ImmutableArray<Issue> posted, IEnumerable<Issue> again)
    {
        static (string Code, string Expression) Key(Issue issue) => (issue.Code, issue.Expressions is [var first, ..] ? first : "");
        var said = posted.Select(Key).ToHashSet();
        return [.. posted, .. again.Where(issue => !said.Contains(Key(issue))).Select(static issue => issue with { Place = null })];
    }

    /// <summary>What the type in the path and the mode ask for beside the rules.</summary>
    private static IEnumerable<Issue> OfRequest(ReadResult read, string? type, ValidateRequest request)
    {
        var resource = read.Document!.Root;
        var actual = read.Document.ResourceType;
        if (type is not null && type != actual)
            yield return Faults.IssueOf(Faults.TypeMismatch, $"This is {Suggestion.WithArticle(actual)}, and it was sent to /fhir/{type}/$validate. Send it to /fhir/{actual}/$validate or to /fhir/$validate.", actual);
        switch (request.Mode)
        {
            case "create" when resource["id"].Exists:
                yield return Faults.IssueOf(Faults.IdIgnored, "A create gives the resource an id of the server; the one sent would be ignored.", $"{actual}.id") with { Severity = IssueSeverity.Information };
                break;
            case "update" when !resource["id"].Exists:
                yield return Faults.IssueOf(Faults.IdMissing, "An update needs the id of the resource that it replaces.", actual);
                break;
            case "delete":
                yield return DeleteNotChecked;
                break;
            case "profile" when request.Profiles.IsEmpty:
                yield return Faults.IssueOf(Faults.ProfileNotNamed, "mode=profile names no profile in the parameter profile; the resource was checked against those that it claims.") with { Severity = IssueSeverity.Warning };
                break;
        }
    }

    private static Issue DeleteNotChecked => Faults.IssueOf(
        Faults.DeleteNotChecked,
        "Whether a stored resource may be deleted cannot be checked here: mode=delete belongs to one stored resource. What was sent was checked as it is.") with
    { Severity = IssueSeverity.Warning };
}
