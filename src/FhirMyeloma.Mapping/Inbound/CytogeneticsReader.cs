using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>
/// FISH, karyotype and variants: one abnormality that the code names with its answer, a list in words, or components of either kind. A list that only names what was found is a
/// whole report; as soon as something is said to be absent or open, only the probes that are named were read.
/// </summary>
internal static class CytogeneticsReader
{
    public static void Read(ObservationFacts facts, ObservationConcept concept, Element holder, Element code)
    {
        var before = facts.Draft.Cytogenetics.Count;
        var understood = ReadOne(facts, holder, code, concept is ObservationConcept.Cytogenetics);
        foreach (var component in holder.Children("component"))
            understood |= ReadOne(facts, component, component["code"], isReport: false);
        if (!understood && facts.Draft.Cytogenetics.Count == before)
        {
            // A variant of another gene is nobody's gap; a myeloma panel that says nothing is.
            if (concept is ObservationConcept.GeneticVariant)
                facts.Intake.Inform(MappingIssues.CodeNotUsed, "A genetic variant that no definition of risk reads is not used.", holder);
            else if (holder.Choice("value").Exists)
                facts.Intake.Warn(MappingIssues.CytogeneticsUnclear, IssueType.Value, "A cytogenetic result names no abnormality that the rules read.", holder.Choice("value"));
            else if (holder["dataAbsentReason"].Exists)
                facts.Intake.Inform(MappingIssues.ValueAbsent, "A cytogenetic result has no value.", holder);
        }
    }

    /// <summary>Findings in free text of a Condition.</summary>
    public static void ReadText(CaseDraft draft, string text, ClinicalDate? date, SourceId source)
    {
        foreach (var mention in CytogeneticsText.Read(text))
            draft.Cytogenetics.Add(new(mention.Abnormality, mention.Present, mention.ClonalFraction, date, source));
    }

    private static bool ReadOne(ObservationFacts facts, Element holder, Element code, bool isReport)
    {
        var value = holder.Choice("value");
        if (Named(code) is { Count: > 0 } named)
            return ReadAnswer(facts, holder, value, named);
        var text = AnswerReading.Text(value);
        if (text.Length == 0)
            return false;
        var mentions = CytogeneticsText.Read(text);
        if (mentions.IsEmpty)
        {
            if (!isReport || !SaysNothingFound(text))
                return false;
            facts.Draft.CytogeneticReports.Add(new(facts.Date, facts.Source));
            return true;
        }
        foreach (var mention in mentions)
            Add(facts, mention.Abnormality, mention.Present, mention.ClonalFraction);
        if (isReport && mentions.All(mention => mention.Present.IsMet))
            facts.Draft.CytogeneticReports.Add(new(facts.Date, facts.Source));
        if (mentions.Any(mention => mention.Present.IsUnknown))
            facts.Intake.Warn(MappingIssues.CytogeneticsUnclear, IssueType.Value, "A cytogenetic text leaves open whether an abnormality that it names was found.", value);
        return true;
    }

    /// <summary>Abnormalities that the code itself names: "del(17p)", gene TP53.</summary>
    private static List<Abnormality> Named(Element code)
    {
        foreach (var text in ConceptReading.Texts(code))
        {
            var found = CytogeneticsText.Read(text).Select(mention => mention.Abnormality).ToList();
            if (found.Count > 0)
                return found;
        }
        return [];
    }

    private static bool ReadAnswer(ObservationFacts facts, Element holder, Element value, List<Abnormality> named)
    {
        Reading? fraction = null;
        Tri? present = AnswerReading.Verdict(AnswerReading.Of(value, holder));
        if (value.TypeName is "Quantity" && value["value"].Decimal is { } number
            && Units.Use("%", value["system"].Text, value["code"].Text, value["unit"].Text) is { Fault: UnitFault.None } use
            && NumberReadings.Convert(NumberReadings.Range(value["comparator"].Text, number), use.Factor) is { } percent)
        {
            fraction = percent;
            present = AnswerReading.Verdict(AnswerReading.Of(default, holder)) ?? (percent is { IsExact: true, Low: 0 } ? Tri.NotMet : percent.IsBelowLimit ? Tri.Unknown : Tri.Met);
        }
        else if (present is null && AnswerReading.Text(value) is { Length: > 0 } text && NumberText.Read(text) is { Reading: NumberReading.Clear, Rest: "%" } written)
        {
            fraction = NumberReadings.Range(written.Comparator, written.Value);
            present = written.Value == 0 ? Tri.NotMet : written.Comparator is "<" or "<=" ? Tri.Unknown : Tri.Met;
        }
        if (present is not { } said)
            return false;
        foreach (var abnormality in named)
            Add(facts, abnormality, said, said.IsNotMet ? null : fraction);
        return true;
    }

    private static void Add(ObservationFacts facts, Abnormality abnormality, Tri present, Reading? fraction) =>
        facts.Draft.Cytogenetics.Add(new(abnormality, present, fraction, facts.Date, facts.Source));

    private static bool SaysNothingFound(string text)
    {
        var folded = Wording.Fold(text);
        return folded.StartsWith("none", StringComparison.Ordinal) || folded.StartsWith("ningun", StringComparison.Ordinal)
            || folded.Contains("normal", StringComparison.Ordinal) && !folded.Contains("anormal", StringComparison.Ordinal) && !folded.Contains("abnormal", StringComparison.Ordinal)
            || folded.Contains("sin alteraciones", StringComparison.Ordinal) || folded.Contains("no abnormalit", StringComparison.Ordinal)
            || ResultWords.Of(text) is ResultMeaning.Negative;
    }
}
