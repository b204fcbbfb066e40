using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>What FHIR adds (R4, section 2.9.1.2 of the FHIRPath page), and <c>comparable</c> of later versions.</summary>
internal static class FhirFunctions
{
    private const string BaseTypes = "http://hl7.org/fhir/StructureDefinition/";

    public static Function[] All { get; } =
    [
        new("extension", 1, 1, Extension),
        new("hasExtension", 1, 1, static (in call) => Collection.Of(!Extension(call).IsEmpty)),
        new("hasValue", 0, 0, static (in call) => Collection.Of(call.Input.Count == 1 && HasValue(call.Input[0]))),
        new("getValue", 0, 0, static (in call) => call.Input.Count == 1 && HasValue(call.Input[0]) ? new(call.Input[0].Value) : Collection.Empty),
        new("resolve", 0, 0, Resolve),
        new("htmlChecks", 0, 0, HtmlChecks),
        new("memberOf", 1, 1, MemberOf),
        new("conformsTo", 1, 1, ConformsTo),
        new("comparable", 1, 1, Comparable),
    ];

    private static Collection Extension(in Invocation call)
    {
        if (call.Input.IsEmpty || call.Text(0) is not { } url)
            return Collection.Empty;
        var all = new CollectionBuilder();
        foreach (ref readonly var item in call.Input.Items)
        {
            if (item.IsElement)
                Children.Add(ref all, item.Document, item.Index, "extension", call.Evaluator);
        }
        var named = new CollectionBuilder();
        foreach (ref readonly var extension in all.Items)
        {
            if (extension.Element["url"].Text == url)
                named.Add(extension);
        }
        return named.Build();
    }

    private static bool HasValue(in Item item) => item.Kind != ItemKind.Quantity && !item.Value.IsNone;

    /// <summary>References, and primitives that are a URL; what leads nowhere is left out.</summary>
    private static Collection Resolve(in Invocation call)
    {
        var found = new CollectionBuilder();
        foreach (ref readonly var item in call.Input.Items)
        {
            call.Evaluator.Charge(16);
            var element = item.Element;
            var literal = item.Kind == ItemKind.String ? item.String
                : item.IsElement && element.TypeName == "Reference" ? element["reference"].Text
                : item.Value is { Kind: ItemKind.String } text ? text.String : null;
            var from = item.IsElement ? element : call.Evaluator.Resource;
            if (literal is null)
                found.Add(Item.Of(call.Evaluator.ResolveHere(element)));
            else if (literal is ['#', ..] || call.Evaluator.Context.Resolve is not { } elsewhere)
                found.Add(Item.Of(call.Evaluator.ResolveHere(literal, from)));
            else
                found.Add(Item.Of(elsewhere(literal, from)));
        }
        return found.Build();
    }

    private static Collection HtmlChecks(in Invocation call)
    {
        var item = call.Single();
        return item.Value is { Kind: ItemKind.String } div ? Collection.Of(Narrative.IsAllowed(div.String)) : Collection.Empty;
    }

    /// <summary>A code, Coding or CodeableConcept; of a concept one member among its codings is enough.</summary>
    private static Collection MemberOf(in Invocation call)
    {
        var item = call.Single();
        if (item.IsNone || call.Text(0) is not { } valueSet)
            return Collection.Empty;
        var memberOf = call.Evaluator.Context.MemberOf ?? throw call.Fault("needs a terminology; set FhirPathContext.MemberOf");
        if (item.Value is { Kind: ItemKind.String } code)
            return Collection.Of(memberOf(valueSet, null, code.String));
        var element = item.Element;
        if (element["coding"].Exists || element.TypeName == "CodeableConcept")
        {
            bool? any = false;
            foreach (var coding in element.Children("coding"))
                any = coding["code"].Text is { } own ? memberOf(valueSet, coding["system"].Text, own) is var one && (any == true || one == true) ? true : any & one : any;
            return Collection.Of(any);
        }
        return element["code"].Text is { } coded ? Collection.Of(memberOf(valueSet, element["system"].Text, coded)) : Collection.Empty;
    }

    /// <summary>Base types are decided here; for profiles the caller says.</summary>
    private static Collection ConformsTo(in Invocation call)
    {
        var item = call.Single();
        if (item.IsNone || call.Text(0) is not { } profile)
            return Collection.Empty;
        if (item.IsElement && profile.StartsWith(BaseTypes, StringComparison.Ordinal) && SchemaCatalog.R4.Find(profile[BaseTypes.Length..]) is { } type)
            return Collection.Of(TypeName.Derives(TypeName.EntryOf(item.Document, item.Index), type));
        return Collection.Of(call.Evaluator.Context.ConformsTo?.Invoke(item.Element, profile)
            ?? throw call.Fault("does not know that profile; give its definition, or set FhirPathContext.ConformsTo"));
    }

    private static Collection Comparable(in Invocation call)
    {
        var (item, other) = (call.Single(), call.One(0));
        if (item.IsNone || other.IsNone)
            return Collection.Empty;
        return Collection.Of(Primitive.QuantityOf(QuantityItem(item)) is { } left && Primitive.QuantityOf(QuantityItem(other)) is { } right && Quantity.AreComparable(left, right));

        static Item QuantityItem(in Item item) => item.Value is { IsNone: false } value ? value : item;
    }
}
