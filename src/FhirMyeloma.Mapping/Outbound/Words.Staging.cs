using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;

namespace FhirMyeloma.Mapping.Outbound;

/// <content>Sentences about residual disease, stage and risk.</content>
internal sealed partial class Words
{
    public string Mrd(MrdStatus result)
    {
        var method = result.Method switch
        {
            MrdMethod.Unknown => Say(", method not stated", ", método no indicado"),
            MrdMethod.Flow => Say(" by flow", " por citometría"),
            MrdMethod.Sequencing => Say(" by sequencing", " por secuenciación"),
            MrdMethod.Imaging => Say(" by imaging", " por imagen"),
        };
        var sensitivity = result.Sensitivity is { } fraction and > 0
            ? Say($", sensitivity 1 in {Number(decimal.Round(1 / fraction))}", $", sensibilidad 1 en {Number(decimal.Round(1 / fraction))}")
            : Say(", sensitivity not stated", ", sensibilidad no indicada");
        return result.Status switch
        {
            MrdStatusCode.Negative => Say($"MRD negative{method}{sensitivity} (IMWG asks for 1 in 100000).", $"EMR negativa{method}{sensitivity} (el IMWG pide 1 en 100000)."),
            MrdStatusCode.Positive => Say($"MRD positive{method}{sensitivity}.", $"EMR positiva{method}{sensitivity}."),
            MrdStatusCode.SustainedNegative => Say($"Sustained MRD negativity{method}{sensitivity}: negative at least 1 year apart.", $"EMR negativa mantenida{method}{sensitivity}: negativa con al menos 1 año de diferencia."),
            MrdStatusCode.NotEvaluable => Say($"MRD not evaluable{method}{sensitivity} (IMWG asks for 1 in 100000 or better).", $"EMR no evaluable{method}{sensitivity} (el IMWG pide 1 en 100000 o mejor)."),
        };
    }

    /// <summary>The note of a stage; the numbers are those of the case that the stage cites.</summary>
    public string Stage(StageResult result, MyelomaCase patient)
    {
        var name = result.System.Code().ToUpperInvariant();
        var values = List(StageMarkers.Select(row => StageValue(result, patient, row.Marker, Say(row.English, row.Spanish), row.Unit)).Where(text => text.Length > 0));
        var missing = List(result.Missing.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(MissingMarker));
        var reported = result.Reported is { } stated
            ? result.Stage is not { } derived || stated == derived
                ? Say($"reported: {ResultCodes.Roman(stated)}", $"comunicado: {ResultCodes.Roman(stated)}")
                : Say($"the record states {ResultCodes.Roman(stated)} instead", $"la historia indica en cambio {ResultCodes.Roman(stated)}")
            : "";
        var first = result.Stage is { } stage
            ? Say($"{name} stage {ResultCodes.Roman(stage)}", $"Estadio {name} {ResultCodes.Roman(stage)}")
            : result is { BoundBest: { } best, BoundWorst: { } worst }
                ? Say($"{name} stage not decided: {ResultCodes.Roman(best)} to {ResultCodes.Roman(worst)} possible", $"Estadio {name} no decidido: posible de {ResultCodes.Roman(best)} a {ResultCodes.Roman(worst)}")
                : Say($"{name} stage not decided", $"Estadio {name} no decidido");
        return Join(
            $"{first}{(values.Length > 0 ? $": {values}" : "")}.",
            Sentence([
                missing.Length > 0 ? Say($"missing: {missing}", $"sin dato: {missing}") : "",
                result.Flags.Contains(Flag.LdhAssumed) ? Say("LDH not measured, implied by the reported stage", "LDH no medida, implícita en el estadio comunicado") : "",
                reported,
            ]));
    }

    public string Risk(CytogeneticRisk result)
    {
        var definition = result.Definition.Code();
        var found = List(result.Abnormalities.Select(abnormality => abnormality.Display()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var missing = List(result.Missing.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(MissingMarker));
        var because = found.Length > 0 ? $": {found}" : "";
        var first = result.Level switch
        {
            RiskLevel.High => Say($"High risk by {definition}{because}.", $"Riesgo alto según {definition}{because}."),
            RiskLevel.Standard => found.Length > 0
                ? Say($"Standard risk by {definition}: {found} alone does not make it high.", $"Riesgo estándar según {definition}: {found} por sí solo no lo hace alto.")
                : Say($"Standard risk by {definition}: no abnormality that it counts was found.", $"Riesgo estándar según {definition}: no se halló ninguna alteración que cuente."),
            RiskLevel.NotDeterminable => Say($"Risk by {definition} not determinable{because}.", $"Riesgo según {definition} no determinable{because}."),
        };
        return Join(first, Sentence([
            result.Flags.Contains(Flag.HighRiskPresumed) ? Say("presumed, because band or clonal fraction is not stated", "presunto, porque no constan la banda o la fracción clonal") : "",
            missing.Length > 0 ? Say($"missing: {missing}", $"sin dato: {missing}") : "",
        ]));
    }

    /// <summary>A missing marker of stage or risk in words; a code without words stands for itself.</summary>
    private string MissingMarker(string code) =>
        MissingMarkers.TryGetValue(code, out var words) ? Say(words.English, words.Spanish)
        : Abnormalities.TryGetValue(code, out var abnormality) ? abnormality
        : code;

    private static readonly FrozenDictionary<string, (string English, string Spanish)> MissingMarkers = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        ["BETA2_MICROGLOBULIN"] = ("beta-2 microglobulin", "beta-2 microglobulina"),
        ["ALBUMIN"] = ("albumin", "albúmina"),
        ["CREATININE"] = ("creatinine", "creatinina"),
        ["DEL_17P_CLONAL_FRACTION"] = ("the clonal fraction of del(17p)", "fracción clonal de del(17p)"),
        ["R_ISS"] = ("R-ISS", "R-ISS"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Abnormalities = Enum.GetValues<Abnormality>()
        .ToFrozenDictionary(abnormality => abnormality.Code().ToUpperInvariant().Replace('-', '_'), abnormality => abnormality.Display(), StringComparer.Ordinal);

    private static readonly ImmutableArray<(Marker Marker, string English, string Spanish, string Unit)> StageMarkers =
    [
        (Clinical.Cases.Marker.Beta2Microglobulin, "beta-2 microglobulin", "beta-2 microglobulina", "mg/L"),
        (Clinical.Cases.Marker.Albumin, "albumin", "albúmina", "g/dL"),
        (Clinical.Cases.Marker.Ldh, "LDH", "LDH", "U/L"),
    ];

    /// <summary>A value that the stage cites, when its sources hold exactly one.</summary>
    private string StageValue(StageResult result, MyelomaCase patient, Marker marker, string name, string unit)
    {
        if (result.Date is not { } date)
            return "";
        var values = patient.Measurements
            .Where(value => value.Marker == marker && result.Sources.Contains(value.Source))
            .Select(value => value.Value)
            .Distinct()
            .ToList();
        return values.Count == 1 && date.Text.Length > 0 ? $"{name} {Measured(values[0])} {unit}" : "";
    }
}
