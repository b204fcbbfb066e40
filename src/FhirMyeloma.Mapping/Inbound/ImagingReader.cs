using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Plasmacytomas and bone lesions: sizes, new ones, and whether they are gone (R-PD-6).</summary>
internal static class ImagingReader
{
    public static void Read(ObservationFacts facts, ObservationConcept concept, Element holder)
    {
        var value = holder.Choice("value");
        if (AbsentValue.IsFound(facts, holder, "a lesion"))
        {
            if (AbsentValue.IsMeasured(facts, holder) && facts.Date is { } on)
                facts.Draft.Lesions.Add(new(MeasureOf(concept), Reading.Any, on, facts.Source, Lesion(facts)));
            return;
        }
        var finding = concept switch
        {
            ObservationConcept.LesionSpd => Size(facts, value, LesionMeasure.Spd, "mm2", holder),
            ObservationConcept.LesionLongestDiameter => Size(facts, value, LesionMeasure.LongestDiameter, "mm", holder),
            ObservationConcept.NewLesion => Said(value, holder) is { } isNew ? (LesionMeasure.NewLesion, Reading.Exact(isNew ? 1 : 0)) : null,
            _ => Said(value, holder) is { } isThere ? (LesionMeasure.Gone, Reading.Exact(isThere ? 0 : 1)) : ((LesionMeasure, Reading)?)null,
        };
        if (finding is not { } found)
        {
            facts.Intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, "The value of a lesion is not understood.", value.Exists ? value : holder);
            return;
        }
        if (facts.Dated() is not { } date)
            return;
        if (found.Item1 == LesionMeasure.Gone && found.Item2.Value == 0)
            facts.Draft.PlasmacytomaDates.Add((date, facts.Source));
        facts.Draft.Lesions.Add(new(found.Item1, found.Item2, date, facts.Source, Lesion(facts)));
    }

    private static LesionMeasure MeasureOf(ObservationConcept concept) => concept switch
    {
        ObservationConcept.LesionSpd => LesionMeasure.Spd,
        ObservationConcept.LesionLongestDiameter => LesionMeasure.LongestDiameter,
        ObservationConcept.NewLesion => LesionMeasure.NewLesion,
        _ => LesionMeasure.Gone,
    };

    // New: yes or no, or how many.
    private static bool? Said(Element value, Element holder) =>
        value.Decimal is { } count ? count > 0
        : value["value"].Decimal is { } quantity ? quantity > 0
        : AnswerReading.Of(value, holder) switch
        {
            ResultMeaning.Positive or ResultMeaning.NotQuantifiable => true,
            ResultMeaning.Negative => false,
            _ => null,
        };

    private static (LesionMeasure, Reading)? Size(ObservationFacts facts, Element value, LesionMeasure measure, string unit, Element holder)
    {
        var sent = value.TypeName switch
        {
            "Quantity" when value["value"].Decimal is { } number => new SentNumber(NumberReadings.Range(value["comparator"].Text, number), value["system"].Text, value["code"].Text, value["unit"].Text),
            "string" when NumberText.Read(value.Text ?? "") is { Reading: NumberReading.Clear } written => new SentNumber(NumberReadings.Range(written.Comparator, written.Value), null, null, written.Rest),
            _ => (SentNumber?)null,
        };
        if (sent is not { } size)
            return AnswerReading.Of(value, holder) is ResultMeaning.Negative ? (LesionMeasure.Gone, Reading.Exact(1)) : null;
        var use = Units.Use(unit, size.System, size.Code, size.Unit);
        if (use.Fault == UnitFault.None && NumberReadings.Convert(size.Value, use.Factor) is { Low: >= 0 } reading)
            return (measure, reading);
        facts.Intake.Warn(use.Fault == UnitFault.Missing ? MappingIssues.UnitMissing : MappingIssues.UnitNotConvertible, IssueType.BusinessRule, $"The size of a lesion needs a unit that can be converted to {unit}.", value);
        return null;
    }

    /// <summary>
    /// What tells lesions apart: the lesion that the Observation is about (its focus, best by identifier), else the site in the body. A site that is the whole body
    /// names none.
    /// </summary>
    private static string? Lesion(ObservationFacts facts)
    {
        foreach (var focus in facts.Observation.Children("focus"))
        {
            if ((Named(focus["identifier"]) ?? Named(facts.Intake.Follow(focus, "BodyStructure")["identifier"]) ?? focus["reference"].Text) is { } lesion)
                return lesion;
        }
        var site = facts.Observation["bodySite"];
        foreach (var text in ConceptReading.Texts(site))
        {
            var folded = Wording.Fold(text);
            if (WholeBody.Any(whole => folded.Contains(whole, StringComparison.Ordinal)))
                return null;
        }
        var coding = ConceptReading.FirstCoding(site);
        return coding.Exists ? coding["code"].Text is EntireBody ? null : ConceptReading.Named(coding) : site["text"].Text is { } words ? Wording.Fold(words) : null;
    }

    // SNOMED CT: entire body as a whole.
    private const string EntireBody = "38266002";

    private static readonly string[] WholeBody = ["whole body", "entire body", "cuerpo entero", "todo el cuerpo", "multiple", "several", "varias", "varios"];

    private static string? Named(Element identifier) =>
        identifier["value"].Text is { } value ? $"{identifier["system"].Text}|{value}" : null;
}
