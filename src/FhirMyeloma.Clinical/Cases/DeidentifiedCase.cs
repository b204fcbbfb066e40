using System.Collections.Immutable;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>
/// A case without whom it is about: every date moved by the same whole weeks, so that every count of days between them stays what it was; every free text replaced by a number
/// that is the same wherever the text was; the centre left out. Its sources still name what the facts came from, and are not to be shown.
/// </summary>
public static class DeidentifiedCase
{
    private static readonly ImmutableArray<string> _sexes = ["female", "male", "other", "unknown"];

    /// <summary>Makes it.</summary>
    /// <param name="patient">The case.</param>
    /// <param name="key">By what the patient is known from here on.</param>
    /// <param name="weeks">How far the dates move; may be negative.</param>
    public static MyelomaCase Of(MyelomaCase patient, string key, int weeks)
    {
        ArgumentNullException.ThrowIfNull(patient);
        var days = 7 * weeks;
        var names = Numbers(patient);
        return patient with
        {
            PatientKey = key,
            Birth = patient.Birth?.Moved(days),
            Sex = patient.Sex is { } sex && _sexes.Contains(sex, StringComparer.Ordinal) ? sex : null,
            Death = patient.Death?.Moved(days),
            LastContact = patient.LastContact?.Moved(days),
            AsOf = patient.AsOf?.AddDays(days),
            Center = null,
            Diagnosis = Of(patient.Diagnosis, days),
            Measurements = Each(patient.Measurements, one => one with
            {
                Date = one.Date.Moved(days),
                UnitAsSent = Name(one.UnitAsSent),
                Report = Name(one.Report),
                Method = Name(one.Method),
            }),
            Immunofixations = Each(patient.Immunofixations, one => one with { Date = one.Date.Moved(days) }),
            Clonality = Each(patient.Clonality, one => one with { Date = one.Date.Moved(days) }),
            Lesions = Each(patient.Lesions, one => one with { Date = one.Date.Moved(days), Lesion = Name(one.Lesion) }),
            DrugBandAssays = Each(patient.DrugBandAssays, one => one with { Date = one.Date.Moved(days) }),
            Mrd = Each(patient.Mrd, one => one with { Date = one.Date.Moved(days) }),
            Drugs = Each(patient.Drugs, one => one with { Start = one.Start?.Moved(days), End = one.End?.Moved(days) }),
            Procedures = Each(patient.Procedures, one => one with { Date = one.Date.Moved(days) }),
            Plans = Each(patient.Plans, one => one with { Start = one.Start?.Moved(days) }),
            StatedResponses = Each(patient.StatedResponses, one => one with { Date = one.Date?.Moved(days) }),
            DocumentedCycles = Each(patient.DocumentedCycles, one => one with { Date = one.Date.Moved(days) }),
            StatedWashouts = Each(patient.StatedWashouts, one => one with { Date = one.Date?.Moved(days) }),
            StatedLines = Each(patient.StatedLines, one => one with { Start = one.Start.Moved(days), End = one.End?.Moved(days) }),
            StatedRefractoriness = Each(patient.StatedRefractoriness, one => one with { Date = one.Date?.Moved(days) }),
            StatedProgressions = Each(patient.StatedProgressions, one => one with { Date = one.Date.Moved(days) }),
        };

        string? Name(string? text) => text is null ? null : names[text];
    }

    private static Diagnosis Of(Diagnosis diagnosis, int days) => diagnosis with
    {
        Date = diagnosis.Date?.Moved(days),
        StatedStages = Each(diagnosis.StatedStages, one => one with { Date = one.Date?.Moved(days) }),
        Cytogenetics = Each(diagnosis.Cytogenetics, one => one with { Date = one.Date?.Moved(days) }),
        CytogeneticReports = Each(diagnosis.CytogeneticReports, one => one with { Date = one.Date?.Moved(days) }),
    };

    /// <summary>Texts that serve to be compared only; of the same width and in the order of the texts, so that whatever is sorted by them stays so.</summary>
    private static Dictionary<string, string> Numbers(MyelomaCase patient) => patient.Measurements.SelectMany(static one => new[] { one.UnitAsSent, one.Report, one.Method })
        .Concat(patient.Lesions.Select(static one => one.Lesion)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        .Index().ToDictionary(static one => one.Item, static one => one.Index.ToString("000000", System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private static ImmutableArray<T> Each<T>(ImmutableArray<T> all, Func<T, T> change) => [.. all.Select(change)];
}
