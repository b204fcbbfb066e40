namespace FhirMyeloma.R4.Elements;

/// <summary>A Coding; every part is null when it is not there.</summary>
/// <param name="Element">Where it stands.</param>
public readonly record struct Coding(Element Element)
{
    /// <summary>URI of the code system.</summary>
    public string? System => Element["system"].Text;

    /// <summary>Version of the code system.</summary>
    public string? Version => Element["version"].Text;

    /// <summary>The code.</summary>
    public string? Code => Element["code"].Text;

    /// <summary>What the sender calls it.</summary>
    public string? Display => Element["display"].Text;
}

/// <summary>A CodeableConcept.</summary>
/// <param name="Element">Where it stands.</param>
public readonly record struct CodeableConcept(Element Element)
{
    /// <summary>True when it is there.</summary>
    public bool Exists => Element.Exists;

    /// <summary>Its codings, in the sender's order.</summary>
    public IEnumerable<Coding> Codings => Element.Children("coding").Select(coding => new Coding(coding));

    /// <summary>The sender's words.</summary>
    public string? Text => Element["text"].Text;

    /// <summary>True when one coding has this system and code.</summary>
    public bool Has(string system, string code) => Codings.Any(coding => coding.System == system && coding.Code == code);
}

/// <summary>A Quantity, or a type derived from it.</summary>
/// <param name="Element">Where it stands.</param>
public readonly record struct Quantity(Element Element)
{
    /// <summary>True when it is there.</summary>
    public bool Exists => Element.Exists;

    /// <summary>The number; null when it is missing or too large for <see cref="decimal"/>.</summary>
    public decimal? Value => Element["value"].Decimal;

    /// <summary>The number as written, with its digits.</summary>
    public string? ValueText => Element["value"].Text;

    /// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;=</c> or <c>&gt;</c>; null means the value itself.</summary>
    public string? Comparator => Element["comparator"].Text;

    /// <summary>The unit as a human reads it.</summary>
    public string? Unit => Element["unit"].Text;

    /// <summary>System of the coded unit.</summary>
    public string? System => Element["system"].Text;

    /// <summary>The coded unit.</summary>
    public string? Code => Element["code"].Text;
}

/// <summary>A Period.</summary>
/// <param name="Element">Where it stands.</param>
public readonly record struct Period(Element Element)
{
    /// <summary>True when it is there.</summary>
    public bool Exists => Element.Exists;

    /// <summary>When it starts; null when not stated.</summary>
    public FhirDate? Start => FhirDate.Of(Element["start"]);

    /// <summary>When it ends; null when it goes on or is not stated.</summary>
    public FhirDate? End => FhirDate.Of(Element["end"]);
}

/// <summary>An Identifier.</summary>
/// <param name="Element">Where it stands.</param>
public readonly record struct Identifier(Element Element)
{
    /// <summary>True when it is there.</summary>
    public bool Exists => Element.Exists;

    /// <summary>usual, official, temp, secondary or old.</summary>
    public string? Use => Element["use"].Text;

    /// <summary>What kind of identifier.</summary>
    public CodeableConcept Type => new(Element["type"]);

    /// <summary>Whose numbers these are.</summary>
    public string? System => Element["system"].Text;

    /// <summary>The number itself.</summary>
    public string? Value => Element["value"].Text;
}

/// <summary>A Reference; see <see cref="Bundle.Resolve(Element, Element)"/>.</summary>
/// <param name="Element">Where it stands.</param>
public readonly record struct Reference(Element Element)
{
    /// <summary>True when it is there.</summary>
    public bool Exists => Element.Exists;

    /// <summary>The literal reference: relative, absolute, <c>urn:</c>, <c>#id</c> or conditional.</summary>
    public string? Literal => Element["reference"].Text;

    /// <summary>The stated type of the target.</summary>
    public string? Type => Element["type"].Text;

    /// <summary>The logical reference.</summary>
    public Identifier Identifier => new(Element["identifier"]);

    /// <summary>The sender's words.</summary>
    public string? Display => Element["display"].Text;
}
