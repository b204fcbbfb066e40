using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Http;

namespace FhirMyeloma.Service;

/// <summary>What was posted to <c>$assess</c>: a Bundle, bare or as a part of Parameters, and what was chosen.</summary>
/// <param name="Bundle">The hospital's Bundle.</param>
/// <param name="Root">Expression of the Bundle in the posted resource: <c>Bundle</c> when it was posted bare.</param>
/// <param name="Choice">Rulesets and the like.</param>
internal sealed record AssessRequest(Bundle Bundle, string Root, AssessChoice Choice)
{
    private const string Bare = "Bundle";

    /// <summary>Finds the Bundle and the parameters in what was read.</summary>
    /// <param name="document">The posted resource.</param>
    /// <param name="said">Parameters that were not in the body.</param>
    /// <param name="options">How many entries the Bundle may hold.</param>
    /// <returns>The request, or why there is none.</returns>
    public static (AssessRequest? Request, FhirFault? Fault) From(FhirDocument document, ImmutableArray<Said> said, ServiceOptions options)
    {
        var posted = document.Root;
        var root = Bare;
        if (document.ResourceType == "Parameters")
        {
            var parts = document.Root.Children("parameter").ToList();
            var bundles = parts.Where(static part => part["name"].Text == "bundle").ToList();
            if (bundles is not [var only] || only["resource"].TypeName != Bare)
                return (null, Faults.Of(Faults.ParameterBody, "Parameters hold exactly one parameter with the name bundle, whose resource is a Bundle.", "Parameters.parameter"));
            said = said.AddRange(parts.Where(static part => part["name"].Text != "bundle").Select(static part => new Said(part["name"].Text ?? "", part.Choice("value").Text, part.Path)));
            posted = only["resource"];
            root = posted.Path;
        }

        if (posted.TypeName != Bare)
            return (null, Faults.Of(Faults.NotABundle, "$assess takes a Bundle, or Parameters with a Bundle as parameter bundle.", document.ResourceType is { Length: > 0 } type ? [type] : []));
        var (choice, issues) = AssessChoice.Read(said);
        if (choice is null)
            return (null, Faults.Of(issues));
        if (posted.Children("entry").Count > options.MaxEntries)
            return (null, Faults.TooManyEntriesIn(options, root));

        // A Bundle inside Parameters becomes a document of its own, so that its references are its own as well.
        var bundle = Bundle.From(root == Bare ? document : FhirJsonReader.Read(FhirJsonWriter.WriteAsRead(posted)).Document);
        return (new(bundle!, root, choice), null);
    }

    /// <summary>The issues with their expressions rooted at the posted resource.</summary>
    public IEnumerable<Issue> Rooted(IEnumerable<Issue> issues) => Root == Bare
        ? issues
        : issues.Select(issue => issue with { Expressions = [.. issue.Expressions.Select(Rooted)], Place = null });

    private string Rooted(string expression) =>
        expression.StartsWith(Bare, StringComparison.Ordinal) && (expression.Length == Bare.Length || expression[Bare.Length] == '.') ? Root + expression[Bare.Length..] : expression;
}
