using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Washout;

namespace FhirMyeloma.Mapping.Outbound;

/// <content>Sentences about lines, washout and refractoriness.</content>
internal sealed partial class Words
{
    public string Line(LineOfTherapy line)
    {
        var cycles = line.CyclesStarted is { } started
            ? Say($"{Cycles(started)} started", $"{Cycles(started)} {(started == 1 ? "iniciado" : "iniciados")}")
                + (line.CyclesCompleted is { } completed ? Say($", {completed} completed", $", {completed} {(completed == 1 ? "completado" : "completados")}") : "")
            : "";
        var documented = line.CyclesDocumented is { } stated ? Say($"{stated} documented", $"{stated} {(stated == 1 ? "documentado" : "documentados")}") : "";
        var counts = (cycles, documented) switch
        {
            ("", "") => "",
            (_, "") => $"; {cycles}",
            ("", _) => Say($"; cycles: {documented}", $"; ciclos: {documented}"),
            _ => $"; {cycles}, {documented}",
        };
        return Join(
            Say(
                $"Line {line.Number}: {line.Regimen} from {line.First} to {line.Last}{counts}.",
                $"Línea {line.Number}: {line.Regimen} del {line.First} al {line.Last}{counts}."),
            Say(
                $"It began because {Start(line)}{Rules(line)}; {End(line.EndReason)}{Doubts(line)}.",
                $"Empezó porque {Start(line)}{Rules(line)}; {End(line.EndReason)}{Doubts(line)}."));
    }

    private string Doubts(LineOfTherapy line) => line.Doubts.IsEmpty ? "" : Say(
        $"; confidence is {(line.Confidence == Confidence.Low ? "low" : "medium")} because {Causes(line)}",
        $"; la confianza es {(line.Confidence == Confidence.Low ? "baja" : "media")} porque {Causes(line)}");

    private string Causes(LineOfTherapy line) => List(line.Doubts.Select(doubt => doubt switch
    {
        LineDoubt.Order => Say("its first day rests on an order, which proves no dose", "su primer día se basa en una prescripción, que no prueba ninguna dosis"),
        LineDoubt.InexactDate => Say("a date at its bounds is not known to the day", "una fecha de sus límites no se conoce con día"),
        LineDoubt.Review => Say("a person should look at its bounds", "una persona debería revisar sus límites"),
        LineDoubt.Statement => Say("its first day rests on a statement", "su primer día se basa en una declaración"),
        LineDoubt.ResponseUnknown => Say("the response before a change could not be derived", "no se pudo derivar la respuesta anterior a un cambio"),
        LineDoubt.SubCycle => Say("it holds less than a complete cycle of a regimen", "contiene menos de un ciclo completo de un esquema"),
        LineDoubt.TransplantAssumed => Say("a transplant was assumed from its conditioning", "se supuso un trasplante por su acondicionamiento"),
    }));

    public string Washout(AntibodySwitch change)
    {
        var from = change.From is { } before ? Name(before) : "";
        var to = change.To is { } after ? Name(after) : "";
        if (change.Days is { } days)
            return Join(
                Say(
                    $"Washout {Days(days)}: last {from} {change.LastDose}, first {to} {change.FirstDose}.",
                    $"Lavado de {Days(days)}: última dosis de {from} {change.LastDose}, primera de {to} {change.FirstDose}."),
                Sentence([
                    days.Days is null ? Say("the dates or their standing leave a range", "las fechas o su estado dejan un intervalo") : "",
                    change.Overlap ? Say($"{from} was also given on or after the first {to}", $"también se administró {from} en la primera dosis de {to} o después") : "",
                    change.InterveningLines > 0 ? Say($"{Lines(change.InterveningLines)} between them", $"{Lines(change.InterveningLines)} entre ambas") : "",
                ]));
        return change.Reason switch
        {
            NoWashoutReason.NoIsatuximab => Say("No washout: daratumumab was given, isatuximab was not.", "Sin lavado: se administró daratumumab, pero no isatuximab."),
            NoWashoutReason.NoDaratumumab => Say("No washout: isatuximab was given, daratumumab was not.", "Sin lavado: se administró isatuximab, pero no daratumumab."),
            NoWashoutReason.Neither => Say("No washout: neither daratumumab nor isatuximab was given.", "Sin lavado: no se administró ni daratumumab ni isatuximab."),
            NoWashoutReason.OrdersOnly => Join(
                Say("No washout value: an end rests on orders only, and an order proves no dose.", "Sin valor de lavado: un extremo se basa solo en prescripciones, que no prueban ninguna dosis."),
                change.Estimated is { } estimated ? Say($"The orders would give {Days(estimated)}.", $"Las prescripciones darían {Days(estimated)}.") : ""),
            NoWashoutReason.EndUnknown => Say(
                $"No washout value: the last {from} dose is not known, because its period has no end.",
                $"Sin valor de lavado: no se conoce la última dosis de {from}, porque su periodo no tiene fin."),
            null => Say("No washout value.", "Sin valor de lavado."),
        };
    }

    /// <summary>The note of refractoriness to a drug.</summary>
    /// <param name="result">What was decided.</param>
    /// <param name="responses">The responses of all lines, with their progressions.</param>
    /// <param name="days">Days after the last dose within which a progression counts.</param>
    public string Refractoriness(DrugRefractoriness result, IEnumerable<LineResponse> responses, int days)
    {
        var drug = Name(result.Drug);
        var all = responses.OrderBy(response => response.Line).ToList();
        var best = (all.FirstOrDefault(response => response.Line == result.Line)?.Best ?? ResponseLevel.NotEvaluable).Code();
        var labels = Labels(result, best);
        var counted = all.FirstOrDefault(response => response.Progression is { } progression
            && result.First.IsOnOrBefore(progression.Date).IsMet && DaySpan.Between(result.Last, progression.Date).Max <= days);
        return Join(Status(), labels);

        string Status() => result.Status switch
        {
            RefractoryStatus.Refractory when result.ProgressionSource == ProgressionSource.ClinicianReported => Say(
                $"Refractory to {drug}: the record states progression during line {result.Line} or within {days} days of the last dose ({result.Criterion}).",
                $"Refractaria a {drug}: la historia indica progresión durante la línea {result.Line} o en los {days} días tras la última dosis ({result.Criterion})."),
            RefractoryStatus.Refractory when result.ProgressionSource is not null && counted is { Progression: { } pd, Line: var line } => Say(
                $"Refractory to {drug}: progression {On(pd.Date)}{After(result.Last, pd.Date)} in line {line} ({result.Criterion}).",
                $"Refractaria a {drug}: progresión {On(pd.Date)}{After(result.Last, pd.Date)} en la línea {line} ({result.Criterion})."),
            RefractoryStatus.Refractory => Say(
                $"Refractory to {drug}: the best response of line {result.Line} was {best}, below MR ({result.Criterion}).",
                $"Refractaria a {drug}: la mejor respuesta de la línea {result.Line} fue {best}, inferior a MR ({result.Criterion})."),
            RefractoryStatus.Exposed => Say(
                $"Exposed to {drug} in line {result.Line}, not refractory: progression came more than {days} days after its last dose {On(result.Last)} ({result.Criterion}).",
                $"Expuesta a {drug} en la línea {result.Line}, no refractaria: la progresión llegó más de {days} días después de su última dosis, {On(result.Last)} ({result.Criterion})."),
            RefractoryStatus.NotRefractory => Say(
                $"Not refractory to {drug}: the best response of line {result.Line} was {best}, without progression ({result.Criterion}).",
                $"No refractaria a {drug}: la mejor respuesta de la línea {result.Line} fue {best}, sin progresión ({result.Criterion})."),
            RefractoryStatus.NotDeterminable when counted is null && best != ResponseLevel.NotEvaluable.Code() => Say(
                $"Not determinable for {drug}: the dates leave open whether progression came within {days} days of its last dose ({result.Criterion}).",
                $"No determinable para {drug}: las fechas dejan abierto si la progresión llegó en los {days} días tras su última dosis ({result.Criterion})."),
            RefractoryStatus.NotDeterminable => Say(
                $"Not determinable for {drug}: the response of line {result.Line} is {best} and no progression decides it ({result.Criterion}).",
                $"No determinable para {drug}: la respuesta de la línea {result.Line} es {best} y ninguna progresión lo decide ({result.Criterion})."),
        };
    }

    /// <summary>Poor response is another thing than refractory, and no label of it is given before two completed cycles; so is what a clinician wrote.</summary>
    private string Labels(DrugRefractoriness result, string best)
    {
        var isPoor = result.Labels.Contains("POOR_LT_PR", StringComparer.Ordinal);
        return Sentence([
            isPoor || result.Labels.Contains("SUBOPTIMAL_LT_VGPR", StringComparer.Ordinal)
                ? Say(
                    $"the response stayed below {(isPoor ? "PR" : "VGPR")} ({best}) after two completed cycles or more",
                    $"la respuesta quedó por debajo de {(isPoor ? "PR" : "VGPR")} ({best}) tras dos o más ciclos completados")
                : "",
            result.Labels.Contains("CLINICIAN_REFRACTORY", StringComparer.Ordinal) ? Say("the record calls the disease refractory", "la historia llama refractaria a la enfermedad") : "",
        ]);
    }

    public string ClassRefractoriness(ClassRefractoriness result)
    {
        var open = result.Undecided.IsEmpty || result.Label == ClassLabel.NotDeterminable ? "" : Say(
            $"The record does not decide {List(result.Undecided.Select(Name))}, so there may be more.",
            $"La historia no decide {List(result.Undecided.Select(Name))}, así que puede haber más.");
        var drugs = List(result.Drugs.Distinct().Select(drug => (Drug: drug, Code: drug.Code())).OrderBy(pair => pair.Code, StringComparer.Ordinal).Select(pair => Name(pair.Drug)));
        return Join(Label(), open);

        string Label() => result.Label switch
        {
            ClassLabel.None => Say("Refractory to no drug of the record.", "Refractaria a ningún fármaco de la historia."),
            ClassLabel.NotDeterminable => Say("The record does not decide for which drugs the disease is refractory.", "La historia no permite decidir a qué fármacos es refractaria la enfermedad."),
            ClassLabel.Single => Say($"Refractory to {drugs}.", $"Refractaria a {drugs}."),
            ClassLabel.Double => Say($"Double refractory (proteasome inhibitor and immunomodulatory drug): {drugs}.", $"Doble refractaria (inhibidor del proteasoma e inmunomodulador): {drugs}."),
            ClassLabel.TripleClass => Say($"Triple-class refractory (proteasome inhibitor, immunomodulatory drug and anti-CD38 antibody): {drugs}.", $"Triple refractaria (inhibidor del proteasoma, inmunomodulador y anticuerpo anti-CD38): {drugs}."),
            ClassLabel.Penta => Say($"Penta-refractory (two proteasome inhibitors, two immunomodulatory drugs and an anti-CD38 antibody): {drugs}.", $"Pentarrefractaria (dos inhibidores del proteasoma, dos inmunomoduladores y un anticuerpo anti-CD38): {drugs}."),
        };
    }

    private string After(ClinicalDate last, ClinicalDate progression)
    {
        var span = DaySpan.Between(last, progression);
        return span.Max <= 0
            ? Say(", while on it", ", durante el tratamiento")
            : Say($", {Days(new DaySpan(Math.Max(span.Min, 0), span.Max))} after its last dose", $", {Days(new DaySpan(Math.Max(span.Min, 0), span.Max))} después de su última dosis");
    }

    private string Cycles(int count) => count == 1 ? Say("1 cycle", "1 ciclo") : Say($"{count} cycles", $"{count} ciclos");

    private string Lines(int count) => count == 1
        ? Say("1 line of therapy", "1 línea de tratamiento")
        : Say($"{count} lines of therapy", $"{count} líneas de tratamiento");

    private static string Rules(LineOfTherapy line) =>
        line.Rules.IsEmpty ? "" : $" ({string.Join(", ", line.Rules.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))})";

    private string Start(LineOfTherapy line) => (line.StartReason, line.NewDrugs) switch
    {
        (LineStartReason.DrugAdded, [var drug]) => Say($"{Name(drug)} was added or substituted without plan", $"se añadió o sustituyó {Name(drug)} sin planificación"),
        (LineStartReason.DrugAdded, [_, ..]) => Say($"{List(line.NewDrugs.Select(Name))} were added or substituted without plan", $"se añadieron o sustituyeron {List(line.NewDrugs.Select(Name))} sin planificación"),
        var (reason, _) => Start(reason),
    };

    private string Start(LineStartReason reason) => reason switch
    {
        LineStartReason.FirstTherapy => Say("it is the first therapy of the record", "es el primer tratamiento de la historia"),
        LineStartReason.RegimenChanged => Say("all drugs stopped and a different regimen began", "se suspendieron todos los fármacos y empezó un esquema distinto"),
        LineStartReason.DrugAdded => Say("a drug was added or substituted without plan", "se añadió o sustituyó un fármaco sin planificación"),
        LineStartReason.Progression => Say("a different regimen followed progression", "un esquema distinto siguió a la progresión"),
        LineStartReason.UnplannedMaintenance => Say("maintenance began without plan", "el mantenimiento empezó sin planificación"),
        LineStartReason.FurtherTransplant => Say("a further transplant was no planned tandem", "un trasplante posterior no era un tándem planificado"),
        LineStartReason.RestartAfterOtherRegimen => Say("a regimen came back after another one", "un esquema volvió después de otro"),
        LineStartReason.RestartAfterGap => Say("the regimen restarted after a gap", "el esquema se reinició tras una pausa"),
        LineStartReason.Curated => Say("a curator stated it", "lo indicó un curador de datos"),
    };

    private string End(LineEndReason reason) => reason switch
    {
        LineEndReason.NoLaterTherapy => Say("no later therapy is recorded", "no consta tratamiento posterior"),
        LineEndReason.NextLine => Say("it ended with the next line", "terminó con la línea siguiente"),
        LineEndReason.Progression => Say("it ended with progression and the next line", "terminó con la progresión y la línea siguiente"),
        LineEndReason.Death => Say("it ended with death", "terminó con el fallecimiento"),
        LineEndReason.Curated => Say("its end was stated by a curator", "su fin lo indicó un curador de datos"),
    };
}
