using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace FhirMyeloma.Service.Tests.Torture;

/// <summary>
/// Many clients race conditional creates and overlapping transactions on the same patients while what keeps them is killed again and again: nothing is kept twice, nothing
/// acknowledged is lost, nothing is half there, and no client is answered that the store was in its way.
/// </summary>
/// <param name="services">Where the clients post, each to one of them.</param>
internal sealed class RacingClients(params Uri[] services)
{
    private const int Patients = 6;
    private const int ResultsOfOne = 5;
    private const int ChecksAtOnce = 8;

    private readonly ConcurrentBag<(int Client, int Number, string[] Locations)> _acknowledged = [];
    private readonly ConcurrentBag<(int Client, int Number)> _sent = [];
    private readonly ConcurrentBag<string> _wrong = [];

    public int Acknowledged => _acknowledged.Count;

    public int Sent => _sent.Count;

    /// <summary>What must not be.</summary>
    public IEnumerable<string> Wrong => _wrong;

    /// <summary>Posts until the end, and then until everything that was begun is answered.</summary>
    public Task RaceAsync(int clients, CancellationToken over) => Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => PostAsync(client, services[client % services.Length], over), CancellationToken.None)));

    /// <summary>Posts one transaction after the other, each until it is answered.</summary>
    private async Task PostAsync(int client, Uri service, CancellationToken over)
    {
        using var http = new HttpClient { BaseAddress = service, Timeout = TimeSpan.FromSeconds(20) };
        for (var number = 0; !over.IsCancellationRequested; number++)
        {
            _sent.Add((client, number));
            while (true)
            {
                try
                {
                    using var body = Server.Json(Bundle(client, number));
                    using var answer = await http.PostAsync(new Uri("fhir", UriKind.Relative), body, CancellationToken.None);
                    if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                    {
                        await Task.Delay(50, CancellationToken.None);
                        continue;
                    }

                    var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                    if (answer.StatusCode == HttpStatusCode.OK)
                        _acknowledged.Add((client, number, Locations(text)));
                    else
                        _wrong.Add($"{(int)answer.StatusCode} to {client}/{number}: {text[..Math.Min(300, text.Length)]}");
                    break;
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException)
                {
                    // Killed under the request: whether it was carried out is not known, and it is sent again.
                    await Task.Delay(30, CancellationToken.None);
                }
            }
        }
    }

    /// <summary>A patient that others create too, and results that are this transaction's alone.</summary>
    private static string Bundle(int client, int number)
    {
        var patient = (client + number) % Patients;
        var results = Enumerable.Range(0, ResultsOfOne).Select(i =>
            $$$"""{"resource":{"resourceType":"Observation","identifier":[{"system":"urn:oid:1.2.4","value":"{{{Result(client, number, i)}}}"}],"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"33358-3"}]},"subject":{"reference":"urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0001"},"effectiveDateTime":"2024-03-05","valueQuantity":{"value":{{{i}}}.5,"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}},"request":{"method":"POST","url":"Observation","ifNoneExist":"identifier=urn:oid:1.2.4|{{{Result(client, number, i)}}}"}}""");
        return $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:7d8a4a5c-6a0e-4d9c-8a3c-1f0e8a1d0001","resource":{"resourceType":"Patient","identifier":[{"system":"urn:oid:1.2.3","value":"{{{patient}}}"}]},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=urn:oid:1.2.3|{{{patient}}}"}},{{{string.Join(',', results)}}}]}""";
    }

    private static string Result(int client, int number, int i) => string.Create(CultureInfo.InvariantCulture, $"{client}-{number}-{i}");

    private static string[] Locations(string answer)
    {
        using var bundle = JsonDocument.Parse(answer);
        return [.. bundle.RootElement.GetProperty("entry").EnumerateArray().Select(static entry => entry.GetProperty("response").GetProperty("location").GetString()!)];
    }

    /// <summary>Compares what is kept with what was acknowledged.</summary>
    public async Task CheckAsync()
    {
        using var http = new HttpClient { BaseAddress = services[0] };
        Dictionary<string, string> patients = new(StringComparer.Ordinal);
        for (var patient = 0; patient < Patients; patient++)
        {
            var found = await FoundAsync(http, $"fhir/Patient?identifier=urn:oid:1.2.3|{patient}");
            if (found.Count != 1)
                _wrong.Add($"patient {patient} is there {found.Count} times");
            patients.Add(patient.ToString(CultureInfo.InvariantCulture), found.FirstOrDefault().Id ?? "");
        }

        var acknowledged = _acknowledged.ToDictionary(static one => (one.Client, one.Number), static one => one.Locations);
        await Parallel.ForEachAsync(_sent.Distinct(), new ParallelOptions { MaxDegreeOfParallelism = ChecksAtOnce }, async (one, _) =>
        {
            var (client, number) = one;
            var values = Enumerable.Range(0, ResultsOfOne).Select(i => $"urn:oid:1.2.4|{Result(client, number, i)}");
            var results = await FoundAsync(http, $"fhir/Observation?identifier={string.Join(',', values)}");
            var isAcknowledged = acknowledged.TryGetValue(one, out var locations);
            if (results.Count != ResultsOfOne && (isAcknowledged || results.Count != 0))
                _wrong.Add($"{client}/{number} {(isAcknowledged ? "was" : "was not")} acknowledged and left {results.Count} results of {ResultsOfOne}");
            var patient = patients[((client + number) % Patients).ToString(CultureInfo.InvariantCulture)];
            if (results.Exists(result => result.Subject != $"Patient/{patient}"))
                _wrong.Add($"a result of {client}/{number} is not of the patient that there is");
            foreach (var location in locations ?? [])
            {
                using var answer = await http.GetAsync(new Uri($"fhir/{location}", UriKind.Relative), CancellationToken.None);
                if (answer.StatusCode != HttpStatusCode.OK)
                    _wrong.Add($"{location} of {client}/{number} was acknowledged and is not there");
            }
        });
        foreach (var (number, id) in patients)
            await CheckCaseAsync(http, number, id);
    }

    /// <summary>A case holds whatever is kept about its patient, however often the process died between commit and derivation.</summary>
    private async Task CheckCaseAsync(HttpClient http, string number, string id)
    {
        using var kept = JsonDocument.Parse(await http.GetStringAsync(new Uri($"fhir/Observation?subject=Patient/{id}&_summary=count", UriKind.Relative)));
        using var derived = JsonDocument.Parse(await http.GetStringAsync(new Uri($"api/cases/{id}", UriKind.Relative)));
        var (results, inputs) = (kept.RootElement.GetProperty("total").GetInt32(), derived.RootElement.GetProperty("inputs").GetArrayLength());
        if (inputs != results + 1)
            _wrong.Add($"patient {number} has {results} results, and its case was derived from {inputs} resources");
    }

    private static async Task<List<(string Id, string Subject)>> FoundAsync(HttpClient http, string search)
    {
        using var bundle = JsonDocument.Parse(await http.GetStringAsync(new Uri(search, UriKind.Relative)));
        return bundle.RootElement.TryGetProperty("entry", out var entries)
            ? [.. entries.EnumerateArray().Select(static entry => entry.GetProperty("resource")).Select(static resource => (
                resource.GetProperty("id").GetString()!,
                resource.TryGetProperty("subject", out var subject) ? subject.GetProperty("reference").GetString()! : ""))]
            : [];
    }
}
