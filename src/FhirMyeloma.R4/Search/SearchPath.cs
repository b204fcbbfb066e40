using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;

namespace FhirMyeloma.R4.Search;

/// <summary>
/// The expression of a search parameter. What R4 writes in nearly all of them (members, unions, <c>as</c>, <c>where(resolve() is X)</c>,
/// <c>where(system='x')</c>) is walked on the tape; anything else is left to FHIRPath.
/// </summary>
internal sealed class SearchPath
{
    private static readonly FhirPathContext Lenient = new() { Lenient = true };

    private readonly Step[][] branches;
    private readonly FhirPathExpression? expression;

    private SearchPath(Step[][] branches, FhirPathExpression? expression)
    {
        this.branches = branches;
        this.expression = expression;
    }

    /// <summary>The way to nothing.</summary>
    public static SearchPath None { get; } = new([], null);

    /// <summary>True when its results are computed values, which <see cref="Evaluate"/> gives.</summary>
    public bool IsComputed => expression is not null;

    /// <summary>The one type that it narrows references to; null when it narrows none.</summary>
    public string? NarrowedTo => branches is [[.., { Target: { } target }]] ? target : null;

    public static SearchPath Compile(string text)
    {
        var compiled = FhirPathExpression.Compile(text);
        var ways = new List<Step[]>();
        return Split(compiled.Root, ways) ? new([.. ways], null) : new([], compiled);
    }

    /// <summary>Adds the elements that it finds in a resource, or in an element of one; nothing when it is computed.</summary>
    public void Collect(Element focus, List<Element> found)
    {
        if (focus.Document is not { } document)
            return;
        foreach (var steps in branches)
            Walk(document, focus.Index, steps, found);
    }

    /// <summary>The values of a computed one; empty where the expression cannot be evaluated.</summary>
    public IEnumerable<FhirPathItem> Evaluate(Element focus)
    {
        if (expression is null)
            return [];
        try
        {
            return expression.Evaluate(focus, Lenient);
        }
        catch (FhirPathException)
        {
            // A resource that does not fit the expression has no value.
            return [];
        }
    }

    private static void Walk(FhirDocument document, int node, ReadOnlySpan<Step> steps, List<Element> found)
    {
        if (steps.IsEmpty)
        {
            found.Add(new(document, node));
            return;
        }
        var nodes = document.Tape.Nodes;
        var step = steps[0];
        for (var at = node + 1; at < nodes[node].End; at = nodes[at].End)
        {
            ref readonly var child = ref nodes[at];
            if (child.Is(NodeFlags.Hidden) || child.Property is not { } property || property.Element.Name != step.Name)
                continue;
            if (step.Type is null || step.Type.Equals(property.TypeName, StringComparison.OrdinalIgnoreCase))
            {
                if (step.Takes(document, at))
                    Walk(document, at, steps[1..], found);
            }
        }
    }

    private static bool Split(Syntax syntax, List<Step[]> ways)
    {
        if (syntax is Binary { Operator: Operator.Union } union)
            return Split(union.Left, ways) && Split(union.Right, ways);
        var steps = new List<Step>();
        if (!Chain(syntax, steps))
            return false;
        ways.Add([.. steps]);
        return true;
    }

    private static bool Chain(Syntax syntax, List<Step> steps)
    {
        switch (syntax)
        {
            case Member { Target: null, MayBeType: true }:
                return true;
            case Member { Target: null } member:
                steps.Add(new(member.Name));
                return true;
            case Member { Target: { } target } member when Chain(target, steps):
                steps.Add(new(member.Name));
                return true;
            case TypeOperation { IsAs: true } cast when Chain(cast.Operand, steps) && steps.Count > 0:
                steps[^1] = steps[^1] with { Type = cast.Type.Name };
                return true;
            case Call { Function.Name: "as" or "ofType", Target: { } target, Type: { } type } when Chain(target, steps) && steps.Count > 0:
                steps[^1] = steps[^1] with { Type = type.Name };
                return true;
            case Call { Function.Name: "where", Target: { } target, Arguments: [TypeOperation { IsAs: false, Operand: Call { Function.Name: "resolve", Target: null } } test] } when Chain(target, steps) && steps.Count > 0:
                steps[^1] = steps[^1] with { Target = test.Type.Name };
                return true;
            case Call { Function.Name: "where", Target: { } target, Arguments: [Binary { Operator: Operator.Equal, Left: Member { Target: null } member, Right: Literal { Value: { Count: 1 } value } }] } when value[0].Kind == ItemKind.String && Chain(target, steps) && steps.Count > 0:
                steps[^1] = steps[^1] with { Where = (member.Name, System.Text.Encoding.UTF8.GetBytes(value[0].String)) };
                return true;
            default:
                return false;
        }
    }

    /// <summary>One member of the way.</summary>
    /// <param name="Name">The element, a choice without its type.</param>
    private sealed record Step(string Name)
    {
        /// <summary>The only type of a choice that counts. The specification also writes DateTime for dateTime.</summary>
        public string? Type { get; init; }

        /// <summary>The only type of target that a reference may have.</summary>
        public string? Target { get; init; }

        /// <summary>A child that must have this text.</summary>
        public (string Name, byte[] Text)? Where { get; init; }

        public bool Takes(FhirDocument document, int at)
        {
            if (Target is not null)
                return References.TargetType(new(document, at))?.Name == Target;
            return Where is not { } where || References.ChildOf(document.Tape, at, where.Name) is > 0 and var child && document.Tape.Says(child, where.Text);
        }
    }
}
