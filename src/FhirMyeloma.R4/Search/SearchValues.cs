using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Search;

/// <summary>The values of a search parameter in a resource. R4 search.html#ptypes.</summary>
internal static class SearchValues
{
    /// <summary>In the order of the resource; empty when it has none. A composite has none of its own.</summary>
    public static List<SearchValue> Of(SearchParameter parameter, Element resource) => Of(parameter.Path, parameter.Type, resource);

    /// <summary>As <see cref="Of(SearchParameter, Element)"/>, of a path from any element.</summary>
    public static List<SearchValue> Of(SearchPath path, SearchType type, Element focus)
    {
        var values = new List<SearchValue>();
        if (path.IsComputed)
        {
            foreach (var item in path.Evaluate(focus))
            {
                if (item.Element.Exists)
                    Add(item.Element, type, values);
                else if (type == SearchType.Token && item.Text is { } text)
                    values.Add(new TokenValue(null, text, null) { IsPrimitive = true });
            }
            return values;
        }
        var found = new List<Element>();
        path.Collect(focus, found);
        foreach (var element in found)
            Add(element, type, values);
        return values;
    }

    private static void Add(Element element, SearchType type, List<SearchValue> values)
    {
        switch (type)
        {
            case SearchType.Token:
                AddTokens(element, values);
                break;
            case SearchType.Reference:
                if (ReferenceOf(element) is { } reference)
                    values.Add(reference);
                break;
            case SearchType.Date:
                if (DateRange.Of(element) is { } range)
                    values.Add(new DateValue(range));
                break;
            case SearchType.String:
                AddStrings(element, values);
                break;
            case SearchType.Quantity or SearchType.Number:
                if (QuantityOf(element) is { } quantity)
                    values.Add(quantity);
                break;
            case SearchType.Uri:
                if (element.Text is { } uri)
                    values.Add(new UriValue(uri));
                break;
            case SearchType.Composite:
                break;
        }
    }

    private static void AddTokens(Element element, List<SearchValue> values)
    {
        switch (element.TypeName)
        {
            case "Coding":
                values.Add(new TokenValue(element["system"].Text, element["code"].Text, element["display"].Text));
                break;
            case "CodeableConcept":
                foreach (var coding in element.Children("coding"))
                    values.Add(new TokenValue(coding["system"].Text, coding["code"].Text, coding["display"].Text));
                if (element["text"].Text is { } text)
                    values.Add(new TokenValue(null, null, text));
                break;
            case "Identifier":
                values.Add(TokenOf(element));
                break;
            case "ContactPoint":
                values.Add(new TokenValue(null, element["value"].Text, null) { IsPrimitive = true });
                break;
            default:
                if (element.Text is { } code)
                    values.Add(new TokenValue(null, code, null) { IsPrimitive = true, Binding = element.Node.Property?.Element.Binding });
                break;
        }
    }

    private static TokenValue TokenOf(Element identifier) => new(identifier["system"].Text, identifier["value"].Text, identifier["type"]["text"].Text);

    private static ReferenceValue? ReferenceOf(Element element)
    {
        if (element.TypeName != "Reference")
            return element.Text is { } canonical ? OfCanonical(canonical) : null;
        var literal = element["reference"].Text;
        var parsed = literal is null ? default : LiteralReference.Parse(literal);
        var identifier = element["identifier"];
        if (literal is null && !identifier.Exists)
            return null;
        var type = References.TargetType(element)?.Name;
        var isIdentity = parsed.Form is ReferenceForm.Relative or ReferenceForm.Absolute && literal is not null;
        return new(literal, type, isIdentity ? parsed.Id : null, isIdentity ? parsed.Version : null, isIdentity ? parsed.BaseUrl : null)
        {
            Identifier = identifier.Exists ? TokenOf(identifier) : null,
        };
    }

    private static ReferenceValue OfCanonical(string canonical)
    {
        var bar = canonical.LastIndexOf('|');
        return bar < 0 ? new(canonical, null, null, null, null) : new(canonical[..bar], null, null, canonical[(bar + 1)..], null);
    }

    private static void AddStrings(Element element, List<SearchValue> values)
    {
        if (element.TypeName is "HumanName" or "Address")
        {
            foreach (var part in element.Children())
            {
                if (part.Name is not ("use" or "type") && part.TypeName == "string" && part.Text is { } text)
                    values.Add(new StringValue(text, IsName: true));
            }
        }
        else if (element.Text is { } text)
        {
            values.Add(new StringValue(text, IsName: element.Parent.TypeName is "HumanName" or "Address"));
        }
    }

    private static QuantityValue? QuantityOf(Element element)
    {
        if (element.Decimal is { } number)
            return new(number, number);
        if (element.TypeName == "Range")
        {
            var (low, high) = (element["low"], element["high"]);
            var unit = low.Exists ? low : high;
            var (least, greatest) = (low["value"].Decimal, high["value"].Decimal);
            return least is null && greatest is null ? null : new(least, greatest) { System = unit["system"].Text, Code = unit["code"].Text, Unit = unit["unit"].Text };
        }
        if (element["value"].Decimal is not { } value)
            return null;
        var comparator = element["comparator"].Text;
        return new(comparator is "<" or "<=" ? null : value, comparator is ">" or ">=" ? null : value)
        {
            AboveLow = comparator == ">",
            BelowHigh = comparator == "<",
            System = element["system"].Text,
            Code = element["code"].Text,
            Unit = element["unit"].Text,
        };
    }
}
