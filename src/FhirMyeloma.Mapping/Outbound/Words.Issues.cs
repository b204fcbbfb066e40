using System.Collections.Frozen;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Outbound;

/// <content>Texts of issues.</content>
internal sealed partial class Words
{
    /// <summary>The text of an issue that the renderer makes.</summary>
    public string Issue(string code)
    {
        var (english, inSpanish) = OwnIssues[code];
        return Say(english, inSpanish);
    }

    /// <summary>An issue of another layer in the language asked for.</summary>
    public Issue Translate(Issue issue) =>
        spanish && IssueTexts.Spanish(issue.Text) is { } text ? issue with { Text = text } : issue;

    private static readonly FrozenDictionary<string, (string English, string Spanish)> OwnIssues = new Dictionary<string, (string, string)>(StringComparer.Ordinal)
    {
        [ResultIssues.ResearchUseOnly] = (
            "Research and data quality only, not for patient care.",
            "Solo para investigación y calidad de datos, no para la atención de pacientes."),
        [ResultIssues.NoMyelomaEvidence] = (
            "The record holds no evidence of myeloma: no plasma-cell diagnosis, no drug that is given for myeloma alone and no M-protein, light-chain or immunofixation result. Nothing was derived.",
            "La historia no contiene indicios de mieloma: ningún diagnóstico de células plasmáticas, ningún fármaco que se dé solo para el mieloma y ningún resultado de proteína M, cadenas ligeras o inmunofijación. No se derivó nada."),

        ["urine-assumed"] = (
            "No urine M-protein was measured where the response needs it; the urine policy assumed it negative. Send 24-hour urine results, or ask with urine-policy strict.",
            "No se midió la proteína M en orina donde la respuesta la necesita; la política de orina la supuso negativa. Envíe resultados de orina de 24 horas o pregunte con urine-policy strict."),
        ["serum-assumed"] = (
            "Serum M-protein was never measured at a baseline and counts as not measurable there.",
            "La proteína M en suero nunca se midió en un basal y allí cuenta como no medible."),
        ["baseline-missing"] = (
            "A line of therapy has no usable value on or before its first dose, so no percentage response can be derived for it.",
            "Una línea de tratamiento no tiene ningún valor utilizable en su primera dosis o antes, por lo que no se puede derivar una respuesta porcentual."),
        ["baseline-old"] = (
            "The baseline of a line lies further before its first dose than the window of the rules allows; it was used.",
            "El valor basal de una línea es anterior a la ventana que permiten las reglas antes de su primera dosis; se ha utilizado."),
        ["baseline-mixed-dates"] = (
            "The baselines of serum, urine and light chains of a line lie more than 7 days apart.",
            "Los valores basales de suero, orina y cadenas ligeras de una línea distan más de 7 días."),
        ["preliminary-used"] = (
            "A preliminary result was used, because its sample has no final one.",
            "Se utilizó un resultado preliminar, porque su muestra no tiene uno definitivo."),
        ["censored-value"] = (
            "A value beyond a detection limit leaves a category open; the worse one stands.",
            "Un valor fuera de un límite de detección deja abierta una categoría; vale la peor."),
        ["method-changed"] = (
            "Laboratory or method changed within a line, so its values may not be comparable.",
            "El laboratorio o el método cambió dentro de una línea, por lo que sus valores pueden no ser comparables."),
        ["status-unknown"] = (
            "An administration of unknown status would change a result; the result gives the range. Send its status.",
            "Una administración de estado desconocido cambiaría un resultado; el resultado da el intervalo. Envíe su estado."),
        ["statement-end"] = (
            "A last dose is taken from the end of a medication statement, because no administration is recorded.",
            "Una última dosis se toma del fin de una declaración de medicación, porque no consta ninguna administración."),
        ["cycles-estimated"] = (
            "Cycles were estimated from orders, because no administration is recorded.",
            "Los ciclos se estimaron a partir de prescripciones, porque no consta ninguna administración."),
        ["transplant-assumed"] = (
            "Intravenous melphalan on one or two days was taken as a transplant. Send the procedure.",
            "El melfalán intravenoso en uno o dos días se tomó como trasplante. Envíe el procedimiento."),
        ["regimen-unnamed"] = (
            "A set of drugs has no name in the table of regimens; a name was made from its drugs.",
            "Un conjunto de fármacos no tiene nombre en la tabla de esquemas; se formó un nombre con sus fármacos."),
        ["sub-cycle"] = (
            "A regimen was given for less than one cycle.",
            "Un esquema se administró durante menos de un ciclo."),
        ["high-risk-presumed"] = (
            "High risk rests on a deletion whose band or clonal fraction is not stated. Send it.",
            "El riesgo alto se basa en una deleción cuya banda o fracción clonal no consta. Envíela."),
        ["ldh-assumed"] = (
            "LDH was not measured; the reported stage implies it.",
            "La LDH no se midió; el estadio comunicado la implica."),
        ["order-uncertain"] = (
            "Partial dates leave the order of two doses open; day counts were clipped at 0.",
            "Fechas parciales dejan abierto el orden de dos dosis; los días se recortaron en 0."),

        ["contradiction-values-of-one-sample"] = (
            "Different final values of one marker on one day; the range is used.",
            "Valores definitivos distintos de un marcador en un mismo día; se usa el intervalo."),
        ["contradiction-reported-response"] = (
            "A stated response lies outside what the measured values allow.",
            "Una respuesta indicada queda fuera de lo que permiten los valores medidos."),
        ["contradiction-reported-stage"] = (
            "A stated stage lies outside what the measured values allow.",
            "Un estadio indicado queda fuera de lo que permiten los valores medidos."),
        ["contradiction-dose-before-diagnosis"] = (
            "A dose is dated before the diagnosis.",
            "Una dosis tiene fecha anterior al diagnóstico."),
        ["contradiction-dose-before-birth"] = (
            "A dose is dated before birth.",
            "Una dosis tiene fecha anterior al nacimiento."),
        ["contradiction-dose-after-death"] = (
            "A dose is dated after death.",
            "Una dosis tiene fecha posterior al fallecimiento."),
        ["contradiction-reversed-period"] = (
            "A period ends before it starts.",
            "Un periodo termina antes de empezar."),
        ["contradiction-copied-value"] = (
            "The same value to the digit on different dates; it may have been copied.",
            "El mismo valor hasta la última cifra en fechas distintas; puede ser una copia."),
        ["contradiction-statement-against-administration"] = (
            "A medication statement gives another last dose than the administrations; the administrations count.",
            "Una declaración de medicación da otra última dosis que las administraciones; cuentan las administraciones."),
        ["contradiction-documented-cycles"] = (
            "The documented number of cycles differs by more than one from the number counted.",
            "El número de ciclos documentado difiere en más de uno del contado."),
        ["contradiction-drug-band-as-disease"] = (
            "A band of the size of an anti-CD38 antibody in a patient whose clone cannot make it; it is probably the drug.",
            "Una banda del tamaño de un anticuerpo anti-CD38 en un paciente cuyo clon no puede producirla; probablemente es el fármaco."),
        ["contradiction-washout-stated"] = (
            "A stated washout lies outside what the dates of the doses allow; the dates count.",
            "Un lavado indicado queda fuera de lo que permiten las fechas de las dosis; cuentan las fechas."),
        ["contradiction-response-before-first-dose"] = (
            "A response is stated before the first dose of the record. Send the earlier treatment, or correct the date.",
            "Se indica una respuesta antes de la primera dosis de la historia. Envíe el tratamiento anterior o corrija la fecha."),
        ["contradiction-result-after-death"] = (
            "A result or procedure is dated after death.",
            "Un resultado o procedimiento tiene fecha posterior al fallecimiento."),
        ["contradiction-transplant-without-line"] = (
            "A transplant is recorded without any drug of the line it belongs to. Send the treatment.",
            "Consta un trasplante sin ningún fármaco de la línea a la que pertenece. Envíe el tratamiento."),
        ["contradiction-drug-band-without-drug"] = (
            "An assay finds the band of an anti-CD38 antibody, but none is recorded as given.",
            "Una prueba encuentra la banda de un anticuerpo anti-CD38, pero no consta que se administrara ninguno."),
        ["contradiction-future-dose"] = (
            "A dose is dated later than the Bundle says it was made.",
            "Una dosis tiene fecha posterior a la que el Bundle indica como la suya."),
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
