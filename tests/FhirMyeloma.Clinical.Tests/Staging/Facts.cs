using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Tests.Staging;

/// <summary>
/// Reads the facts of a case table: <c>B2M 5.5</c>, <c>ALB &lt;3.5</c>, <c>LDH 250 of 240</c> (its upper limit), <c>CREA 1.1</c>, each with
/// <c>@date</c>, <c>preliminary</c>, <c>nounit</c>, <c>spurious</c>, <c>unquantified</c> where it matters; <c>+t(4;14)</c> found, <c>-del(17p)</c> absent, <c>?1q</c> unclear, <c>+del(17p) 20%</c> of
/// the cells; <c>FISH</c> a report of the whole result; <c>says ISS III</c>; <c>diagnosis none</c>. Diagnosed 2024-01-10, sampled that day.
/// </summary>
internal static class Facts
{
    private const string DiagnosisDay = "2024-01-10";

    public static MyelomaCase Case(string facts) => Case(Split(facts));

    public static ImmutableArray<string> Split(string facts) => [.. facts.Split('/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    public static MyelomaCase Case(ImmutableArray<string> facts) => new()
    {
        PatientKey = "p",
        HasMyelomaEvidence = true,
        Measurements = [.. facts.Select(Measured).OfType<Measurement>()],
        Diagnosis = new()
        {
            Date = facts.FirstOrDefault(fact => fact.StartsWith("diagnosis ", StringComparison.Ordinal)) is { } text
                ? text == "diagnosis none" ? null : ClinicalDate.Parse(text[10..])
                : ClinicalDate.Parse(DiagnosisDay),
            Cytogenetics = [.. facts.Where(fact => fact[0] is '+' or '-' or '?').Select(Finding)],
            CytogeneticReports = [.. facts.Where(fact => Words(fact)[0] == "FISH").Select(fact => new CytogeneticReport(Date(fact), Source(fact)))],
            StatedStages = [.. facts.Where(fact => fact.StartsWith("says ", StringComparison.Ordinal)).Select(Stated)],
        },
    };

    public static int Roman(string text) => text switch { "I" => 1, "II" => 2, "III" => 3, "IV" => 4, _ => throw new FormatException(text) };

    public static string Roman(int? stage) => stage is { } number ? new[] { "I", "II", "III", "IV" }[number - 1] : "none";

    private static string[] Words(string fact) => fact.Split(' ');

    private static SourceId Source(string fact) => new(fact);

    private static ClinicalDate? Date(string fact) =>
        Words(fact).FirstOrDefault(word => word[0] == '@') is { } word ? ClinicalDate.Parse(word[1..]) : null;

    private static Measurement? Measured(string fact)
    {
        Marker? marker = Words(fact)[0] switch
        {
            "B2M" => Marker.Beta2Microglobulin,
            "ALB" => Marker.Albumin,
            "LDH" => Marker.Ldh,
            "CREA" => Marker.Creatinine,
            _ => null,
        };
        return marker is not { } known ? null : new()
        {
            Marker = known,
            Value = Value(Words(fact)[1]),
            Date = Date(fact) ?? ClinicalDate.Parse(DiagnosisDay),
            Source = Source(fact),
            ReferenceHigh = Words(fact) is [_, _, "of", var limit, ..] ? Number(limit) : null,
            Status = Words(fact).Contains("preliminary") ? ResultStatus.Preliminary : ResultStatus.Final,
            HasUnit = !Words(fact).Contains("nounit"),
            Spurious = Words(fact).Contains("spurious"),
            PresentNotQuantifiable = Words(fact).Contains("unquantified"),
        };
    }

    private static Reading Value(string text) => text switch
    {
        ['<', '=', ..] => Reading.AtMost(Number(text[2..])),
        ['<', ..] => Reading.LessThan(Number(text[1..])),
        ['>', '=', ..] => Reading.AtLeast(Number(text[2..])),
        ['>', ..] => Reading.MoreThan(Number(text[1..])),
        _ => Reading.Exact(Number(text)),
    };

    private static CytogeneticFinding Finding(string fact) => new(
        Words(fact)[0][1..] switch
        {
            "del(17p)" => Abnormality.Del17p,
            "TP53" => Abnormality.Tp53Mutation,
            "t(4;14)" => Abnormality.T4_14,
            "t(14;16)" => Abnormality.T14_16,
            "t(14;20)" => Abnormality.T14_20,
            "t(11;14)" => Abnormality.T11_14,
            "1q" => Abnormality.Gain1q,
            "amp(1q)" => Abnormality.Amp1q,
            "del(1p32)" => Abnormality.Del1p32,
            "del(1p32)x2" => Abnormality.Del1p32Biallelic,
            "del(1p)" => Abnormality.Del1pUnspecified,
            "hyperdiploid" => Abnormality.Hyperdiploid,
            "non-hyperdiploid" => Abnormality.NonHyperdiploid,
            var other => throw new FormatException(other),
        },
        fact[0] switch { '+' => Tri.Met, '-' => Tri.NotMet, _ => Tri.Unknown },
        Words(fact).FirstOrDefault(word => word[^1] == '%') is { } fraction ? Value(fraction[..^1]) : null,
        Date(fact),
        Source(fact));

    private static StatedStage Stated(string fact) => new(
        Words(fact)[1] switch { "ISS" => StagingSystem.Iss, "R-ISS" => StagingSystem.RIss, "R2-ISS" => StagingSystem.R2Iss, var other => throw new FormatException(other) },
        Roman(Words(fact)[2]),
        Date(fact),
        Source(fact));

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
