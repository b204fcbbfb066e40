namespace FhirMyeloma.R4.FhirPath;

/// <summary>Section 5.2.</summary>
internal static class Filtering
{
    public static Function[] All { get; } =
    [
        new("where", 1, 1, Where) { Criteria = 0 },
        new("select", 1, 1, Select) { Criteria = 0 },
        new("repeat", 1, 1, static (in call) => Repeat(call, distinct: true)) { Criteria = 0 },
        new("repeatAll", 1, 1, static (in call) => Repeat(call, distinct: false)) { Criteria = 0 },
        new("ofType", 0, 0, static (in call) => Types.OfType(call.Input, call.Syntax.Type!, call.Evaluator)) { TakesType = true },
        new("sort", 0, 64, Sort) { Criteria = 0 },
    ];

    private static Collection Where(in Invocation call)
    {
        if (call.Input.IsEmpty)
            return Collection.Empty;
        var inner = call.Inner();
        var kept = new CollectionBuilder();
        for (var i = 0; i < call.Input.Count; i++)
        {
            var item = call.Input[i];
            if (call.TruthFor(0, inner, item, i) == true)
                kept.Add(item);
        }
        return kept.Build();
    }

    private static Collection Select(in Invocation call)
    {
        if (call.Input.IsEmpty)
            return Collection.Empty;
        var inner = call.Inner();
        var projected = new CollectionBuilder();
        for (var i = 0; i < call.Input.Count; i++)
        {
            projected.Add(call.ForItem(0, inner, call.Input[i], i));
            call.Evaluator.CheckSize(projected.Count, call.Syntax);
        }
        return projected.Build();
    }

    /// <summary>
    /// Applies the projection to its own results until nothing new comes, level by level. <c>repeatAll</c> keeps what equals an
    /// earlier item too; a projection that goes round in a circle then ends at the budget.
    /// </summary>
    private static Collection Repeat(in Invocation call, bool distinct)
    {
        var inner = call.Inner();
        var seen = new Seen(call.Evaluator);
        var all = new CollectionBuilder();
        var level = call.Input;
        while (!level.IsEmpty)
        {
            var next = new CollectionBuilder();
            for (var i = 0; i < level.Count; i++)
            {
                foreach (ref readonly var item in call.ForItem(0, inner, level[i], i).Items)
                {
                    if (distinct && !seen.Add(item))
                        continue;
                    next.Add(item);
                    all.Add(item);
                }
                call.Evaluator.CheckSize(all.Count, call.Syntax);
            }
            level = next.Build();
        }
        return all.Build();
    }

    /// <summary>By the keys in turn, a minus sign before a key for the reverse; empty keys first. Without keys by the items themselves.</summary>
    private static Collection Sort(in Invocation call)
    {
        if (call.Input.Count < 2)
            return call.Input;
        var keys = call.Syntax.Arguments;
        var evaluator = call.Evaluator;
        var inner = call.Inner();
        var rows = new (Item Item, int Order, Item[] Keys)[call.Input.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            var item = call.Input[i];
            var values = new Item[Math.Max(1, keys.Length)];
            values[0] = item;
            for (var key = 0; key < keys.Length; key++)
            {
                inner.This = new(item);
                inner.Index = i;
                var value = evaluator.Operand(Descends(keys[key], out var bare) ? bare : keys[key], inner);
                if (value.Count > 1)
                    throw call.Fault($"takes one value as key, but there are {value.Count}");
                values[key] = value.IsEmpty || value[0].Value.IsNone && Primitive.QuantityOf(value[0]) is null ? default : value[0];
            }
            rows[i] = (item, i, values);
        }
        evaluator.Charge(rows.Length * 8);
        try
        {
            Array.Sort(rows, (one, other) =>
            {
                for (var key = 0; key < one.Keys.Length; key++)
                {
                    var (left, right) = (one.Keys[key], other.Keys[key]);
                    var order = left.IsNone || right.IsNone ? right.IsNone.CompareTo(left.IsNone) : Operators.Compare(left, right, 0) ?? 0;
                    if (order != 0)
                        return keys.Length > key && Descends(keys[key], out _) ? -order : order;
                }
                return one.Order.CompareTo(other.Order);
            });
        }
        catch (InvalidOperationException fault) when (fault.InnerException is FhirPathException inside)
        {
            throw call.Fault($"cannot order these items: {inside.Fault.Message}");
        }
        var sorted = new CollectionBuilder();
        foreach (var (item, _, _) in rows)
            sorted.Add(item);
        return sorted.Build();
    }

    private static bool Descends(Syntax key, out Syntax bare)
    {
        bare = key is Polarity { IsMinus: true } minus ? minus.Operand : key;
        return !ReferenceEquals(bare, key);
    }
}
