using System.Diagnostics.CodeAnalysis;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>
/// A FHIRPath expression (http://hl7.org/fhirpath, version 2.0 with the additions of 3.0, and FHIR R4's own), compiled once:
/// immutable, free to share between threads.
/// </summary>
public sealed class FhirPathExpression
{
    private FhirPathExpression(string text, Syntax root)
    {
        Text = text;
        Root = root;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    internal Syntax Root { get; }

    /// <summary>Reads an expression; throws <see cref="FhirPathException"/> with the place of the fault.</summary>
    public static FhirPathExpression Compile(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text, Parser.Parse(text));
    }

    /// <summary>Reads an expression; on failure says what is wrong and where.</summary>
    public static bool TryCompile(string text, [NotNullWhen(true)] out FhirPathExpression? expression, [NotNullWhen(false)] out FhirPathFault? fault)
    {
        try
        {
            expression = Compile(text);
            fault = null;
            return true;
        }
        catch (FhirPathException exception)
        {
            expression = null;
            fault = exception.Fault;
            return false;
        }
    }

    /// <summary>
    /// The collection for a focus; the element that does not exist is the empty input. Throws <see cref="FhirPathException"/>
    /// when the expression does not fit the data, asks for what the context does not have, or has spent its budget.
    /// </summary>
    public FhirPathResult Evaluate(Element focus, FhirPathContext? context = null)
    {
        context ??= FhirPathContext.Default;
        return new(new Evaluator(context, Item.Of(focus), context.Lenient).Run(Root));
    }

    /// <summary>
    /// As a constraint: null for the empty collection (a constraint counts that as met), true for a single item that is no
    /// boolean. Types are read leniently (<see cref="FhirPathContext.Lenient"/>), as R4's own constraints need it.
    /// </summary>
    public bool? IsTrue(Element focus, FhirPathContext? context = null)
    {
        var evaluator = new Evaluator(context ?? FhirPathContext.Default, Item.Of(focus), lenient: true);
        return Evaluator.Truth(evaluator.Run(Root), Root);
    }

    /// <summary>
    /// What the types of R4 say about the expression where it starts at that type: names that do not exist, types that never
    /// fit. Empty when nothing is wrong, or nothing can be said.
    /// </summary>
    /// <param name="typeName">For instance <c>Observation</c>.</param>
    public IReadOnlyList<FhirPathFault> CheckTypes(string typeName) => TypeCheck.Check(Root, typeName);

    /// <summary>The expression in its normal form.</summary>
    public override string ToString() => Root.ToString();
}
