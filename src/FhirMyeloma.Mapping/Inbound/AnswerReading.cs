using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Results in words: codes, text, yes and no.</summary>
internal static class AnswerReading
{
    /// <summary>What value[x] says in words, or the interpretation when there is no value.</summary>
    public static ResultMeaning Of(Element value, Element holder)
    {
        switch (value.TypeName)
        {
            case "boolean":
                return value.Boolean switch { true => ResultMeaning.Positive, false => ResultMeaning.Negative, null => ResultMeaning.None };
            case "string":
                return OfText(value.Text ?? "");
            case "CodeableConcept":
                return OfConcept(value);
            case "":
                foreach (var interpretation in holder.Children("interpretation"))
                {
                    if (OfConcept(interpretation) is not ResultMeaning.None and var meaning)
                        return meaning;
                }
                return ResultMeaning.None;
            default:
                return ResultMeaning.None;
        }
    }

    /// <summary>The text of a value; empty when it has none.</summary>
    public static string Text(Element value) => value.TypeName switch
    {
        "string" => value.Text ?? "",
        "CodeableConcept" => string.Join(". ", ConceptReading.Texts(value).Distinct(StringComparer.Ordinal)),
        _ => "",
    };

    /// <summary>Positive is Met, negative NotMet, unclear Unknown; null when nothing is said.</summary>
    public static Tri? Verdict(ResultMeaning meaning) => meaning switch
    {
        ResultMeaning.Positive or ResultMeaning.NotQuantifiable => Tri.Met,
        ResultMeaning.Negative => Tri.NotMet,
        ResultMeaning.Unclear => Tri.Unknown,
        ResultMeaning.None => null,
    };

    private static ResultMeaning OfConcept(Element concept)
    {
        foreach (var coding in concept.Children("coding"))
        {
            if (coding["code"].Text is { } code && ResultWords.OfCode(CodeSystems.Key(coding["system"].Text), code) is not ResultMeaning.None and var meaning)
                return meaning;
        }
        foreach (var text in ConceptReading.Texts(concept))
        {
            if (OfText(text) is not ResultMeaning.None and var meaning)
                return meaning;
        }
        return ResultMeaning.None;
    }

    private static ResultMeaning OfText(string text) => Wording.Fold(text).TrimEnd('.') switch
    {
        "si" or "yes" or "true" or "y" or "+" => ResultMeaning.Positive,
        "no" or "none" or "false" or "n" or "-" or "ninguna" or "ninguno" => ResultMeaning.Negative,
        _ => ResultWords.Of(text),
    };
}
