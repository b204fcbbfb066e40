using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Properties;

/// <summary>Rolled charts of one line: every kind of disease, gaps, limits of detection, preliminary results, antibodies, relapse.</summary>
internal static class Charts
{
    public static readonly DateOnly Start = new(2023, 5, 1);

    public static (MyelomaCase Patient, LineOfTherapy Line) Roll(Dice dice)
    {
        var kind = dice.Pick("serum", "serum", "urine", "both", "flc", "flc", "none", "marrow");
        var heavy = kind == "flc" ? HeavyChain.LightChainOnly : dice.Pick(HeavyChain.IgG, HeavyChain.IgG, HeavyChain.IgA, HeavyChain.Unknown);
        var light = dice.Pick(LightChain.Kappa, LightChain.Lambda, LightChain.Unknown);
        var chart = new Chart(dice);
        var serum = kind is "serum" or "both" ? dice.Amount(1, 8, 2) : kind == "none" || dice.Chance(50) ? dice.Amount(0, 0.9m, 2) : (decimal?)null;
        var urine = kind is "urine" or "both" ? dice.Amount(200, 4000, 0) : dice.Chance(60) ? dice.Amount(0, 190, 0) : (decimal?)null;
        var kappa = kind == "flc" ? dice.Amount(200, 6000, 1) : dice.Amount(2, 90, 1);
        var lambda = dice.Amount(2, 20, 1);
        var hasChains = kind is "flc" or "none" or "marrow" || dice.Chance(50);
        if (light == LightChain.Lambda)
            (kappa, lambda) = (lambda, kappa);
        var marrow = kind == "marrow" ? dice.Amount(30, 90, 0) : dice.Amount(5, 60, 0);

        if (dice.Chance(95))
            chart.Add(dice.Roll(-50, 0), serum, urine, hasChains ? (kappa, lambda) : null, dice.Chance(kind == "marrow" ? 100 : 40) ? marrow : null, fixation: 20);

        var day = 0;
        var visits = dice.Roll(1, 9);
        for (var visit = 0; visit < visits; visit++)
        {
            day += dice.Roll(1, 45);
            var factor = dice.Pick(0m, 0.02m, 0.1m, 0.3m, 0.5m, 0.8m, 1m, 1.1m, 1.4m, 2.5m);
            serum = serum is { } s ? Math.Round(s * factor, 2) + (factor > 1 ? dice.Amount(0, 0.6m, 2) : 0) : null;
            urine = urine is { } u ? Math.Round(u * dice.Pick(0m, factor, factor), 0) + (factor > 1 ? dice.Roll(0, 250) : 0) : null;
            kappa = Math.Round(kappa * factor, 1) + dice.Amount(1, 10, 1);
            lambda = Math.Round(lambda * dice.Pick(0.8m, 1m, factor), 1) + dice.Amount(0, 3, 1);
            marrow = Math.Max(1, Math.Round(marrow * factor, 0));
            chart.Add(day, dice.Chance(85) ? serum : null, dice.Chance(60) ? urine : null, hasChains && dice.Chance(85) ? (kappa, lambda) : null,
                dice.Chance(40) ? marrow : null, fixation: factor < 0.2m ? 80 : 20);
        }

        var antibody = dice.Chance(40);
        var patient = new MyelomaCase
        {
            PatientKey = dice.ToString(),
            HasMyelomaEvidence = true,
            Diagnosis = new() { HeavyChain = heavy, LightChain = light },
            Measurements = [.. chart.Measurements],
            Immunofixations = [.. chart.Fixations],
            Clonality = [.. chart.Clonality],
            Drugs = antibody
                ? [new() { Drug = Drug.Daratumumab, Evidence = ExposureEvidence.Administration, Start = DayOf(0), Source = new("dose/0") },
                   new() { Drug = Drug.Daratumumab, Evidence = ExposureEvidence.Administration, Start = DayOf(60), Source = new("dose/60") }]
                : [],
        };
        var line = new LineOfTherapy
        {
            Number = 1,
            First = DayOf(0),
            Last = DayOf(day),
            NewTherapy = dice.Chance(40) ? DayOf(Math.Max(1, day - dice.Roll(0, 60))) : null,
            Regimen = "VRd",
            Drugs = [],
            StartReason = LineStartReason.FirstTherapy,
            EndReason = LineEndReason.NextLine,
            Confidence = Confidence.High,
            Sources = [],
        };
        return (patient, line);
    }

    public static ClinicalDate DayOf(int day) => ClinicalDate.Of(Start.AddDays(day));

    private sealed class Chart(Dice dice)
    {
        public List<Measurement> Measurements { get; } = [];

        public List<Immunofixation> Fixations { get; } = [];

        public List<MarrowClonality> Clonality { get; } = [];

        public void Add(int day, decimal? serum, decimal? urine, (decimal Kappa, decimal Lambda)? chains, decimal? marrow, int fixation)
        {
            Add(Marker.SerumMProtein, day, serum);
            Add(Marker.UrineMProtein, day + (dice.Chance(20) ? dice.Roll(1, 4) : 0), urine);
            Add(Marker.FlcKappa, day, chains?.Kappa);
            Add(Marker.FlcLambda, day, chains?.Lambda);
            Add(Marker.MarrowPlasmaCells, day + dice.Roll(0, 20), marrow);
            if (marrow is not null && dice.Chance(50))
                Clonality.Add(new(Tri.Of(dice.Chance(30)), DayOf(day), Source("clonality", day)));
            foreach (var sample in Enum.GetValues<ImmunofixationSample>())
            {
                if (dice.Chance(fixation))
                    Fixations.Add(new(sample, Tri.Of(dice.Chance(30)), DayOf(day + (dice.Chance(20) ? dice.Roll(1, 4) : 0)), Source("ife-" + sample, day)));
            }
        }

        private void Add(Marker marker, int day, decimal? value)
        {
            if (value is not { } number)
                return;
            var isLimit = number > 0 && dice.Chance(6);
            Measurements.Add(new()
            {
                Marker = marker,
                Value = isLimit ? Reading.LessThan(number) : Reading.Exact(number),
                Date = DayOf(day),
                Source = Source(marker.ToString(), day),
                Status = dice.Chance(4) ? ResultStatus.Preliminary : ResultStatus.Final,
            });
            if (dice.Chance(4))
            {
                Measurements.Add(new()
                {
                    Marker = marker,
                    Value = Reading.Exact(number + dice.Amount(0, 1, 2)),
                    Date = DayOf(day),
                    Source = Source(marker + "-again", day),
                });
            }
        }

        private static SourceId Source(string name, int day) => new(string.Create(CultureInfo.InvariantCulture, $"{name}/{day:0000}"));
    }
}
