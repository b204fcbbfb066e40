using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Service.Storing;

/// <summary>What an entry of a batch or transaction is answered with.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Outcome">What became of a change; null for a reading.</param>
/// <param name="Body">What was read; empty for a change.</param>
/// <param name="ETag">Of what was read.</param>
/// <param name="Issues">Why it failed.</param>
internal sealed record EntryAnswer(int Status, Outcome? Outcome = null, ReadOnlyMemory<byte> Body = default, string? ETag = null, ImmutableArray<Issue> Issues = default)
{
    public static EntryAnswer Of(Outcome outcome) => new(
        outcome.Effect switch
        {
            Effect.Created => StatusCodes.Status201Created,
            Effect.Updated or Effect.Unchanged => StatusCodes.Status200OK,
            Effect.Deleted or Effect.Absent => StatusCodes.Status204NoContent,
        },
        outcome,
        ETag: outcome.Version > 0 ? Tag(outcome.Version) : null);

    /// <summary>The weak tag of a version.</summary>
    public static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");
}

/// <summary>The answer to a batch or transaction: one entry for each, in the same order.</summary>
internal static class BundleAnswer
{
    public static IResult Render(string type, List<EntryAnswer> answers, FhirStore store, string centre, Return back)
    {
        var json = new CanonicalJson(answers.Count * 192);
        json.StartObject().Member("resourceType", "Bundle").Member("type", type);
        if (answers.Count > 0)
        {
            json.Name("entry").StartArray();
            foreach (var answer in answers)
                Write(answer, store, centre, back, json);
            json.EndArray();
        }

        return new FhirResource(json.EndObject().ToArray());
    }

    private static void Write(EntryAnswer answer, FhirStore store, string centre, Return back, CanonicalJson json)
    {
        json.StartObject();
        if (!answer.Body.IsEmpty)
            json.Name("resource").Raw(answer.Body.Span);
        else if (back == Return.Representation && answer.Outcome is { Version: > 0, Effect: not Effect.Deleted } kept)
            json.Name("resource").Raw(store.Read(centre, kept.Type, kept.Id, kept.Version)!.Body.Span);
        json.Name("response").StartObject().Member("status", StatusLine(answer.Status));
        if (answer.Outcome is { Version: > 0, Effect: not Effect.Deleted } outcome)
            json.Member("location", string.Create(CultureInfo.InvariantCulture, $"{outcome.Type}/{outcome.Id}/_history/{outcome.Version}"));
        json.Member("etag", answer.ETag);
        if (answer.Outcome is { Version: > 0 } dated)
            json.Member("lastModified", dated.Instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        if (!answer.Issues.IsDefaultOrEmpty || back == Return.OperationOutcome)
        {
            json.Name("outcome");
            OperationOutcomes.Render(answer.Issues.IsDefault ? [] : answer.Issues, json);
        }

        json.EndObject().EndObject();
    }

    private static string StatusLine(int status) => $"{status.ToString(CultureInfo.InvariantCulture)} {Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)}";
}
