using System.Collections.Immutable;

namespace FhirMyeloma.R4.Validation;

/// <summary>How far validation goes.</summary>
public sealed record ValidationOptions
{
    /// <summary>Everything that there is to say, a thousand issues at most.</summary>
    public static ValidationOptions Default { get; } = new();

    /// <summary>Canonical URLs, with or without <c>|version</c>, of profiles that the root must meet besides those that it claims.</summary>
    public ImmutableArray<string> Profiles { get; init; } = [];

    /// <summary>Issues that are listed; one more counts the rest.</summary>
    public int MaxIssues { get; init; } = 1000;

    /// <summary>False looks for errors only, which is cheaper: rules that can only warn are not run.</summary>
    public bool Warnings { get; init; } = true;

    /// <summary>True also reports what R4 marks as best practice only, for instance a narrative in every resource.</summary>
    public bool BestPractice { get; init; }
}
