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
/// IFES and IFEU, CLON (pos or neg), DIRA (shifted, no or unclear), SPD, LD, NEW, GONE; <c>m2024-03</c> instead of a day is a month without day.
/// <c>M=*</c>, <c>IFES=*</c>, <c>CLON=*</c>, <c>SPD=*</c>: measured, and not known.
/// <c>SPD@rib=400</c> speaks of one lesion; <c>M#1=0.3:IgGk</c> is one band of several; <c>R=1.7[0.37-3.1]</c> brings the laboratory's own range;
/// <c>PLASMACYTOMA=yes</c> one that is stated at diagnosis; <c>K=5~LabA</c> a method; <c>MRD=neg:flow:0.00001</c> minimal residual disease; <c>DEATH=myeloma</c> death of it.
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
        var mrd = ImmutableArray.CreateBuilder<MrdResult>();
        ClinicalDate? death = null;
        ImmutableArray<SourceId> plasmacytoma = [];
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
            Diagnosis = Typed(clone) with { Plasmacytoma = !plasmacytoma.IsEmpty, PlasmacytomaSources = plasmacytoma },
            Measurements = measurements.ToImmutable(),
            Immunofixations = fixations.ToImmutable(),
            Clonality = clonality.ToImmutable(),
            Lesions = lesions.ToImmutable(),
            DrugBandAssays = assays.ToImmutable(),
            Mrd = mrd.ToImmutable(),
            Death = death,
            DeathDueToMyeloma = death is not null,
            DeathSources = death is null ? [] : [new("death")],
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
            var (kind, of) = name.Split('@') is [var k, var lesion] ? (k, lesion) : (name, null);
            switch (kind)
            {
                case "MRD":
                    mrd.Add(Residual(text.Split(':'), date, source));
                    break;
                case "DEATH":
                    death = date;
                    break;
                case "PLASMACYTOMA":
                    plasmacytoma = [source];
                    break;
                case "IFES" or "IFEU":
                    fixations.Add(new(name == "IFES" ? ImmunofixationSample.Serum : ImmunofixationSample.Urine, text == "*" ? Tri.Unknown : Tri.Of(!text.StartsWith("neg", StringComparison.Ordinal)), date, source)
                    {
                        BandHeavyChain = Heavy(text),
                        BandLightChain = Light(text),
                        Status = text.Contains('?') ? ResultStatus.Preliminary : ResultStatus.Final,
                    });
                    break;
                case "CLON":
                    clonality.Add(new(text == "*" ? Tri.Unknown : Tri.Of(text == "pos"), date, source));
                    break;
                case "DIRA":
                    assays.Add(new(text == "unclear" ? Tri.Unknown : Tri.Of(text == "shifted"), date, source));
                    break;
                case "SPD" or "LD" or "NEW" or "GONE":
                    var measure = kind switch { "SPD" => LesionMeasure.Spd, "LD" => LesionMeasure.LongestDiameter, "NEW" => LesionMeasure.NewLesion, _ => LesionMeasure.Gone };
                    lesions.Add(new(measure, Value(text), date, source, of));
                    break;
                default:
                    measurements.Add(Measured(name, text, date, source));
                    break;
            }
        }
    }

    /// <summary>The line of a table: <c>d30</c> begins new therapy, <c>d-100&gt;d30</c> says when the line before it began.</summary>
    public static LineOfTherapy LineOf(string times) =>
        times.Split('>') is [var previous, var next] ? Line(next, number: 2, previous) : Line(times);

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

    public static ResponseRuleset Ruleset(string name) => name switch
    {
        "" => ResponseRuleset.Imwg2016,
        "2006" => ResponseRuleset.Imwg2006,
        "2026" => ResponseRuleset.Imwg2026Provisional,
        _ => throw new InvalidDataException("ruleset " + name),
    };

    public static DerivationPolicy Policy(string names) =>
        names.Split('+', StringSplitOptions.RemoveEmptyEntries).Aggregate(DerivationPolicy.Default, With);

    private static DerivationPolicy With(DerivationPolicy policy, string name) => name switch
    {
        "strict" => policy with { UrinePolicy = UrinePolicy.Strict },
        "ignore" => policy with { UrinePolicy = UrinePolicy.Ignore },
        "nadir=lowest" => policy with { NadirLowestSingle = true },
        "flc-mr" => policy with { FlcMinimalResponse = true },
        "two-markers" => policy with { TwoMarkerProgression = true },
        "serum-0.5" => policy with { MeasurableSerum = MeasurableSerum.HalfGram },
        "serum-0.5-non-igg" => policy with { MeasurableSerum = MeasurableSerum.HalfGramNonIgG },
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

    private static HeavyChain Heavy(string text) => text.Length > 3 && Enum.TryParse<HeavyChain>(text[..3], out var heavy) ? heavy : HeavyChain.Unknown;

    private static LightChain Light(string text) => Heavy(text) == HeavyChain.Unknown ? LightChain.Unknown : text[3] == 'k' ? LightChain.Kappa : LightChain.Lambda;

    private static MrdResult Residual(string[] parts, ClinicalDate date, SourceId source) => new(
        parts[0].TrimEnd('?') switch { "neg" => Tri.Met, "pos" => Tri.NotMet, _ => Tri.Unknown },
        parts.Length < 2 ? MrdMethod.Unknown : parts[1] switch { "flow" => MrdMethod.Flow, "ngs" => MrdMethod.Sequencing, "pet" => MrdMethod.Imaging, _ => MrdMethod.Unknown },
        parts.Length < 3 ? null : decimal.Parse(parts[2], CultureInfo.InvariantCulture),
        date, source)
    {
        Status = parts[0].EndsWith('?') ? ResultStatus.Preliminary : ResultStatus.Final,
    };

    private static Measurement Measured(string name, string text, ClinicalDate date, SourceId source)
    {
        var method = text.Split('~') is [_, var stated] ? stated : null;
        text = text.Split('~')[0];
        var isotype = text.Split(':') is [_, var typed] ? typed : "";
        text = text.Split(':')[0];
        var range = OwnRange().Match(text);
        text = text.Split('[')[0];
        var band = name.Split('#') is [_, var number] ? int.Parse(number, CultureInfo.InvariantCulture) : (int?)null;
        name = name.Split('#')[0];
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
                "CaC" => Marker.CalciumCorrected,
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
            Band = band,
            BandHeavyChain = Heavy(isotype),
            BandLightChain = Light(isotype),
            Method = method,
            ReferenceLow = range.Success ? decimal.Parse(range.Groups["low"].Value, CultureInfo.InvariantCulture) : null,
            ReferenceHigh = range.Success ? decimal.Parse(range.Groups["high"].Value, CultureInfo.InvariantCulture) : null,
        };
    }

    private static Reading Value(string text)
    {
        if (text is "none" or "trace" or "no")
            return Reading.Exact(0);
        if (text == "*")
            return Reading.Any;
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

    [GeneratedRegex(@"\[(?<low>[0-9.]+)-(?<high>[0-9.]+)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex OwnRange();

    [GeneratedRegex(@"-?\d+(\.\d+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
