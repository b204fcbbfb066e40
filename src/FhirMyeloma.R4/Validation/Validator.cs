using System.Collections.Immutable;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>Judges what was read by the rules of R4 and by the profiles that it claims. Immutable, free to share between threads.</summary>
/// <param name="definitions">Profiles, extensions and value sets beyond the base types.</param>
public sealed class Validator(DefinitionSet definitions)
{
    private static readonly Lazy<Validator> Instance = new(() => new Validator(DefinitionSet.R4));

    /// <summary>Knows what HL7 publishes with R4, and nothing else.</summary>
    public static Validator R4 => Instance.Value;

    /// <summary>
    /// Everything that is wrong: what reading found, and what the rules find, in the order of the source, at most
    /// <see cref="ValidationOptions.MaxIssues"/> and one that counts the rest. Never throws; a rule that cannot be evaluated
    /// says so as a warning.
    /// </summary>
    public ImmutableArray<Issue> Validate(ReadResult read, ValidationOptions? options = null)
    {
        if (read.Document is not { } document)
            return read.Issues;
        var scope = new ValidationScope(document, definitions, options ?? ValidationOptions.Default);
        ValidationWalk.Run(scope);
        scope.Profiles.Run();
        if (scope.IsSpent)
        {
            scope.Issues.Add(IssueSeverity.Error, IssueCodes.ValidationTooCostly, IssueType.TooCostly, document.Root,
                "The rules cost more than a document of this size may cost, so some of them were not checked: send fewer entries, components or codings at once.");
        }
        StrictChecks.Run(scope);
        return scope.Issues.With(read.Issues, read.LeftOut);
    }
}
