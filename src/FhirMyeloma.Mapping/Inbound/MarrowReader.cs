using System.Globalization;
using System.Text.RegularExpressions;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Clonality of marrow plasma cells and minimal residual disease; the percentage itself is a measurement.</summary>
internal static partial class MarrowReader
{
    public static void ReadClonality(ObservationFacts facts, Element holder)
    {
        var value = holder.Choice("value");
        if (AbsentValue.IsFound(facts, holder, "clonality of marrow plasma cells"))
        {
            if (AbsentValue.IsMeasured(facts, holder) && facts.Date is { } on)
                facts.Draft.Clonality.Add(new(Tri.Unknown, on, facts.Source));
            return;
        }
        if (AnswerReading.Verdict(AnswerReading.Of(value, holder)) is not { } clonal)
        {
            NotUnderstood(facts, value.Exists ? value : holder, "clonality of marrow plasma cells");
            return;
        }
        if (facts.Dated() is { } date)
            facts.Draft.Clonality.Add(new(clonal, date, facts.Source));
    }

    public static void ReadMrd(ObservationFacts facts, ObservationConcept concept, Element holder)
    {
        var value = holder.Choice("value");
        var method = concept switch
        {
            ObservationConcept.MrdFlow => MrdMethod.Flow,
            ObservationConcept.MrdSequencing => MrdMethod.Sequencing,
            _ => MrdMethod.Unknown,
        };
        decimal? sensitivity = null;
        foreach (var component in holder.Children("component"))
        {
            switch (Role(component["code"]))
            {
                case ObservationConcept.MrdMethod when method == MrdMethod.Unknown:
                    method = MethodOf(component.Choice("value"));
                    break;
                case ObservationConcept.MrdSensitivity:
                    sensitivity ??= Sensitivity(component.Choice("value"));
                    break;
            }
        }
        if (method == MrdMethod.Unknown)
            method = MethodOf(holder["method"]);
        var words = string.Join(' ', [AnswerReading.Text(value), .. ConceptReading.Texts(holder["code"])]);
        if (method == MrdMethod.Unknown)
            method = MethodIn(words);
        sensitivity ??= Power(AnswerReading.Text(value));
        var negative = !(AnswerReading.Verdict(AnswerReading.Of(value, holder)) ?? Tri.Unknown);
        if (value.TypeName is "Quantity" && Fraction(value) is { } fraction)
        {
            var below = value["comparator"].Text is "<" or "<=";
            negative = Tri.Of(below || fraction == 0);
            if (below)
                sensitivity ??= fraction;
        }
        if (AbsentValue.IsFound(facts, holder, "minimal residual disease"))
        {
            if (!AbsentValue.IsMeasured(facts, holder))
                return;
        }
        else if (negative.IsUnknown && AnswerReading.Of(value, holder) is not ResultMeaning.Unclear)
        {
            NotUnderstood(facts, value.Exists ? value : holder, "minimal residual disease");
            return;
        }
        if (facts.Dated() is { } date)
            facts.Draft.Mrd.Add(new(negative, method, sensitivity, date, facts.Source) { Status = facts.Status });
    }

    private static void NotUnderstood(ObservationFacts facts, Element at, string what) =>
        facts.Intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, $"The result of {what} says neither positive nor negative.", at);

    private static ObservationConcept? Role(Element code)
    {
        foreach (var coding in code.Children("coding"))
        {
            if (coding["code"].Text is { } own && LabCodes.Find(CodeSystems.Key(coding["system"].Text), own) is { } meaning)
                return meaning.Concept;
        }
        foreach (var text in ConceptReading.Texts(code))
        {
            if (LabCodes.FindByName(text) is { } meaning)
                return meaning.Concept;
        }
        return null;
    }

    private static MrdMethod MethodOf(Element conceptOrText)
    {
        foreach (var coding in conceptOrText.Children("coding"))
        {
            if (coding["code"].Text is { } code && MethodIn(code) is not MrdMethod.Unknown and var coded)
                return coded;
        }
        return MethodIn(string.Join(' ', ConceptReading.Texts(conceptOrText).Append(conceptOrText.TypeName is "string" or "code" ? conceptOrText.Text ?? "" : "")));
    }

    private static MrdMethod MethodIn(string text)
    {
        var words = Wording.Words(Wording.Fold(text));
        bool Any(params ReadOnlySpan<string> wanted)
        {
            foreach (var word in wanted)
            {
                if (words.Contains(word, StringComparer.Ordinal))
                    return true;
            }
            return false;
        }
        return Any("flow", "ngf", "flujo", "citometria", "euroflow", "cytometry") ? MrdMethod.Flow
            : Any("ngs", "sequencing", "secuenciacion", "clonoseq") ? MrdMethod.Sequencing
            : Any("pet", "imaging", "imagen", "petct") ? MrdMethod.Imaging
            : MrdMethod.Unknown;
    }

    private static decimal? Sensitivity(Element value) => value.TypeName switch
    {
        "Quantity" => Fraction(value),
        "Ratio" => value["numerator"]["value"].Decimal is { } top && value["denominator"]["value"].Decimal is > 0 and var bottom ? top / bottom : null,
        "decimal" => value.Decimal,
        "string" or "CodeableConcept" => Power(AnswerReading.Text(value)),
        _ => null,
    };

    // A fraction of nucleated cells: 0.00001, 0.001 %, or 1 in 10*5 written as 10*-5.
    private static decimal? Fraction(Element quantity)
    {
        if (quantity["value"].Decimal is not { } number)
            return null;
        var use = Units.Use("1", quantity["system"].Text, quantity["code"].Text, quantity["unit"].Text);
        return use.Fault == UnitFault.None ? (Ratio.Of(number) * use.Factor).ToDecimal() : null;
    }

    // "10^-5", "10-5", "1e-5", "10⁻⁵", "1/100.000"
    private static decimal? Power(string text)
    {
        var plain = Wording.Fold(text).Replace("⁻", "-", StringComparison.Ordinal).Replace('⁴', '4').Replace('⁵', '5').Replace('⁶', '6');
        var match = PowerOfTen().Match(plain);
        return match.Success ? Ratio.Parse("1e-" + match.Groups["power"].Value).ToDecimal()
            : decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1 ? number : null;
    }

    [GeneratedRegex(@"(?:10\s*(?:\^|\*{1,2})?\s*\(?-|1e-)\s*0?(?<power>[2-9])(?!\d)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Wording.MatchTimeout)]
    private static partial Regex PowerOfTen();
}
