using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>A urine M-protein in mg/L that waits for the volume of its collection.</summary>
internal sealed record UrineConcentration(Reading MilligramsPerLitre, Measurement Result, Element Code);

/// <summary>The volume of a 24-hour collection in litres.</summary>
internal sealed record UrineVolume(Reading Litres, ClinicalDate Date, SourceId Source);

/// <summary>Urine M-protein as a concentration: with the volume of the 24-hour collection of the same date it is an excretion (R-CODE-6).</summary>
internal static class UrineConcentrations
{
    public static void ReadConcentration(ObservationFacts facts, ObservationConcept concept, Element holder, Element code)
    {
        var value = holder.Choice("value");
        if (!value.Exists)
        {
            LaboratoryReader.ReadAbsent(facts, concept, Marker.UrineMProtein, holder);
            return;
        }
        var sent = NumberReadings.Sent(facts.Intake, value, out var words);
        if (words)
        {
            // "Not detected" is nothing in any volume.
            LaboratoryReader.ReadWords(facts, concept, Marker.UrineMProtein, holder, value);
            return;
        }
        if (sent is not { } number || facts.Dated() is not { } date)
            return;
        var use = Units.Use("mg/L", number.System, number.Code, number.Unit);
        if (use.Fault != UnitFault.None || NumberReadings.Convert(number.Value, use.Factor) is not { Low: >= 0 } amount)
        {
            LaboratoryReader.RefuseConcentration(facts.Intake, code);
            return;
        }
        facts.Draft.UrineConcentrations.Add(new(amount, LaboratoryReader.Base(facts, concept, Marker.UrineMProtein, date), code));
    }

    public static void ReadVolume(ObservationFacts facts, Element holder)
    {
        var value = holder.Choice("value");
        if (!value.Exists || NumberReadings.Sent(facts.Intake, value, out _) is not { } number || facts.Date is not { } date)
            return;
        var use = Units.Use("L", number.System, number.Code, number.Unit);
        if (use.Fault == UnitFault.None && NumberReadings.Convert(number.Value, use.Factor) is { Low: > 0 } litres)
            facts.Draft.UrineVolumes.Add(new(litres, date, facts.Source));
    }

    /// <summary>Joins what was read: one volume for the date, or none, whatever the order of the entries.</summary>
    public static void Join(Intake intake, CaseDraft draft)
    {
        foreach (var waiting in draft.UrineConcentrations)
        {
            var volumes = draft.UrineVolumes.FindAll(volume => volume.Date == waiting.Result.Date);
            if (volumes.Count == 0 || volumes.Exists(volume => volume.Litres != volumes[0].Litres) || Excretion(waiting.MilligramsPerLitre, volumes[0].Litres) is not { } excreted)
                LaboratoryReader.RefuseConcentration(intake, waiting.Code);
            else
                draft.Measurements.Add(waiting.Result with { Value = excreted, VolumeSource = volumes.Min(volume => volume.Source) });
        }
    }

    private static Reading? Excretion(Reading concentration, Reading litres)
    {
        try
        {
            return new(
                concentration.Low * litres.Low, concentration.LowIncluded && litres.LowIncluded,
                concentration.High is { } high && litres.High is { } most ? high * most : null, concentration.HighIncluded && litres.HighIncluded);
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
