using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Validation;

namespace FhirMyeloma.Service;

/// <summary>What is said about a resource over HTTP and on the command line alike.</summary>
/// <param name="definitions">The profiles that are known.</param>
internal sealed class Verdicts(DefinitionSet definitions)
{
    private static readonly byte[] _derivedBundle = [.. "https://fhirmyeloma.org/fhir/StructureDefinition/derived-bundle"u8];

    private readonly Validator _validator = new(definitions);

    /// <summary>Everything that there is to say.</summary>
    /// <param name="read">The resource.</param>
    /// <param name="profiles">Canonicals that it must meet beside those that it claims.</param>
    public ImmutableArray<Issue> On(ReadResult read, ImmutableArray<string> profiles)
    {
        var known = profiles.Where(definitions.KnowsProfile).ToImmutableArray();
        // As strict as the calls that use the content: what they refuse is an error here too. But a derived Bundle names inputs
        // that it does not hold, by their own urn.
        var isDerived = read.Document?.Root["meta"].Children("profile").Any(static profile => profile.TextEquals(_derivedBundle)) == true;
        var issues = _validator.Validate(read, new ValidationOptions { Profiles = known, ModifiersMustBeKnown = true, ReferencesMustResolve = !isDerived });
        if (isDerived)
            issues = [.. issues.Select(static issue => issue is { Code: IssueCodes.ReferenceDangling, Severity: IssueSeverity.Warning } ? issue with { Severity = IssueSeverity.Information } : issue)];
        return known.Length == profiles.Length ? issues : [.. profiles.Except(known, StringComparer.Ordinal).Select(Unknown), .. issues];
    }

    /// <summary>Who names a profile wants it checked; that it is not is no mere warning.</summary>
    private static Issue Unknown(string profile) => Issue.Error(
        IssueCodes.ProfileUnknown,
        IssueType.NotFound,
        $"The profile {Suggestion.Shown(profile)} is not known here, so nothing was checked against it. Known are those of R4 and those that /fhir/StructureDefinition lists.");
}
