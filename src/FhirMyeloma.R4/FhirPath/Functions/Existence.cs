namespace FhirMyeloma.R4.FhirPath;

/// <summary>Section 5.1.</summary>
internal static class Existence
{
    public static Function[] All { get; } =
    [
        new("empty", 0, 0, static (in call) => Collection.Of(call.Input.IsEmpty)),
        new("exists", 0, 1, Exists) { Criteria = 0 },
        new("all", 1, 1, AllOf) { Criteria = 0 },
        new("allTrue", 0, 0, static (in call) => Collection.Of(!Any(call, false))),
        new("anyTrue", 0, 0, static (in call) => Collection.Of(Any(call, true))),
        new("allFalse", 0, 0, static (in call) => Collection.Of(!Any(call, true))),
        new("anyFalse", 0, 0, static (in call) => Collection.Of(Any(call, false))),
        new("subsetOf", 1, 1, static (in call) => Collection.Of(Sets.IsSubset(call.Input, call.Argument(0), call.Evaluator))),
        new("supersetOf", 1, 1, static (in call) => Collection.Of(Sets.IsSubset(call.Argument(0), call.Input, call.Evaluator))),
        new("count", 0, 0, static (in call) => Collection.Of(call.Input.Count)),
        new("distinct", 0, 0, static (in call) => Sets.Distinct(call.Input, call.Evaluator)),
        new("isDistinct", 0, 0, static (in call) => Collection.Of(Sets.IsDistinct(call.Input, call.Evaluator))),
        new("not", 0, 0, static (in call) => Collection.Of(!Evaluator.Truth(call.Input, call.Syntax))),
    ];

    private static Collection Exists(in Invocation call)
    {
        if (!call.Has(0))
            return Collection.Of(!call.Input.IsEmpty);
        var inner = call.Inner();
        for (var i = 0; i < call.Input.Count; i++)
        {
            if (call.TruthFor(0, inner, call.Input[i], i) == true)
                return Collection.True;
        }
        return Collection.False;
    }

    private static Collection AllOf(in Invocation call)
    {
        var inner = call.Inner();
        for (var i = 0; i < call.Input.Count; i++)
        {
            if (call.TruthFor(0, inner, call.Input[i], i) != true)
                return Collection.False;
        }
        return Collection.True;
    }

    private static bool Any(in Invocation call, bool wanted)
    {
        var found = false;
        foreach (ref readonly var item in call.Input.Items)
        {
            var value = item.Value;
            if (value.Kind != ItemKind.Boolean)
                throw call.Fault($"takes booleans, not {TypeName.Of(item)}");
            found |= value.Boolean == wanted;
        }
        return found;
    }
}
