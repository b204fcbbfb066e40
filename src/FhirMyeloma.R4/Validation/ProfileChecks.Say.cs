using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>The words. While something is only tried, nothing is said: the first error decides.</summary>
internal sealed partial class ProfileChecks
{
    /// <summary>True when the words of an error are wanted; when only a trial runs, the error decides it.</summary>
    private bool Fails(Element at)
    {
        if (trials > 0)
        {
            failedAt = failed ? failedAt : at;
            failed = true;
            return false;
        }
        return scope.Issues.Wants(IssueSeverity.Error);
    }

    private void Fail(Element at, string code, IssueType type, ProfileSchema schema, string rule, string text)
    {
        if (Fails(at))
            scope.Issues.Add(IssueSeverity.Error, code, type, at, text, $"{schema.Canonical} {rule}");
    }

    /// <summary>Names, after the element, the first place where it breaks each of the profiles.</summary>
    private void NoneMet(Element at, Element judged, string[] profiles, ElementRules rules, ProfileSchema schema, string text)
    {
        if (!Fails(at))
            return;
        List<string> paths = [at.Path];
        foreach (var profile in profiles)
        {
            if (scope.Definitions.FindProfile(profile) is not { } candidate || !IsOfType(judged, candidate.TypeName))
                continue;
            trials++;
            (failed, failedAt) = (false, default);
            Element(judged, candidate.Root, candidate);
            trials--;
            if (failedAt.Exists && !paths.Contains(failedAt.Path))
                paths.Add(failedAt.Path);
        }
        failed = false;
        scope.Issues.Add(new(IssueSeverity.Error, IssueCodes.ProfileNoneMet, IssueType.Structure, $"{text}: {string.Join(", ", profiles)}.", [.. paths], null, $"{schema.Canonical} {rules.Id}"), IssueList.OffsetOf(at));
    }

    private void Warn(Element at, string code, IssueType type, ProfileSchema schema, string rule, string text)
    {
        if (trials == 0 && scope.Issues.Wants(IssueSeverity.Warning))
            scope.Issues.Add(IssueSeverity.Warning, code, type, at, text, $"{schema.Canonical} {rule}");
    }

    private void OtherType(Element resource, string canonical, string type, Element claim) =>
        scope.Issues.Add(IssueSeverity.Error, IssueCodes.ProfileOfOtherType, IssueType.Invalid, claim,
            $"The profile {Suggestion.Shown(canonical)} is one for {type}, not for {resource.TypeName}; claim one that fits.", canonical);

    private void TooFew(Element at, ElementRules rules, ProfileSchema schema, int count)
    {
        if (!Fails(at))
            return;
        var wanted = rules.SliceName is null ? $"'{rules.Base!.DefinedName}'" : $"'{rules.Base!.DefinedName}' of the slice {rules.SliceName}";
        scope.Issues.Add(IssueSeverity.Error, IssueCodes.ProfileCardinality, IssueType.Required, at,
            count == 0
                ? $"{rules.Id} is missing: {schema.Canonical} wants {(rules.Min == 1 ? wanted : $"at least {rules.Min} of {wanted}")} here; add {(rules.Min == 1 ? "it" : "them")}."
                : $"{rules.Id} occurs {Times(count)}: {schema.Canonical} wants at least {rules.Min} of {wanted}; add what is missing.",
            $"{schema.Canonical} {rules.Id} min");
    }

    private void TooMany(Element at, ElementRules rules, ProfileSchema schema, int count)
    {
        if (!Fails(at))
            return;
        scope.Issues.Add(IssueSeverity.Error, IssueCodes.ProfileCardinality, IssueType.Structure, at,
            rules.Max == 0
                ? $"{rules.Id} is not allowed by {schema.Canonical}; take it away."
                : $"{rules.Id} occurs {Times(count)}: {schema.Canonical} allows {rules.Max}; take away what is too much.",
            $"{schema.Canonical} {rules.Id} max");
    }

    private void Differences(Element at, ElementRules rules, ProfileSchema schema, Element expected, bool isPattern)
    {
        if (!Fails(at))
            return;
        var (code, word) = isPattern ? (IssueCodes.ProfilePattern, "the pattern") : (IssueCodes.ProfileFixed, "the fixed value");
        foreach (var difference in Patterns.Differences(at, expected, isPattern))
        {
            var text = difference.Kind switch
            {
                DifferenceKind.Other when Shown(expected) is { } value => $"{rules.Id} differs from {word} of {schema.Canonical}; it must be '{value}'.",
                DifferenceKind.Other => $"{rules.Id} differs from {word} of {schema.Canonical} here.",
                DifferenceKind.Missing => $"'{difference.Name}' is missing here: {word} of {schema.Canonical} for {rules.Id} has it.",
                DifferenceKind.NoItem => $"No {difference.Name} here is as {word} of {schema.Canonical} for {rules.Id} says.",
                DifferenceKind.TooMuch => $"'{difference.Name}' is too much: {word} of {schema.Canonical} for {rules.Id} does not have it.",
            };
            scope.Issues.Add(IssueSeverity.Error, code, IssueType.Value, difference.At, text, $"{schema.Canonical} {rules.Id} {difference.Name}".TrimEnd());
        }
    }

    /// <summary>The value of a primitive that a definition fixes.</summary>
    private static string? Shown(Element expected) => expected.Text is { } text ? Suggestion.Shown(text) : null;

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Names(SlicingRules slicing) => string.Join(", ", slicing.Slices.Select(slice => slice.SliceName));
}
