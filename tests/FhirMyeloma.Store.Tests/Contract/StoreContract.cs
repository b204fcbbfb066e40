using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Store.Transactions;

namespace FhirMyeloma.Store.Tests.Contract;

/// <summary>What every engine promises. Each test has a store of its own.</summary>
public abstract class StoreContract : IDisposable
{
    protected const string Alcala = "alcala";
    protected const string Vitoria = "vitoria";

    private FhirStore? _store;

    internal Clock Clock { get; } = new();

    /// <summary>The store of this test: one, however many ask for it at once.</summary>
    protected FhirStore Store
    {
        get
        {
            lock (Clock)
                return _store ??= Open();
        }
    }

    public void Dispose()
    {
        _store?.Dispose();
        Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store of this test, again and again the same.</summary>
    protected abstract FhirStore Open();

    /// <summary>Removes everything.</summary>
    protected abstract void Clear();

    /// <summary>Closes the store and opens it anew, as after a restart.</summary>
    protected void Reopen()
    {
        _store?.Dispose();
        _store = Open();
    }

    protected async Task<TransactionResult> PostAsync(string bundle, string? key = null, string centre = Alcala)
    {
        var (transaction, faults) = Read(bundle, key);
        return faults.IsEmpty ? await Store.ExecuteAsync(centre, transaction!) : new([], new(FaultKind.Invalid, faults));
    }

    /// <summary>A transaction that is expected to be carried out.</summary>
    protected async Task<ImmutableArray<Outcome>> DoneAsync(string bundle, string? key = null, string centre = Alcala)
    {
        var result = await PostAsync(bundle, key, centre);
        Assert.Null(result.Fault?.Issues[0].Text);
        return result.Outcomes;
    }

    /// <summary>A transaction that is expected to be refused.</summary>
    protected async Task<StoreFault> RefusedAsync(string bundle, string? key = null)
    {
        var result = await PostAsync(bundle, key);
        Assert.NotNull(result.Fault);
        Assert.All(result.Fault.Issues, static issue => Assert.Equal(IssueSeverity.Error, issue.Severity));
        return result.Fault;
    }

    protected static (Transaction? Transaction, ImmutableArray<Issue> Faults) Read(string bundle, string? key = null)
    {
        var bytes = Encoding.UTF8.GetBytes(bundle);
        var read = FhirJsonReader.Read(bytes);
        Assert.Empty(read.Issues.Where(static issue => issue.IsError).Select(static issue => issue.Text));
        var requests = BundleRequests.Of(Bundle.From(read.Document)!);
        ImmutableArray<Issue> faults = [.. requests.Select(static request => request.Fault).OfType<Issue>()];
        return faults.IsEmpty
            ? (new() { Changes = [.. requests.Select(static request => request.Change!)], Content = [.. SHA256.HashData(bytes)], Key = key }, [])
            : (null, faults);
    }

    /// <summary>The newest version of a resource as an element.</summary>
    protected Element Kept(string type, string id, string centre = Alcala) => Root(Store.Read(centre, type, id)!);

    protected static Element Root(StoredVersion version) => FhirJsonReader.Read(version.Body).Document!.Root;

    internal static string Transaction(params string[] entries) => $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{{{string.Join(',', entries)}}}]}""";

    internal static string Post(string fullUrl, string resource, string? ifNoneExist = null) =>
        $$$"""{"fullUrl":"{{{fullUrl}}}","resource":{{{resource}}},"request":{"method":"POST","url":"{{{TypeOf(resource)}}}"{{{(ifNoneExist is null ? "" : $",\"ifNoneExist\":\"{ifNoneExist}\"")}}}}}""";

    internal static string Put(string url, string resource, string? ifMatch = null) =>
        $$$"""{"resource":{{{resource}}},"request":{"method":"PUT","url":"{{{url}}}"{{{(ifMatch is null ? "" : $",\"ifMatch\":\"W/\\\"{ifMatch}\\\"\"")}}}}}""";

    internal static string Delete(string url) => $$$"""{"request":{"method":"DELETE","url":"{{{url}}}"}}""";

    internal static string Patient(string number, string? id = null, string family = "Prueba") =>
        $$$"""{"resourceType":"Patient",{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"identifier":[{"system":"urn:oid:1.2.3","value":"{{{number}}}"}],"name":[{"family":"{{{family}}}"}]}""";

    internal static string Result(string number, string subject, string value = "3.10", string? id = null) =>
        $$$"""{"resourceType":"Observation",{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"identifier":[{"system":"urn:oid:1.2.4","value":"{{{number}}}"}],"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"33358-3"}]},"subject":{"reference":"{{{subject}}}"},"effectiveDateTime":"2024-03-05","valueQuantity":{"value":{{{value}}},"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}}""";

    private static string TypeOf(string resource) => FhirJsonReader.Read(Encoding.UTF8.GetBytes(resource)).Document!.ResourceType;
}

/// <summary>A clock that goes on when it is told to.</summary>
internal sealed class Clock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.Parse("2026-01-02T03:04:05.006Z", CultureInfo.InvariantCulture);

    public override DateTimeOffset GetUtcNow() => Now;
}
