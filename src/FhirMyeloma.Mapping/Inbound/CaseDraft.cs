using System.Collections.Frozen;
using System.Security.Cryptography;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>A Condition that states a plasma-cell disease.</summary>
internal sealed record StatedCondition(ConditionKind Kind, ClinicalDate? Date, bool IsRelapse, SourceId Source);

/// <summary>A statement of the clone; the Condition's word comes before an Observation's.</summary>
internal sealed record StatedIsotype(Isotype Isotype, bool InCondition, SourceId Source, Element At);

/// <summary>The facts of one patient while the Bundle is being read.</summary>
internal sealed class CaseDraft(string key, Element patient, string? fullUrl)
{
    private readonly Dictionary<SourceId, InputReference> _sources = [];
    private readonly Dictionary<Element, SourceId> _cited = [];
    private readonly List<Element> _lastSeen = [];

    public string Key => key;

    public Element Patient => patient;

    public string? FullUrl => fullUrl;

    public List<StatedCondition> Conditions { get; } = [];
    public List<StatedIsotype> Isotypes { get; } = [];
    public List<StatedStage> Stages { get; } = [];
    public List<CytogeneticFinding> Cytogenetics { get; } = [];
    public List<CytogeneticReport> CytogeneticReports { get; } = [];
    public List<(ClinicalDate Date, SourceId Source)> PlasmacytomaDates { get; } = [];
    public SortedSet<SourceId> PlasmacytomaSources { get; } = [];
    public List<Measurement> Measurements { get; } = [];
    public List<Immunofixation> Immunofixations { get; } = [];
    public List<MarrowClonality> Clonality { get; } = [];
    public List<LesionFinding> Lesions { get; } = [];
    public List<DrugBandAssay> DrugBandAssays { get; } = [];
    public List<MrdResult> Mrd { get; } = [];
    public List<DrugExposure> Drugs { get; } = [];
    public List<TherapyProcedure> Procedures { get; } = [];
    public List<PlannedTherapy> Plans { get; } = [];
    public List<StatedResponse> Responses { get; } = [];
    public List<DocumentedCycles> Cycles { get; } = [];
    public List<StatedWashout> Washouts { get; } = [];
    public List<UrineConcentration> UrineConcentrations { get; } = [];
    public List<UrineVolume> UrineVolumes { get; } = [];

    /// <summary>Visits for myeloma: they state the disease where no Condition does.</summary>
    public List<StatedCondition> Visits { get; } = [];
    public List<StatedLine> Lines { get; } = [];
    public List<StatedRefractoriness> Refractoriness { get; } = [];
    public List<StatedProgression> Progressions { get; } = [];
    /// <summary>Results marked spurious, each with the resource that says so.</summary>
    public Dictionary<SourceId, SourceId> Spurious { get; } = [];
    public SortedSet<string> Performers { get; } = new(StringComparer.Ordinal);
    public List<SourceId> DeathSources { get; } = [];

    public ClinicalDate? Death { get; set; }
    public bool IsDead { get; set; }
    public SourceId? DeathSource { get; set; }
    public SortedSet<SourceId> CauseSources { get; } = [];
    public bool CauseIsMyeloma => CauseSources.Count > 0;
    public ClinicalDate? LastContact { get; private set; }

    /// <summary>A result of a myeloma marker was there, whether or not its value could be used.</summary>
    public bool HasMarkerResult => MarkerSource is not null;

    /// <summary>Of those results the one that is named first.</summary>
    public SourceId? MarkerSource { get; set; }

    public FrozenDictionary<SourceId, InputReference> Sources => _sources.ToFrozenDictionary();

    /// <summary>What shows the last contact: of several resources of that date the ordinally smallest.</summary>
    public SourceId? LastContactSource => _lastSeen.Count == 0 ? null : _lastSeen.Select(Cite).Min();

    /// <summary>Moves the last contact to a later date.</summary>
    public void Seen(ClinicalDate? date, Element resource)
    {
        if (date is not { } seen || (LastContact is { } last && seen < last))
            return;
        if (seen != LastContact)
            _lastSeen.Clear();
        LastContact = seen;
        _lastSeen.Add(resource);
    }

    /// <summary>Names a resource as a source. A contained one has a name of its own and is cited through its container.</summary>
    public SourceId Cite(Element resource)
    {
        if (_cited.TryGetValue(resource, out var known))
            return known;
        var container = resource;
        while (container.Name is "contained")
            container = container.Parent.Resource;
        var reference = ReferenceTo(container);
        var isContained = container != resource;
        var source = new SourceId(isContained ? $"{reference}#{resource["id"].Text}" : reference);
        _cited[resource] = source;
        _sources[source] = new(reference, container.TypeName, container["identifier"], container.Path, isContained);
        return source;
    }

    /// <summary>A name for a resource that has none: its content gives it, so that it does not depend on the order of the entries.</summary>
    public static string NameByContent(Element resource) =>
        $"{resource.TypeName}/{Convert.ToHexStringLower(SHA256.HashData(FhirJsonWriter.WriteCanonical(resource)))[..32]}";

    private static string ReferenceTo(Element resource)
    {
        var fullUrl = resource.Parent["fullUrl"].Text;
        if (fullUrl is not null && (fullUrl.StartsWith("urn:", StringComparison.Ordinal) || fullUrl.Contains("://", StringComparison.Ordinal)))
            return fullUrl;
        var id = resource["id"].Text;
        if (id is null)
            return NameByContent(resource);
        var version = resource["meta"]["versionId"].Text;
        return version is null ? $"{resource.TypeName}/{id}" : $"{resource.TypeName}/{id}/_history/{version}";
    }
}
