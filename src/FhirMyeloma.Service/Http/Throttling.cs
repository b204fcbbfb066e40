using System.Globalization;
using System.Threading.RateLimiting;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service.Http;

/// <summary>So many requests a minute from one address; so many that write at a time, of one caller and of all. The probes are never refused, and reads never wait for writes.</summary>
internal static class Throttling
{
    public static void Configure(RateLimiterOptions limiter)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(static context =>
            context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
                ? RateLimitPartition.GetNoLimiter("probes")
                : RateLimitPartition.GetFixedWindowLimiter(context.Connection.RemoteIpAddress?.ToString() ?? "unknown", _ => new FixedWindowRateLimiterOptions
                {
                    PermitLimit = context.RequestServices.GetRequiredService<IOptions<ServiceOptions>>().Value.RequestsPerMinute,
                    Window = TimeSpan.FromMinutes(1),
                }));
        limiter.OnRejected = static async (rejected, _) =>
        {
            if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                rejected.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await Faults.OfStatus(StatusCodes.Status429TooManyRequests, "").ExecuteAsync(rejected.HttpContext);
        };
    }

    /// <summary>One caller's share of the writer: what is more waits, and what may not wait either is refused with 429.</summary>
    public static RateLimiterOptions WritesOfOne(ServiceOptions options) => Writes(
        static context => context.Features.Get<Caller>() is { IsDevelopment: false } caller ? caller.Name : context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
        new() { PermitLimit = options.WritesAtOnce, QueueLimit = options.WritesWaiting },
        static () => Faults.Of(Faults.Throttled, "This caller has too many requests under way that write. Wait as long as the Retry-After header says, and send fewer at a time."));

    /// <summary>What all callers together may have under way: more is refused with 503.</summary>
    public static RateLimiterOptions WritesOfAll(ServiceOptions options) => Writes(
        static _ => "all",
        new() { PermitLimit = options.WritesOfAll },
        static () => StoreFaults.Busy(new StoreBusyException("Too many write at a time.")));

    private static RateLimiterOptions Writes(Func<HttpContext, string> whose, ConcurrencyLimiterOptions limits, Func<FhirFault> fault) => new()
    {
        GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => context.GetEndpoint()?.Metadata.GetMetadata<RouteRow>() is { Writes: true }
            ? RateLimitPartition.GetConcurrencyLimiter("writes:" + whose(context), _ => limits)
            : RateLimitPartition.GetNoLimiter("reads")),
        OnRejected = async (rejected, _) => await fault().ExecuteAsync(rejected.HttpContext),
    };
}
