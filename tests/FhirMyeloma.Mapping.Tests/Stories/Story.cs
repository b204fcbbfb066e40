using System.Collections.Immutable;
using FhirMyeloma.Clinical;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>A Bundle on its way: read, mapped, derived, rendered.</summary>
internal sealed record Story(ImmutableArray<PatientResults> Patients, byte[] Output, ImmutableArray<Issue> Issues)
{
    private static readonly RenderSettings Settings = new() { Timestamp = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Version = "0.1.0" };

    /// <summary>The stories that are assessed; the one of faults is refused before it is mapped.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Repo.Root, "fhir-examples"))
            .Select(folder => Path.GetFileName(folder))
            .Where(name => name != "every-kind-of-fault")
            .Order(StringComparer.Ordinal),
    ];

    public static byte[] Input(string name) => File.ReadAllBytes(Path.Combine(Repo.Root, "fhir-examples", name, "input.json"));

    public static Story Of(string name) => Of(Input(name));

    public static Story Of(ReadOnlyMemory<byte> input, Language language = Language.English, DerivationPolicy? policy = null)
    {
        var read = FhirJsonReader.Read(input);
        var bundle = Bundle.From(read.Document) ?? throw new InvalidDataException("not a Bundle");
        var mapped = BundleToCase.Map(bundle);
        ImmutableArray<Issue> issues = [.. read.Issues, .. bundle.CheckReferences(), .. mapped.Issues];
        ImmutableArray<PatientResults> patients = [.. mapped.Patients.Select(patient => new PatientResults
        {
            Case = patient.Case,
            Results = Derivation.Derive(patient.Case, policy ?? DerivationPolicy.Default),
            Patient = patient.Patient,
            FullUrl = patient.FullUrl,
            Sources = patient.Sources,
        })];
        return new(patients, CaseToBundle.Render(patients, issues, Settings with { Language = language }), issues);
    }

    /// <summary>The derived Bundle as elements.</summary>
    public Element Root => FhirJsonReader.Read(Output).Document!.Root;
}
