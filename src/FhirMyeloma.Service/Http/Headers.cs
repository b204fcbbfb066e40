namespace FhirMyeloma.Service.Http;

/// <summary>Headers of every answer: no sniffing, no framing, scripts and styles from here only, and no cache for what may hold patients.</summary>
internal static class Headers
{
    // The Swagger UI writes style attributes and draws its icons from data URIs; nothing else of it needs an exception.
    private const string Policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private const string PagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal) ? Policy : PagePolicy;
        if (HttpMethods.IsPost(context.Request.Method))
            headers.CacheControl = "no-store";
        return next(context);
    }
}
