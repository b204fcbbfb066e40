using System.Runtime.CompilerServices;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>What <c>$this</c>, <c>$index</c>, <c>$total</c> and the defined variables are; a function with criteria has one and moves it on.</summary>
internal sealed class Frame
{
    public Collection This { get; set; }
    public int Index { get; set; } = -1;
    public Collection Total { get; set; }
    public DefinedVariable? Variables { get; set; }
}

/// <summary>A variable of <c>defineVariable</c>, and those defined before it.</summary>
internal sealed record DefinedVariable(string Name, Collection Value, DefinedVariable? Before);

/// <summary>One evaluation: walks the syntax in one switch, and pays for every step from its budget.</summary>
internal sealed class Evaluator(FhirPathContext context, Item focus, bool lenient)
{
    /// <summary>Chains of operators up to here are walked by recursion, longer ones with a stack of our own.</summary>
    private const int ShortChain = 32;

    private Element resource = context.Resource;
    private int steps = StepsFor(context);
    private Bundle? bundle;

    public FhirPathContext Context { get; } = context;

    /// <summary>See <see cref="FhirPathContext.Lenient"/>.</summary>
    public bool Lenient { get; } = lenient;

    /// <summary><c>%context</c>.</summary>
    public Item Focus { get; } = focus;

    /// <summary><c>%resource</c>.</summary>
    public Element Resource => resource.Exists ? resource : resource = Focus.Element.Resource;

    /// <summary><c>%rootResource</c>.</summary>
    public Element RootResource
    {
        get
        {
            if (Context.RootResource.Exists)
                return Context.RootResource;
            var root = Resource;
            while (root.Name == "contained")
                root = root.Parent.Resource;
            return root;
        }
    }

    public Collection Run(Syntax root)
    {
        var start = steps;
        try
        {
            return Evaluate(root, new Frame { This = new(Focus), Index = 0 });
        }
        finally
        {
            // One more, so that steps that were stopped short leave nothing.
            Context.Budget?.Spend((long)start - steps + 1);
        }
    }

    private static int StepsFor(FhirPathContext context) =>
        context.Budget is { } budget ? (int)Math.Min(context.Limits.Steps, Math.Max(0, budget.Left)) : context.Limits.Steps;

    public Collection Evaluate(Syntax syntax, Frame frame)
    {
        Charge(1);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new FhirPathException("The expression nests deeper than this thread can follow; split it", syntax.Position);
        switch (syntax)
        {
            case Member member:
                return Members(member, member.Target is null ? frame.This : Evaluate(member.Target, frame));
            case Call call:
                return call.Function.Run(new(this, call, call.Target is null ? frame.This : Evaluate(call.Target, frame), frame));
            case Literal literal:
                return literal.Value;
            case Binary binary:
                return binary.Chain > ShortChain ? LongChain(binary, frame) : Apply(binary, Operand(binary.Left, frame), frame);
            case This:
                return frame.This;
            case Variable variable:
                return Variables.Find(variable, this, frame);
            case Indexer indexer:
                return At(indexer, Evaluate(indexer.Target, frame), frame);
            case TypeOperation operation:
                var operand = Operand(operation.Operand, frame);
                return operation.IsAs ? Types.As(operand, operation.Type, this, operation.Position) : Types.Is(operand, operation.Type, this, operation.Position);
            case Polarity polarity:
                return Arithmetic.Signed(Operand(polarity.Operand, frame), polarity.IsMinus, polarity.Position);
            case Index:
                return frame.Index < 0 ? Collection.Empty : Collection.Of(frame.Index);
            case Total:
                return frame.Total;
            default:
                throw new InvalidOperationException($"No evaluation for {syntax.GetType().Name}.");
        }
    }

    /// <summary>Evaluates what has its own scope: a variable defined inside is not seen outside.</summary>
    public Collection Operand(Syntax syntax, Frame frame)
    {
        var variables = frame.Variables;
        var result = Evaluate(syntax, frame);
        frame.Variables = variables;
        return result;
    }

    /// <summary>Pays for so many steps.</summary>
    public void Charge(int count)
    {
        if ((steps -= count) < 0)
            throw new FhirPathException($"The evaluation took more steps than it may ({Context.Limits.Steps} at most, fewer when others share them) and was stopped; narrow the expression down or raise the limit");
    }

    /// <summary>A collection on its way out of a function, no larger than allowed.</summary>
    public Collection Sized(in CollectionBuilder items, Syntax at)
    {
        CheckSize(items.Count, at);
        return items.Build();
    }

    public void CheckSize(int count, Syntax at)
    {
        if (count > Context.Limits.CollectionSize)
            throw new FhirPathException($"A collection became larger than {Context.Limits.CollectionSize} items", at.Position);
    }

    /// <summary>A string on its way out of a function, no longer than allowed.</summary>
    public string Sized(string text, Syntax at)
    {
        CheckLength(text.Length, at.Position);
        Charge(text.Length / 64);
        return text;
    }

    public void CheckLength(long length, int position)
    {
        if (length > Context.Limits.StringLength)
            throw new FhirPathException($"A string became longer than {Context.Limits.StringLength} characters", position);
    }

    /// <summary>Singleton evaluation to a truth value (section 4.5): any single item that is no boolean counts as true; empty is null.</summary>
    public static bool? Truth(in Collection collection, Syntax at)
    {
        if (collection.IsEmpty)
            return null;
        if (collection.Count > 1)
            throw new FhirPathException($"One truth value is expected, but there are {collection.Count} items", at.Position);
        var item = collection[0];
        var value = item.Value;
        if (value.Kind == ItemKind.Boolean)
            return value.Boolean;
        // A primitive without a value is as good as absent.
        return value.IsNone && item.IsElement && Primitive.IsPrimitive(item.Document, item.Index) ? null : true;
    }

    /// <summary>Contained resources and the entries of the Bundle around the reference.</summary>
    public Element ResolveHere(string literal, Element from) => BundleOf(from)?.Resolve(literal, from) ?? default;

    /// <summary>A Reference without a literal may name an identifier.</summary>
    public Element ResolveHere(Element reference) => reference.TypeName == "Reference" ? BundleOf(reference)?.Resolve(reference).Target ?? default : default;

    private Bundle? BundleOf(Element element)
    {
        if (element.Document is { } document && !ReferenceEquals(bundle?.Document, document))
            bundle = Bundle.Over(document);
        return element.Exists ? bundle : null;
    }

    private Collection Members(Member member, in Collection focus)
    {
        if (focus.IsEmpty)
            return focus;
        var found = new CollectionBuilder();
        foreach (ref readonly var item in focus.Items)
        {
            if (member.MayBeType && Types.IsRoot(item, member))
                found.Add(item);
            else if (item.Kind == ItemKind.Element)
                Children.Add(ref found, item.Document, item.Index, member.Name, this);
            else
                found.Add(Children.OfValue(item, member.Name));
        }
        CheckSize(found.Count, member);
        return found.Build();
    }

    private Collection At(Indexer indexer, in Collection target, Frame frame)
    {
        var index = Operand(indexer.At, frame);
        if (index.IsEmpty || target.IsEmpty)
            return Collection.Empty;
        if (index.Count > 1 || index[0].Value is not { Kind: ItemKind.Integer } position)
            throw new FhirPathException("An index is one integer", indexer.At.Position);
        return position.Integer >= 0 && position.Integer < target.Count ? target.Slice(position.Integer, 1) : Collection.Empty;
    }

    private Collection LongChain(Binary last, Frame frame)
    {
        var chain = new Stack<Binary>(last.Chain);
        Syntax first = last;
        for (; first is Binary binary; first = binary.Left)
            chain.Push(binary);
        Charge(chain.Count);
        var result = Operand(first, frame);
        foreach (var binary in chain)
            result = Apply(binary, result, frame);
        return result;
    }

    private Collection Apply(Binary binary, in Collection left, Frame frame)
    {
        switch (binary.Operator)
        {
            case Operator.And:
                return Truth(left, binary.Left) is var both && both == false ? Collection.False
                    : Logic.And(both, Truth(Operand(binary.Right, frame), binary.Right));
            case Operator.Or:
                return Truth(left, binary.Left) is var either && either == true ? Collection.True
                    : Logic.Or(either, Truth(Operand(binary.Right, frame), binary.Right));
            case Operator.Implies:
                return Truth(left, binary.Left) is var premise && premise == false ? Collection.True
                    : Logic.Implies(premise, Truth(Operand(binary.Right, frame), binary.Right));
            case Operator.Xor:
                return Logic.Xor(Truth(left, binary.Left), Truth(Operand(binary.Right, frame), binary.Right));
            default:
                return Operators.Apply(binary, left, Operand(binary.Right, frame), this);
        }
    }
}

/// <summary>Three-valued logic (section 6.5).</summary>
internal static class Logic
{
    public static Collection And(bool? left, bool? right) => Collection.Of(left == false || right == false ? false : left & right);

    public static Collection Or(bool? left, bool? right) => Collection.Of(left == true || right == true ? true : left | right);

    public static Collection Xor(bool? left, bool? right) => Collection.Of(left ^ right);

    public static Collection Implies(bool? premise, bool? conclusion) => Or(!premise, conclusion);
}
