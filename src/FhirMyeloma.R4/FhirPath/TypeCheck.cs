using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>
/// Looks at an expression with the types of R4 beside it, without data: names that no type at hand has, choices by their JSON name,
/// positions in collections without order. Where types cannot be known it says nothing.
/// </summary>
internal sealed class TypeCheck
{
    /// <summary>What may stand somewhere: the types, each with the children that it has there. Null means: anything.</summary>
    private sealed record Shape(TypeEntry Type, StructSchema Structure);

    private readonly List<FhirPathFault> faults = [];
    private readonly Shape[]? context;

    private TypeCheck(Shape[]? context) => this.context = context;

    /// <summary>The faults where the expression starts at a type or at the path of an element (<c>Observation.component</c>).</summary>
    public static IReadOnlyList<FhirPathFault> Check(Syntax root, string path)
    {
        var check = new TypeCheck(AtPath(path));
        check.Infer(root, check.context);
        return check.faults;
    }

    private static Shape[]? AtPath(string path)
    {
        var names = path.Split('.');
        if (SchemaCatalog.R4.Find(names[0]) is not { } type)
            throw new ArgumentException($"'{names[0]}' is no type of R4.", nameof(path));
        Shape[]? shapes = [new(type, type.Structure)];
        foreach (var name in names.Skip(1))
        {
            var stem = name.Replace("[x]", "", StringComparison.Ordinal);
            shapes = Step(shapes, stem);
            if (shapes is [])
                throw new ArgumentException($"'{path}' is no element of R4.", nameof(path));
        }
        return shapes;
    }

    private Shape[]? Infer(Syntax syntax, Shape[]? focus)
    {
        switch (syntax)
        {
            case Member member:
                return Follow(member, member.Target is null ? focus : Infer(member.Target, focus));
            case Call call:
                return Infer(call, call.Target is null ? focus : Infer(call.Target, focus), focus);
            case This:
                return focus;
            case Variable { Name: "context" }:
                return context;
            case Indexer indexer:
                CheckOrder(indexer.Target, "[]", indexer.Position);
                Infer(indexer.At, focus);
                return Infer(indexer.Target, focus);
            case TypeOperation operation:
                Infer(operation.Operand, focus);
                return operation.IsAs ? Of(operation.Type) : null;
            case Polarity polarity:
                Infer(polarity.Operand, focus);
                return null;
            case Binary binary:
                return Infer(binary, focus);
            default:
                return null;
        }
    }

    private Shape[]? Infer(Binary last, Shape[]? focus)
    {
        // As long as the chain is: with a stack of our own.
        var chain = new Stack<Binary>(last.Chain);
        Syntax first = last;
        for (; first is Binary binary; first = binary.Left)
            chain.Push(binary);
        var result = Infer(first, focus);
        foreach (var binary in chain)
        {
            var right = Infer(binary.Right, focus);
            result = binary.Operator == Operator.Union ? Join(result, right) : null;
        }
        return result;
    }

    private Shape[]? Infer(Call call, Shape[]? target, Shape[]? focus)
    {
        var arguments = new Shape[]?[call.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var perItem = call.Function.Criteria >= 0 && (call.Function.Criteria == i || call.Function.Name is "iif" or "sort");
            // The type of what repeat() comes back with is not known before.
            arguments[i] = Infer(call.Arguments[i], perItem ? call.Function.Name.StartsWith("repeat", StringComparison.Ordinal) ? null : target : focus);
        }
        if (call.Function.Name is "where" or "exists" or "all" or "iif" && call.Arguments is [Literal { Value.IsEmpty: false } constant, ..] && constant.Value[0].Kind != ItemKind.Boolean)
            Fault($"{call.Function.Name}() takes a condition, and a constant that is no boolean always counts as true", constant.Position);
        switch (call.Function.Name)
        {
            case "first" or "last" or "tail" or "skip" or "take":
                if (call.Target is not null)
                    CheckOrder(call.Target, call.Function.Name + "()", call.Position);
                return target;
            case "where" or "single" or "distinct" or "trace" or "exclude" or "intersect" or "sort" or "defineVariable":
                return target;
            case "select":
                return arguments[0];
            case "union" or "combine":
                return Join(target, arguments[0]);
            case "iif":
                return arguments.Length > 2 ? Join(arguments[1], arguments[2]) : arguments[1];
            case "as" or "ofType":
                return Of(call.Type!);
            case "extension":
                return SchemaCatalog.R4.Find("Extension") is { } extension ? [new(extension, extension.Structure)] : null;
            default:
                return null;
        }
    }

    private Shape[]? Follow(Member member, Shape[]? target)
    {
        if (target is null)
            return null;
        if (member.MayBeType && member.Type is { } named && Array.Exists(target, shape => TypeName.Derives(shape.Type, named)))
            return target;
        var found = Step(target, member.Name);
        if (found is not [])
            return found;
        var places = string.Join(" or ", target.Select(shape => shape.Structure.Path.Length > 0 ? shape.Structure.Path : shape.Type.Name).Distinct(StringComparer.Ordinal).Take(3));
        var elements = target.SelectMany(shape => shape.Structure.Elements).ToList();
        if (elements.Find(element => element.IsChoice && Array.Exists(element.Properties, property => property.Name == member.Name)) is { } choice)
            Fault($"'{member.Name}' is the JSON name of a choice; write {choice.Name}, or {choice.Name}.ofType(…) for one type", member.Position);
        else
            Fault($"{places} has no element '{member.Name}'{(Suggestion.Closest(member.Name, elements.Select(element => element.Name)) is { } close ? $"; did you mean '{close}'?" : "")}", member.Position);
        return null;
    }

    private static Shape[]? Step(Shape[]? from, string name)
    {
        if (from is null)
            return null;
        List<Shape> found = [];
        foreach (var shape in from)
        {
            // What an abstract type stands for is only known from the data.
            if (shape.Type.IsAbstract && shape.Structure.Path == shape.Type.TypeName && !Array.Exists(shape.Structure.Elements, element => element.Name == name))
                return null;
            if (Array.Find(shape.Structure.Elements, element => element.Name == name) is not { } named)
                continue;
            foreach (var property in named.Properties)
            {
                if (SchemaCatalog.R4.Find(property.TypeName) is not { } type)
                    return null;
                found.Add(new(type, property.Structure));
            }
        }
        return [.. found];
    }

    private static Shape[]? Of(TypeName type) => type.Fhir is { } fhir && type.Namespace != "System" ? [new(fhir, fhir.Structure)] : null;

    private static Shape[]? Join(Shape[]? one, Shape[]? other) => one is null || other is null ? null : [.. one, .. other];

    /// <summary>The order of children and descendants is not defined, so no position among them means anything.</summary>
    private void CheckOrder(Syntax target, string what, int position)
    {
        if (target is Call { Function.Name: "children" or "descendants" } unordered)
            Fault($"{unordered.Function.Name}() has no order, so {what} after it depends on chance", position);
    }

    private void Fault(string message, int position) => faults.Add(new(message, position));
}
