using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using FhirMyeloma.Benchmarks;
using FhirMyeloma.Clinical;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;

// dotnet run -c Release --project tests/FhirMyeloma.Benchmarks [patients]
// dotnet run -c Release --project tests/FhirMyeloma.Benchmarks cases [count]         derives so many generated patients on all cores
// dotnet run -c Release --project tests/FhirMyeloma.Benchmarks http URL [clients]     of a running server, for instance http://localhost:5080/fhir/$validate
// dotnet run -c Release --project tests/FhirMyeloma.Benchmarks transactions URL [clients] [count]    keeps so many in a running server, for instance http://localhost:5080/fhir
// dotnet run -c Release --project tests/FhirMyeloma.Benchmarks small URL [clients] [count]           the same with transactions of 12 resources
// dotnet run -c Release --project tests/FhirMyeloma.Benchmarks reads URL [clients]                   reads single resources of what is kept there
// dotnet run -c Release --project tests/FhirMyeloma.Benchmarks fill URL patients process             keeps so many patients of 300 resources and watches the process
if (args is ["transactions" or "small" or "reads" or "fill", var target, .. var numbers])
{
    var parsed = numbers.Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
    var clients = parsed.Length > 0 ? parsed[0] : 16;
    await (args[0] switch
    {
        "transactions" => HttpLoad.TransactionsAsync(target, clients, parsed.Length > 1 ? parsed[1] : 300, 300, GeneratedBundle.Transaction),
        "small" => HttpLoad.TransactionsAsync(target, clients, parsed.Length > 1 ? parsed[1] : 5_000, 12, GeneratedBundle.SmallTransaction),
        "reads" => HttpLoad.ReadsAsync(target, clients),
        _ => HttpLoad.FillAsync(target, parsed[0], parsed[1]),
    });
    return;
}

if (args is ["http", var url, .. var rest])
{
    await HttpLoad.RunAsync(url, rest is [var some] ? int.Parse(some, System.Globalization.CultureInfo.InvariantCulture) : 16, GeneratedBundle.Make(1));
    return;
}

if (args is ["cases", .. var count])
{
    ManyCases.Derive(count is [var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 100_000);
    return;
}

var first = Stopwatch.StartNew();
FhirJsonReader.Read("""{"resourceType":"Patient","active":true}"""u8.ToArray());
Console.WriteLine($"first read in this process, with its definitions: {first.Elapsed.TotalMilliseconds:0} ms");

var patients = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1;
var bundle = GeneratedBundle.Make(patients);
var read = FhirJsonReader.Read(bundle);
var verdict = Validator.R4.Validate(read);
if (read.Document is not { } document || verdict.Length > 0)
    throw new InvalidOperationException("The generated bundle is not valid: " + verdict.FirstOrDefault()?.Text);

Console.WriteLine($"{bundle.Length:#,0} bytes, {300 * patients:#,0} resources; median of 15 rounds, one thread");
Console.WriteLine($"{"",-24} {"ms",10} {"MB/s",10} {"x walk",10} {"B/B",10}");
var walk = Measure("walk the tokens", bundle, () => Walk(), 0);
Measure("read", bundle, () => FhirJsonReader.Read(bundle, new ReadLimits(Check: false)), walk);
Measure("read + structure", bundle, () => FhirJsonReader.Read(bundle), walk);
Measure("read + full validation", bundle, () => Validator.R4.Validate(FhirJsonReader.Read(bundle)), walk);
Measure("  errors only", bundle, () => Validator.R4.Validate(FhirJsonReader.Read(bundle), new() { Warnings = false }), walk);
Measure("write canonical", bundle, () => FhirJsonWriter.WriteCanonical(document.Root), walk);
Measure("bundle view", bundle, () => Bundle.From(document)!.Current, walk);

var view = Bundle.From(document) ?? throw new InvalidOperationException("The generated resource is no Bundle.");
var mapped = BundleToCase.Map(view);
var derived = Derive(mapped);
var settings = new RenderSettings { Timestamp = DateTimeOffset.UnixEpoch, Version = "0" };
Console.WriteLine($"$assess: {CaseToBundle.Render(derived, mapped.Issues, settings).Length:#,0} bytes derived");
Measure("map", bundle, () => BundleToCase.Map(view), walk);
Measure("derive", bundle, () => Derive(mapped), walk);
foreach (var (kind, cite) in Evidence.Kinds)
    Measure("  evidence: " + kind, bundle, () => Derive(mapped).Sum(patient => cite(patient.Results)), walk);
Measure("render", bundle, () => CaseToBundle.Render(derived, mapped.Issues, settings), walk);
Measure("whole $assess", bundle, () => Assess(bundle, settings), walk);

static byte[] Assess(byte[] bundle, RenderSettings settings)
{
    var read = FhirJsonReader.Read(bundle);
    var view = Bundle.From(read.Document)!;
    var mapped = BundleToCase.Map(view);
    return CaseToBundle.Render(Derive(mapped), [.. read.Issues, .. view.CheckReferences(), .. mapped.Issues], settings);
}

static ImmutableArray<PatientResults> Derive(MappedBundle mapped) =>
[
    .. mapped.Patients.Select(patient => new PatientResults
    {
        Case = patient.Case,
        Results = Derivation.Derive(patient.Case, DerivationPolicy.Default),
        Patient = patient.Patient,
        FullUrl = patient.FullUrl,
        Sources = patient.Sources,
    }),
];

int Walk()
{
    var reader = new Utf8JsonReader(bundle);
    var tokens = 0;
    while (reader.Read())
        tokens++;
    return tokens;
}

static double Measure(string name, byte[] bundle, Func<object> work, double walk)
{
    // A server that has run for a while: the runtime compiles hot code a second time in the background, hundreds of methods of it, and that takes seconds.
    var warm = Stopwatch.StartNew();
    while (warm.ElapsedMilliseconds < 3000)
        work();
    var once = Stopwatch.StartNew();
    var calls = 0;
    while (once.ElapsedMilliseconds < 70 || calls < 1)
    {
        work();
        calls++;
    }
    var perRound = calls;
    var times = new double[15];
    var allocated = GC.GetAllocatedBytesForCurrentThread();
    for (var round = 0; round < times.Length; round++)
    {
        var watch = Stopwatch.StartNew();
        for (var call = 0; call < perRound; call++)
            work();
        times[round] = watch.Elapsed.TotalMilliseconds / perRound;
    }
    allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
    Array.Sort(times);
    var median = times[times.Length / 2];
    var perByte = (double)allocated / (perRound * times.Length) / bundle.Length;
    Console.WriteLine($"{name,-24} {median,10:0.000} {bundle.Length / median / 1000,10:0} {(walk > 0 ? median / walk : 1),10:0.0} {perByte,10:0.0}");
    return median;
}
