using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>The patients of a Bundle and whom a resource is about.</summary>
internal sealed class Patients
{
    private readonly Intake _intake;
    private readonly Dictionary<Element, CaseDraft> _byResource = [];
    private readonly List<BundleEntry> _entries = [];

    public Patients(Intake intake)
    {
        _intake = intake;
        var drafts = new SortedDictionary<string, CaseDraft>(StringComparer.Ordinal);
        foreach (var entry in intake.Bundle.Current.Where(entry => entry.Resource.TypeName is "Patient").OrderBy(Name, StringComparer.Ordinal))
        {
            _entries.Add(entry);
            var key = Key(entry);
            if (drafts.TryGetValue(key, out var known))
                intake.Warn(MappingIssues.PatientRepeated, IssueType.Duplicate, "Two Patients have the same identifier and are taken as one; the one with the ordinally first fullUrl is kept.", entry.Resource);
            else
                drafts.Add(key, known = new(key, entry.Resource, entry.FullUrl));
            _byResource.Add(entry.Resource, known);
        }
        Drafts = [.. drafts.Values];
    }

    /// <summary>One per patient, ordered by key.</summary>
    public ImmutableArray<CaseDraft> Drafts { get; }

    /// <summary>Every Patient resource with the patient that it describes.</summary>
    public IEnumerable<(Element Resource, CaseDraft Draft)> Resources => _entries.Select(entry => (entry.Resource, _byResource[entry.Resource]));

    /// <summary>
    /// patientKey: <c>system|value</c> of the ordinally smallest identifier that has both and is neither temporary nor old; else the id; else the fullUrl.
    /// </summary>
    private static string Key(BundleEntry entry) =>
        entry.Resource.Children("identifier")
            .Select(identifier => new Identifier(identifier))
            .Where(identifier => identifier is { System: not null, Value: not null, Use: not ("temp" or "old") })
            .Select(identifier => $"{identifier.System}|{identifier.Value}")
            .Min(StringComparer.Ordinal)
        ?? entry.Id ?? Name(entry);

    /// <summary>The fullUrl, else the id; a Patient without either is named by its content, which no order of the entries changes.</summary>
    private static string Name(BundleEntry entry) => entry.FullUrl ?? entry.Id ?? CaseDraft.NameByContent(entry.Resource);

    /// <summary>
    /// Whom a resource is about; null when nobody of the Bundle. A subject that fits none or several patients is an error; a dangling one is reported with the references.
    /// </summary>
    /// <param name="resource">The resource.</param>
    /// <param name="inherited">The patient of the panel or report that lists it.</param>
    public CaseDraft? Of(Element resource, CaseDraft? inherited = null)
    {
        var subject = resource["subject"] is { Exists: true } stated ? stated : resource["patient"];
        if (!subject.Exists || (!subject["reference"].HasValue && !subject["identifier"].Exists))
        {
            if (inherited is not null)
                return inherited;
            if (Drafts.Length == 1)
            {
                _intake.Inform(MappingIssues.SubjectAssumed, $"The {resource.TypeName} names no subject; the Bundle's only patient is taken.", resource);
                return Drafts[0];
            }
            _intake.Warn(MappingIssues.SubjectMissing, IssueType.Processing, $"The {resource.TypeName} names no subject and the Bundle has several patients; it is not used.", resource);
            return null;
        }
        var resolved = _intake.Bundle.Resolve(subject);
        if (resolved.Resolution == Resolution.Dangling)
            return null;
        if (resolved.IsResolved)
        {
            if (_byResource.TryGetValue(resolved.Target, out var draft))
                return draft;
            if (resolved.Target.TypeName is not "Patient")
            {
                _intake.Inform(MappingIssues.ResourceNotUsed, $"The {resource.TypeName} is about a resource of type {resolved.Target.TypeName} and is not used.", subject);
                return null;
            }
        }
        else if (OnePatient(resolved.Several) is { } patient)
            return patient;
        else if (IsAboutSomethingElse(subject))
        {
            _intake.Inform(MappingIssues.ResourceNotUsed, $"The {resource.TypeName} is about no patient and is not used.", subject);
            return null;
        }
        _intake.Error(MappingIssues.SubjectUnclear, IssueType.NotFound,
            "The subject fits none, or several, of the Bundle's patients; the other expressions are the patients.", [subject, .. _entries.Take(9).Select(entry => entry.Resource)]);
        return null;
    }

    /// <summary>Several Patient resources may describe one patient, for instance of two centres.</summary>
    private CaseDraft? OnePatient(ImmutableArray<BundleEntry> entries)
    {
        var drafts = entries.Select(entry => _byResource.GetValueOrDefault(entry.Resource)).Distinct().Take(2).ToList();
        return drafts is [{ } only] ? only : null;
    }

    private static readonly string[] OtherSubjects = ["Group", "Device", "Location", "Substance", "Practitioner", "Organization", "Medication"];

    private static bool IsAboutSomethingElse(Element subject)
    {
        var type = subject["type"].Text;
        if (type is not null)
            return type is not "Patient";
        var literal = subject["reference"].Text;
        return literal is not null && OtherSubjects.Any(other => literal.StartsWith(other + "/", StringComparison.Ordinal) || literal.Contains($"/{other}/", StringComparison.Ordinal));
    }
}
