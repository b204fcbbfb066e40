namespace FhirMyeloma.R4.FhirPath;

/// <summary>Section 5.8.</summary>
internal static class Tree
{
    public static Function[] All { get; } =
    [
        new("children", 0, 0, ChildrenOf),
        new("descendants", 0, 0, Descendants),
    ];

    private static Collection ChildrenOf(in Invocation call)
    {
        var found = new CollectionBuilder();
        foreach (ref readonly var item in call.Input.Items)
        {
            if (item.IsElement)
                Children.AddAll(ref found, item.Document, item.Index, call.Evaluator);
        }
        return call.Evaluator.Sized(found, call.Syntax);
    }

    /// <summary>In the order of the source, without the items themselves.</summary>
    private static Collection Descendants(in Invocation call)
    {
        var found = new CollectionBuilder();
        foreach (ref readonly var item in call.Input.Items)
        {
            if (item.IsElement)
                Children.AddDescendants(ref found, item.Document, item.Index, call.Evaluator);
            call.Evaluator.CheckSize(found.Count, call.Syntax);
        }
        return found.Build();
    }
}
