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

    /// <summary>
    /// True makes an error of a <c>urn:</c> reference that no entry of its Bundle answers: right where nothing but the Bundle is
    /// at hand. By default it is a warning, since R4 does not forbid it. A <c>#id</c> without target always is an error.
    /// </summary>
    public bool ReferencesMustResolve { get; init; }

    /// <summary>
    /// False accepts fullUrls that are relative or of another resource: what hospitals send, and where the content is clear all
    /// the same. A fullUrl on two resources remains an error.
    /// </summary>
    public bool FullUrls { get; init; } = true;

    /// <summary>
    /// True makes an error of a modifier extension that is not known: right where the content is going to be used. By default it
    /// is a warning, since the resource itself may well be valid.
    /// </summary>
    public bool ModifiersMustBeKnown { get; init; }

    /// <summary>
    /// True refuses extensions whose definition is not known; those of example domains pass while <see cref="ExampleUrls"/> does.
    /// R4 lets a receiver ignore them, so by default they are only mentioned.
    /// </summary>
    public bool ExtensionsMustBeKnown { get; init; }

    /// <summary>Beginnings of the URLs of extensions that may be unknown all the same.</summary>
    public ImmutableArray<string> ExtensionDomains { get; init; } = [];

    /// <summary>False refuses URLs of the domains that are reserved for examples (example.org and the like).</summary>
    public bool ExampleUrls { get; init; } = true;

    /// <summary>False refuses HTML tags in markdown.</summary>
    public bool HtmlInMarkdown { get; init; } = true;

    /// <summary>Profiles that single entries of a Bundle must meet.</summary>
    public ImmutableArray<EntryProfile> EntryProfiles { get; init; } = [];

    /// <summary>True also reports what R4 marks as best practice only, for instance a narrative in every resource.</summary>
    public bool BestPractice { get; init; }
}

/// <summary>A profile for one entry of a Bundle.</summary>
/// <param name="ResourceType">The type of its resource.</param>
/// <param name="Index">Its position among the entries with that type, from 0.</param>
/// <param name="Profile">Canonical URL of the profile.</param>
public sealed record EntryProfile(string ResourceType, int Index, string Profile);
