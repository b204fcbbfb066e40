using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Issues;

/// <summary>How bad it is; FHIR's issue-severity, worst first.</summary>
public enum IssueSeverity
{
    /// <summary>Nothing could be done with the input.</summary>
    Fatal,

    /// <summary>The input breaks a rule; it is not accepted.</summary>
    Error,

    /// <summary>Accepted; something could not be used or is suspicious.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Information,
}

/// <summary>What somebody should know about an input or a result. Carries paths, codes and units, never values of a patient.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">Our stable kebab-case code, see <see cref="IssueCodes"/> for those of the kernel.</param>
/// <param name="Type">FHIR's issue-type.</param>
/// <param name="Text">What is wrong and what to do; plain English, one or two sentences.</param>
/// <param name="Expressions">Simple FHIRPath from the root of the input, most exact first; empty when no element can be named.</param>
/// <param name="Place">Line and column in the source, when known.</param>
/// <param name="Diagnostics">For technicians; may be null.</param>
public sealed record Issue(
    IssueSeverity Severity,
    string Code,
    IssueType Type,
    string Text,
    ImmutableArray<string> Expressions,
    SourcePlace? Place = null,
    string? Diagnostics = null)
{
    /// <summary>True for fatal and error.</summary>
    public bool IsError => Severity <= IssueSeverity.Error;

    /// <summary>An error-level issue.</summary>
    public static Issue Error(string code, IssueType type, string text, params ReadOnlySpan<string> expressions) =>
        new(IssueSeverity.Error, code, type, text, [.. expressions]);

    /// <summary>A warning.</summary>
    public static Issue Warning(string code, IssueType type, string text, params ReadOnlySpan<string> expressions) =>
        new(IssueSeverity.Warning, code, type, text, [.. expressions]);

    /// <summary>An information.</summary>
    public static Issue Information(string code, IssueType type, string text, params ReadOnlySpan<string> expressions) =>
        new(IssueSeverity.Information, code, type, text, [.. expressions]);
}
