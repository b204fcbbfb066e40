using Microsoft.AspNetCore.ResponseCompression;

namespace FhirMyeloma.Service.Http;

/// <summary>gzip and br for whoever accepts them. Over TLS too: no answer mixes a secret with what an attacker chose.</summary>
internal static class Compression
{
    public static void Configure(ResponseCompressionOptions compression)
    {
        compression.EnableForHttps = true;
        compression.MimeTypes = ["application/fhir+json", "application/fhir+xml", "application/json", "application/json;charset=utf-8", "text/html", "text/css", "text/javascript", "image/svg+xml"];
    }
}
