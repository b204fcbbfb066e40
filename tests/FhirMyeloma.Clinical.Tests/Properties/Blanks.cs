using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Properties;

/// <summary>What can be blanked: one kind of result on one date, all that was sent of it.</summary>
/// <param name="Kind">A marker, or IFES, IFEU, CLON, LESION.</param>
/// <param name="Date">Its date, which is kept.</param>
internal readonly record struct Blank(string Kind, ClinicalDate Date)
{
    public override string ToString() => $"{Kind} of {Date}";
}

/// <summary>Charts with values taken away and their dates kept: measured, and not known.</summary>
internal static class Blanks
{
    private static readonly Marker[] Followed =
        [Marker.SerumMProtein, Marker.UrineMProtein, Marker.FlcKappa, Marker.FlcLambda, Marker.FlcRatio, Marker.MarrowPlasmaCells];

    /// <summary>Everything of a chart that can be blanked, in a stable order.</summary>
    public static Blank[] Of(MyelomaCase patient) =>
    [
        .. patient.Measurements.Where(m => Followed.Contains(m.Marker)).Select(m => new Blank(m.Marker.ToString(), m.Date))
            .Concat(patient.Immunofixations.Select(f => new Blank(Kind(f.Sample), f.Date)))
            .Concat(patient.Clonality.Select(c => new Blank("CLON", c.Date)))
            .Concat(patient.Lesions.Select(l => new Blank("LESION", l.Date)))
            .Distinct().OrderBy(blank => blank.Date).ThenBy(blank => blank.Kind, StringComparer.Ordinal),
    ];

    public static MyelomaCase Without(MyelomaCase patient, params IReadOnlyCollection<Blank> blanks)
    {
        return patient with
        {
            Measurements =
            [
                .. patient.Measurements.Select(m => Has(m.Marker.ToString(), m.Date)
                    ? m with { Value = Reading.Any, HasUnit = true, FromText = false, PresentNotQuantifiable = false } : m),
            ],
            Immunofixations =
            [
                .. patient.Immunofixations.Select(f => Has(Kind(f.Sample), f.Date)
                    ? f with { Positive = Tri.Unknown, BandHeavyChain = HeavyChain.Unknown, BandLightChain = LightChain.Unknown } : f),
            ],
            Clonality = [.. patient.Clonality.Select(c => Has("CLON", c.Date) ? c with { Clonal = Tri.Unknown } : c)],
            Lesions = [.. patient.Lesions.Select(l => Has("LESION", l.Date) ? l with { Value = Reading.Any } : l)],
        };

        bool Has(string kind, ClinicalDate date) => blanks.Contains(new(kind, date));
    }

    /// <summary>One to four of them, often near each other in time.</summary>
    public static Blank[] Some(Dice dice, Blank[] all)
    {
        if (all.Length == 0)
            return [];
        var at = dice.Roll(0, all.Length - 1);
        HashSet<Blank> some = [all[at]];
        for (var more = dice.Pick(0, 0, 1, 3); more > 0; more--)
            some.Add(all[Math.Clamp(dice.Chance(60) ? at + dice.Roll(-8, 8) : dice.Roll(0, all.Length - 1), 0, all.Length - 1)]);
        return [.. some];
    }

    private static string Kind(ImmunofixationSample sample) => sample == ImmunofixationSample.Serum ? "IFES" : "IFEU";
}
