using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>Heavy chain of the clone.</summary>
public enum HeavyChain { Unknown, IgG, IgA, IgM, IgD, IgE, LightChainOnly, NonSecretory }

/// <summary>Light chain.</summary>
public enum LightChain { Unknown, Kappa, Lambda }

/// <summary>What was found at diagnosis: date, clone, stated stages, cytogenetics.</summary>
public sealed record Diagnosis
{
    /// <summary>Nothing known.</summary>
    public static Diagnosis None { get; } = new();

    /// <summary>Date of diagnosis: onset, else recorded date of the first myeloma Condition; null when not stated.</summary>
    public ClinicalDate? Date { get; init; }

    /// <summary>The Condition that gives <see cref="Date"/>; null when none does.</summary>
    public SourceId? DateSource { get; init; }

    /// <summary>The Conditions that state the diagnosis.</summary>
    public ImmutableArray<SourceId> Sources { get; init; } = [];

    /// <summary>Heavy chain of the clone, as stated (subtype text) or typed by immunofixation.</summary>
    public HeavyChain HeavyChain { get; init; }

    /// <summary>Light chain of the clone; fixes the involved free light chain (R-BASE-3).</summary>
    public LightChain LightChain { get; init; }

    /// <summary>Where <see cref="HeavyChain"/> is from; null when it is not known.</summary>
    public SourceId? HeavyChainSource { get; init; }

    /// <summary>Where <see cref="LightChain"/> is from; null when it is not known.</summary>
    public SourceId? LightChainSource { get; init; }

    /// <summary>The resources that type the clone.</summary>
    public IEnumerable<SourceId> CloneSources => new[] { HeavyChainSource, LightChainSource }.OfType<SourceId>().Distinct();

    /// <summary>A plasmacytoma or extramedullary disease is stated at diagnosis.</summary>
    public bool Plasmacytoma { get; init; }

    /// <summary>Where <see cref="Plasmacytoma"/> is from; with the date of diagnosis where that makes it one of the diagnosis.</summary>
    public ImmutableArray<SourceId> PlasmacytomaSources { get; init; } = [];

    /// <summary>Stages that the hospital stated.</summary>
    public ImmutableArray<StatedStage> StatedStages { get; init; } = [];

    /// <summary>Cytogenetic findings, present and absent.</summary>
    public ImmutableArray<CytogeneticFinding> Cytogenetics { get; init; } = [];

    /// <summary>Reports that state the whole cytogenetic result; what such a report does not name was not found.</summary>
    public ImmutableArray<CytogeneticReport> CytogeneticReports { get; init; } = [];
}

/// <summary>Staging systems (f.1).</summary>
public enum StagingSystem { Iss, RIss, R2Iss }

/// <summary>A stage that the hospital stated.</summary>
/// <param name="System">Which system.</param>
/// <param name="Stage">1 to 4.</param>
/// <param name="Date">When, if stated.</param>
/// <param name="Source">Where from.</param>
public sealed record StatedStage(StagingSystem System, int Stage, ClinicalDate? Date, SourceId Source);

/// <summary>Cytogenetic and molecular abnormalities that some definition of risk or stage reads (f.1, f.2).</summary>
public enum Abnormality
{
    /// <summary>del(17p).</summary>
    Del17p,
    /// <summary>TP53 mutation.</summary>
    Tp53Mutation,
    /// <summary>t(4;14).</summary>
    T4_14,
    /// <summary>t(14;16).</summary>
    T14_16,
    /// <summary>t(14;20).</summary>
    T14_20,
    /// <summary>t(11;14); high risk in no definition.</summary>
    T11_14,
    /// <summary>t(6;14).</summary>
    T6_14,
    /// <summary>Gain of 1q: three copies, or copies not stated.</summary>
    Gain1q,
    /// <summary>Amplification of 1q: four copies or more.</summary>
    Amp1q,
    /// <summary>del(1p32), monoallelic or alleles not stated.</summary>
    Del1p32,
    /// <summary>Biallelic del(1p32).</summary>
    Del1p32Biallelic,
    /// <summary>A deletion of 1p whose band is not stated: presumed (f.2).</summary>
    Del1pUnspecified,
    /// <summary>del(13q) or monosomy 13.</summary>
    Del13q,
    /// <summary>Hyperdiploid karyotype.</summary>
    Hyperdiploid,
    /// <summary>Non-hyperdiploid karyotype.</summary>
    NonHyperdiploid,
}

/// <summary>One abnormality, found or looked for and not found.</summary>
/// <param name="Abnormality">Which.</param>
/// <param name="Present">Met: found; NotMet: tested and absent; Unknown: mentioned without a clear result.</param>
/// <param name="ClonalFraction">Per cent of cells, when stated.</param>
/// <param name="Date">Date of the test, when stated.</param>
/// <param name="Source">Where from.</param>
public sealed record CytogeneticFinding(Abnormality Abnormality, Tri Present, Reading? ClonalFraction, ClinicalDate? Date, SourceId Source);

/// <summary>
/// A report that gives the whole cytogenetic result at once: a list of what was found ("t(4;14), 1q gain"), or words that nothing was found
/// ("None", "normal"). Results probe by probe are <see cref="CytogeneticFinding"/>s without such a report: there, what is not named was not tested.
/// </summary>
/// <param name="Date">Date of the test, when stated.</param>
/// <param name="Source">Where from; the abnormalities that it names are findings of the same source.</param>
public sealed record CytogeneticReport(ClinicalDate? Date, SourceId Source);
