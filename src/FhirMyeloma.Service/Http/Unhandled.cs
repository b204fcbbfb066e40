using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;

namespace FhirMyeloma.Service.Http;

/// <summary>
/// The outermost step: gives every request its id, answers a bug with 500 and that id and no text, and gives the bodiless errors of
/// the framework (routing, request line, size) an OperationOutcome.
/// </summary>
internal sealed class Unhandled(RequestDelegate next, ILogger<Unhandled> log, TimeProvider clock)
{
    private const string RequestId = "X-Request-Id";

    public async Task InvokeAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var id = RequestIdOf(context.Request);
        context.TraceIdentifier = id;
        context.Response.Headers[RequestId] = id;
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed, ContentType: null })
                NameTheMethods(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
                await Faults.OfStatus(context.Response.StatusCode, RouteTable.Hint).ExecuteAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody to answer.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (BadHttpRequestException malformed) when (!context.Response.HasStarted)
        {
            await Faults.OfStatus(malformed.StatusCode, RouteTable.Hint).ExecuteAsync(context);
        }
        catch (StoreBusyException busy) when (!context.Response.HasStarted)
        {
            log.Failed(id, (busy.InnerException ?? busy).GetType().FullName, busy.StackTrace);
            context.Response.Headers.ETag = default;
            await StoreFaults.Busy(busy).ExecuteAsync(context);
        }
        catch (Exception bug) when (!context.Response.HasStarted)
        {
            // An exception's message may quote what a hospital sent; its type and the stack trace cannot.
            log.Failed(id, bug.GetType().FullName, bug.StackTrace);
            context.Response.Headers.ETag = default;
            await Faults.Of(Faults.Internal, $"The server failed on this request. Tell its operator this id: {id}").ExecuteAsync(context);
        }
        finally
        {
            var route = context.GetEndpoint()?.Metadata.GetMetadata<RouteRow>()?.Path ?? "(none)";
            var took = (long)clock.GetElapsedTime(started).TotalMilliseconds;
            log.Answered(context.Request.Method, route, context.Response.StatusCode, took, id);
        }
    }

    /// <summary>The framework looks no further than the pattern that takes a method; which methods a path answers is said by all of them.</summary>
    private static void NameTheMethods(HttpContext context)
    {
        var allowed = RouteTable.MethodsOf(context.Request.Path);
        if (allowed.IsEmpty)
            return;
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = string.Join(", ", allowed);
    }

    /// <summary>The sender's id when it is one that may stand in a header and a log line, else a new one.</summary>
    private static string RequestIdOf(HttpRequest request) =>
        request.Headers[RequestId] is [{ Length: > 0 and <= 64 } sent] && sent.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
            ? sent
            : Guid.CreateVersion7().ToString();
}
