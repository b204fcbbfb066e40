using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>The invariants of a profile.</summary>
internal sealed partial class ProfileChecks
{
    private FhirPathContext? surroundings;

    private void Constraint(Element at, ConstraintRule constraint, ElementRules rules, ProfileSchema schema)
    {
        if (constraint.IsBestPractice && !scope.Options.BestPractice || !constraint.IsError && (trials > 0 || !scope.Options.Warnings))
            return;
        if (constraint.Compiled is not { } expression)
        {
            Warn(at, IssueCodes.InvariantNotEvaluated, IssueType.Incomplete, schema, constraint.Key, $"The rule {constraint.Key} of {rules.Id} in {schema.Canonical} is no FHIRPath: {constraint.Fault}");
            return;
        }
        bool? holds = null;
        var needsValues = true;
        if (at.Node.Kind == NodeKind.Object && StructureOf(at) is { } structure)
            (holds, needsValues) = ByPresence(at, constraint.TermsOn(structure));
        try
        {
            if (needsValues && !scope.IsSpent)
                holds = expression.IsTrue(at, Surroundings(at, rules == schema.Root));
        }
        catch (FhirPathException exception)
        {
            if (!scope.IsSpent)
                Warn(at, IssueCodes.InvariantNotEvaluated, IssueType.Incomplete, schema, constraint.Key, $"The rule {constraint.Key} of {rules.Id} in {schema.Canonical} could not be evaluated: {exception.Message}");
            return;
        }
        if (holds != false)
            return;
        var text = $"{constraint.Key} of {rules.Id} in {schema.Canonical} does not hold: {constraint.Human ?? constraint.Expression}";
        if (constraint.IsError)
            Fail(at, IssueCodes.Invariant, IssueType.Invariant, schema, constraint.Key, text);
        else
            Warn(at, IssueCodes.Invariant, IssueType.Invariant, schema, constraint.Key, text);
    }

    /// <summary>Which children are there often decides.</summary>
    private static (bool? Holds, bool NeedsValues) ByPresence(Element at, PresenceTerm[] terms)
    {
        ulong present = 0;
        foreach (var child in at.Children())
        {
            if (child.Node.Property is { } property)
                present |= property.Bit;
        }
        foreach (ref readonly var term in terms.AsSpan())
        {
            if ((present & term.Care) == term.Want)
                return (!term.IsBroken, !term.IsBroken);
        }
        return (true, false);
    }

    /// <summary>
    /// What the expressions may ask; kept while the resource stays the same. To the profile of a resource, one that it holds
    /// (contained, entry.resource) is one of its elements.
    /// </summary>
    private FhirPathContext Surroundings(Element at, bool isRoot)
    {
        var resource = isRoot || at.Index == 0 ? at.Resource : at.IsResource ? at.Parent.Resource : at.Resource;
        if (surroundings is not { } known || known.Resource != resource)
            surroundings = known = new() { Lenient = true, Resource = resource, MemberOf = Ask, ConformsTo = Meets };
        return known;
    }
}
