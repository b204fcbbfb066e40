using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Benchmarks;

/// <summary>
/// Invented patients as the derivation sees them: 24 months, about 300 facts, a daratumumab line that loses its hold and an isatuximab line after it, of every
/// kind of disease. The same number gives the same patient; no two numbers give the same one.
/// </summary>
internal static class GeneratedCase
{
    private static readonly Drug[][] Inductions =
    [
        [Drug.Daratumumab, Drug.Bortezomib, Drug.Lenalidomide, Drug.Dexamethasone],
        [Drug.Daratumumab, Drug.Lenalidomide, Drug.Dexamethasone],
        [Drug.Daratumumab, Drug.Bortezomib, Drug.Cyclophosphamide, Drug.Dexamethasone],
    ];

    private static readonly Drug[] Rescue = [Drug.Isatuximab, Drug.Carfilzomib, Drug.Dexamethasone];

    public static MyelomaCase Make(int number)
    {
        var dice = new Random(number);
        var diagnosed = new DateOnly(2021, 1, 4).AddDays(dice.Next(700));
        var lightChainOnly = dice.Next(5) == 0;
        var kappa = dice.Next(5) < 3;
        var measurements = new List<Measurement>();
        var drugs = new List<DrugExposure>();
        var fixations = new List<Immunofixation>();
        var change = 120 + dice.Next(200);

        for (var day = -7; day < 730; day += 30)
        {
            var burden = Burden(day, change, dice);
            var involved = (decimal)Math.Round((lightChainOnly ? 4000 : 400) * burden + 8, 1);
            var other = (decimal)Math.Round(4 + (6 * dice.NextDouble()), 2);
            Add(Marker.SerumMProtein, day, lightChainOnly ? 0 : (decimal)Math.Round(5 * burden, 2));
            Add(Marker.UrineMProtein, day, (decimal)Math.Round((lightChainOnly ? 900 : 60) * burden));
            Add(Marker.FlcKappa, day, kappa ? involved : other);
            Add(Marker.FlcLambda, day, kappa ? other : involved);
            Add(Marker.Hemoglobin, day, (decimal)Math.Round(13 - (4 * burden), 1));
            Add(Marker.Creatinine, day, (decimal)Math.Round(0.9 + burden, 2));
            Add(Marker.Calcium, day, (decimal)Math.Round(9 + burden, 1));
            Add(Marker.Beta2Microglobulin, day, (decimal)Math.Round(2 + (5 * burden), 1));
            if (burden < 0.03)
            {
                fixations.Add(new(ImmunofixationSample.Serum, Tri.Of(dice.Next(4) == 0), Date(day), Source("ife", day)));
                Add(Marker.MarrowPlasmaCells, day + 3, dice.Next(8));
            }
        }

        Add(Marker.Albumin, -7, 3.4m);
        Give(Inductions[dice.Next(Inductions.Length)], 0, change);
        Give(Rescue, change + 5 + dice.Next(60), 720);
        return new()
        {
            PatientKey = "https://fhir.example-hospital.org/mrn|" + number.ToString(CultureInfo.InvariantCulture),
            HasMyelomaEvidence = true,
            Birth = ClinicalDate.OfYear(1950),
            LastContact = Date(735),
            Diagnosis = new()
            {
                Date = Date(-7),
                HeavyChain = lightChainOnly ? HeavyChain.LightChainOnly : dice.Next(3) == 0 ? HeavyChain.IgA : HeavyChain.IgG,
                LightChain = kappa ? LightChain.Kappa : LightChain.Lambda,
                Sources = [new("Condition/1")],
                HeavyChainSource = new("Condition/1"),
                LightChainSource = new("Condition/1"),
                Cytogenetics = [new(dice.Next(4) == 0 ? Abnormality.Del17p : Abnormality.T11_14, Tri.Met, null, Date(-7), new("Observation/fish"))],
                CytogeneticReports = [new(Date(-7), new("Observation/fish"))],
            },
            Measurements = [.. measurements],
            Immunofixations = [.. fixations],
            Drugs = [.. drugs],
        };

        void Add(Marker marker, int day, decimal value) =>
            measurements.Add(new() { Marker = marker, Value = Reading.Exact(value), Date = Date(day), Source = Source(marker.ToString(), day) });

        void Give(Drug[] regimen, int from, int to)
        {
            foreach (var drug in regimen)
            {
                for (var day = from; day < to; day += drug == Drug.Dexamethasone ? 28 : 14)
                {
                    drugs.Add(new() { Drug = drug, Evidence = ExposureEvidence.Administration, Start = Date(day), Source = Source(drug.ToString(), day) });
                }
            }
        }

        ClinicalDate Date(int day) => ClinicalDate.Of(diagnosed.AddDays(day));

        static SourceId Source(string name, int day) => new(string.Create(CultureInfo.InvariantCulture, $"Observation/{name}-{day:0000}"));
    }

    // A fall under the first regimen, a rise before the change, a deeper fall under the second, noise on all of it.
    private static double Burden(int day, int change, Random dice) =>
        Math.Max(0, (day < change - 60 ? Math.Exp(-Math.Max(0, day) / 90.0)
            : day < change ? 0.3 + ((day - change + 60) / 200.0)
            : 0.6 * Math.Exp(-(day - change) / 60.0)) * (0.95 + (0.1 * dice.NextDouble())) - (day > change + 200 ? 0.02 : 0));
}
