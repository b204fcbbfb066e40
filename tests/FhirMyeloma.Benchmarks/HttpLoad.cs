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

    /// <summary>Posts so many different transactions once, then each again.</summary>
    public static async Task TransactionsAsync(string url, int clients, int count)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = clients };
        using var http = new HttpClient(handler);
        // A number of its own for every run, so that a store that is not empty meets new patients.
        var start = (int)(DateTime.UtcNow.Ticks / TimeSpan.TicksPerSecond % 10_000_000);
        for (var warm = 0; warm < 20; warm++)
            await PostAsync(http, url, GeneratedBundle.Transaction(start - warm));
        byte[][] bundles = [.. Enumerable.Range(start + 1, count).AsParallel().AsOrdered().Select(GeneratedBundle.Transaction)];
        foreach (var pass in new[] { "first post", "posted again" })
        {
            var next = -1;
            var watch = Stopwatch.StartNew();
            var each = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
            {
                var calls = new List<Call>();
                for (var i = Interlocked.Increment(ref next); i < bundles.Length; i = Interlocked.Increment(ref next))
                    calls.Add(await PostAsync(http, url, bundles[i]));
                return calls;
            }));
            var seconds = watch.Elapsed.TotalSeconds;
            var times = each.SelectMany(calls => calls).Select(call => call.Milliseconds).Order().ToArray();
            var refused = each.Sum(calls => calls.Count(call => call.Status is not System.Net.HttpStatusCode.OK));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{pass}: {clients} clients, {count} transactions of 300 resources: {count / seconds:0.0} bundles/s, {count * 300 / seconds:0} resources/s, p50 {At(times, 0.5):0} ms, p99 {At(times, 0.99):0} ms, {refused} not 200"));
            await CaughtUpAsync(http, url);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and every case derived: {count / watch.Elapsed.TotalSeconds:0.0} bundles/s"));
        }
    }

    /// <summary>Waits until no case is stale any more.</summary>
    private static async Task CaughtUpAsync(HttpClient http, string url)
    {
        while (true)
        {
            using var list = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri(new Uri(url), "/api/cases?count=1")));
            if (list.RootElement.GetProperty("pending").GetInt32() == 0)
                return;
            await Task.Delay(50);
        }
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
