using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Http;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service;

/// <summary>A hospital's Bundle in, the derived Bundle out: the steps in their order. Pure but for the time of day.</summary>
internal sealed class Pipeline(IOptions<ServiceOptions> options, TimeProvider clock)
{
    /// <summary>Derives without keeping anything.</summary>
    /// <param name="body">The posted resource; must not change while this runs.</param>
    /// <param name="said">Parameters that were said outside the body.</param>
    public Answer Assess(ReadOnlyMemory<byte> body, ImmutableArray<Said> said)
    {
        // Read, and Validate on the way: one pass over the bytes.
        var read = FhirJsonReader.Read(body);
        if (read.Document is null)
            return Answer.Refused(StatusCodes.Status400BadRequest, read.Issues);
        var (request, fault) = AssessRequest.From(read.Document, said);
        if (request is null)
            return new(default, fault);
        if (request.Bundle.Entries.Length > options.Value.MaxEntries)
            return new(default, Faults.Of(Faults.TooManyEntries, $"The Bundle holds more than {options.Value.MaxEntries} entries. Send fewer patients in one Bundle.", $"{request.Root}.entry"));
        ImmutableArray<Issue> issues = [.. read.Issues, .. request.Rooted(request.Bundle.CheckReferences())];
        if (issues.Any(static issue => issue.IsError))
            return Answer.Refused(StatusCodes.Status422UnprocessableEntity, issues);

        _ = clock;
        return new(default, Faults.OfStatus(StatusCodes.Status503ServiceUnavailable, ""));
    }
}

/// <summary>What the pipeline ended with.</summary>
/// <param name="Bundle">The derived Bundle in canonical bytes; empty when there is a fault.</param>
/// <param name="Fault">Why there is none.</param>
internal readonly record struct Answer(ReadOnlyMemory<byte> Bundle, FhirFault? Fault)
{
    public static Answer Refused(int status, ImmutableArray<Issue> issues) => new(default, new(status, issues));
}
