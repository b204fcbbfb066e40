using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Mapping.Outbound;

/// <content>Why a category is not a better one.</content>
internal sealed partial class Words
{
    /// <summary>"VGPR withheld: 87.5 % is below 90 %"; empty when there is nothing to say.</summary>
    /// <param name="why">The reasons.</param>
    /// <param name="level">The category reached.</param>
    /// <param name="marker">The marker that the note has told already.</param>
    public string Withheld(Withheld why, ResponseLevel level, ResponseMarker? marker)
    {
        if (why.Level is not { } next)
            return "";
        // What stands against it in measured values; only without that what is missing.
        List<string> reasons =
        [
            .. why.Reasons.Where(reason => reason.By is not (WithheldBy.MarkerMissing or WithheldBy.UrineMissing or WithheldBy.LesionMissing))
                .Where(reason => !(level == ResponseLevel.Stable && reason.By == WithheldBy.Fall && reason.Marker == marker && SaysThreshold(reason)))
                .Select(reason => Reason(reason, marker)),
        ];
        if (!why.Missing.IsEmpty && (reasons.Count == 0 || next <= ResponseLevel.VeryGoodPartial))
            reasons.Add(Say($"{Missing(why.Missing)} missing", $"sin dato de {Missing(why.Missing)}"));
        return reasons.Count == 0 ? "" : Say($"{next.Code()} withheld: {List(reasons)}", $"{next.Code()} no concedida: {List(reasons)}");
    }

    /// <summary>"no PD: a rise of 0.49 g/dL is less than 0.5 g/dL".</summary>
    public string NoProgression(RiseWithheld rise)
    {
        var unit = Unit(rise.Marker);
        if (!rise.ShortOfAmount)
            return Say(
                $"no PD: {Marker(rise.Marker)} rose by {Number(rise.Amount)} {unit}, but {Below(rise.Percent ?? 0, 25)} % from nadir is less than 25 % ({rise.Criterion})",
                $"sin PD: {Marker(rise.Marker)} aumentó {Number(rise.Amount)} {unit}, pero {Below(rise.Percent ?? 0, 25)} % desde el nadir es menos de 25 % ({rise.Criterion})");
        return rise.Criterion == "R-PD-4"
            ? Say($"no PD: a rise of {Number(rise.Amount)} {unit} is not more than {Number(rise.Limit)} ({rise.Criterion})", $"sin PD: un aumento de {Number(rise.Amount)} {unit} no es más de {Number(rise.Limit)} ({rise.Criterion})")
            : Say($"no PD: a rise of {Number(rise.Amount)} {unit} is less than {Number(rise.Limit)} ({rise.Criterion})", $"sin PD: un aumento de {Number(rise.Amount)} {unit} es menos de {Number(rise.Limit)} ({rise.Criterion})");
    }

    /// <summary>The label of a ruleset that is not published; empty for the others.</summary>
    public string Provisional(ResponseRuleset ruleset) => ruleset == ResponseRuleset.Imwg2026Provisional
        ? Say("Provisional: the criteria of 2026 are not published.", "Provisional: los criterios de 2026 no están publicados.")
        : "";

    /// <summary>What two rulesets say differently of a line or a date.</summary>
    public string Difference(RulesetDifference difference)
    {
        var (one, other) = (Category(difference.OfOne), Category(difference.OfOther));
        return difference.Date is { } date
            ? Say(
                $"Line {difference.Line} {On(date)}: {one} by {difference.One.Code()}, {other} by {difference.Other.Code()}.",
                $"Línea {difference.Line} {On(date)}: {one} según {difference.One.Code()}, {other} según {difference.Other.Code()}.")
            : Say(
                $"Line {difference.Line}: best response {one} by {difference.One.Code()}, {other} by {difference.Other.Code()}.",
                $"Línea {difference.Line}: mejor respuesta {one} según {difference.One.Code()}, {other} según {difference.Other.Code()}.");
    }

    private string Category(ResponseLevel? level) => level is { } known ? known.Code() : Say("no assessment", "ninguna evaluación");

    private string Reason(WithheldReason reason, ResponseMarker? told)
    {
        var of = reason.Marker is { } marker && marker != told ? Marker(marker) + " " : "";
        return reason.By switch
        {
            WithheldBy.Fall when reason.Fall is { } fall => fall < 0
                ? Say($"{of}rose instead of falling by {Number(reason.Limit!.Value)} %", $"{of}aumentó en vez de descender {Number(reason.Limit!.Value)} %")
                : Say($"{of}{Below(fall, reason.Limit!.Value)} % is below {Number(reason.Limit!.Value)} %", $"{of}{Below(fall, reason.Limit!.Value)} % está por debajo de {Number(reason.Limit!.Value)} %"),
            WithheldBy.Fall => Say($"{of}a fall of {Number(reason.Limit!.Value)} % is not shown", $"{of}no se demuestra un descenso de {Number(reason.Limit!.Value)} %"),
            WithheldBy.UrineLevel => Say($"urine {Measured(reason.Value!.Value)} mg/24 h is not below {Number(reason.Limit!.Value)}", $"orina de {Measured(reason.Value!.Value)} mg/24 h no está por debajo de {Number(reason.Limit!.Value)}"),
            WithheldBy.UrineFallAndLevel => Say(
                $"urine {Measured(reason.Value!.Value)} mg/24 h is neither below {Number(reason.Limit!.Value)} nor down by 90 %",
                $"orina de {Measured(reason.Value!.Value)} mg/24 h ni está por debajo de {Number(reason.Limit!.Value)} ni ha descendido 90 %"),
            WithheldBy.MarkerMissing or WithheldBy.UrineMissing or WithheldBy.LesionMissing => Marker(reason.Marker!.Value),
            WithheldBy.LesionSize => Say("the plasmacytoma did not shrink by half", "el plasmocitoma no se redujo a la mitad"),
            WithheldBy.SerumFixation => Say("serum immunofixation is positive", "la inmunofijación en suero es positiva"),
            WithheldBy.DrugOrDisease => Say("serum immunofixation is positive and no assay tells the antibody from the clone", "la inmunofijación en suero es positiva y ninguna prueba distingue el anticuerpo del clon"),
            WithheldBy.UrineFixation => Say("urine immunofixation is positive", "la inmunofijación en orina es positiva"),
            WithheldBy.SerumBand => Say("a serum M-protein is left", "queda proteína M en suero"),
            WithheldBy.UrineBand => Say("a urine M-protein is left", "queda proteína M en orina"),
            WithheldBy.Marrow => Say("marrow plasma cells are not below 5 %", "los plasmocitos en médula ósea no están por debajo de 5 %"),
            WithheldBy.Lesions => Say("lesions are left", "quedan lesiones"),
            WithheldBy.Ratio => Say("the light-chain ratio is not normal", "el cociente de cadenas ligeras no es normal"),
            WithheldBy.Clonality => Say("clonal plasma cells are left in the marrow", "quedan plasmocitos clonales en médula ósea"),
        };
    }

    // The first sentence about SD names the lowest threshold, where the fall is below it.
    private static bool SaysThreshold(WithheldReason reason) =>
        reason.Fall is { } fall && fall < Falls.Where(row => row.Marker == reason.Marker).Min(row => row.From);

    // 89.997 % is below 90 %, and must not be printed as 90.
    private string Below(decimal value, decimal limit) => Decimals.Cents(value) < limit ? Percent(value) : Number(Math.Truncate(value * 1_000_000) / 1_000_000);
}
