using System.Net;
using System.Text.RegularExpressions;
using FhirMyeloma.Service.Endpoints;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>
/// Every row of the route table, tried by one centre on what another keeps: the answer is that to what exists nowhere, byte for byte. A row without a case fails, so that no new
/// route can be forgotten.
/// </summary>
public sealed partial class RowIsolation(RowIsolation.Kept kept) : IClassFixture<RowIsolation.Kept>
{
    private const string Nowhere = "nowhere";

    /// <summary>A request about something: what it is called, and the body.</summary>
    private sealed record Case(Func<Thing, string> Url, Func<Thing, string>? Body = null, Func<Thing, (string, string)[]>? Headers = null, string Type = "application/fhir+json")
    {
        /// <summary>The statuses that reading what exists nowhere may have; empty for what makes, or finds nothing.</summary>
        public HttpStatusCode[] Refused { get; init; } = [HttpStatusCode.NotFound];
    }

    /// <summary>Something that is asked for: it exists in the other centre, or nowhere.</summary>
    internal sealed record Thing(string Id, string Job, string Centre);

    private static readonly HttpStatusCode[] _answers = [];

    private static readonly Dictionary<string, Case> _cases = new(StringComparer.Ordinal)
    {
        ["assess"] = new(static _ => "/fhir/$assess", static thing => Bundle(Centres.Patient(thing.Id))) { Refused = _answers },
        ["bundle"] = new(static _ => "/fhir", static thing => Batch($"Patient/{thing.Id}", $"Patient/{thing.Id}/_history/1", $"Observation/{thing.Id}", $"Observation?patient=Patient/{thing.Id}")) { Refused = _answers },
        ["create"] = new(static _ => "/fhir/Observation", static thing => Centres.Observation("x", thing.Id), static thing => [("If-None-Exist", $"patient=Patient/{thing.Id}&_lastUpdated=lt2000")]) { Refused = _answers },
        ["update"] = new(static thing => $"/fhir/Patient/{thing.Id}", static thing => Centres.Patient(thing.Id, "Otra")) { Refused = _answers },
        ["updateConditionally"] = new(static thing => $"/fhir/Observation?patient=Patient/{thing.Id}&code=none", static _ => Centres.Observation("x", "x").Replace("\"id\":\"x\",", "", StringComparison.Ordinal)) { Refused = _answers },
        ["delete"] = new(static thing => $"/fhir/Observation/{thing.Id}") { Refused = _answers },
        ["deleteConditionally"] = new(static thing => $"/fhir/Patient?identifier={thing.Id}") { Refused = _answers },
        ["read"] = new(static thing => $"/fhir/Observation/{thing.Id}"),
        ["vread"] = new(static thing => $"/fhir/Observation/{thing.Id}/_history/1"),
        ["history"] = new(static thing => $"/fhir/Observation/{thing.Id}/_history"),
        ["historyOfType"] = new(static _ => "/fhir/Observation/_history?_since=2999-01-01T00:00:00Z") { Refused = _answers },
        ["historyOfSystem"] = new(static _ => "/fhir/_history?_since=2999-01-01T00:00:00Z") { Refused = _answers },
        ["search"] = new(static thing => $"/fhir/Observation?patient=Patient/{thing.Id}&_total=accurate") { Refused = _answers },
        ["searchByPost"] = new(static _ => "/fhir/Observation/_search", static thing => $"_id={thing.Id}&_total=accurate", Type: "application/x-www-form-urlencoded") { Refused = _answers },
        ["everything"] = new(static thing => $"/fhir/Patient/{thing.Id}-a/$everything"),
        ["everythingByPost"] = new(static thing => $"/fhir/Patient/{thing.Id}-a/$everything", static _ => Parameters),
        ["everythingOfPatients"] = new(static _ => "/fhir/Patient/$everything?_since=2999-01-01T00:00:00Z") { Refused = _answers },
        ["everythingOfPatientsByPost"] = new(static _ => "/fhir/Patient/$everything?_since=2999-01-01T00:00:00Z", static _ => Parameters) { Refused = _answers },
        ["assessPatient"] = new(static thing => $"/fhir/Patient/{thing.Id}-a/$assess"),
        ["assessPatientByPost"] = new(static thing => $"/fhir/Patient/{thing.Id}-a/$assess", static _ => Parameters),
        ["cases"] = new(static thing => $"/api/cases?center={thing.Centre}") { Refused = _answers },
        ["case"] = new(static thing => $"/api/cases/{thing.Id}-a"),
        ["export"] = new(static thing => $"/fhir/$export?_since=2999-01-01T00:00:00Z") { Refused = _answers },
        ["exportPatients"] = new(static thing => $"/fhir/Patient/$export?_since=2999-01-01T00:00:00Z") { Refused = _answers },
        ["jobs"] = new(static _ => "/api/jobs") { Refused = _answers },
        ["job"] = new(static thing => $"/api/jobs/{thing.Job}"),
        ["jobFile"] = new(static thing => $"/api/jobs/{thing.Job}/0.ndjson"),
        ["cancelJob"] = new(static thing => $"/api/jobs/{thing.Job}"),
        ["audit"] = new(static thing => $"/api/audit?patient={thing.Id}") { Refused = [HttpStatusCode.Forbidden] },
        ["duplicates"] = new(static _ => "/api/duplicates") { Refused = [HttpStatusCode.Forbidden] },
        ["validate"] = new(static _ => "/fhir/$validate", static thing => Centres.Observation("x", thing.Id)) { Refused = _answers },
        ["validateType"] = new(static _ => "/fhir/Observation/$validate", static thing => Centres.Observation("x", thing.Id)) { Refused = _answers },
        ["readCodeSystem"] = new(static thing => $"/fhir/CodeSystem/{thing.Id}"),
        ["readConceptMap"] = new(static thing => $"/fhir/ConceptMap/{thing.Id}"),
        ["readOperationDefinition"] = new(static thing => $"/fhir/OperationDefinition/{thing.Id}"),
        ["readStructureDefinition"] = new(static thing => $"/fhir/StructureDefinition/{thing.Id}"),
        ["readValueSet"] = new(static thing => $"/fhir/ValueSet/{thing.Id}"),
    };

    private const string Parameters = """{"resourceType":"Parameters"}""";

    public static TheoryData<string> Rows => [.. RouteTable.All.Where(static row => !row.Needs.IsOpen).Select(static row => row.Id)];

    [Fact]
    public void Every_row_that_is_not_open_has_a_case() =>
        Assert.Equal(RouteTable.All.Where(static row => !row.Needs.IsOpen).Select(static row => row.Id).Order(StringComparer.Ordinal), _cases.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task What_another_centre_keeps_is_answered_as_what_exists_nowhere(string id)
    {
        var row = RouteTable.All.Single(row => row.Id == id);
        var tried = _cases[id];
        var there = await AnswerAsync(row.Method, tried, kept.There);
        var nowhere = await AnswerAsync(row.Method, tried, new(Nowhere, "00000000-0000-4000-8000-000000000000", Nowhere));
        Assert.Equal(nowhere, there);
        Assert.DoesNotContain("Secreta", tried.Body is null ? there.Body : "", StringComparison.Ordinal);
        if (tried.Refused.Length > 0)
            Assert.Contains(there.Status, tried.Refused);
        if (row.Method == "GET")
            Assert.Equal(await AnswerAsync("HEAD", tried, new(Nowhere, "00000000-0000-4000-8000-000000000000", Nowhere)), await AnswerAsync("HEAD", tried, kept.There));
        await kept.IsUntouchedAsync();
    }

    /// <summary>Status, headers and body, with what was asked for and what no two answers share made the same.</summary>
    private async Task<(HttpStatusCode Status, string Headers, string Body)> AnswerAsync(string method, Case tried, Thing thing)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(tried.Url(thing), UriKind.Relative)) { Content = tried.Body is null ? null : Server.Json(tried.Body(thing), tried.Type) };
        request.Headers.TryAddWithoutValidation("X-Request-Id", "same");
        foreach (var (name, value) in tried.Headers?.Invoke(thing) ?? [])
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await kept.Other.SendAsync(request);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(static header => header.Key is not ("Date" or "Content-Length")).OrderBy(static header => header.Key, StringComparer.Ordinal)
            .Select(static header => $"{header.Key}: {string.Join(',', header.Value)}");
        return (answer.StatusCode, Same(string.Join('\n', headers), thing), Same(await answer.Content.ReadAsStringAsync(), thing));
    }

    private static string Same(string text, Thing thing) => Varying().Replace(text.Replace(thing.Job, "JOB", StringComparison.Ordinal).Replace(thing.Id, "ID", StringComparison.Ordinal).Replace(thing.Centre, "CENTRE", StringComparison.Ordinal), "…");

    private static string Bundle(string resource) => $$$"""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{{{resource}}}}]}""";

    private static string Batch(params string[] urls) => $$$"""{"resourceType":"Bundle","type":"batch","entry":[{{{string.Join(',', urls.Select(static url => $$$"""{"request":{"method":"GET","url":"{{{url}}}"}}"""))}}}]}""";

    // Ids that the store gives, instants, dates of headers, how far the own jobs are.
    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z|\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT|""state"":""\w+"",""done"":\d+,""total"":\d+", RegexOptions.None, 5_000)]
    private static partial Regex Varying();

    /// <summary>What one centre keeps, and a caller of another.</summary>
    public sealed class Kept : IAsyncLifetime, IDisposable
    {
        private const string Id = "secret-1";
        private readonly Centres _server = new();
        private HttpClient _owner = null!;
        private string _before = "";

        internal HttpClient Other { get; private set; } = null!;

        internal Thing There { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _owner = await _server.OfAsync(Centres.Alcala);
            Other = await _server.OfAsync(Centres.Vitoria);
            await MadeAsync("Patient", Id, Centres.Patient(Id));
            await MadeAsync("Patient", $"{Id}-a", Centres.Patient($"{Id}-a"));
            await MadeAsync("Observation", Id, Centres.Observation(Id, Id));
            await MadeAsync("CodeSystem", Id, $$$"""{"resourceType":"CodeSystem","id":"{{{Id}}}","status":"draft","content":"not-present","title":"Secreta"}""");
            await MadeAsync("ConceptMap", Id, $$$"""{"resourceType":"ConceptMap","id":"{{{Id}}}","status":"draft","title":"Secreta"}""");
            await MadeAsync("OperationDefinition", Id, $$$"""{"resourceType":"OperationDefinition","id":"{{{Id}}}","name":"Secreta","status":"draft","kind":"operation","code":"secreta","system":true,"type":false,"instance":false}""");
            await MadeAsync("StructureDefinition", Id, $$$"""{"resourceType":"StructureDefinition","id":"{{{Id}}}","url":"https://example.org/secreta","name":"Secreta","status":"draft","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{"element":[{"id":"Patient","path":"Patient"}]}}""");
            await MadeAsync("ValueSet", Id, $$$"""{"resourceType":"ValueSet","id":"{{{Id}}}","status":"draft","title":"Secreta"}""");
            var accepted = await _owner.CallAsync("GET", "/fhir/$export");
            There = new(Id, accepted.Content.Headers.ContentLocation!.AbsolutePath.Split('/')[^1], Centres.Alcala);
            for (var tries = 0; tries < 600 && (await _owner.CallAsync("GET", $"/api/jobs/{There.Job}")).StatusCode == HttpStatusCode.Accepted; tries++)
                await Task.Delay(50);
            _before = await StateAsync();
        }

        /// <summary>Nothing that the other centre did has changed what this one keeps, or can be seen there.</summary>
        internal async Task IsUntouchedAsync() => Assert.Equal(_before, await StateAsync());

        public Task DisposeAsync() => Task.CompletedTask;

        public void Dispose() => _server.Dispose();

        private async Task MadeAsync(string type, string id, string resource)
        {
            var made = await _owner.CallAsync("PUT", $"/fhir/{type}/{id}", resource);
            Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        }

        private async Task<string> StateAsync()
        {
            List<string> state = [];
            foreach (var url in (string[])[$"/fhir/Patient/{Id}/_history", $"/fhir/Observation/{Id}/_history", $"/fhir/Patient/{Id}/$everything", "/fhir/Patient?_total=accurate", "/fhir/Observation?_total=accurate", $"/api/jobs/{There.Job}", $"/api/jobs/{There.Job}/0.ndjson"])
            {
                var answer = await _owner.CallAsync("GET", url);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, url);
                state.Add(await answer.Content.ReadAsStringAsync());
            }

            return string.Join('\n', state);
        }
    }
}
