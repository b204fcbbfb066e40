using System.Collections.Immutable;
using FhirMyeloma.Clinical;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Metrics;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service;

/// <summary>A hospital's Bundle in, the derived Bundle out: the steps in their order. Pure but for the time of day.</summary>
internal sealed class Pipeline(IOptions<ServiceOptions> options, TimeProvider clock)
{
    // Nothing but the Bundle is at hand here; its fullUrls only have to tell its resources apart.
    private static readonly ValidationOptions Rules = new() { Warnings = false, ReferencesMustResolve = true, ModifiersMustBeKnown = true, FullUrls = false };

    /// <summary>Derives without keeping anything.</summary>
    /// <param name="body">The posted resource; must not change while this runs.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="said">Parameters that were said outside the body.</param>
    public Answer Assess(ReadOnlyMemory<byte> body, WireFormat format, ImmutableArray<Said> said)
    {
        if (Size.Values(body.Span, format) > options.Value.MaxValues)
            return new(default, [], Faults.TooManyValues(options.Value));

        // Read: structure, primitives and required codes are checked in the same pass over the bytes.
        var read = Step("read", () => format.Read(body));
        if (read.Document is null)
            return Answer.Refused(StatusCodes.Status400BadRequest, read.Issues);
        var (request, fault) = AssessRequest.From(read.Document, said, options.Value);
        if (request is null)
            return new(default, [], fault);

        // Validate: what breaks R4 is refused; what merely leaves the Bundle is said.
        ImmutableArray<Issue> issues = [.. Step("validate", () => Validator.R4.Validate(read, Rules)), .. request.Rooted(request.Bundle.CheckReferences().Where(static issue => !issue.IsError))];
        if (issues.Any(static issue => issue.IsError))
            return Answer.Refused(StatusCodes.Status422UnprocessableEntity, [.. issues, .. request.Rooted(BundleToCase.CheckSubjects(request.Bundle))]);

        // Map: what the hospital says, as cases.
        var mapped = Step("map", () => BundleToCase.Map(request.Bundle));
        issues = [.. issues, .. request.Rooted(mapped.Issues)];
        if (issues.Any(static issue => issue.IsError))
            return Answer.Refused(StatusCodes.Status422UnprocessableEntity, issues);

        // Derive: each case by the chosen rulesets.
        var patients = Step("derive", () => Derived(mapped, request.Choice.Policy));

        // Render: results as resources, with their evidence. Respond is the caller's.
        return new(Step("render", () => CaseToBundle.Render(patients, issues, Settings(request.Choice))), patients, null);
    }

    /// <summary>Derives from what is kept, which was validated before it was kept.</summary>
    /// <param name="bundle">A Bundle of one patient's resources; must not change while this runs.</param>
    /// <param name="choice">Rulesets and the like.</param>
    public Answer AssessKept(ReadOnlyMemory<byte> bundle, AssessChoice choice)
    {
        var kept = Bundle.From(FhirJsonReader.Read(bundle, new ReadLimits(MaxIssues: 1, Check: false)).Document)!;
        var mapped = Step("map", () => BundleToCase.Map(kept));
        ImmutableArray<Issue> issues = [.. kept.CheckReferences().Where(static issue => !issue.IsError), .. mapped.Issues];
        if (issues.Any(static issue => issue.IsError))
            return Answer.Refused(StatusCodes.Status422UnprocessableEntity, issues);
        var patients = Step("derive", () => Derived(mapped, choice.Policy));
        return new(Step("render", () => CaseToBundle.Render(patients, issues, Settings(choice))), patients, null);
    }

    /// <summary>Derives from what is kept about one patient, for those who may not know whom it is about. What the record itself gives rise to say is left out.</summary>
    /// <param name="bundle">A Bundle of one patient's resources.</param>
    /// <param name="choice">Rulesets and the like.</param>
    /// <param name="id">By what the patient is known to the reader.</param>
    /// <param name="weeks">By how many weeks dates may move, the first choice first.</param>
    /// <returns>No patient where nothing can be derived.</returns>
    public Answer AssessPooled(ReadOnlyMemory<byte> bundle, AssessChoice choice, string id, IEnumerable<int> weeks)
    {
        var mapped = BundleToCase.Map(Bundle.From(FhirJsonReader.Read(bundle, new ReadLimits(MaxIssues: 1, Check: false)).Document)!);
        return mapped.Patients is [var only] && !mapped.Issues.Any(static issue => issue.IsError) && PooledPatient.Of(only.Case, choice.Policy, id, weeks) is { } pooled
            ? new(CaseToBundle.Render([pooled], [], Settings(choice)), [pooled], null)
            : new(default, [], null);
    }

    /// <summary>A step with its span.</summary>
    private static T Step<T>(string name, Func<T> work)
    {
        using var span = Measures.Steps.StartActivity(name);
        return work();
    }

    private static ImmutableArray<PatientResults> Derived(MappedBundle mapped, DerivationPolicy policy) => [.. mapped.Patients.Select(patient => Derived(patient, policy))];

    private static PatientResults Derived(MappedPatient patient, DerivationPolicy policy) => new()
    {
        Case = patient.Case,
        Results = Derivation.Derive(patient.Case, policy),
        Patient = patient.Patient,
        FullUrl = patient.FullUrl,
        Sources = patient.Sources,
    };

    private RenderSettings Settings(AssessChoice choice) => new()
    {
        Timestamp = clock.GetUtcNow(),
        Version = MetadataEndpoints.Version,
        Language = choice.Language,
    };
}

/// <summary>What the pipeline ended with.</summary>
/// <param name="Bundle">The derived Bundle in canonical bytes; empty when there is a fault.</param>
/// <param name="Patients">What stands in it, by patient; for tables.</param>
/// <param name="Fault">Why there is none.</param>
internal readonly record struct Answer(ReadOnlyMemory<byte> Bundle, ImmutableArray<PatientResults> Patients, FhirFault? Fault)
{
    public static Answer Refused(int status, ImmutableArray<Issue> issues) => new(default, [], new(status, issues));
}
