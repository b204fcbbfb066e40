namespace FhirMyeloma.R4.FhirPath;

/// <summary>Section 5.3.</summary>
internal static class Subsetting
{
    public static Function[] All { get; } =
    [
        new("single", 0, 0, static (in call) => new(call.Single())),
        new("first", 0, 0, static (in call) => call.Input.Slice(0, Math.Min(1, call.Input.Count))),
        new("last", 0, 0, static (in call) => call.Input.IsEmpty ? Collection.Empty : call.Input.Slice(call.Input.Count - 1, 1)),
        new("tail", 0, 0, static (in call) => call.Input.IsEmpty ? Collection.Empty : call.Input.Slice(1, call.Input.Count - 1)),
        new("skip", 1, 1, Skip),
        new("take", 1, 1, Take),
        new("intersect", 1, 1, static (in call) => Sets.Filter(call.Input, call.Argument(0), wanted: true, distinct: true, call.Evaluator)),
        new("exclude", 1, 1, static (in call) => Sets.Filter(call.Input, call.Argument(0), wanted: false, distinct: false, call.Evaluator)),
    ];

    private static Collection Skip(in Invocation call)
    {
        if (call.Integer(0) is not { } count)
            return Collection.Empty;
        var from = Math.Max(0, count);
        return from >= call.Input.Count ? Collection.Empty : call.Input.Slice(from, call.Input.Count - from);
    }

    private static Collection Take(in Invocation call) =>
        call.Integer(0) is { } count ? call.Input.Slice(0, Math.Min(Math.Max(0, count), call.Input.Count)) : Collection.Empty;
}

/// <summary>Section 5.4.</summary>
internal static class Combining
{
    public static Function[] All { get; } =
    [
        new("union", 1, 1, static (in call) => Sets.Union(call.Input, call.Argument(0), call.Evaluator, call.Syntax)),
        new("combine", 1, 2, Combine),
        new("coalesce", 1, 64, Coalesce),
    ];

    /// <summary>Duplicates stay; the optional second argument asks to keep the order, which we always do.</summary>
    private static Collection Combine(in Invocation call)
    {
        var all = new CollectionBuilder();
        all.Add(call.Input);
        all.Add(call.Argument(0));
        return call.Evaluator.Sized(all, call.Syntax);
    }

    /// <summary>The first argument that is not empty.</summary>
    private static Collection Coalesce(in Invocation call)
    {
        for (var i = 0; call.Has(i); i++)
        {
            var value = call.Argument(i);
            if (!value.IsEmpty)
                return value;
        }
        return Collection.Empty;
    }
}
