using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.TimeToEvent;

namespace FhirMyeloma.Mapping.Outbound;

/// <content>Sentences about times to event.</content>
internal sealed partial class Words
{
    public string Time(EndpointResult result)
    {
        var name = result.Line is { } line
            ? Say($"{Name(result.Endpoint)} of line {line}", $"{Name(result.Endpoint)} de la línea {line}")
            : Say($"{Name(result.Endpoint)} from diagnosis", $"{Name(result.Endpoint)} desde el diagnóstico");
        if (result.Days is not { } days)
            return $"{name}: {NoDays(result.Reason!.Value)}.";
        var from = Say($"from {Start(result)} {On(result.Start)}", $"desde {Start(result)} {On(result.Start)}");
        var end = result.Event is { } what ? End(what, result.ProgressionConfirmed == false) : End(result.Censoring!.Value);
        return Join(
            $"{name}: {Days(days)} ({Months(days)}) {from}, {end} {On(result.End!.Value)}.",
            result is { IsFinal: false, ProgressionConfirmed: null } ? Say("It rests on one assessment that the next does not confirm.", "Se basa en una evaluación que la siguiente no confirma.") : "",
            Sentence([By(result.Policies)]));
    }

    private string Months(DaySpan days)
    {
        var (few, many) = (Number(Decimals.Cents(EndpointResult.Months(days.Min))), Number(Decimals.Cents(EndpointResult.Months(days.Max))));
        return days.Days is not null ? Say($"{few} months", $"{few} meses") : Say($"{few} to {many} months", $"{few} a {many} meses");
    }

    private string Start(EndpointResult result) => result switch
    {
        { Line: null } => Say("the diagnosis", "el diagnóstico"),
        { Endpoint: Endpoint.DurationOfResponse } => Say("the first response", "la primera respuesta"),
        { Endpoint: Endpoint.DiseaseFreeSurvival } => Say("the first CR", "la primera CR"),
        _ => Say("the first dose", "la primera dosis"),
    };

    private string Name(Endpoint endpoint) => endpoint switch
    {
        Endpoint.TimeToFirstResponse => Say("Time to first response", "Tiempo hasta la primera respuesta"),
        Endpoint.TimeToBestResponse => Say("Time to best response", "Tiempo hasta la mejor respuesta"),
        Endpoint.DurationOfResponse => Say("Duration of response", "Duración de la respuesta"),
        Endpoint.ProgressionFreeSurvival => Say("Progression-free survival", "Supervivencia libre de progresión"),
        Endpoint.TimeToProgression => Say("Time to progression", "Tiempo hasta la progresión"),
        Endpoint.TimeToNextTreatment => Say("Time to next treatment", "Tiempo hasta el siguiente tratamiento"),
        Endpoint.Pfs2 => Say("Progression-free survival 2", "Supervivencia libre de progresión 2"),
        Endpoint.DiseaseFreeSurvival => Say("Disease-free survival", "Supervivencia libre de enfermedad"),
        Endpoint.OverallSurvival => Say("Overall survival", "Supervivencia global"),
    };

    private string End(EndpointEvent what, bool isOpen) => what switch
    {
        EndpointEvent.Response => Say("to the first PR or better", "hasta la primera PR o mejor"),
        EndpointEvent.BestResponse => Say("to the first date of the best category", "hasta la primera fecha de la mejor categoría"),
        EndpointEvent.Progression => isOpen ? Say("to progression, not confirmed,", "hasta la progresión, no confirmada,") : Say("to progression", "hasta la progresión"),
        EndpointEvent.RelapseFromCr => Say("to relapse from CR", "hasta la recaída desde CR"),
        EndpointEvent.NextLine => Say("to the start of the next line", "hasta el inicio de la línea siguiente"),
        EndpointEvent.Death => Say("to death", "hasta el fallecimiento"),
        EndpointEvent.DeathDueToMyeloma => Say("to death due to myeloma", "hasta el fallecimiento por mieloma"),
    };

    private string End(CensoringRule rule) => rule switch
    {
        CensoringRule.LastAdequateAssessment => Say("censored at the last adequate assessment", "con censura en la última evaluación adecuada"),
        CensoringRule.NewTherapyBeforeProgression => Say("censored at the last adequate assessment before new therapy", "con censura en la última evaluación adecuada antes de un nuevo tratamiento"),
        CensoringRule.DeathOfOtherOrUnknownCause => Say("censored at the last adequate assessment before a death that is not stated to be due to myeloma", "con censura en la última evaluación adecuada antes de un fallecimiento que no consta como debido al mieloma"),
        CensoringRule.MissedAssessments => Say("censored at the last adequate assessment before two or more missed ones", "con censura en la última evaluación adecuada antes de dos o más omitidas"),
        CensoringRule.NoBaseline => Say("censored where it starts for want of a baseline", "con censura en su inicio por falta de valor basal"),
        CensoringRule.NoAssessment => Say("censored where observation starts for want of an adequate assessment", "con censura donde empieza la observación por falta de una evaluación adecuada"),
        CensoringRule.LastKnownAlive => Say("censored when last known to be alive", "con censura en la última fecha en que consta con vida"),
        CensoringRule.DeathBeforeNextLine => Say("censored at death", "con censura en el fallecimiento"),
    };

    private string NoDays(NoDaysReason reason) => reason switch
    {
        NoDaysReason.DeathUndated => Say("no days, because the record states a death without its date", "sin días, porque la historia indica un fallecimiento sin fecha"),
        NoDaysReason.EndBeforeStart => Say("no days, because its end is dated before its start", "sin días, porque la fecha de su fin es anterior a la de su inicio"),
    };
}
