using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Measured markers: numbers with their unit, and the words of R-UNIT-7.</summary>
internal static class LaboratoryReader
{
    public static void Read(ObservationFacts facts, ObservationConcept concept, Element holder)
    {
        var marker = concept.MarkerOf()!.Value;
        var value = holder.Choice("value");
        var intake = facts.Intake;
        if (!value.Exists && AnswerReading.Of(value, holder) is ResultMeaning.None)
        {
            ReadAbsent(facts, concept, marker, holder);
            return;
        }
        var words = !value.Exists || value.TypeName is "boolean";
        SentNumber? sent = words ? null : NumberReadings.Sent(intake, value, out words);
        if (words)
        {
            ReadWords(facts, concept, marker, holder, value);
            return;
        }
        if (sent is not { } number || NumberReadings.ToMarker(intake, marker, number, value) is not { } measured || facts.Dated() is not { } date)
            return;
        var (low, high) = ReferenceRange(facts, marker, holder, number);
        var band = measured.Remark.Length > 0 ? CloneText.Read(measured.Remark) : facts.Isotype;
        facts.Draft.Measurements.Add(Base(facts, concept, marker, date) with
        {
            Value = measured.Value,
            BandHeavyChain = band.Heavy,
            BandLightChain = band.Light,
            ReferenceLow = low,
            ReferenceHigh = high,
            HasUnit = measured.HasUnit,
            UnitAsSent = measured.UnitAsSent,
        });
    }

    /// <summary>A marker of the disease that was measured without a known value keeps its date; of others nothing is left.</summary>
    public static void ReadAbsent(ObservationFacts facts, ObservationConcept concept, Marker marker, Element holder)
    {
        if (!AbsentValue.IsFound(facts, holder, NumberReadings.Name(marker)) || !AbsentValue.IsMeasured(facts, holder) || facts.Date is not { } date
            || marker is not (Marker.SerumMProtein or Marker.UrineMProtein or Marker.FlcKappa or Marker.FlcLambda or Marker.FlcRatio or Marker.MarrowPlasmaCells or Marker.CirculatingPlasmaCells))
            return;
        // The laboratory's range of a ratio judges the chains of its date too (R-UNIT-9).
        var (low, high) = ReferenceRange(facts, marker, holder, new(Reading.Any, null, null, Units.Of(marker)));
        facts.Draft.Measurements.Add(Base(facts, concept, marker, date) with { Value = Reading.Any, ReferenceLow = low, ReferenceHigh = high });
    }

    /// <summary>A urine concentration without the volume of the collection (R-CODE-6).</summary>
    public static void RefuseConcentration(Intake intake, Element code) =>
        intake.Warn(MappingIssues.MisleadingCode, IssueType.BusinessRule,
            $"{ConceptReading.Shown(code)} is not used: a urine M-protein that is not per 24 h needs the volume of the collection (R-CODE-6). Send LOINC 42482-0 in mg/(24.h).", code, ConceptReading.Named(ConceptReading.FirstCoding(code)));

    /// <summary>The words of R-UNIT-7 in place of a number.</summary>
    public static void ReadWords(ObservationFacts facts, ObservationConcept concept, Marker marker, Element holder, Element value)
    {
        var meaning = marker is Marker.SerumMProtein or Marker.UrineMProtein && concept is not ObservationConcept.SerumMProteinUnspecified
            ? AnswerReading.Of(value, holder) : ResultMeaning.None;
        if (meaning is not (ResultMeaning.Negative or ResultMeaning.NotQuantifiable))
        {
            facts.Intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value,
                $"The words of a result of {NumberReadings.Name(marker)} give no value; send a Quantity, or for M-protein words such as 'not detected' or 'not quantifiable'.", value.Exists ? value : holder);
            return;
        }
        if (facts.Dated() is not { } date)
            return;
        var band = meaning is ResultMeaning.NotQuantifiable ? CloneText.Read(AnswerReading.Text(value)) : default;
        facts.Draft.Measurements.Add(Base(facts, concept, marker, date) with
        {
            FromText = true,
            PresentNotQuantifiable = meaning is ResultMeaning.NotQuantifiable,
            BandHeavyChain = band.Heavy,
            BandLightChain = band.Light,
        });
    }

    /// <summary>What every result of the Observation shares.</summary>
    public static Measurement Base(ObservationFacts facts, ObservationConcept concept, Marker marker, ClinicalDate date) => new()
    {
        Marker = marker,
        Value = Reading.Exact(0),
        Date = date,
        Source = facts.Source,
        Status = facts.Status,
        Band = concept.Band(),
        Report = facts.Report,
        Method = facts.Method,
        Spurious = facts.Spurious,
    };

    /// <summary>The laboratory's own range (R-UNIT-9): the first that is for normal values, in the unit of its ends, else of the value.</summary>
    private static (decimal? Low, decimal? High) ReferenceRange(ObservationFacts facts, Marker marker, Element holder, SentNumber sent)
    {
        foreach (var range in holder.Children("referenceRange"))
        {
            var type = ConceptReading.FirstCoding(range["type"])["code"].Text;
            if (type is not (null or "normal" or "recommended"))
                continue;
            var (low, high) = (End(range["low"]), End(range["high"]));
            if (low is not null || high is not null)
                return (low, high);
            if (range["text"].Text is { } text)
                return OfText(text);
        }
        return (null, null);

        decimal? End(Element end)
        {
            if (end["value"].Decimal is not { } value)
                return null;
            var hasUnit = end["code"].Exists || end["unit"].Exists;
            var use = hasUnit ? Units.Use(marker, end["system"].Text, end["code"].Text, end["unit"].Text) : Units.Use(marker, sent.System, sent.Code, sent.Unit);
            return use.Fault == UnitFault.None ? NumberReadings.Convert(Reading.Exact(value), use.Factor)?.Low : null;
        }

        // "0,26 - 1,65", "< 240 U/L"
        (decimal? Low, decimal? High) OfText(string text)
        {
            var dash = text.IndexOfAny(['-', '–'], 1 <= text.Length ? 1 : 0);
            var first = NumberText.Read(dash > 0 ? text[..dash] : text);
            var second = dash > 0 ? NumberText.Read(text[(dash + 1)..]) : default;
            if (first.Reading != NumberReading.Clear || (dash > 0 && second.Reading != NumberReading.Clear) || (dash < 0 && first.Comparator is null))
                return (null, null);
            var unit = dash > 0 ? second.Rest : first.Rest;
            var use = unit.Length > 0 ? Units.Use(marker, null, null, unit) : Units.Use(marker, sent.System, sent.Code, sent.Unit);
            if (use.Fault != UnitFault.None)
                return (null, null);
            var (a, b) = (NumberReadings.Convert(Reading.Exact(first.Value), use.Factor)?.Low, NumberReadings.Convert(Reading.Exact(second.Value), use.Factor)?.Low);
            return dash > 0 ? (a, b) : first.Comparator is "<" or "<=" ? (null, a) : (a, null);
        }
    }
}
