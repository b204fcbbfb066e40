using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Service.Cases;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Jobs;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Transactions;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service.Storing;

/// <summary>What is posted to be kept: read, validated, carried out in one transaction of the store, and answered only when that is on disk.</summary>
internal sealed class Keeping(FhirStore store, CaseWorker cases, JobIntake jobs, IOptions<ServiceOptions> options)
{
    // A reference to what the Bundle should have brought and did not could never be followed later.
    internal static readonly ValidationOptions Rules = new() { Warnings = false, ReferencesMustResolve = true, ModifiersMustBeKnown = true, FullUrls = false };

    /// <summary><c>POST [base]</c>: a transaction or a batch.</summary>
    public async Task<IResult> BundleAsync(HttpContext context, Caller caller)
    {
        if (RequestBody.IsLines(context.Request))
            return await jobs.AcceptImportAsync(context, caller);
        var (read, body, fault) = await ReadAsync(context);
        if (read is null)
            return fault!;
        if (Preference.Of(context).RespondsAsync)
            return Refuses(read) is { } refusal ? refusal : await jobs.AcceptBundleAsync(context, caller, body);
        var key = context.Request.Headers["Idempotency-Key"] is [{ Length: > 0 } sent] ? sent : null;
        return await BundleAsync(read, body.Bytes, caller, key, Preference.Of(context).Return, $"{context.Request.Scheme}://{context.Request.Host}{Endpoints.RouteTable.Base}/");
    }

    /// <summary>A transaction or a batch that was read.</summary>
    /// <param name="read">The Bundle.</param>
    /// <param name="bytes">It as it was sent.</param>
    /// <param name="caller">Who writes.</param>
    /// <param name="key">The sender's key for the request; null without.</param>
    /// <param name="back">What the sender wants back.</param>
    /// <param name="server">The FHIR base with its last slash.</param>
    public async Task<IResult> BundleAsync(ReadResult read, ReadOnlyMemory<byte> bytes, Caller caller, string? key, Return back, string server)
    {
        if (Refuses(read) is { } refused)
            return refused;
        var bundle = Bundle.From(read.Document)!;
        caller.Trail.Interaction = bundle.Type!;
        var issues = Validator.R4.Validate(read, Rules);
        var requests = BundleRequests.Of(bundle, server);
        return bundle.Type == "transaction"
            ? await TransactionAsync(caller, requests, issues, bytes, key, back, server)
            : await BatchAsync(caller, requests, issues, back, server);
    }

    private FhirFault? Refuses(ReadResult read) =>
        Bundle.From(read.Document) is not { Type: "transaction" or "batch" } bundle
            ? Faults.Of(Faults.NotABundle, "POST to the base takes a Bundle of type transaction or batch. A Bundle that is only to be read goes to /fhir/$assess.",
                read.Document!.ResourceType is "Bundle" ? "Bundle.type" : read.Document.ResourceType)
        : bundle.Entries.Length > options.Value.MaxEntries ? Faults.TooManyEntriesIn(options.Value, "Bundle")
        : null;

    /// <summary>A change of one resource.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">Who writes.</param>
    /// <param name="toChange">Makes the change of the body; the element that does not exist stands for no body.</param>
    /// <param name="hasBody">False for a delete.</param>
    public async Task<IResult> ChangeAsync(HttpContext context, Caller caller, Func<Element, (Change? Change, Issue? Fault)> toChange, bool hasBody = true)
    {
        Element resource = default;
        if (hasBody)
        {
            var (read, _, fault) = await ReadAsync(context);
            if (read is null)
                return fault!;
            var issues = Validator.R4.Validate(read, Rules);
            if (issues.Any(static issue => issue.IsError))
                return new FhirFault(StatusCodes.Status422UnprocessableEntity, issues);
            resource = read.Document!.Root;
        }

        var (change, wrong) = toChange(resource);
        wrong ??= ChangeRequest.ConditionalReference(resource);
        if (change is null || wrong is not null)
            return StoreFaults.Invalid(wrong!);
        if (caller.Refuse(change) is { } forbidden)
            return new FhirFault(StatusCodes.Status403Forbidden, [forbidden]);
        try
        {
            var result = await ExecuteAsync(caller, new() { Changes = [change] });
            return result.Fault is { } refused ? refused.ToHttp() : Single(context, caller.Centre, result.Outcomes[0]);
        }
        catch (StoreBusyException busy)
        {
            return StoreFaults.Busy(busy);
        }
    }

    private async Task<IResult> TransactionAsync(
        Caller caller, ImmutableArray<EntryRequest> requests, ImmutableArray<Issue> issues, ReadOnlyMemory<byte> bytes, string? key, Return back, string server)
    {
        ImmutableArray<Issue> forbidden = [.. requests.Select(caller.Refuse).OfType<Issue>()];
        if (!forbidden.IsEmpty)
            return new FhirFault(StatusCodes.Status403Forbidden, forbidden);
        if (issues.Any(static issue => issue.IsError))
            return new FhirFault(StatusCodes.Status422UnprocessableEntity, issues);
        ImmutableArray<Issue> faults = [.. requests.Select(static request => request.Fault).OfType<Issue>()];
        if (!faults.IsEmpty)
            return new FhirFault(StatusCodes.Status400BadRequest, faults);
        try
        {
            var result = await ExecuteAsync(caller, new()
            {
                Changes = Renumbered(requests),
                Content = [.. SHA256.HashData(bytes.Span)],
                Key = key,
            });
            if (result.Fault is { } refused)
                return refused.ToHttp();
            var next = 0;
            var answers = requests.Select(request => request.Change is null ? Reading.Entry(store, caller, request, server) : EntryAnswer.Of(result.Outcomes[next++])).ToList();
            return BundleAnswer.Render("transaction-response", answers, store, caller.Centre, back);
        }
        catch (StoreBusyException busy)
        {
            return StoreFaults.Busy(busy);
        }
    }

    private async Task<IResult> BatchAsync(Caller caller, ImmutableArray<EntryRequest> requests, ImmutableArray<Issue> issues, Return back, string server)
    {
        var broken = issues.Where(static issue => issue.IsError).ToLookup(static issue => EntryOf(issue));
        if (broken[null].Any())
            return new FhirFault(StatusCodes.Status422UnprocessableEntity, issues);
        List<EntryAnswer> answers = [];
        try
        {
            foreach (var request in requests)
            {
                ImmutableArray<Issue> wrong = [.. broken[request.Entry.Index]];
                if (!wrong.IsEmpty)
                    answers.Add(new(StatusCodes.Status422UnprocessableEntity, Issues: wrong));
                else if (request.Fault is { } fault)
                    answers.Add(new(StatusCodes.Status400BadRequest, Issues: [fault]));
                else if (caller.Refuse(request) is { } forbidden)
                    answers.Add(new(StatusCodes.Status403Forbidden, Issues: [forbidden]));
                else if (request.Change is not { } change)
                    answers.Add(Reading.Entry(store, caller, request, server));
                else
                    answers.Add(await AloneAsync(caller, change));
            }
        }
        catch (StoreBusyException busy)
        {
            // R4 answers a batch with 200 whatever became of its entries; what concerns the whole server is no entry's.
            return StoreFaults.Busy(busy);
        }

        // The changes have told each of themselves; the batch is what was asked for.
        caller.Trail.Untold();
        return BundleAnswer.Render("batch-response", answers, store, caller.Centre, back);
    }

    /// <summary>An entry of a batch: a transaction of its own.</summary>
    private async Task<EntryAnswer> AloneAsync(Caller caller, Change change)
    {
        var result = await ExecuteAsync(caller, new() { Changes = [change] });
        return result.Fault is { } refused ? new(StoreFaults.Status(refused.Kind), Issues: refused.Issues) : EntryAnswer.Of(result.Outcomes[0]);
    }

    /// <summary>Carries out, and has the cases derived that it concerns.</summary>
    public async Task<TransactionResult> ExecuteAsync(Caller caller, Transaction transaction)
    {
        var result = await store.ExecuteAsync(caller.Centre, transaction with { Audit = caller.Trail.OfChange(caller) });
        if (result.Fault is not null)
            caller.Trail.Untold();
        if (result is { Fault: null, IsRepetition: false })
            cases.Wake();
        return result;
    }

    private IResult Single(HttpContext context, string centre, Outcome outcome)
    {
        var response = context.Response;
        var etag = outcome.Version > 0 ? EntryAnswer.Tag(outcome.Version) : null;
        if (outcome.Version > 0 && outcome.Effect != Effect.Deleted)
        {
            response.Headers.LastModified = outcome.Instant.ToString("R");
            response.Headers.Location = $"{context.Request.Scheme}://{context.Request.Host}{Endpoints.RouteTable.Base}/{outcome.Type}/{outcome.Id}/_history/{outcome.Version}";
        }

        if (outcome.Effect is Effect.Deleted or Effect.Absent)
            return Empty(etag, StatusCodes.Status204NoContent);
        var status = outcome.Effect == Effect.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        return Preference.Of(context).Return switch
        {
            Return.Minimal => Empty(etag, status),
            Return.OperationOutcome => new FhirResource(OperationOutcomes.Render([]), status, etag) { IsConditional = false },
            _ => new FhirResource(store.Read(centre, outcome.Type, outcome.Id, outcome.Version)!.Body, status, etag) { IsConditional = false },
        };

        IResult Empty(string? tag, int code)
        {
            response.Headers.ETag = tag;
            return Results.StatusCode(code);
        }
    }

    /// <summary>The changes of the requests, whose links then mean positions among the changes.</summary>
    private static ImmutableArray<Change> Renumbered(ImmutableArray<EntryRequest> requests)
    {
        if (requests.All(static request => request.Change is not null))
            return [.. requests.Select(static request => request.Change!)];
        var places = requests.Where(static request => request.Change is not null).Select(static (request, place) => (request.Entry.Index, place)).ToDictionary(static one => one.Index, static one => one.place);
        return
        [
            .. requests.Where(static request => request.Change is not null).Select(request => request.Change! with
            {
                Links = [.. request.Change!.Links.Select(link => link with { Entry = link.Entry is { } entry && places.TryGetValue(entry, out var place) ? place : null })],
            }),
        ];
    }

    private async Task<(ReadResult? Read, RequestBody Body, FhirFault? Fault)> ReadAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context);
        if (body.Fault is not null)
            return (null, default, body.Fault);
        if (Size.Values(body.Bytes.Span, body.Format) > options.Value.MaxValues)
            return (null, default, Faults.TooManyValues(options.Value));
        var read = body.Format.Read(body.Bytes);
        return read.Document is null ? (null, default, new(StatusCodes.Status400BadRequest, read.Issues)) : (read, body, null);
    }

    /// <summary>The entry that an issue is about; null when it is about the Bundle.</summary>
    private static int? EntryOf(Issue issue)
    {
        const string Entry = "Bundle.entry[";
        return issue.Expressions is [var path, ..] && path.StartsWith(Entry, StringComparison.Ordinal) && path.IndexOf(']', StringComparison.Ordinal) is > 0 and var end
            && int.TryParse(path.AsSpan(Entry.Length, end - Entry.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
