using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FhirMyeloma.Service.Metrics;

/// <summary>What the service measures of itself beside what the framework and the store do; spans of the pipeline's steps.</summary>
internal static class Measures
{
    /// <summary>Name of the meter and of the source of spans.</summary>
    public const string Name = "FhirMyeloma";

    private static readonly Meter _meter = new(Name);

    /// <summary>One span a step; costs nothing while nobody listens.</summary>
    public static ActivitySource Steps { get; } = new(Name);

    /// <summary>How long deriving a kept case takes.</summary>
    public static Histogram<double> Derivation { get; } = _meter.CreateHistogram<double>("fhirmyeloma.case.derivation.duration", "s", "Time to derive a case from what is kept");

    /// <summary>Issues of refusals, by their stable code.</summary>
    public static Counter<long> Issues { get; } = _meter.CreateCounter<long>("fhirmyeloma.issues", null, "Issues of refused requests by their code");
}
