using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Http;

namespace FhirMyeloma.Service;

/// <summary>What was posted to <c>$validate</c>: a resource, bare or as a part of Parameters, and how to look at it.</summary>
/// <param name="Read">The resource as read; null when mode=delete came without one.</param>
/// <param name="Root">Expression of the resource in what was posted; empty when it was posted bare.</param>
/// <param name="Issues">What the Parameters around it have wrong.</param>
/// <param name="Mode">Why the resource is looked at; null when that was not said.</param>
/// <param name="Profiles">Canonicals that it must meet beside those that it claims.</param>
internal sealed record ValidateRequest(ReadResult? Read, string Root, ImmutableArray<Issue> Issues, string? Mode, ImmutableArray<string> Profiles)
{
    private const string Part = "resource";

    private static readonly ImmutableArray<string> _modes = ["create", "update", "delete", "profile"];

    /// <summary>The parameters beside the resource.</summary>
    public static ImmutableArray<Endpoints.RouteParameter> Parameters { get; } =
    [
        new("mode", "Why the resource is looked at: before a create (an id would be ignored), before an update (an id is needed), before a delete (answered with what cannot be checked here), or against the named profiles.", _modes),
        new("profile", "Canonical of a profile that the resource must meet beside those of meta.profile; repeat it for several. Known are those of R4 and those published here.", [], Repeats: true),
    ];

    /// <summary>Finds the resource and the parameters in what was read.</summary>
    /// <param name="posted">The posted resource.</param>
    /// <param name="said">Parameters that were not in the body.</param>
    public static (ValidateRequest? Request, FhirFault? Fault) From(ReadResult posted, ImmutableArray<Said> said)
    {
        var document = posted.Document!;
        if (!IsEnvelope(document.Root))
            return Choose(posted, "", [], said);

        var parts = document.Root.Children("parameter").ToList();
        var resources = parts.Where(static part => part["name"].Text == Part).ToList();
        said = said.AddRange(parts.Except(resources).Select(static part => new Said(part["name"].Text ?? "", part.Choice("value").Text, part.Path)));
        if (resources is [] && said.Any(static one => one is { Name: "mode", Value: "delete" }))
            return Choose(null, "", posted.Issues, said);
        if (resources is not [var only] || !only[Part].Exists)
            return (null, Faults.Of(Faults.ParameterBody, "Parameters hold exactly one parameter with the name resource, whose resource is to be checked.", "Parameters.parameter"));

        // Read again alone, at its place in the source, so that it is a root with references of its own and every line stays right.
        var root = only[Part].Path;
        return Choose(FhirJsonReader.Read(Alone(only[Part])), root, [.. posted.Issues.Where(issue => !issue.Expressions.Any(expression => IsWithin(expression, root)))], said);
    }

    /// <summary>The issues with their expressions rooted at what was posted.</summary>
    public IEnumerable<Issue> Rooted(IEnumerable<Issue> issues) => Root.Length == 0
        ? issues
        : issues.Select(issue => issue with { Expressions = [.. issue.Expressions.Select(Rooted)] });

    private string Rooted(string expression)
    {
        // An element of a type that R4 does not have is a Resource.
        var type = IsWithin(expression, "Resource") ? "Resource" : Read!.Document!.ResourceType;
        return IsWithin(expression, type) ? Root + expression[type.Length..] : expression;
    }

    private static bool IsWithin(string expression, string root) =>
        expression.StartsWith(root, StringComparison.Ordinal) && (expression.Length == root.Length || expression[root.Length] is '.' or '[');

    /// <summary>Parameters of this operation, and not Parameters that are to be checked themselves.</summary>
    private static bool IsEnvelope(Element root)
    {
        if (root.TypeName != "Parameters")
            return false;
        var names = root.Children("parameter").Select(static part => part["name"].Text).ToList();
        return names.Contains(Part, StringComparer.Ordinal) || (names.Count > 0 && names.All(static name => name is "mode" or "profile"));
    }

    private static byte[] Alone(Element resource)
    {
        var source = resource.Document!.Source;
        var start = MemoryMarshal.TryGetArray(source, out var all) && MemoryMarshal.TryGetArray(resource.SourceBytes, out var own) ? own.Offset - all.Offset : 0;
        var alone = source.Span[..(start + resource.SourceBytes.Length)].ToArray();
        foreach (ref var before in alone.AsSpan(0, start))
            before = before is (byte)'\n' or (byte)'\r' ? before : (byte)' ';
        return alone;
    }

    private static (ValidateRequest? Request, FhirFault? Fault) Choose(ReadResult? read, string root, ImmutableArray<Issue> around, ImmutableArray<Said> said)
    {
        var issues = ImmutableArray.CreateBuilder<Issue>();
        foreach (var one in said)
        {
            if (!Parameters.Any(parameter => parameter.Name == one.Name))
                issues.Add(Faults.IssueOf(Faults.UnknownParameter, $"There is no such parameter. Allowed: {Part}, {string.Join(", ", Parameters.Select(static p => p.Name))}.", one.Where));
            else if (one.Name == "mode" && !_modes.Contains(one.Value ?? "", StringComparer.Ordinal))
                issues.Add(Faults.IssueOf(Faults.ParameterValue, $"This value is not allowed for mode. Allowed: {string.Join(", ", _modes)}.", one.Where));
            else if (one.Name == "profile" && string.IsNullOrWhiteSpace(one.Value))
                issues.Add(Faults.IssueOf(Faults.ParameterValue, "profile is the canonical of a profile.", one.Where));
        }

        ImmutableArray<string> modes = [.. said.Where(static one => one.Name == "mode").Select(static one => one.Value ?? "").Distinct(StringComparer.Ordinal)];
        if (modes.Length > 1)
            issues.Add(Faults.IssueOf(Faults.ParameterRepeated, "mode is said more than once with different values; say it once.", [.. said.Where(static one => one.Name == "mode").Select(static one => one.Where).Distinct(StringComparer.Ordinal)]));
        ImmutableArray<string> profiles = [.. said.Where(static one => one.Name == "profile").Select(static one => one.Value!).Distinct(StringComparer.Ordinal)];
        return issues.Count > 0 ? (null, Faults.Of(issues.ToImmutable())) : (new(read, root, around, modes is [var mode] ? mode : null, profiles), null);
    }
}
