using System.IO.Compression;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FhirMyeloma.Service.Http;

/// <summary>The body of one request, whole and decompressed.</summary>
/// <param name="Bytes">The bytes; empty when there is a fault.</param>
/// <param name="Format">What the Content-Type calls them.</param>
/// <param name="Fault">Why there is no body to read.</param>
internal readonly record struct RequestBody(ReadOnlyMemory<byte> Bytes, WireFormat Format, FhirFault? Fault)
{
    /// <summary>
    /// Reads the body within the limits of the options. Memory stays bounded whatever the sender does: the limit counts bytes after
    /// decompression, so that a bomb stops at the limit and not at its end.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="lines">Takes FHIR NDJSON as well, which is then called JSON.</param>
    public static async Task<RequestBody> ReadAsync(HttpContext context, bool lines = false)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<ServiceOptions>>().Value;
        var request = context.Request;
        if ((lines && IsLines(request) ? WireFormat.Json : FormatOf(request)) is not { } format)
            return Refused(Faults.Of(Faults.UnsupportedMediaType, "The Content-Type must be application/fhir+json, application/json, application/fhir+xml or application/xml, in UTF-8, FHIR 4.0.", "http.Content-Type"));
        if (request.ContentLength > options.MaxBodyBytes)
            return Refused(TooLarge(options));

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(TimeSpan.FromSeconds(options.BodyTimeoutSeconds));
        try
        {
            Stream? decompressed = request.Headers.ContentEncoding.ToString().Trim().ToUpperInvariant() switch
            {
                "" or "IDENTITY" => request.Body,
                "GZIP" or "X-GZIP" => new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
                "BR" => new BrotliStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
                _ => null,
            };
            return decompressed is null
                ? Refused(Faults.Of(Faults.UnsupportedEncoding, "This content encoding is not read here. Send the body as it is, or with gzip or br."))
                : await FillAsync(decompressed, format, request.ContentLength, options, patience.Token);
        }
        catch (Exception broken) when (broken is InvalidDataException or InvalidOperationException)
        {
            return Refused(Faults.Of(Faults.EncodingBroken, "The body is not what its Content-Encoding says: it cannot be decompressed."));
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Refused(Faults.OfStatus(StatusCodes.Status408RequestTimeout, ""));
        }
    }

    private static async Task<RequestBody> FillAsync(Stream source, WireFormat format, long? announced, ServiceOptions options, CancellationToken stop)
    {
        // One byte more than announced (or allowed) shows the end of the stream, or the excess, without another buffer.
        var buffer = new byte[Math.Min(Math.Max(announced ?? 0, 16_384), options.MaxBodyBytes) + 1];
        var filled = 0;
        while (true)
        {
            var read = await source.ReadAsync(buffer.AsMemory(filled), stop);
            if (read == 0)
                return new(buffer.AsMemory(0, filled), format, null);
            filled += read;
            if (filled > options.MaxBodyBytes)
                return Refused(TooLarge(options));
            if (filled == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, options.MaxBodyBytes + 1L));
        }
    }

    private static FhirFault TooLarge(ServiceOptions options) => Faults.Of(
        Faults.BodyTooLarge,
        FormattableString.Invariant($"The body is larger than {options.MaxBodyBytes} bytes (counted after decompression). Send fewer patients in one Bundle."));

    private static RequestBody Refused(FhirFault fault) => new(default, default, fault);

    /// <summary>True for one resource a line (NDJSON).</summary>
    public static bool IsLines(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Value?.ToUpperInvariant() is "APPLICATION/FHIR+NDJSON" or "APPLICATION/NDJSON" or "APPLICATION/X-NDJSON";

    /// <summary>Null when this server does not read such a body.</summary>
    private static WireFormat? FormatOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && Negotiation.FhirVersionFits(type)
            ? Negotiation.FormatOf(type.MediaType.Value)
            : null;
}
