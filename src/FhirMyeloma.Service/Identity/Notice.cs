namespace FhirMyeloma.Service.Identity;

/// <summary>Says on every page that nobody is asked who they are, as long as that is so.</summary>
internal static class Notice
{
    /// <summary>The sentence.</summary>
    public const string Text = "Without identity: everybody who reaches this service is let in as one development centre and sees all that is kept.";

    /// <summary>Where it goes in a page.</summary>
    private const string Place = "<!-- identity -->";

    /// <summary>Puts it into the pages that are files.</summary>
    public static async Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value is "/" ? "/index.html" : context.Request.Path.Value!;
        var services = context.RequestServices;
        if (!path.EndsWith(".html", StringComparison.Ordinal) || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            || services.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider.GetFileInfo(path) is not { Exists: true } file
            || services.GetRequiredService<Callers>().Ask)
        {
            await next(context);
            return;
        }

        using var reader = new StreamReader(file.CreateReadStream());
        var page = await reader.ReadToEndAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "no-cache";
        await Results.Text(page.Replace(Place, $"<p class=\"warning\"><strong>{Text}</strong></p>", StringComparison.Ordinal), "text/html; charset=utf-8").ExecuteAsync(context);
    }
}
