using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.Tests.Response;

/// <summary>
/// One line of therapy in a compact notation, for case tables that a clinician can review:
/// <c>d0 M=5.0 U=150; d28 M=&lt;0.1 IFES=neg; d56 K=3.4 L=2.86</c>. Day 0 is the first dose of the line; negative days lie before it.
/// M serum g/dL, U urine mg/24 h, K and L free light chains mg/L, R ratio, BM marrow %, PC circulating cells; <c>none</c> a text "not detected",
/// <c>trace</c> "present, too small to quantify"; <c>a|b</c> two results of one day; <c>?</c> after a value preliminary, <c>!</c> spurious;
/// IFES and IFEU, CLON (pos or neg), DIRA (shifted or not), SPD, LD, NEW, GONE; <c>m2024-03</c> instead of a day is a month without day.
/// </summary>
internal static partial class LineStory
{
    public static DateOnly FirstDose { get; } = new(2024, 2, 1);

    /// <summary>Clone as <c>IgG-kappa</c>, <c>LC-lambda</c>, <c>IgA</c>, or empty.</summary>
    public static MyelomaCase Case(string clone, string samples, string antibodyDays = "")
    {
        var measurements = ImmutableArray.CreateBuilder<Measurement>();
        var fixations = ImmutableArray.CreateBuilder<Immunofixation>();
        var clonality = ImmutableArray.CreateBuilder<MarrowClonality>();
        var lesions = ImmutableArray.CreateBuilder<LesionFinding>();
        var assays = ImmutableArray.CreateBuilder<DrugBandAssay>();
        foreach (var day in samples.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = day.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var date = DateOf(words[0]);
            foreach (var word in words.Skip(1))
            {
                var (name, values) = (word[..word.IndexOf('=')], word[(word.IndexOf('=') + 1)..].Split('|'));
                for (var i = 0; i < values.Length; i++)
                {
                    var source = new SourceId($"{words[0]}/{name}{(i == 0 ? "" : "/" + i.ToString(CultureInfo.InvariantCulture))}");
                    Read(name, values[i], date, source);
                }
            }
        }

        return new()
        {
            PatientKey = "story",
            HasMyelomaEvidence = true,
            Diagnosis = Typed(clone),
            Measurements = measurements.ToImmutable(),
            Immunofixations = fixations.ToImmutable(),
            Clonality = clonality.ToImmutable(),
            Lesions = lesions.ToImmutable(),
            DrugBandAssays = assays.ToImmutable(),
            Drugs =
            [
                .. antibodyDays.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(day => new DrugExposure
                {
                    Drug = Drug.Daratumumab, Evidence = ExposureEvidence.Administration, Start = DateOf(day), Source = new("dose/" + day),
                }),
            ],
        };

        void Read(string name, string text, ClinicalDate date, SourceId source)
        {
            switch (name)
            {
                case "IFES" or "IFEU":
                    fixations.Add(new(name == "IFES" ? ImmunofixationSample.Serum : ImmunofixationSample.Urine, Tri.Of(!text.StartsWith("neg", StringComparison.Ordinal)), date, source)
                    {
                        BandHeavyChain = text is "IgGk" ? HeavyChain.IgG : HeavyChain.Unknown,
                        BandLightChain = text is "IgGk" ? LightChain.Kappa : LightChain.Unknown,
                    });
                    break;
                case "CLON":
                    clonality.Add(new(Tri.Of(text == "pos"), date, source));
                    break;
                case "DIRA":
                    assays.Add(new(Tri.Of(text == "shifted"), date, source));
                    break;
                case "SPD" or "LD" or "NEW" or "GONE":
                    var measure = name switch { "SPD" => LesionMeasure.Spd, "LD" => LesionMeasure.LongestDiameter, "NEW" => LesionMeasure.NewLesion, _ => LesionMeasure.Gone };
                    lesions.Add(new(measure, Value(text), date, source));
                    break;
                default:
                    measurements.Add(Measured(name, text, date, source));
                    break;
            }
        }
    }

    /// <summary>The line that begins on day 0; new therapy on <paramref name="next"/>, if any.</summary>
    public static LineOfTherapy Line(string next = "", int number = 1, string previous = "") => new()
    {
        Number = number,
        First = ClinicalDate.Of(FirstDose),
        Last = ClinicalDate.Of(FirstDose.AddDays(28)),
        NewTherapy = next.Length == 0 ? null : DateOf(next),
        PreviousLineStart = previous.Length == 0 ? null : DateOf(previous),
        Regimen = "VRd",
        Drugs = [],
        StartReason = LineStartReason.FirstTherapy,
        EndReason = LineEndReason.NoLaterTherapy,
        Confidence = Confidence.High,
        Sources = [],
    };

    public static DerivationPolicy Policy(string name) => name switch
    {
        "" => DerivationPolicy.Default,
        "strict" => new() { UrinePolicy = UrinePolicy.Strict },
        "ignore" => new() { UrinePolicy = UrinePolicy.Ignore },
        "nadir=lowest" => new() { NadirLowestSingle = true },
        "flc-mr" => new() { FlcMinimalResponse = true },
        _ => throw new InvalidDataException("policy " + name),
    };

    public static ClinicalDate DateOf(string text) =>
        text[0] == 'm' ? ClinicalDate.Parse(text[1..]) : ClinicalDate.Of(FirstDose.AddDays(int.Parse(text[1..], CultureInfo.InvariantCulture)));

    private static Diagnosis Typed(string clone)
    {
        var parts = clone.Split('-');
        return new()
        {
            HeavyChain = parts[0] switch { "" => HeavyChain.Unknown, "LC" => HeavyChain.LightChainOnly, _ => Enum.Parse<HeavyChain>(parts[0]) },
            LightChain = parts.Length > 1 ? Enum.Parse<LightChain>(parts[1], ignoreCase: true) : LightChain.Unknown,
        };
    }

    private static Measurement Measured(string name, string text, ClinicalDate date, SourceId source)
    {
        var marks = text.TrimEnd('?', '!');
        return new()
        {
            Marker = name switch
            {
                "M" => Marker.SerumMProtein,
                "U" => Marker.UrineMProtein,
                "K" => Marker.FlcKappa,
                "L" => Marker.FlcLambda,
                "R" => Marker.FlcRatio,
                "BM" => Marker.MarrowPlasmaCells,
                "PC" => Marker.CirculatingPlasmaCells,
                "Ca" => Marker.Calcium,
                "Hb" => Marker.Hemoglobin,
                "Cr" => Marker.Creatinine,
                "IgA" => Marker.IgA,
                _ => throw new InvalidDataException("marker " + name),
            },
            Value = Value(marks),
            Date = date,
            Source = source,
            Status = text.Contains('?') ? ResultStatus.Preliminary : ResultStatus.Final,
            Spurious = text.Contains('!'),
            FromText = marks is "none" or "trace",
            PresentNotQuantifiable = marks == "trace",
        };
    }

    private static Reading Value(string text)
    {
        if (text is "none" or "trace" or "no")
            return Reading.Exact(0);
        if (text == "yes")
            return Reading.Exact(1);
        var number = decimal.Parse(Number().Match(text).Value, CultureInfo.InvariantCulture);
        return text switch
        {
            ['<', '=', ..] => Reading.AtMost(number),
            ['>', '=', ..] => Reading.AtLeast(number),
            ['<', ..] => Reading.LessThan(number),
            ['>', ..] => Reading.MoreThan(number),
            _ => Reading.Exact(number),
        };
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
