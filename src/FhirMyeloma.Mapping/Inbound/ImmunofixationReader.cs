using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Immunofixation as code, words or yes/no, with the isotype of the band.</summary>
internal static class ImmunofixationReader
{
    public static void Read(ObservationFacts facts, ObservationConcept concept, Element holder)
    {
        var value = holder.Choice("value");
        var text = AnswerReading.Text(value);
        var verdict = Verdict(value, holder, text);
        var isotype = CloneText.Read(text);
        if (verdict is null)
            (verdict, isotype) = OfComponents(holder);
        if (verdict is not { } positive)
        {
            if (!value.Exists)
            {
                facts.Intake.Inform(MappingIssues.ValueAbsent, "An immunofixation has no value.", holder);
                if (!AbsentValue.IsHeading(holder) && AbsentValue.IsMeasured(facts, holder) && Sample(facts, concept) is { } done && facts.Date is { } on)
                    facts.Draft.Immunofixations.Add(new(done, Tri.Unknown, on, facts.Source) { Status = facts.Status });
            }
            else
                facts.Intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, "The words of an immunofixation say neither positive nor negative, nor name a band.", value);
            return;
        }
        if (Sample(facts, concept) is not { } sample)
        {
            facts.Intake.Warn(MappingIssues.SampleUnknown, IssueType.Required, "An immunofixation says neither serum nor urine; it is not used. Send LOINC 25700-6 or 13440-3, or the specimen.", holder);
            return;
        }
        if (facts.Dated() is not { } date)
            return;
        if (isotype.IsEmpty)
            isotype = facts.Isotype;
        facts.Draft.Immunofixations.Add(new(sample, positive, date, facts.Source)
        {
            BandHeavyChain = positive.IsMet ? isotype.Heavy : HeavyChain.Unknown,
            BandLightChain = positive.IsMet ? isotype.Light : LightChain.Unknown,
            Status = facts.Status,
        });
    }

    // A named band without more is a band.
    private static Tri? Verdict(Element value, Element holder, string text) =>
        AnswerReading.Verdict(AnswerReading.Of(value, holder)) ?? (CloneText.Read(text) is { IsEmpty: false } or { Several: true } ? Tri.Met : null);

    // "IgG: positive, kappa: positive, lambda: negative".
    private static (Tri? Verdict, Isotype Isotype) OfComponents(Element holder)
    {
        Tri? verdict = null;
        List<string> positive = [];
        foreach (var component in holder.Children("component"))
        {
            if (AnswerReading.Verdict(AnswerReading.Of(component.Choice("value"), component)) is not { } said)
                continue;
            verdict = verdict is { } before ? before | said : said;
            if (said.IsMet)
                positive.AddRange(ConceptReading.Texts(component["code"]).Take(1));
        }
        return (verdict, CloneText.Read(string.Join(' ', positive)));
    }

    private static ImmunofixationSample? Sample(ObservationFacts facts, ObservationConcept concept)
    {
        switch (concept)
        {
            case ObservationConcept.ImmunofixationSerum:
                return ImmunofixationSample.Serum;
            case ObservationConcept.ImmunofixationUrine:
                return ImmunofixationSample.Urine;
            default:
                var specimen = facts.Observation["specimen"];
                var texts = ConceptReading.Texts(facts.Intake.Follow(specimen, "Specimen")["type"]).Append(specimen["display"].Text ?? "").Append(facts.Observation["bodySite"]["text"].Text ?? "");
                var words = texts.SelectMany(text => Wording.Words(Wording.Fold(text))).ToHashSet(StringComparer.Ordinal);
                var (urine, serum) = (words.Overlaps(["orina", "urine"]), words.Overlaps(["suero", "serum", "plasma", "sangre", "blood"]));
                return urine == serum ? null : urine ? ImmunofixationSample.Urine : ImmunofixationSample.Serum;
        }
    }
}
