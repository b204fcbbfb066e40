using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Staging;

/// <summary>A stage under one system with what the record leaves open (f.1).</summary>
/// <param name="System">Which system.</param>
/// <param name="Stage">1 to 4; null when the record does not decide.</param>
/// <param name="BoundWorst">Highest stage that any values of the missing inputs give.</param>
/// <param name="BoundBest">Lowest stage that any values of the missing inputs give.</param>
/// <param name="Reported">The stage that the hospital stated.</param>
/// <param name="Date">Date of the inputs.</param>
/// <param name="Missing">Names of missing inputs in upper case, e.g. <c>LDH</c>, <c>DEL_17P</c>.</param>
/// <param name="Flags">Caveats.</param>
/// <param name="Rule">Rule id.</param>
/// <param name="Sources">The inputs that decided it.</param>
public sealed record StageResult(
    StagingSystem System,
    int? Stage,
    int? BoundWorst,
    int? BoundBest,
    int? Reported,
    ClinicalDate? Date,
    ImmutableArray<string> Missing,
    ImmutableArray<Flag> Flags,
    string Rule,
    ImmutableArray<SourceId> Sources)
{
    /// <inheritdoc cref="Cited"/>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.These(Sources);
}

/// <summary>Named definitions of high-risk cytogenetics (f.2).</summary>
public enum RiskDefinition
{
    /// <summary>del(17p), t(4;14), t(14;16): the list of R-ISS.</summary>
    RIss,
    /// <summary>IMWG 2016 (Sonneveld).</summary>
    Imwg2016,
    /// <summary>IMS/IMWG 2025 consensus genomic staging.</summary>
    ImsImwg2025,
    /// <summary>mSMART.</summary>
    MSmart,
}

/// <summary>Risk category.</summary>
public enum RiskLevel { Standard, High, NotDeterminable }

/// <summary>Cytogenetic risk under one definition.</summary>
/// <param name="Definition">Which definition.</param>
/// <param name="Level">High, standard or not determinable.</param>
/// <param name="Abnormalities">The abnormalities found that the definition counts.</param>
/// <param name="BoundWorst">The worst that missing inputs leave open.</param>
/// <param name="BoundBest">The best that missing inputs leave open.</param>
/// <param name="Date">Date of the test, else of diagnosis.</param>
/// <param name="Missing">Names of missing inputs in upper case, e.g. <c>CREATININE</c>.</param>
/// <param name="Flags">Caveats.</param>
/// <param name="Sources">The inputs that decided it.</param>
public sealed record CytogeneticRisk(
    RiskDefinition Definition,
    RiskLevel Level,
    ImmutableArray<Abnormality> Abnormalities,
    RiskLevel BoundWorst,
    RiskLevel BoundBest,
    ClinicalDate? Date,
    ImmutableArray<string> Missing,
    ImmutableArray<Flag> Flags,
    ImmutableArray<SourceId> Sources)
{
    /// <inheritdoc cref="Cited"/>
    public ImmutableArray<SourceId> Sources { get => Cited.Sources; init => Cited = Cited.These(value); }

    internal Cited Cited { get; init; } = Cited.These(Sources);
}
