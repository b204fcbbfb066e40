using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Tests.Lines;

/// <summary>
/// A course of treatment in one line of text. Days count from 2024-01-01, which is day 0. <c>V@0,3,7</c> doses; <c>V@0/28x4</c> four doses every 28 days;
/// <c>V@(0,3,7,10)/21x4</c> a pattern four times; <c>R@0..20/28x4</c> statements of a period; <c>R@0..</c> an open one, <c>R@..20</c> its last day only; <c>D@2024-03</c> a partial date.
/// After the drug: <c>:iv</c>, <c>:po</c>, <c>:given</c>, <c>:order</c>, <c>:statement</c> or a purpose (<c>:mobilisation</c> …). Procedures: <c>ASCT</c>, <c>ASCT:tandem</c>,
/// <c>Allo</c>, <c>Apheresis</c>, <c>CART</c>, <c>RT</c>. <c>plan:R</c> or <c>plan:V+R</c> a plan written that day (<c>@?</c>: no date), <c>plan:tandem</c> of two transplants; <c>pd</c> an asserted progression, <c>said:PR</c> a stated response;
/// <c>cycles:6</c> a documented count; <c>line:2</c> a curator's line; <c>lab</c> a blood count; <c>death</c>; <c>end</c> the last contact.
/// What stands before the @ names the source: <c>pd:a@200</c> and <c>pd:b@200</c> are two resources.
/// </summary>
internal static partial class CourseText
{
    private static readonly DateOnly Day0 = new(2024, 1, 1);

    private static readonly Dictionary<string, Drug> Letters = new(StringComparer.Ordinal)
    {
        ["D"] = Drug.Daratumumab,
        ["Isa"] = Drug.Isatuximab,
        ["V"] = Drug.Bortezomib,
        ["K"] = Drug.Carfilzomib,
        ["Ixa"] = Drug.Ixazomib,
        ["R"] = Drug.Lenalidomide,
        ["P"] = Drug.Pomalidomide,
        ["T"] = Drug.Thalidomide,
        ["C"] = Drug.Cyclophosphamide,
        ["M"] = Drug.Melphalan,
        ["Ven"] = Drug.Venetoclax,
        ["d"] = Drug.Dexamethasone,
        ["p"] = Drug.Prednisone,
        ["mp"] = Drug.Methylprednisolone,
        ["Flu"] = Drug.Fludarabine,
        ["GCSF"] = Drug.Filgrastim,
        ["Plerixafor"] = Drug.Plerixafor,
        ["Tec"] = Drug.Teclistamab,
        ["Tal"] = Drug.Talquetamab,
        ["Elra"] = Drug.Elranatamab,
        ["Linvo"] = Drug.Linvoseltamab,
        ["Cilta"] = Drug.CiltaCel,
        ["Ide"] = Drug.IdeCel,
        ["Elo"] = Drug.Elotuzumab,
        ["Bela"] = Drug.BelantamabMafodotin,
        ["S"] = Drug.Selinexor,
        ["Benda"] = Drug.Bendamustine,
        ["Doxo"] = Drug.Doxorubicin,
        ["Pano"] = Drug.Panobinostat,
        ["OtherCd38"] = Drug.OtherAntiCd38,
    };

    public static DrugSet DrugSet(string letters) =>
        [.. letters.Split('+', StringSplitOptions.RemoveEmptyEntries).Select(letter => Letters[letter])];

    public static MyelomaCase Read(string text)
    {
        var patient = new MyelomaCase { PatientKey = "p", HasMyelomaEvidence = true };
        foreach (var token in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (what, when) = (token.Split('@')[0], token.Split('@')[1]);
            var (name, option) = (what.Split(':')[0], what.Contains(':', StringComparison.Ordinal) ? what.Split(':')[1] : "");
            if (when == "?")
                patient = patient with { Plans = patient.Plans.Add(Plan(option, null, new(token))) };
            foreach (var (start, end, open) in when == "?" ? [] : Spans(when))
                patient = Add(patient, name, option, start, end, open, new($"{what}@{start ?? end}"));
        }
        return patient;
    }

    /// <summary>The same record with every list turned round.</summary>
    public static MyelomaCase Reversed(MyelomaCase patient) => patient with
    {
        Drugs = [.. patient.Drugs.Reverse()],
        Procedures = [.. patient.Procedures.Reverse()],
        Plans = [.. patient.Plans.Reverse()],
        StatedLines = [.. patient.StatedLines.Reverse()],
        DocumentedCycles = [.. patient.DocumentedCycles.Reverse()],
        StatedProgressions = [.. patient.StatedProgressions.Reverse()],
    };

    /// <summary>Responses by line number, e.g. <c>1:VGPR 2:MR,PD@300</c>; NE for lines that are not named. PD counts once its day has come.</summary>
    public static Func<LineOfTherapy, LineResponse> Responses(string text)
    {
        var byLine = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(
            entry => int.Parse(entry.Split(':')[0], CultureInfo.InvariantCulture), entry => entry.Split(':')[1].Split(','));
        return line =>
        {
            var best = ResponseLevel.NotEvaluable;
            Progression? progression = null;
            foreach (var item in byLine.GetValueOrDefault(line.Number, []))
            {
                if (!item.StartsWith("PD@", StringComparison.Ordinal))
                    best = Enum.GetValues<ResponseLevel>().Single(level => level.Code() == item);
                else if (Date(item[3..]) is var date && (line.NewTherapy is not { } end || date <= end))
                    progression = new(date, "R-PD-1", true, null, []);
            }
            return new()
            {
                Line = line.Number,
                Best = best,
                IsFinal = true,
                BestConfirmed = best,
                Strict = best,
                Relaxed = best,
                BoundWorst = best,
                BoundBest = best,
                MeasurableBy = MeasurableBy.Serum,
                Progression = progression,
            };
        };
    }

    /// <summary>A date as a day number where it is one.</summary>
    public static string Day(ClinicalDate date) =>
        date.Day is { } day ? (day.DayNumber - Day0.DayNumber).ToString(CultureInfo.InvariantCulture) : date.Text;

    /// <summary>The source as the course names it: <c>ASCT@150</c>.</summary>
    public static string Source(SourceId source) =>
        source.Value.Split('@') is [var what, var when] && when != "?" ? $"{what}@{Day(ClinicalDate.Parse(when))}" : source.Value;

    /// <summary>The letter of a drug.</summary>
    public static string Letter(Drug drug) => Letters.Single(entry => entry.Value == drug).Key;

    private static PlannedTherapy Plan(string option, ClinicalDate? start, SourceId source) =>
        option == "tandem" ? new([], true, start, source) { Tandem = true } : new([.. DrugSet(option)], false, start, source);

    private static MyelomaCase Add(MyelomaCase patient, string name, string option, ClinicalDate? from, ClinicalDate? end, bool open, SourceId source)
    {
        var start = (from ?? end)!.Value;
        return name switch
        {
            "ASCT" => WithProcedure(patient, new(TherapyProcedureKind.AutologousTransplant, start, source) { PlannedTandem = option == "tandem" }),
            "Allo" => WithProcedure(patient, new(TherapyProcedureKind.AllogeneicTransplant, start, source) { PlannedTandem = option == "tandem" }),
            "Apheresis" => WithProcedure(patient, new(TherapyProcedureKind.Apheresis, start, source) { PlannedTandem = option == "tandem" }),
            "CART" => WithProcedure(patient, new(TherapyProcedureKind.CarT, start, source) { PlannedTandem = option == "tandem" }),
            "RT" => WithProcedure(patient, new(TherapyProcedureKind.Radiotherapy, start, source) { PlannedTandem = option == "tandem" }),
            "plan" => patient with { Plans = patient.Plans.Add(Plan(option, start, source)) },
            "pd" => patient with { StatedProgressions = patient.StatedProgressions.Add(new(start, source)) },
            "said" => patient with
            {
                StatedResponses = patient.StatedResponses.Add(new(Enum.GetValues<ResponseLevel>().Single(level => level.Code() == option), start, source)),
            },
            "cycles" => patient with { DocumentedCycles = patient.DocumentedCycles.Add(new(int.Parse(option, CultureInfo.InvariantCulture), start, source)) },
            "line" => patient with { StatedLines = patient.StatedLines.Add(new(int.Parse(option, CultureInfo.InvariantCulture), start, end, source)) },
            "lab" => patient with
            {
                Measurements = patient.Measurements.Add(new() { Marker = Marker.Hemoglobin, Value = Reading.Exact(12), Date = start, Source = source }),
            },
            "death" => patient with { Death = start },
            "end" => patient with { LastContact = start },
            _ => patient with
            {
                Drugs = patient.Drugs.Add(new()
                {
                    Drug = Letters[name],
                    Evidence = option switch
                    {
                        "order" => ExposureEvidence.Order,
                        "statement" => ExposureEvidence.Statement,
                        "given" => ExposureEvidence.Administration,
                        _ => end is not null || open ? ExposureEvidence.Statement : ExposureEvidence.Administration,
                    },
                    Start = from,
                    End = end,
                    IsOpenPeriod = open,
                    Source = source,
                    Intravenous = option switch { "iv" => true, "po" => false, _ => null },
                    Intent = Enum.TryParse<TherapyIntent>(option, ignoreCase: true, out var intent) ? intent : TherapyIntent.NotStated,
                }),
            },
        };
    }

    private static MyelomaCase WithProcedure(MyelomaCase patient, TherapyProcedure procedure) =>
        patient with { Procedures = patient.Procedures.Add(procedure) };

    private static IEnumerable<(ClinicalDate? Start, ClinicalDate? End, bool Open)> Spans(string when)
    {
        foreach (Match item in Item().Matches(when))
        {
            var (every, times) = item.Groups["every"].Success ? (Number(item.Groups["every"].Value), Number(item.Groups["times"].Value)) : (0, 1);
            for (var i = 0; i < times; i++)
            {
                foreach (var day in item.Groups["days"].Value.Trim('(', ')').Split(','))
                {
                    var ends = day.Split("..");
                    yield return (ends[0].Length > 0 ? Date(ends[0], every * i) : null, ends is [_, { Length: > 0 } last] ? Date(last, every * i) : null, ends is [_, ""]);
                }
            }
        }
    }

    /// <summary>A day, a period or a pattern in brackets, then perhaps how often.</summary>
    [GeneratedRegex(@"(?<days>\([^)]*\)|[^,/()]+)(/(?<every>\d+)x(?<times>\d+))?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Item();

    private static ClinicalDate Date(string text, int later = 0) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var day) && text.Length < 4
            ? ClinicalDate.Of(Day0.AddDays(day + later))
            : text.Length == 4 && !text.StartsWith("20", StringComparison.Ordinal) ? ClinicalDate.Of(Day0.AddDays(Number(text) + later))
            : ClinicalDate.Parse(text);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
