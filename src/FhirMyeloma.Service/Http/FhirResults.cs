using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Xml;
using FhirMyeloma.Service.Metrics;
using Microsoft.Net.Http.Headers;

namespace FhirMyeloma.Service.Http;

/// <summary>A resource as answer: the bytes as they are, indented when <c>_pretty=true</c>, in XML when that was asked for.</summary>
/// <param name="Json">The resource in canonical bytes.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="ETag">A weak tag with its quotes, when the resource has a version.</param>
internal sealed record FhirResource(ReadOnlyMemory<byte> Json, int Status = StatusCodes.Status200OK, string? ETag = null) : IResult
{
    /// <summary>False for the answer to a change, which is never held already.</summary>
    public bool IsConditional { get; init; } = true;

    private static readonly JsonWriterOptions _indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (ETag is not null)
        {
            response.Headers.ETag = ETag;
            if (IsConditional && httpContext.Request.Headers.IfNoneMatch.SelectMany(static held => (held ?? "").Split(',')).Any(Matches))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        var format = Negotiation.Answers(httpContext);
        var body = format == WireFormat.Xml ? Xml(Json) : Json;
        if (Negotiation.WantsPretty(httpContext))
            body = format == WireFormat.Xml ? IndentXml(body) : Indent(body);
        response.StatusCode = Status;
        response.ContentType = MediaType(format);
        response.Headers.Vary = HeaderNames.Accept;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
            await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    /// <summary>The media type that bodies under <c>/fhir</c> leave with; errors too.</summary>
    public static string MediaType(WireFormat format) => format == WireFormat.Xml ? "application/fhir+xml; charset=utf-8" : "application/fhir+json; charset=utf-8";

    /// <summary>The same resource in XML, through the same elements.</summary>
    public static byte[] Xml(ReadOnlyMemory<byte> json) =>
        FhirXmlWriter.Write(FhirJsonReader.Read(json, new ReadLimits(Check: false)).Document!.Root);

    private static ReadOnlyMemory<byte> IndentXml(ReadOnlyMemory<byte> xml)
    {
        var buffer = new MemoryStream((int)(xml.Length * 1.5));
        using (var writer = XmlWriter.Create(buffer, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), OmitXmlDeclaration = true }))
        using (var reader = XmlReader.Create(new MemoryStream(xml.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit }))
            writer.WriteNode(reader, defattr: false);
        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>RFC 9110: <c>If-None-Match</c> compares weakly.</summary>
    private bool Matches(string held) => held.Trim() is var tag && (tag == "*" || Opaque(tag) == Opaque(ETag!));

    private static string Opaque(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

    internal static ReadOnlyMemory<byte> Indent(ReadOnlyMemory<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length * 2);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
        using (var writer = new Utf8JsonWriter(buffer, _indented))
            document.WriteTo(writer);
        return buffer.WrittenMemory;
    }
}

/// <summary>A fault as answer: an OperationOutcome with every issue found.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Issues">What is wrong; no text of a patient in it.</param>
internal sealed record FhirFault(int Status, ImmutableArray<Issue> Issues) : IResult
{
    /// <summary>The scope that a caller would need; null where the fault is another.</summary>
    public string? MissingScope { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Challenge(httpContext.Request) is { } challenge)
            httpContext.Response.Headers.WWWAuthenticate = challenge;
        foreach (var code in Issues.Select(static issue => issue.Code).Distinct(StringComparer.Ordinal))
            Measures.Issues.Add(1, new KeyValuePair<string, object?>("code", code));
        if (Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            httpContext.Response.Headers.TryAdd(HeaderNames.RetryAfter, 1.ToString(CultureInfo.InvariantCulture));
        if (Status is StatusCodes.Status415UnsupportedMediaType)
            httpContext.Response.Headers.AcceptEncoding = "gzip, br";
        return new FhirResource(OperationOutcomes.Render(Issues), Status).ExecuteAsync(httpContext);
    }

    /// <summary>What a client is to present (RFC 6750 section 3); null where that is not the trouble.</summary>
    private string? Challenge(HttpRequest request) => Status switch
    {
        StatusCodes.Status401Unauthorized when request.Headers.Authorization.Count > 0 => "Bearer realm=\"fhirmyeloma\", error=\"invalid_token\"",
        StatusCodes.Status401Unauthorized => "Bearer realm=\"fhirmyeloma\"",
        StatusCodes.Status403Forbidden when MissingScope is not null => $"Bearer realm=\"fhirmyeloma\", error=\"insufficient_scope\", scope=\"{MissingScope}\"",
        _ => null,
    };
}
