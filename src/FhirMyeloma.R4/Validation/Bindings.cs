using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.Validation;

/// <summary>
/// The bindings that reading leaves: to value sets that only a syntax decides, extensible and maximum ones, and the units of
/// UCUM. Preferred and example bindings say nothing.
/// </summary>
internal sealed class Bindings(ValidationScope scope)
{
    private static readonly int QuantitySystem = Slot("Quantity", "system");
    private static readonly int QuantityCode = Slot("Quantity", "code");
    private static readonly int ConceptCoding = Slot("CodeableConcept", "coding");
    private static readonly int CodingSystem = Slot("Coding", "system");
    private static readonly int CodingCode = Slot("Coding", "code");

    private readonly FhirTape tape = scope.Document.Tape;

    /// <summary>A quantity whose system is UCUM has a code of UCUM. R4 binds no code of a quantity, so that it is a warning.</summary>
    public void CheckUnit(int quantity)
    {
        if (!scope.Options.Warnings)
            return;
        var system = tape.Child(quantity, QuantitySystem);
        if (system < 0 || !tape.Says(system, "http://unitsofmeasure.org"u8))
            return;
        var code = tape.Child(quantity, QuantityCode);
        if (code < 0 || tape.Nodes[code].Kind != NodeKind.String || tape.Nodes[code].Length == 0)
            return;
        var verdict = UcumVerdict.Of(tape.Utf8(code));
        if (!verdict.IsValid && scope.Issues.Wants(IssueSeverity.Warning))
            scope.Issues.Add(IssueSeverity.Warning, IssueCodes.UnitNotUcum, IssueType.CodeInvalid, At(code), Words(verdict));
    }

    /// <summary>The bindings of a value that has some to check.</summary>
    public void Check(PropertySchema property, int index)
    {
        var element = property.Element;
        switch (property.TypeName)
        {
            case "code" or "uri" or "string":
                CheckCode(element, index);
                break;
            case "Coding":
                CheckConcept(element, index, [index]);
                break;
            case "CodeableConcept":
                if (tape.Child(index, ConceptCoding) >= 0)
                    CheckConcept(element, index, Codings(index));
                break;
            default:
                CheckQuantity(property.Type, index);
                break;
        }
    }

    private static int Slot(string type, string name) => WrittenInvariants.Slot(SchemaCatalog.R4.Find(type)!.Structure, name);

    private Element At(int index) => new(scope.Document, index);

    /// <summary>A code that looks like a unit is repeated with its repair; anything else may be somebody's words.</summary>
    private static string Words(UcumVerdict verdict) =>
        verdict.Suggestion is null ? "The code of the unit is not UCUM: give one, for instance g/dL, mg/L or mg/(24.h), or leave system and code out." : verdict.Message!;

    private List<int> Codings(int concept)
    {
        List<int> codings = [];
        for (var coding = tape.Child(concept, ConceptCoding); coding >= 0; coding = tape.NextItem(coding, concept))
            codings.Add(coding);
        return codings;
    }

    private void CheckCode(ElementSchema element, int index)
    {
        var code = tape.Utf8(index);
        if (code.Length == 0)
            return;
        // What nearly every document says: en, de, en-US.
        if (element.MaxValueSet == "http://hl7.org/fhir/ValueSet/all-languages" && IsPlainLanguage(code))
            return;
        if (element.RequiredValueSet.Length > 0 && element.Binding is null)
            Judge(element.RequiredValueSet, "required", IssueSeverity.Error, element, index, code);
        if (element.MaxValueSet.Length > 0)
            Judge(element.MaxValueSet, "maximum", IssueSeverity.Error, element, index, code);
        if (element.ExtensibleValueSet.Length > 0 && scope.Options.Warnings && element.ExtensibleCore?.Codes.Find(code) is null && !code.StartsWith("http"u8))
            Judge(element.ExtensibleValueSet, "extensible", IssueSeverity.Warning, element, index, code);
    }

    private static bool IsPlainLanguage(ReadOnlySpan<byte> code) => code.Length == 2 && IsLetter(code[0]) && IsLetter(code[1])
        || code.Length == 5 && code[2] == '-' && IsLetter(code[0]) && IsLetter(code[1]) && IsLetter(code[3]) && IsLetter(code[4]);

    private static bool IsLetter(byte letter) => (letter | 0x20) is >= (byte)'a' and <= (byte)'z';

    private void Judge(string valueSet, string strength, IssueSeverity severity, ElementSchema element, int index, ReadOnlySpan<byte> utf8)
    {
        var code = System.Text.Encoding.UTF8.GetString(utf8);
        // Of a media type the type counts: parameters are often written without their quotes.
        if (scope.Definitions.ValueSets.Contains(valueSet, null, code) != Membership.Out
            || code.IndexOf(';', StringComparison.Ordinal) is > 0 and var parameters && scope.Definitions.ValueSets.Contains(valueSet, null, code[..parameters]) == Membership.In
            || !scope.Issues.Wants(severity))
        {
            return;
        }
        var issue = severity == IssueSeverity.Error ? IssueCodes.CodeNotInValueSet : IssueCodes.CodeNotInExtensibleValueSet;
        scope.Issues.Add(severity, issue, IssueType.CodeInvalid, At(index), $"The code of '{element.Name}' is not in the {strength} value set {Url(valueSet)}{DidYouMean(code, scope.Definitions.ValueSets.Listed(valueSet))}", valueSet);
    }

    private void CheckConcept(ElementSchema element, int index, List<int> codings)
    {
        if (element.ExtensibleValueSet.Length > 0 && scope.Options.Warnings && !IsOfCore(element.ExtensibleCore, codings))
            CheckExtensible(element, index, codings);
        if (element.RequiredValueSet.Length > 0 && element.Binding is null)
            CheckAny(element, element.RequiredValueSet, "required", index, codings);
        if (element.MaxValueSet.Length > 0)
            CheckAny(element, element.MaxValueSet, "maximum", index, codings);
    }

    private bool IsOfCore(ValueSet? valueSet, List<int> codings)
    {
        if (valueSet is null)
            return false;
        foreach (var coding in codings)
        {
            if (valueSet.Contains(tape.Utf8(tape.Child(coding, CodingSystem)), tape.Utf8(tape.Child(coding, CodingCode))))
                return true;
        }
        return false;
    }

    /// <summary>One coding of the set is enough, and so is one that the set cannot judge.</summary>
    private void CheckAny(ElementSchema element, string valueSet, string strength, int index, List<int> codings)
    {
        string? first = null;
        foreach (var coding in codings)
        {
            if (tape.Text(Math.Max(0, tape.Child(coding, CodingCode))) is not { } code)
                continue;
            if (scope.Definitions.ValueSets.Contains(valueSet, tape.TextOfChild(coding, "system") ?? "", code) != Membership.Out)
                return;
            first ??= code;
        }
        if (first is not null && scope.Issues.Wants(IssueSeverity.Error))
        {
            scope.Issues.Add(IssueSeverity.Error, IssueCodes.CodeNotInValueSet, IssueType.CodeInvalid, At(index),
                $"No coding of '{element.Name}' is in the {strength} value set {Url(valueSet)}{DidYouMean(first, scope.Definitions.ValueSets.Listed(valueSet))}", valueSet);
        }
    }

    /// <summary>
    /// An extensible set must be used where it has a fitting concept, which only a person can tell; so only a coding without
    /// system is questioned, and one with a system of the set that this system does not define.
    /// </summary>
    private void CheckExtensible(ElementSchema element, int index, List<int> codings)
    {
        var suspect = -1;
        foreach (var coding in codings)
        {
            var code = tape.Child(coding, CodingCode);
            if (code < 0 || tape.Text(code) is not { } text)
                continue;
            var system = tape.TextOfChild(coding, "system");
            if (scope.Definitions.ValueSets.Contains(element.ExtensibleValueSet, system ?? "", text) != Membership.Out)
                return;
            if (suspect < 0 && (system is null || HasSystem(element, coding) && scope.Definitions.ValueSets.IsCodeOf(system, text) == false))
                suspect = coding;
        }
        if (suspect < 0 || !scope.Issues.Wants(IssueSeverity.Warning))
            return;
        var known = element.ExtensibleCore is { } core && tape.TextOfChild(suspect, "system") is { } named ? core.CodesOf(named) : scope.Definitions.ValueSets.Listed(element.ExtensibleValueSet);
        scope.Issues.Add(IssueSeverity.Warning, IssueCodes.CodeNotInExtensibleValueSet, IssueType.CodeInvalid, At(suspect),
            $"A coding of '{element.Name}' is not in the extensible value set {Url(element.ExtensibleValueSet)}, although it has its system or none{DidYouMean(tape.TextOfChild(suspect, "code") ?? "", known)}", element.ExtensibleValueSet);
    }

    private bool HasSystem(ElementSchema element, int coding) => element.ExtensibleCore?.HasSystem(tape.Utf8(tape.Child(coding, CodingSystem))) == true;

    /// <summary>Units of an Age, a Distance or a Duration.</summary>
    private void CheckQuantity(TypeEntry type, int index)
    {
        var code = tape.Child(index, QuantityCode);
        var system = tape.Child(index, QuantitySystem);
        if (code < 0 || system < 0 || !tape.Says(system, "http://unitsofmeasure.org"u8) || tape.Text(code) is not { } unit)
            return;
        if (type.MaxValueSet.Length > 0 && scope.Definitions.ValueSets.Contains(type.MaxValueSet, UcumUnit.System, unit) == Membership.Out)
        {
            if (scope.Issues.Wants(IssueSeverity.Error))
                scope.Issues.Add(IssueSeverity.Error, IssueCodes.CodeNotInValueSet, IssueType.CodeInvalid, At(code), $"The unit of {Suggestion.WithArticle(type.Name)} is not in the maximum value set {Url(type.MaxValueSet)}{DidYouMean(unit, scope.Definitions.ValueSets.Listed(type.ExtensibleValueSet))}", type.MaxValueSet);
        }
        else if (scope.Options.Warnings && scope.Definitions.ValueSets.Contains(type.ExtensibleValueSet, UcumUnit.System, unit) == Membership.Out && scope.Issues.Wants(IssueSeverity.Information))
        {
            scope.Issues.Add(IssueSeverity.Information, IssueCodes.CodeNotInExtensibleValueSet, IssueType.CodeInvalid, At(code), $"The unit is not among those that R4 names for {Suggestion.WithArticle(type.Name)}: {string.Join(", ", scope.Definitions.ValueSets.Listed(type.ExtensibleValueSet))}.", type.ExtensibleValueSet);
        }
    }

    private static string Url(string valueSet) => valueSet.Split('|')[0];

    private static string DidYouMean(string code, IEnumerable<string> known) => Suggestion.Closest(code, known) is { } close ? $"; did you mean '{close}'?" : ".";
}
