using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace FhirMyeloma.Benchmarks;

/// <summary>A closed loop of clients that post one bundle again and again. Clients and server share the machine, so it is a lower bound.</summary>
internal static class HttpLoad
{
    /// <summary>Warms up for two seconds, then counts for ten.</summary>
    public static async Task RunAsync(string url, int clients, byte[] bundle)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = clients };
        using var http = new HttpClient(handler);
        var answer = await PostAsync(http, url, bundle);
        Console.WriteLine($"{url}: {(int)answer.Status}, {answer.Length:#,0} bytes back for {bundle.Length:#,0}");
        await LoadAsync(http, url, clients, bundle, TimeSpan.FromSeconds(2));
        var watch = Stopwatch.StartNew();
        var calls = await LoadAsync(http, url, clients, bundle, TimeSpan.FromSeconds(10));
        var seconds = watch.Elapsed.TotalSeconds;
        var times = calls.Select(call => call.Milliseconds).Order().ToArray();
        var refused = calls.Count(call => call.Status is not System.Net.HttpStatusCode.OK);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{clients} clients: {times.Length / seconds:0} bundles/s, {times.Length * (double)bundle.Length / seconds / 1e6:0} MB/s, p50 {At(times, 0.5):0.0} ms, p95 {At(times, 0.95):0.0} ms, p99 {At(times, 0.99):0.0} ms, {refused} not 200"));
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private static async Task<List<Call>> LoadAsync(HttpClient http, string url, int clients, byte[] bundle, TimeSpan duration)
    {
        var end = Stopwatch.StartNew();
        var each = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            var calls = new List<Call>();
            while (end.Elapsed < duration)
                calls.Add(await PostAsync(http, url, bundle));
            return calls;
        }));
        return [.. each.SelectMany(calls => calls)];
    }

    private static async Task<Call> PostAsync(HttpClient http, string url, byte[] bundle)
    {
        var watch = Stopwatch.StartNew();
        using var content = new ByteArrayContent(bundle);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        using var response = await http.PostAsync(new Uri(url), content);
        var body = await response.Content.ReadAsByteArrayAsync();
        return new(response.StatusCode, body.Length, watch.Elapsed.TotalMilliseconds);
    }

    private readonly record struct Call(System.Net.HttpStatusCode Status, int Length, double Milliseconds);
}
