using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Mapping.Outbound;

/// <content>Sentences about response, at a date and of a line, and about reported categories.</content>
internal sealed partial class Words
{
    /// <summary>Response thresholds of clinical rules a.3 by the fall of one marker, per cent: at least <c>From</c> reaches the category.</summary>
    private static readonly (ResponseMarker Marker, ResponseLevel Level, decimal From)[] Falls =
    [
        (ResponseMarker.SerumM, ResponseLevel.VeryGoodPartial, 90),
        (ResponseMarker.SerumM, ResponseLevel.Partial, 50),
        (ResponseMarker.SerumM, ResponseLevel.Minimal, 25),
        (ResponseMarker.UrineM, ResponseLevel.VeryGoodPartial, 90),
        (ResponseMarker.UrineM, ResponseLevel.Partial, 90),
        (ResponseMarker.UrineM, ResponseLevel.Minimal, 50),
        (ResponseMarker.Dflc, ResponseLevel.VeryGoodPartial, 90),
        (ResponseMarker.Dflc, ResponseLevel.Partial, 50),
        (ResponseMarker.Marrow, ResponseLevel.Partial, 50),
        (ResponseMarker.Lesion, ResponseLevel.Partial, 50),
    ];

    /// <summary>The note of a line's response.</summary>
    public string Response(LineResponse response)
    {
        if (response.Best == ResponseLevel.Progressive
            && response.Assessments.FirstOrDefault(at => at.Level == ResponseLevel.Progressive && at.Date == response.Progression?.Date) is { } at)
        {
            return Join(
                Progressed(at.Marker, at.Nadir, at.Value, at.Criterion ?? response.Criterion, at.Date),
                Sentence([Caveats(response.Best, response.Flags, response.Missing, response.Withheld), response.IsFinal ? "" : OneAssessment(response.Best), By(response.Policies)]));
        }
        var later = response is { Progression: { } progression } && response.Best != ResponseLevel.Progressive
            ? Say($"progression {On(progression.Date)} ({progression.Criterion})", $"progresión {On(progression.Date)} ({progression.Criterion})")
                + (progression.Confirmed ? "" : Say(", not confirmed", ", no confirmada"))
            : "";
        return Join(
            Reached(response.Best, response.Marker, response.Baseline, response.Deciding, response.Nadir, response.PercentChange, response.Criterion, response.Missing),
            Sentence([.. Whys(response.Withheld, response.Best, response.Marker), Caveats(response.Best, response.Flags, response.Missing, response.Withheld), IfDrug(response), IfDrugAtBaseline(response), response.IsFinal ? "" : OneAssessment(response.Best), later, By(response.Policies)]));
    }

    /// <summary>The note of the category at one date.</summary>
    public string Response(ResponseAt at) => Join(
        at.Level == ResponseLevel.Progressive
            ? Progressed(at.Marker, at.Nadir, at.Value, at.Criterion, at.Date)
            : Reached(at.Level, at.Marker, at.Baseline, at.Value, at.Nadir, at.PercentChange, at.Criterion, at.Missing),
        Sentence([.. Whys(at.Withheld, at.Level, at.Marker), Caveats(at.Level, at.Flags, at.Missing, at.Withheld), at.IsFinal ? "" : OneAssessment(at.Level), By(at.Policies)]));

    /// <summary>The note of the check of a stated category.</summary>
    public string Reported(ReportedResponseCheck check, LineResponse? response)
    {
        var stated = check.Reported.Code();
        if (check.Derived is not { } derived || response is null)
            return Say(
                $"The record states {stated}, but its date falls in no line of therapy with a derived response.",
                $"La historia indica {stated}, pero su fecha no cae en ninguna línea de tratamiento con respuesta derivada.");
        var both = Say(
            $"The record states {stated} and the derived best response of line {response.Line} is {derived.Code()}",
            $"La historia indica {stated} y la mejor respuesta derivada de la línea {response.Line} es {derived.Code()}");
        var range = response.BoundWorst == response.BoundBest
            ? response.BoundBest.Code()
            : Say($"{response.BoundWorst.Code()} to {response.BoundBest.Code()}", $"{response.BoundWorst.Code()} a {response.BoundBest.Code()}");
        return check.Verdict switch
        {
            ReportedVerdict.Agrees => Say($"{both}: they agree.", $"{both}: coinciden."),
            ReportedVerdict.Contradicted when ReportedResponses.SpeaksOfProgression(check, response) => Say(
                $"{both}: contradicted as best response; the progression itself is derived, on {response.Progression!.Date.Text}.",
                $"{both}: contradicha como mejor respuesta; la progresión misma sí se deriva, el {response.Progression!.Date.Text}."),
            ReportedVerdict.Contradicted => Say(
                $"{both}: contradicted, because the measured values allow only {range}, whatever the missing results are.",
                $"{both}: contradicha, porque los valores medidos solo permiten {range}, sean cuales sean los resultados que faltan."),
            ReportedVerdict.NotDerivable => Join(
                Say($"{both}: not derivable, though possible (bounds {range}).", $"{both}: no derivable, aunque posible (límites {range})."),
                check.Missing.IsEmpty ? "" : Say($"Needed: {Missing(check.Missing)}.", $"Se necesita: {Missing(check.Missing)}.")),
        };
    }

    private string Reached(
        ResponseLevel level, ResponseMarker? marker, DatedReading? baseline, DatedReading? value, DatedReading? nadir,
        decimal? percent, string? criterion, ImmutableArray<MissingInput> missing)
    {
        var code = level.Code();
        if (level == ResponseLevel.NotEvaluable)
            return missing.IsEmpty && criterion == "R-CONF-7"
                ? Say("NE: a progression on this date that the next sample did not show again (R-CONF-7).", "NE: una progresión en esta fecha que la muestra siguiente no volvió a mostrar (R-CONF-7).")
                : missing.IsEmpty && criterion == "R-MEAS-7"
                ? Say("NE: no marker was measurable at baseline, so only CR, sCR or PD could be shown (R-MEAS-7).", "NE: ningún marcador era medible en el basal, por lo que solo podrían mostrarse CR, sCR o PD (R-MEAS-7).")
                : missing.IsEmpty
                ? Say("NE: the values in the record do not allow a category.", "NE: los valores de la historia no permiten una categoría.")
                : Say($"NE: no category without {Missing(missing)}.", $"NE: sin {Missing(missing)} no hay categoría.");
        if (level == ResponseLevel.Progressive)
            return Progressed(marker, nadir, value, criterion, value?.Date);
        if (marker is not { } which || baseline is not { } from || value is not { } to)
            return Say($"{code} by {criterion}.", $"{code} por {criterion}.");
        var values = Say(
            $"{code}: {Marker(which)} {Measured(from.Value)} to {Measured(to.Value)} {UnitOf(which, to)}",
            $"{code}: {Marker(which)} de {Measured(from.Value)} a {Measured(to.Value)} {UnitOf(which, to)}");
        return percent is not { } change
            ? $"{values}{(criterion is null ? "" : $" ({criterion})")}."
            : $"{values}, {Change(change)}{Threshold(level, which, -change, criterion)}.";
    }

    private string Progressed(ResponseMarker? marker, DatedReading? nadir, DatedReading? value, string? criterion, ClinicalDate? date)
    {
        if (marker is not { } which || nadir is not { } low || value is not { } high)
            return Say($"PD{When(date)} by {criterion}.", $"PD{When(date)} por {criterion}.");
        var rise = high.Value.Value - low.Value.Value is { } amount
            ? Say($", a rise of {Number(amount)} {UnitOf(which, high)}", $", un aumento de {Number(amount)} {UnitOf(which, high)}")
                + (low.Value.Value > 0 ? Say($" and {Percent(100 * amount / low.Value.Value.Value)} %", $" y {Percent(100 * amount / low.Value.Value.Value)} %") : "")
            : "";
        return Say(
            $"PD: {Marker(which)} from a nadir of {Measured(low.Value)} ({low.Date}) to {Measured(high.Value)} {UnitOf(which, high)} ({high.Date}){rise}{Limit(criterion)}.",
            $"PD: {Marker(which)} de un nadir de {Measured(low.Value)} ({low.Date}) a {Measured(high.Value)} {UnitOf(which, high)} ({high.Date}){rise}{Limit(criterion)}.");
    }

    private static string UnitOf(ResponseMarker marker, DatedReading value) => value.IsDiameter ? "mm" : Unit(marker);

    private string When(ClinicalDate? date) => date is { } known ? " " + On(known) : "";

    private string Change(decimal percent) => percent switch
    {
        < 0 => Say($"a fall of {Percent(-percent)} %", $"un descenso de {Percent(-percent)} %"),
        0 => Say("no change", "sin cambio"),
        > 0 => Say($"a rise of {Percent(percent)} %", $"un aumento de {Percent(percent)} %"),
    };

    /// <summary>The threshold that the fall passes or misses; the rule's name where the fall alone does not explain the category.</summary>
    private string Threshold(ResponseLevel level, ResponseMarker marker, decimal fall, string? criterion)
    {
        if (level == ResponseLevel.Stable)
        {
            var lowest = Falls.Where(row => row.Marker == marker).Min(row => row.From);
            if (fall < lowest)
                return Say($" (less than {Number(lowest)} %)", $" (menos de {Number(lowest)} %)");
        }
        var own = Falls.FirstOrDefault(row => row.Marker == marker && row.Level == level);
        return own.From > 0 && fall >= own.From ? Say($" (at least {Number(own.From)} %)", $" (al menos {Number(own.From)} %)")
            : criterion is null ? ""
            : $" ({criterion})";
    }

    /// <summary>What the rules of clinical rules a.4 ask for, beside the rule's id.</summary>
    private string Limit(string? criterion) => criterion switch
    {
        null => "",
        "R-PD-1" => Say(" (R-PD-1: at least 25 % and 0.5 g/dL)", " (R-PD-1: al menos 25 % y 0,5 g/dL)"),
        "R-PD-2" => Say(" (R-PD-2: at least 1 g/dL from 5 g/dL or more)", " (R-PD-2: al menos 1 g/dL desde 5 g/dL o más)"),
        "R-PD-3" => Say(" (R-PD-3: at least 25 % and 200 mg/24 h)", " (R-PD-3: al menos 25 % y 200 mg/24 h)"),
        "R-PD-4" => Say(" (R-PD-4: at least 25 % and more than 100 mg/L)", " (R-PD-4: al menos 25 % y más de 100 mg/L)"),
        "R-PD-5" => Say(" (R-PD-5: at least 25 % and 10 percentage points)", " (R-PD-5: al menos 25 % y 10 puntos porcentuales)"),
        _ => $" ({criterion})",
    };

    private IEnumerable<string> Whys(Withheld? why, ResponseLevel level, ResponseMarker? marker) =>
        why is null ? [] : [Withheld(why, level, marker), why.Rise is { } rise ? NoProgression(rise) : ""];

    private string IfDrug(LineResponse response) =>
        response.IfDrugBand is { } level && level != response.Best
            ? Say($"{level.Code()} if the band were the antibody", $"{level.Code()} si la banda fuera el anticuerpo")
            : "";

    private string IfDrugAtBaseline(LineResponse response)
    {
        if (response.IfDrugAtBaseline is not { } other)
            return "";
        var (level, change) = (other.Best.Code(), other.PercentChange is { } percent ? $" ({Change(percent)})" : "");
        return Say($"{level}{change} if 0.20 g/dL of the baseline were the antibody given before", $"{level}{change} si 0,20 g/dL del valor basal fueran del anticuerpo dado antes");
    }

    private string Caveats(ResponseLevel level, ImmutableArray<Flag> flags, ImmutableArray<MissingInput> missing, Withheld? why)
    {
        var clauses = new List<string>();
        // With the reasons at hand they have said it already.
        if (why is null && flags.Contains(Flag.CrCandidate))
            clauses.Add(missing.IsEmpty
                ? Say("CR is not excluded", "no se excluye CR")
                : Say($"CR withheld: {Missing(missing)} missing", $"CR no concedida: sin dato de {Missing(missing)}"));
        else if (why is null && !missing.IsEmpty && level is not ResponseLevel.NotEvaluable)
            clauses.Add(Say($"missing for more: {Missing(missing)}", $"para más, sin dato de {Missing(missing)}"));
        foreach (var (flag, clause) in FlagClauses)
        {
            if (flags.Contains(flag))
                clauses.Add(Say(clause.English, clause.Spanish));
        }
        return string.Join("; ", clauses);
    }

    /// <summary>Flags that change how a reader takes the number, in the order in which a note names them.</summary>
    private static readonly (Flag Flag, (string English, string Spanish) Clause)[] FlagClauses =
    [
        (Flag.UrineAssumed, ("urine not measured and assumed negative", "orina no medida y supuesta negativa")),
        (Flag.SerumAssumed, ("serum M-protein never measured and taken as not measurable", "proteína M en suero nunca medida y tomada como no medible")),
        (Flag.AntiCd38InterferencePossible, ("the residual band may be the antibody", "la banda residual puede ser el anticuerpo")),
        (Flag.DrugBandLikely, ("the band is probably the antibody, not the clone", "la banda es probablemente el anticuerpo, no el clon")),
        (Flag.AntiCd38InterferencePossibleAtBaseline, ("the baseline may contain the antibody", "el valor basal puede contener el anticuerpo")),
        (Flag.DrugBandLikelyAtBaseline, ("the band at baseline is probably the antibody", "la banda basal es probablemente el anticuerpo")),
        (Flag.CensoredValue, ("a value beyond a detection limit leaves the category open, the worse one stands", "un valor fuera del límite de detección deja abierta la categoría; vale la peor")),
        (Flag.ContradictoryValues, ("different values of one day are taken as a range", "valores distintos de un mismo día se toman como intervalo")),
        (Flag.NadirUnconfirmed, ("PD against the lowest single value, not against the confirmed nadir", "PD frente al valor único más bajo, no frente al nadir confirmado")),
        (Flag.PdNotConfirmed, ("the next sample refutes PD", "la muestra siguiente refuta PD")),
        (Flag.BaselineOld, ("the baseline is older than the window before the first dose", "el valor basal es anterior a la ventana previa a la primera dosis")),
    ];

    private string By(ImmutableArray<string> policies) =>
        policies.IsEmpty ? "" : Say($"decided by policy {List(policies)}", $"decidido por la política {List(policies)}");

    private string OneAssessment(ResponseLevel level) => level == ResponseLevel.Progressive
        ? Say("not confirmed by a second sample", "no confirmada por una segunda muestra")
        : Say("rests on one assessment", "se basa en una sola evaluación");
}
