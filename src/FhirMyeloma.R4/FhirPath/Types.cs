namespace FhirMyeloma.R4.FhirPath;

/// <summary>Types (section 6.3): <c>is</c>, <c>as</c>, <c>ofType</c>.</summary>
internal static class Types
{
    public static Collection Is(in Collection items, TypeName type, Evaluator evaluator, int position)
    {
        if (items.IsEmpty)
            return items;
        if (items.Count > 1)
            throw new FhirPathException($"'is' asks for the type of one item, but there are {items.Count}; use ofType() to filter", position);
        return Collection.Of(type.Matches(items[0], evaluator.Lenient));
    }

    /// <summary>One item or none; leniently it filters, since R4's own dom-3 and search parameters count on it.</summary>
    public static Collection As(in Collection items, TypeName type, Evaluator evaluator, int position)
    {
        if (items.Count > 1 && !evaluator.Lenient)
            throw new FhirPathException($"'as' takes one item, but there are {items.Count}; use ofType() to filter", position);
        return OfType(items, type, evaluator);
    }

    public static Collection OfType(in Collection items, TypeName type, Evaluator evaluator)
    {
        var kept = new CollectionBuilder();
        evaluator.Charge(items.Count);
        foreach (ref readonly var item in items.Items)
        {
            if (type.Matches(item, evaluator.Lenient))
                kept.Add(item);
        }
        return kept.Build();
    }

    /// <summary>Does the first name of a path name the type of the item (<c>Patient.name</c>, <c>Resource.id</c>)?</summary>
    public static bool IsRoot(in Item item, Member member)
    {
        if (item.Kind != ItemKind.Element)
            return false;
        var own = TypeName.EntryOf(item.Document, item.Index);
        if (own is not null)
            return member.Type is { } wanted && TypeName.Derives(own, wanted);
        return item.Element["resourceType"].TextEquals(System.Text.Encoding.UTF8.GetBytes(member.Name));
    }
}
