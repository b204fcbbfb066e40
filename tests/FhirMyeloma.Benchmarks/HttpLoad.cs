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
    /// <param name="url">The FHIR base.</param>
    /// <param name="clients">At a time.</param>
    /// <param name="count">How many.</param>
    /// <param name="size">Resources in one.</param>
    /// <param name="make">Makes the transaction of a number.</param>
    public static async Task TransactionsAsync(string url, int clients, int count, int size, Func<int, byte[]> make)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = clients };
        using var http = new HttpClient(handler);
        // A number of its own for every run, so that a store that is not empty meets new patients.
        var start = (int)(DateTime.UtcNow.Ticks / TimeSpan.TicksPerSecond % 10_000_000);
        for (var warm = 0; warm < 20; warm++)
            await PostAsync(http, url, make(start - warm));
        byte[][] bundles = [.. Enumerable.Range(start + 1, count).AsParallel().AsOrdered().Select(make)];
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
                $"{pass}: {clients} clients, {count} transactions of {size} resources: {count / seconds:0.0} bundles/s, {count * size / seconds:0} resources/s, p50 {At(times, 0.5):0} ms, p99 {At(times, 0.99):0} ms, {refused} not 200"));
            await CaughtUpAsync(http, url);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and every case derived: {count / watch.Elapsed.TotalSeconds:0.0} bundles/s"));
        }
    }

    /// <summary>Reads single resources for ten seconds: patients that a search lists, each again and again.</summary>
    public static async Task ReadsAsync(string url, int clients)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = clients };
        using var http = new HttpClient(handler);
        using var list = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri($"{url}/Patient?_count=1000")));
        Uri[] each = [.. list.RootElement.GetProperty("entry").EnumerateArray().Select(entry => new Uri($"{url}/Patient/{entry.GetProperty("resource").GetProperty("id").GetString()}"))];
        foreach (var duration in new[] { 2, 10 })
        {
            var watch = Stopwatch.StartNew();
            var times = (await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
            {
                var calls = new List<double>();
                for (var i = client; watch.Elapsed.TotalSeconds < duration; i += 7)
                {
                    var begun = watch.Elapsed;
                    await http.GetByteArrayAsync(each[i % each.Length]);
                    calls.Add((watch.Elapsed - begun).TotalMilliseconds);
                }

                return calls;
            }))).SelectMany(static calls => calls).Order().ToArray();
            if (duration > 2)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"reads of one resource, {clients} clients: {times.Length / watch.Elapsed.TotalSeconds:0} a second, p50 {At(times, 0.5):0.00} ms, p99 {At(times, 0.99):0.00} ms"));
        }
    }

    /// <summary>Fills a running server with patients of 300 resources and says from time to time how large its process is.</summary>
    /// <param name="url">The FHIR base.</param>
    /// <param name="patients">How many.</param>
    /// <param name="process">The server's process, on this machine.</param>
    public static async Task FillAsync(string url, int patients, int process)
    {
        using var http = new HttpClient();
        using var server = Process.GetProcessById(process);
        var watch = Stopwatch.StartNew();
        var done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(1, patients), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, _) =>
        {
            while ((await PostAsync(http, url, GeneratedBundle.Transaction(number))).Status != System.Net.HttpStatusCode.OK)
                await Task.Delay(100, CancellationToken.None);
            if (Interlocked.Increment(ref done) is var now && (now % 250 == 0 || now == patients))
            {
                server.Refresh();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now * 300:#,0} resources after {watch.Elapsed.TotalSeconds:0} s, {server.WorkingSet64 / 1e6:0} MB resident"));
            }
        });
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
