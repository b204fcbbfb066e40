using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>One constraint of R4 as validation runs it.</summary>
internal sealed class Invariant(Constraint constraint, WrittenOut? written, Culprit? culprit = null)
{
    private FhirPathExpression? expression;

    public Constraint Constraint { get; } = constraint;

    /// <summary>The same rule in C#; null when only its FHIRPath knows.</summary>
    public WrittenOut? Written { get; } = written;

    /// <summary>Finds what is to blame below the element; null when it is the element itself.</summary>
    public Culprit? Culprit { get; } = culprit;

    public FhirPathExpression Expression => expression ??= FhirPathExpression.Compile(Constraint.Expression);
}

/// <summary>One reason to look at an invariant: the children under <c>Care</c> are there exactly as <c>Want</c> says.</summary>
/// <param name="Care">Slots that matter.</param>
/// <param name="Want">Those of them that are present; the others are absent.</param>
/// <param name="IsBroken">True when that alone breaks the rule; false when the values decide.</param>
/// <param name="Invariant">The rule.</param>
internal readonly record struct PresenceTerm(ulong Care, ulong Want, bool IsBroken, Invariant Invariant);

/// <summary>
/// The constraints of one structure, sorted out by what the mere presence of children decides. On a clean element a few
/// comparisons of one word are all that is done.
/// </summary>
internal sealed class StructRules(PresenceTerm[] terms, Invariant[] invariants, bool hasMore)
{
    // Rules that are kept elsewhere: contained resources, comparators and references while reading and following them, fullUrls over
    // the whole Bundle, and an id alone at every object.
    private static readonly FrozenSet<string> Elsewhere = FrozenSet.Create(StringComparer.Ordinal, "dom-2", "ref-1", "bdl-7", "ele-1", "sqty-1");

    /// <summary>When none fits, every constraint holds.</summary>
    public PresenceTerm[] Terms { get; } = terms;

    /// <summary>In the order of the definition.</summary>
    public Invariant[] Invariants { get; } = invariants;

    /// <summary>True when some are best practice only, which <see cref="Terms"/> leaves out.</summary>
    public bool HasBestPractice { get; } = hasMore;

    /// <summary>The constraints of an element; txt-2 says no more than txt-1.</summary>
    public static Invariant[] Compile(ElementSchema element) => [.. element.Constraints.Where(static constraint => constraint.Key != "txt-2").Select(static constraint => new Invariant(constraint, null))];

    public static StructRules Compile(StructSchema schema)
    {
        Invariant[] invariants = [.. schema.Constraints.Select(constraint => new Invariant(constraint, WrittenInvariants.Find(constraint, schema), WrittenInvariants.FindCulprit(constraint, schema)))];
        var presence = new Presence(schema);
        return new(
            [.. invariants.Where(static invariant => !invariant.Constraint.IsBestPractice && !Elsewhere.Contains(invariant.Constraint.Key)).SelectMany(invariant => presence.Terms(invariant.Expression.Root, invariant))],
            invariants,
            invariants.Any(static invariant => invariant.Constraint.IsBestPractice));
    }
}

/// <summary>Runs the constraints that presence alone does not decide, and words what they find.</summary>
internal static class Invariants
{
    /// <summary>Looks at an element whose children fit a term.</summary>
    public static void Check(ValidationScope scope, in FhirTape tape, in PresenceTerm term, StructSchema schema, int index)
    {
        if (term.IsBroken)
            Broken(scope, in tape, term.Invariant, schema.Path, index);
        else
            Check(scope, in tape, term.Invariant, schema.Path, index);
    }

    /// <summary>Asks the rule itself.</summary>
    public static void Check(ValidationScope scope, in FhirTape tape, Invariant invariant, string path, int index)
    {
        if (!scope.Options.Warnings && invariant.Constraint.Severity > IssueSeverity.Error)
            return;
        var verdict = invariant.Written?.Invoke(in tape, index) ?? Verdict.Ask;
        if (verdict == Verdict.Ask)
            verdict = Evaluate(scope, invariant, path, index);
        if (verdict == Verdict.Broken)
            Broken(scope, in tape, invariant, path, index);
    }

    private static Verdict Evaluate(ValidationScope scope, Invariant invariant, string path, int index)
    {
        if (scope.IsSpent)
            return Verdict.Holds;
        var element = new Element(scope.Document, index);
        try
        {
            return invariant.Expression.IsTrue(element, scope.FhirPath(element)) == false ? Verdict.Broken : Verdict.Holds;
        }
        catch (FhirPathException fault)
        {
            NotEvaluated(scope, invariant.Constraint, path, element, fault);
            return Verdict.Holds;
        }
    }

    private static void Broken(ValidationScope scope, in FhirTape tape, Invariant invariant, string path, int index)
    {
        var constraint = invariant.Constraint;
        if (!scope.Issues.Wants(constraint.Severity))
            return;
        var element = new Element(scope.Document, index);
        var culprit = invariant.Culprit?.Invoke(in tape, index) is >= 0 and var found ? new Element(scope.Document, found) : element;
        ImmutableArray<string> expressions = culprit == element ? [element.Path] : [culprit.Path, element.Path];
        scope.Issues.Add(new Issue(constraint.Severity, IssueCodes.Invariant, IssueType.Invariant, InvariantTexts.Of(constraint, path), expressions, null, $"{constraint.Key}: {constraint.Expression}"), IssueList.OffsetOf(culprit));
    }

    private static void NotEvaluated(ValidationScope scope, Constraint constraint, string path, Element element, FhirPathException fault)
    {
        if (!scope.IsSpent && scope.Issues.Wants(IssueSeverity.Warning))
            scope.Issues.Add(IssueSeverity.Warning, IssueCodes.InvariantNotEvaluated, IssueType.Incomplete, element, $"The rule {constraint.Key} of {path} could not be evaluated: {fault.Message}", $"{constraint.Key}: {constraint.Expression}");
    }
}
