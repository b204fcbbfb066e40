using FhirMyeloma.Service;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Cases;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Jobs;
using FhirMyeloma.Service.Metrics;
using FhirMyeloma.Service.Pooling;
using FhirMyeloma.Service.Storing;
using Microsoft.Extensions.Options;

if (CommandLine.Claims(args))
    return CommandLine.Run(args);

// --open is ours alone; everything else on the command line is configuration (--urls, --FhirMyeloma:MaxEntries …).
var open = args.Contains(CommandLine.Open, StringComparer.Ordinal);
string[] settings = [.. args.Where(static argument => argument != CommandLine.Open)];
var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = settings,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Configuration.AddCommandLine(settings, StoreOpening.Switches);
if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
    builder.WebHost.UseUrls(open ? "http://0.0.0.0:5080" : "http://localhost:5080");

// The body's size is limited where it is read (Http/RequestBody), after decompression, so that the refusal has a body of its own.
builder.WebHost.ConfigureKestrel(static kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = null;
    LongRequests.Allow(kestrel.Limits);
});
builder.Logging.ClearProviders().AddJsonConsole();
builder.Services
    .AddOptions<ServiceOptions>().BindConfiguration(ServiceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
builder.Services
    .AddRouting(static routing => routing.ConstraintMap.Add(TypeNames.Name, typeof(TypeNames)))
    .AddSingleton(TimeProvider.System)
    .AddSingleton(static services => StoreOpening.Open(services.GetRequiredService<IOptions<ServiceOptions>>().Value, services.GetRequiredService<TimeProvider>()))
    .AddSingleton<MetricsText>()
    .AddTracing(builder.Configuration)
    .AddSingleton<SigningKeys>()
    .AddSingleton<Tokens>()
    .AddSingleton<Callers>()
    .AddSingleton<AuditWriter>()
    .AddHostedService(static services => services.GetRequiredService<AuditWriter>())
    .AddSingleton<AuditAnswers>()
    .AddSingleton<Keeping>()
    .AddSingleton<PatientRecord>()
    .AddSingleton<Everything>()
    .AddSingleton<CaseDerivation>()
    .AddSingleton<CaseAnswers>()
    .AddSingleton<PoolingKey>()
    .AddSingleton<PooledCases>()
    .AddSingleton<Duplicates>()
    .AddSingleton<CaseWorker>()
    .AddHostedService(static services => services.GetRequiredService<CaseWorker>())
    .AddSingleton<JobIntake>()
    .AddSingleton<JobAnswers>()
    .AddSingleton<BundleWork>()
    .AddSingleton<ImportWork>()
    .AddSingleton<ExportWork>()
    .AddSingleton<DerivationWork>()
    .AddHostedService<JobWorker>()
    .AddSingleton<Published>()
    .AddSingleton<Pipeline>()
    .AddSingleton<Validation>()
    .AddSingleton<Readiness>()
    .AddHostedService(static services => services.GetRequiredService<Readiness>())
    .AddResponseCompression(Compression.Configure)
    .AddRateLimiter(Throttling.Configure)
    .AddOpenApiDocument();

var app = builder.Build();
// From here on it is measured.
_ = app.Services.GetRequiredService<MetricsText>();
if ((StoreOpening.Refusal(app.Services) ?? Listening.Refuses(app, open)) is { } refusal)
{
    Console.Error.WriteLine(refusal);
    return 1;
}

app.UseMiddleware<Unhandled>();
app.Use(Headers.ApplyAsync);
app.Use(LongRequests.RefuseAsync);
app.UseResponseCompression();
app.Use(Notice.ApplyAsync);
app.UseDefaultFiles().UseStaticFiles();
app.UseOpenApiPage();
app.UseRouting();
app.UseRateLimiter();
app.UseMiddleware<Auditing>();
app.UseMiddleware<Admission>();
// After the door, which knows whose share it is.
var limits = app.Services.GetRequiredService<IOptions<ServiceOptions>>().Value;
app.UseRateLimiter(Throttling.WritesOfOne(limits));
app.UseRateLimiter(Throttling.WritesOfAll(limits));
RouteTable.MapAll(app);
app.Lifetime.ApplicationStarted.Register(() => Listening.Announce(app));
await app.RunAsync();
return 0;

/// <summary>The composition root.</summary>
public partial class Program;
