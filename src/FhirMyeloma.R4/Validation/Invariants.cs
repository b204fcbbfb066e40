using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>What a written-out constraint says of one element.</summary>
internal enum Verdict
{
    Holds,
    Broken,

    /// <summary>This case is left to the FHIRPath expression.</summary>
    Ask,
}

/// <summary>A constraint written out in C#, for an element of the structure that it was made for.</summary>
internal delegate Verdict WrittenOut(in FhirTape tape, int index);

/// <summary>
/// A constraint of R4 as validation runs it. <see cref="Check"/> is the same rule in C# where the rule is frequent; a test
/// proves both equal.
/// </summary>
internal sealed class Invariant(Constraint constraint, WrittenOut? check)
{
    public Constraint Constraint { get; } = constraint;

    public WrittenOut? Check { get; } = check;
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
internal sealed class StructRules(PresenceTerm[] terms, Invariant[] invariants)
{
    /// <summary>When none fits, every constraint holds.</summary>
    public PresenceTerm[] Terms { get; } = terms;

    /// <summary>In the order of the definition.</summary>
    public Invariant[] Invariants { get; } = invariants;

    public static StructRules Compile(StructSchema schema) => new([], []);
}

/// <summary>Runs the constraints that presence alone does not decide, and words what they find.</summary>
internal static class Invariants
{
    public static void Report(ValidationScope scope, in FhirTape tape, in PresenceTerm term, StructSchema schema, int index)
    {
        _ = (scope, tape, term, schema, index);
    }
}
