using System.Collections.Frozen;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>What a function does with its input and arguments.</summary>
internal delegate Collection FunctionBody(in Invocation call);

/// <summary>A function by name.</summary>
/// <param name="Name">As expressions write it.</param>
/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
/// <param name="Run">Evaluates a call.</param>
internal sealed record Function(string Name, int Least, int Most, FunctionBody Run)
{
    /// <summary>The argument is the name of a type, not an expression.</summary>
    public bool TakesType { get; init; }

    /// <summary>The position of the argument that is evaluated with each item as <c>$this</c>; -1 when there is none.</summary>
    public int Criteria { get; init; } = -1;

    public override string ToString() => Name;
}

/// <summary>All functions of chapter 5 to 7 of the specification and of FHIR's FHIRPath page.</summary>
internal static class Functions
{
    private static readonly FrozenDictionary<string, Function> ByName = ((Function[])[
        .. Existence.All, .. Filtering.All, .. Subsetting.All, .. Combining.All, .. Conversion.All, .. Strings.All, .. Numbers.All,
        .. Tree.All, .. Utility.All, .. Dates.All, .. Boundaries.All, .. Aggregates.All, .. TypeFunctions.All, .. FhirFunctions.All,
    ]).ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    // Named by FHIR or by drafts; a fault that says so is better than an answer that is made up.
    private static readonly FrozenSet<string> NotImplemented = FrozenSet.ToFrozenSet(
        ["elementDefinition", "slice", "checkModifiers", "subsumes", "subsumedBy", "hasTemplateIdOf", "weight", "ordinal"], StringComparer.Ordinal);

    public static Function? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Why there is none.</summary>
    public static string Unknown(string name)
    {
        if (NotImplemented.Contains(name))
            return $"{name}() is a function of FHIR that is not implemented here";
        return Suggestion.Closest(name, ByName.Keys) is { } close ? $"There is no function {name}(); did you mean {close}()?" : $"There is no function {name}()";
    }
}

/// <summary>One call of a function: the input collection, and the arguments when they are asked for.</summary>
internal readonly ref struct Invocation(Evaluator evaluator, Call syntax, Collection input, Frame frame)
{
    private readonly Frame frame = frame;

    public Evaluator Evaluator { get; } = evaluator;
    public Call Syntax { get; } = syntax;
    public Collection Input { get; } = input;

    public bool Has(int argument) => argument < Syntax.Arguments.Length;

    /// <summary>An argument, evaluated where the call stands (not on the input).</summary>
    public Collection Argument(int index) => Has(index) ? Evaluator.Operand(Syntax.Arguments[index], frame) : Collection.Empty;

    /// <summary>A frame for criteria: its <c>$this</c> is moved over the input.</summary>
    public Frame Inner() => new() { Total = frame.Total, Variables = frame.Variables };

    /// <summary><c>$index</c> where the call stands.</summary>
    public int Index => frame.Index;

    /// <summary>The criteria for one item.</summary>
    public Collection ForItem(int argument, Frame inner, in Item item, int index)
    {
        inner.This = new(item);
        inner.Index = index;
        inner.Variables = frame.Variables;
        return Evaluator.Evaluate(Syntax.Arguments[argument], inner);
    }

    /// <summary>The criteria as truth for one item.</summary>
    public bool? TruthFor(int argument, Frame inner, in Item item, int index) =>
        Evaluator.Truth(ForItem(argument, inner, item, index), Syntax.Arguments[argument]);

    /// <summary>Defines a variable for what follows in the chain.</summary>
    public void Define(string name, in Collection value) => frame.Variables = new(name, value, frame.Variables);

    public bool IsDefined(string name)
    {
        for (var defined = frame.Variables; defined is not null; defined = defined.Before)
        {
            if (defined.Name == name)
                return true;
        }
        return false;
    }

    /// <summary>The input as one item; None when it is empty.</summary>
    public Item Single()
    {
        if (Input.Count > 1)
            throw Fault($"takes one item, but there are {Input.Count}");
        return Input.IsEmpty ? default : Input[0];
    }

    /// <summary>The input as one string; null when it is empty or a primitive without value.</summary>
    public string? Text()
    {
        var item = Single();
        return StringOf(item, "a string as its input");
    }

    /// <summary>An argument as one string; null when it is empty.</summary>
    public string? Text(int index) => StringOf(One(index), $"a string as argument {index + 1}");

    /// <summary>An argument as one integer; null when it is empty.</summary>
    public int? Integer(int index)
    {
        var value = One(index).Value;
        return value.Kind switch
        {
            ItemKind.None => null,
            ItemKind.Integer => value.Integer,
            ItemKind.Long when value.Long is >= int.MinValue and <= int.MaxValue => (int)value.Long,
            _ => throw Fault($"takes an integer as argument {index + 1}, not {TypeName.Of(value)}"),
        };
    }

    /// <summary>An argument as one item; None when it is empty.</summary>
    public Item One(int index)
    {
        var argument = Argument(index);
        if (argument.Count > 1)
            throw Fault($"takes one value as argument {index + 1}, but there are {argument.Count}");
        return argument.IsEmpty ? default : argument[0];
    }

    public FhirPathException Fault(string message) => new($"{Syntax.Function.Name}() {message}", Syntax.Position);

    private string? StringOf(in Item item, string expected)
    {
        var value = item.Value;
        if (value.Kind == ItemKind.String)
            return value.String;
        if (item.IsNone || value.IsNone && item.IsElement && Primitive.IsPrimitive(item.Document, item.Index))
            return null;
        // A FHIR date is a string to FHIR; so are literals of dates, which have one form only.
        if (item.IsElement && value.IsTemporal)
            return value.Text;
        throw Fault($"takes {expected}, not {TypeName.Of(item)}");
    }
}
