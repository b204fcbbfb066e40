using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Audit;

namespace FhirMyeloma.Service.Audit;

/// <summary>The audit for whoever may read it.</summary>
internal sealed class AuditAnswers(FhirStore store, AuditWriter writer)
{
    /// <summary>Rows on a page where nothing is said.</summary>
    public const int DefaultCount = 100;

    /// <summary>Rows that a page may hold.</summary>
    public const int MostCount = 1_000;

    /// <summary>Filters, all of which must hold.</summary>
    public static ImmutableArray<RouteParameter> Parameters { get; } =
    [
        new("from", "Recorded at or after this date or instant.", []), new("to", "Recorded before this instant, or up to the end of this day.", []),
        new("patient", "About the patient with this logical id.", []), new("agent", "By this caller: the subject of a token, or `key:` and the id of an API key.", []),
        new("action", "What was done.", ["C", "R", "U", "D", "E"]), new("outcome", "How it ended.", ["0", "4", "8", "12"]), new("center", "In this centre.", []),
        new("count", $"Accesses on a page, at most {MostCount}; one that concerns several patients is an event for each.", [], "100"), new("page", "Copied from a `next` link.", []),
    ];

    /// <summary><c>GET /api/audit</c>: newest first.</summary>
    public async Task<IResult> SearchAsync(HttpContext context, Caller caller)
    {
        var query = context.Request.Query;
        foreach (var parameter in Parameters)
        {
            if (query.TryGetValue(parameter.Name, out var said) && (said is not [{ Length: > 0 } value] || (!parameter.Values.IsEmpty && !parameter.Values.Contains(value, StringComparer.Ordinal))))
                return Wrong(parameter.Name, parameter.Values.IsEmpty ? $"{parameter.Name} is given once, with a value." : $"Allowed for {parameter.Name}: {string.Join(", ", parameter.Values)}.");
        }

        var (from, to) = (FhirDate.Parse(One("from")), FhirDate.Parse(One("to")));
        if ((from is null && One("from") is not null) || (to is null && One("to") is not null))
            return Wrong("from", "from and to are dates or instants, for instance 2026-03-05 or 2026-03-05T10:00:00Z.");
        var count = DefaultCount;
        if (One("count") is { } many && (!int.TryParse(many, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > MostCount))
            return Wrong("count", $"count is a number from 1 to {MostCount}.");
        long before = 0;
        if (One("page") is { } page && !long.TryParse(page, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return Wrong("page", "page is the one of a next link, as it was given.");
        // An auditor of centres sees what was done in them; one of none sees everything.
        var centre = One("center") ?? (caller.Centres is [var only] ? only : null);
        if (!caller.Centres.IsEmpty && (centre is null || !caller.Centres.Contains(centre, StringComparer.Ordinal)))
            return Faults.Of(Faults.CentreForeign, $"Name one of your centres: center={string.Join(" or ", caller.Centres)}.", "http.center");

        // Who asks sees their own last request, and everybody's.
        await writer.FlushAsync();
        var rows = store.Audit.Page(
            new()
            {
                From = Start(from),
                To = to is { Instant: { } end } ? end : to is { } day ? new DateTimeOffset(day.Last.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddDays(1) : null,
                Patient = One("patient"),
                Agent = One("agent"),
                Action = One("action")?[0],
                Outcome = One("outcome") is { } outcome ? int.Parse(outcome, CultureInfo.InvariantCulture) : null,
                Centre = centre,
            },
            before > 0 ? before : null, count + 1);
        return new FhirResource(Bundle(context, [.. rows.Take(count)], rows.Length > count, One("patient")));

        string? One(string name) => query[name] is [{ Length: > 0 } value] ? value : null;

        static DateTimeOffset? Start(FhirDate? date) => date is { Instant: { } instant } ? instant : date is { } day ? new DateTimeOffset(day.First.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
    }

    private static byte[] Bundle(HttpContext context, ImmutableArray<AuditRow> rows, bool hasMore, string? patient)
    {
        var request = context.Request;
        var said = string.Join('&', request.Query.Where(static one => one.Key != "page").Select(static one => $"{one.Key}={Uri.EscapeDataString(one.Value.ToString())}"));
        var self = $"{request.Scheme}://{request.Host}{request.Path}";
        var json = new CanonicalJson((rows.Length * 1_500) + 512);
        json.StartObject().Member("resourceType", "Bundle").Member("type", "searchset").Name("link").StartArray()
            .StartObject().Member("relation", "self").Member("url", $"{self}{request.QueryString}").EndObject();
        if (hasMore)
            json.StartObject().Member("relation", "next").Member("url", string.Create(CultureInfo.InvariantCulture, $"{self}?{said}{(said.Length > 0 ? "&" : "")}page={rows[^1].Number}")).EndObject();
        json.EndArray();
        if (!rows.IsEmpty)
        {
            json.Name("entry").StartArray();
            foreach (var row in rows)
                AuditEvents.WriteEntries(row, patient, json);
            json.EndArray();
        }

        return json.EndObject().ToArray();
    }

    private static FhirFault Wrong(string parameter, string text) => Faults.Of(Faults.ParameterValue, text, $"http.{parameter}");
}
