using System.Collections;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>The type of a result.</summary>
public enum FhirPathKind
{
    /// <summary>An element of the data; a primitive among them keeps its id and extensions.</summary>
    Element,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A whole number of 32 bits.</summary>
    Integer,

    /// <summary>A whole number of 64 bits.</summary>
    Long,

    /// <summary>A decimal.</summary>
    Decimal,

    /// <summary>A string.</summary>
    String,

    /// <summary>A date, maybe partial.</summary>
    Date,

    /// <summary>A date with time, maybe partial.</summary>
    DateTime,

    /// <summary>A time of day.</summary>
    Time,

    /// <summary>A number with a unit.</summary>
    Quantity,

    /// <summary>What <c>type()</c> returns.</summary>
    Type,
}

/// <summary>One item of a result: an element or a value.</summary>
public readonly struct FhirPathItem
{
    private readonly Item item;

    internal FhirPathItem(Item item) => this.item = item;

    /// <summary>What it is.</summary>
    public FhirPathKind Kind => item.Kind switch
    {
        ItemKind.Boolean => FhirPathKind.Boolean,
        ItemKind.Integer => FhirPathKind.Integer,
        ItemKind.Long => FhirPathKind.Long,
        ItemKind.Decimal => FhirPathKind.Decimal,
        ItemKind.String => FhirPathKind.String,
        ItemKind.Date => FhirPathKind.Date,
        ItemKind.DateTime => FhirPathKind.DateTime,
        ItemKind.Time => FhirPathKind.Time,
        ItemKind.Quantity => FhirPathKind.Quantity,
        ItemKind.Type => FhirPathKind.Type,
        ItemKind.Element or ItemKind.None => FhirPathKind.Element,
    };

    /// <summary>The element; does not exist for a value.</summary>
    public Element Element => item.Element;

    /// <summary>The value as text (a date without <c>@</c>, a quantity as <c>1 'mg'</c>); of an element its primitive value; null when it has none.</summary>
    public string? Text => item.IsElement ? item.Element.Text : item.Text;

    /// <summary>The truth value of a boolean or a FHIR boolean; null for anything else.</summary>
    public bool? Boolean => item.Value is { Kind: ItemKind.Boolean } value ? value.Boolean : null;

    /// <summary>The number of a number or a FHIR number; of a quantity its value; null for anything else.</summary>
    public decimal? Number => item.Value is { IsNumber: true } value ? value.Decimal : item.Kind == ItemKind.Quantity ? item.Quantity.Value : null;

    /// <summary>The UCUM code or calendar unit of a quantity; null for anything else.</summary>
    public string? Unit => item.Kind == ItemKind.Quantity ? item.Quantity.Unit : null;

    /// <summary>The name of its type: <c>Integer</c>, <c>Quantity</c>; of an element that of FHIR.</summary>
    public string TypeName => FhirPath.TypeName.Of(item).Name;

    internal Item Item => item;

    /// <summary>As a literal of the language; of an element its path.</summary>
    public override string ToString() => item.ToString();
}

/// <summary>The collection that an expression gave, in order.</summary>
public sealed class FhirPathResult : IReadOnlyList<FhirPathItem>
{
    private readonly Collection items;

    internal FhirPathResult(Collection items) => this.items = items;

    /// <inheritdoc/>
    public int Count => items.Count;

    /// <summary>True without items.</summary>
    public bool IsEmpty => items.IsEmpty;

    /// <inheritdoc/>
    public FhirPathItem this[int index] => (uint)index < (uint)items.Count ? new(items[index]) : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The elements among the items; values are left out.</summary>
    public IEnumerable<Element> Elements => this.Where(item => item.Kind == FhirPathKind.Element).Select(item => item.Element);

    internal Collection Items => items;

    /// <inheritdoc/>
    public IEnumerator<FhirPathItem> GetEnumerator()
    {
        for (var i = 0; i < items.Count; i++)
            yield return new(items[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The items as literals of the language, with commas.</summary>
    public override string ToString() => string.Join(", ", this);
}
