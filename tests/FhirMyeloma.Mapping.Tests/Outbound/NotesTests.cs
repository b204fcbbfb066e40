using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Clinical.Washout;
using FhirMyeloma.Mapping.Outbound;
using static FhirMyeloma.Mapping.Tests.Outbound.Example;
using Sentences = FhirMyeloma.Mapping.Outbound.Words;

namespace FhirMyeloma.Mapping.Tests.Outbound;

public sealed class NotesTests
{
    private static readonly Sentences English = new(Language.English);
    private static readonly Sentences Spanish = new(Language.Spanish);

    private static readonly ResponseAt Plain = At with { Flags = [], Missing = [], Confirmed = true };

    private static readonly ResponseAt Progressed = Plain with
    {
        Level = ResponseLevel.Progressive,
        Marker = ResponseMarker.Dflc,
        Date = Date("2023-05-20"),
        Nadir = Value(2084.64m, "2023-01-02"),
        Value = Value(2640.30m, "2023-05-20"),
        Criterion = "R-PD-4",
        Confirmed = false,
    };

    [Fact]
    public void A_washout_says_the_days_and_both_doses() => Same(
        words => words.Washout(Switch),
        "Washout 35 days: last daratumumab 2023-05-10, first isatuximab 2023-06-14.",
        "Lavado de 35 días: última dosis de daratumumab 2023-05-10, primera de isatuximab 2023-06-14.");

    [Fact]
    public void A_washout_between_partial_dates_says_that_it_is_a_range() => Same(
        words => words.Washout(Switch with { LastDose = Date("2024-01"), FirstDose = Date("2024-02-14"), Days = new(14, 44), Overlap = true, InterveningLines = 1 }),
        "Washout 14 to 44 days: last daratumumab 2024-01, first isatuximab 2024-02-14. The dates or their standing leave a range; daratumumab was also given on or after the first isatuximab; 1 line of therapy between them.",
        "Lavado de 14 a 44 días: última dosis de daratumumab 2024-01, primera de isatuximab 2024-02-14. Las fechas o su estado dejan un intervalo; también se administró daratumumab en la primera dosis de isatuximab o después; 1 línea de tratamiento entre ambas.");

    [Fact]
    public void A_washout_of_one_day_is_singular() => Same(
        words => words.Washout(Switch with { Days = new(1, 1) }),
        "Washout 1 day: last daratumumab 2023-05-10, first isatuximab 2023-06-14.",
        "Lavado de 1 día: última dosis de daratumumab 2023-05-10, primera de isatuximab 2023-06-14.");

    [Fact]
    public void A_washout_on_orders_says_what_they_would_give() => Same(
        words => words.Washout(Switch with { Days = null, Reason = NoWashoutReason.OrdersOnly, Estimated = new(35, 35) }),
        "No washout value: an end rests on orders only, and an order proves no dose. The orders would give 35 days.",
        "Sin valor de lavado: un extremo se basa solo en prescripciones, que no prueban ninguna dosis. Las prescripciones darían 35 días.");

    [Fact]
    public void Without_a_switch_the_note_says_which_antibody_is_missing() => Same(
        words => words.Washout(new() { Reason = NoWashoutReason.NoIsatuximab }),
        "No washout: daratumumab was given, isatuximab was not.",
        "Sin lavado: se administró daratumumab, pero no isatuximab.");

    [Fact]
    public void A_response_gives_the_arithmetic_the_threshold_and_why_it_is_not_better() => Same(
        words => words.Response(At),
        "VGPR: serum M-protein 4.68 to 0.08 g/dL, a fall of 98.29 % (at least 90 %). CR withheld: serum immunofixation and urine immunofixation missing; urine not measured and assumed negative; rests on one assessment.",
        "VGPR: proteína M en suero de 4,68 a 0,08 g/dL, un descenso de 98,29 % (al menos 90 %). CR no concedida: sin dato de inmunofijación en suero e inmunofijación en orina; orina no medida y supuesta negativa; se basa en una sola evaluación.");

    [Fact]
    public void A_confirmed_response_without_caveat_is_one_sentence() => Same(
        words => words.Response(Plain),
        "VGPR: serum M-protein 4.68 to 0.08 g/dL, a fall of 98.29 % (at least 90 %).",
        "VGPR: proteína M en suero de 4,68 a 0,08 g/dL, un descenso de 98,29 % (al menos 90 %).");

    [Fact]
    public void Stable_disease_says_which_threshold_it_misses() => Same(
        words => words.Response(Plain with { Level = ResponseLevel.Stable, Value = Value(3.73m, "2023-05-12"), Baseline = Value(4.13m, "2023-01-09"), PercentChange = -9.6852m }),
        "SD: serum M-protein 4.13 to 3.73 g/dL, a fall of 9.69 % (less than 25 %).",
        "SD: proteína M en suero de 4,13 a 3,73 g/dL, un descenso de 9,69 % (menos de 25 %).");

    [Fact]
    public void Light_chains_have_no_MR_so_stable_disease_is_below_50_per_cent() => Same(
        words => words.Response(Plain with { Level = ResponseLevel.Stable, Marker = ResponseMarker.Dflc, Value = Value(5556.30m, "2023-05-12"), Baseline = Value(10328.38m, "2023-01-09"), PercentChange = -46.2035m }),
        "SD: dFLC 10328.38 to 5556.3 mg/L, a fall of 46.2 % (less than 50 %).",
        "SD: dFLC de 10328,38 a 5556,3 mg/L, un descenso de 46,2 % (menos de 50 %).");

    [Fact]
    public void A_rise_that_is_no_progression_is_a_rise() => Same(
        words => words.Response(Plain with { Level = ResponseLevel.Stable, Value = Value(2.2m, "2023-05-12"), Baseline = Value(2m, "2023-01-09"), PercentChange = 10m }),
        "SD: serum M-protein 2 to 2.2 g/dL, a rise of 10 % (less than 25 %).",
        "SD: proteína M en suero de 2 a 2,2 g/dL, un aumento de 10 % (menos de 25 %).");

    [Fact]
    public void A_category_that_the_fall_alone_does_not_explain_names_its_rule() => Same(
        words => words.Response(Plain with { Value = Value(2m, "2023-05-12"), PercentChange = -57.2649m }),
        "VGPR: serum M-protein 4.68 to 2 g/dL, a fall of 57.26 % (IMWG-2016/VGPR).",
        "VGPR: proteína M en suero de 4,68 a 2 g/dL, un descenso de 57,26 % (IMWG-2016/VGPR).");

    [Fact]
    public void A_censored_value_keeps_its_comparator() => Same(
        words => words.Response(Plain with { Value = new(Reading.LessThan(0.1m), Date("2023-05-12")), PercentChange = null }),
        "VGPR: serum M-protein 4.68 to <0.1 g/dL (IMWG-2016/VGPR).",
        "VGPR: proteína M en suero de 4,68 a <0,1 g/dL (IMWG-2016/VGPR).");

    [Fact]
    public void Progression_gives_nadir_rise_and_rule() => Same(
        words => words.Response(Progressed),
        "PD: dFLC from a nadir of 2084.64 (2023-01-02) to 2640.3 mg/L (2023-05-20), a rise of 555.66 mg/L and 26.65 % (R-PD-4: at least 25 % and more than 100 mg/L). Not confirmed by a second sample.",
        "PD: dFLC de un nadir de 2084,64 (2023-01-02) a 2640,3 mg/L (2023-05-20), un aumento de 555,66 mg/L y 26,65 % (R-PD-4: al menos 25 % y más de 100 mg/L). No confirmada por una segunda muestra.");

    [Fact]
    public void Progression_from_zero_has_no_percentage() => Same(
        words => words.Response(Progressed with { Marker = ResponseMarker.SerumM, Nadir = Value(0, "2023-01-02"), Value = Value(0.8m, "2023-05-20"), Criterion = "R-PD-1", Confirmed = true }),
        "PD: serum M-protein from a nadir of 0 (2023-01-02) to 0.8 g/dL (2023-05-20), a rise of 0.8 g/dL (R-PD-1: at least 25 % and 0.5 g/dL).",
        "PD: proteína M en suero de un nadir de 0 (2023-01-02) a 0,8 g/dL (2023-05-20), un aumento de 0,8 g/dL (R-PD-1: al menos 25 % y 0,5 g/dL).");

    [Fact]
    public void A_line_whose_best_is_progression_tells_the_progression() => Same(
        words => words.Response(Response with { Best = ResponseLevel.Progressive, Progression = new(Progressed.Date, "R-PD-4", false, null, []), Assessments = [At, Progressed], Flags = [], Missing = [] }),
        "PD: dFLC from a nadir of 2084.64 (2023-01-02) to 2640.3 mg/L (2023-05-20), a rise of 555.66 mg/L and 26.65 % (R-PD-4: at least 25 % and more than 100 mg/L). Not confirmed by a second sample.",
        "PD: dFLC de un nadir de 2084,64 (2023-01-02) a 2640,3 mg/L (2023-05-20), un aumento de 555,66 mg/L y 26,65 % (R-PD-4: al menos 25 % y más de 100 mg/L). No confirmada por una segunda muestra.");

    [Fact]
    public void A_line_that_responded_and_progressed_says_both() => Same(
        words => words.Response(Response with { Flags = [], Missing = [], IsFinal = true, IfDrugAtBaseline = null, Progression = new(Date("2024-01-09"), "R-PD-1", true, Date("2024-02-06"), []) }),
        "VGPR: serum M-protein 4.68 to 0.08 g/dL, a fall of 98.29 % (at least 90 %). Progression on 2024-01-09 (R-PD-1).",
        "VGPR: proteína M en suero de 4,68 a 0,08 g/dL, un descenso de 98,29 % (al menos 90 %). Progresión el 2024-01-09 (R-PD-1).");

    [Fact]
    public void A_baseline_that_may_hold_antibody_says_what_it_would_change() => Same(
        words => words.Response(Response with { Flags = [], Missing = [], IsFinal = true, Progression = null }),
        "VGPR: serum M-protein 4.68 to 0.08 g/dL, a fall of 98.29 % (at least 90 %). PR (a fall of 89.29 %) if 0.20 g/dL of the baseline were the antibody given before.",
        "VGPR: proteína M en suero de 4,68 a 0,08 g/dL, un descenso de 98,29 % (al menos 90 %). PR (un descenso de 89,29 %) si 0,20 g/dL del valor basal fueran del anticuerpo dado antes.");

    [Fact]
    public void Not_evaluable_says_what_is_missing() => Same(
        words => words.Response(Plain with { Level = ResponseLevel.NotEvaluable, Missing = [MissingInput.Baseline], Marker = null, Value = null, Baseline = null, PercentChange = null }),
        "NE: no category without a baseline.",
        "NE: sin valor basal no hay categoría.");

    [Theory]
    [InlineData(ReportedVerdict.Agrees,
        "The record states sCR and the derived best response of line 1 is VGPR: they agree.",
        "La historia indica sCR y la mejor respuesta derivada de la línea 1 es VGPR: coinciden.")]
    [InlineData(ReportedVerdict.Contradicted,
        "The record states sCR and the derived best response of line 1 is VGPR: contradicted, because the measured values allow only VGPR, whatever the missing results are.",
        "La historia indica sCR y la mejor respuesta derivada de la línea 1 es VGPR: contradicha, porque los valores medidos solo permiten VGPR, sean cuales sean los resultados que faltan.")]
    [InlineData(ReportedVerdict.NotDerivable,
        "The record states sCR and the derived best response of line 1 is VGPR: not derivable, though possible (bounds VGPR). Needed: serum immunofixation.",
        "La historia indica sCR y la mejor respuesta derivada de la línea 1 es VGPR: no derivable, aunque posible (límites VGPR). Se necesita: inmunofijación en suero.")]
    public void A_check_gives_both_sides_and_the_reason(ReportedVerdict verdict, string english, string spanish) => Same(
        words => words.Reported(Check with { Verdict = verdict }, Response with { BoundBest = ResponseLevel.VeryGoodPartial }), english, spanish);

    [Fact]
    public void A_line_names_regimen_dates_cycles_and_why_it_began() => Same(
        words => words.Line(Line with { CyclesStarted = 1, CyclesCompleted = 1 }),
        "Line 1: Dara-VRd from 2023-01-10 to 2023-05-10; 1 cycle started, 1 completed, 5 documented. It began because it is the first therapy of the record (R-LOT-1); it ended with the next line.",
        "Línea 1: Dara-VRd del 2023-01-10 al 2023-05-10; 1 ciclo iniciado, 1 completado, 5 documentados. Empezó porque es el primer tratamiento de la historia (R-LOT-1); terminó con la línea siguiente.");

    [Fact]
    public void Refractory_by_response_says_the_response() => Same(
        words => words.Refractoriness(Example.Refractoriness with { Labels = [], Status = RefractoryStatus.Refractory, ProgressionSource = null }, [Response with { Best = ResponseLevel.Stable, Progression = null }], 60),
        "Refractory to daratumumab: the best response of line 1 was SD, below MR (R-REF-6).",
        "Refractaria a daratumumab: la mejor respuesta de la línea 1 fue SD, inferior a MR (R-REF-6).");

    [Fact]
    public void Refractory_by_progression_says_when_and_how_long_after_the_last_dose() => Same(
        words => words.Refractoriness(Example.Refractoriness with { Labels = [], Status = RefractoryStatus.Refractory }, [Response with { Progression = new(Date("2023-05-20"), "R-PD-1", true, null, []) }], 60),
        "Refractory to daratumumab: progression on 2023-05-20, 10 days after its last dose in line 1 (R-REF-6).",
        "Refractaria a daratumumab: progresión el 2023-05-20, 10 días después de su última dosis en la línea 1 (R-REF-6).");

    [Fact]
    public void Exposed_is_not_refractory() => Same(
        words => words.Refractoriness(Example.Refractoriness with { Labels = [], Status = RefractoryStatus.Exposed }, [Response], 60),
        "Exposed to daratumumab in line 1, not refractory: progression came more than 60 days after its last dose on 2023-05-10 (R-REF-6).",
        "Expuesta a daratumumab en la línea 1, no refractaria: la progresión llegó más de 60 días después de su última dosis, el 2023-05-10 (R-REF-6).");

    [Fact]
    public void A_poor_response_says_after_which_cycles_and_a_clinicians_word_stands_apart() => Same(
        words => words.Refractoriness(
            Example.Refractoriness with { Status = RefractoryStatus.NotRefractory, Criterion = "R-REF-2", Labels = ["CLINICIAN_REFRACTORY", "POOR_LT_PR", "SUBOPTIMAL_LT_VGPR"] },
            [Response with { Best = ResponseLevel.Minimal, Progression = null }], 60),
        "Not refractory to daratumumab: the best response of line 1 was MR, without progression (R-REF-2). The response stayed below PR (MR) after two completed cycles or more; the record calls the disease refractory.",
        "No refractaria a daratumumab: la mejor respuesta de la línea 1 fue MR, sin progresión (R-REF-2). La respuesta quedó por debajo de PR (MR) tras dos o más ciclos completados; la historia llama refractaria a la enfermedad.");

    [Fact]
    public void A_line_names_what_was_added_and_why_it_is_not_sure() => Same(
        words => words.Line(Line with
        {
            CyclesStarted = null,
            CyclesCompleted = null,
            CyclesDocumented = null,
            StartReason = LineStartReason.DrugAdded,
            NewDrugs = [Drug.Bortezomib, Drug.Venetoclax],
            Rules = ["R-LOT-4"],
            Confidence = Confidence.Low,
            Doubts = [LineDoubt.Review, LineDoubt.ResponseUnknown],
        }),
        "Line 1: Dara-VRd from 2023-01-10 to 2023-05-10. It began because bortezomib and venetoclax were added or substituted without plan (R-LOT-4); it ended with the next line; confidence is low because a person should look at its bounds and the response before a change could not be derived.",
        "Línea 1: Dara-VRd del 2023-01-10 al 2023-05-10. Empezó porque se añadieron o sustituyeron bortezomib y venetoclax sin planificación (R-LOT-4); terminó con la línea siguiente; la confianza es baja porque una persona debería revisar sus límites y no se pudo derivar la respuesta anterior a un cambio.");

    [Fact]
    public void Every_doubt_has_its_words() =>
        Assert.All(Enum.GetValues<LineDoubt>(), doubt => Assert.Contains("confidence is medium because ", English.Line(Line with { Confidence = Confidence.Medium, Doubts = [doubt] }), StringComparison.Ordinal));

    [Fact]
    public void A_class_label_says_which_drugs_stay_open() => Same(
        words => words.ClassRefractoriness(new(ClassLabel.Single, [Drug.Bortezomib], null, null, [], []) { Undecided = [Drug.Daratumumab, Drug.Lenalidomide] }),
        "Refractory to bortezomib. The record does not decide daratumumab and lenalidomide, so there may be more.",
        "Refractaria a bortezomib. La historia no decide daratumumab y lenalidomida, así que puede haber más.");

    [Fact]
    public void Refractory_classes_are_named_with_their_drugs() => Same(
        words => words.ClassRefractoriness(new(ClassLabel.TripleClass, [Drug.Lenalidomide, Drug.Isatuximab, Drug.Carfilzomib], null, null, [], [])),
        "Triple-class refractory (proteasome inhibitor, immunomodulatory drug and anti-CD38 antibody): carfilzomib, isatuximab and lenalidomide.",
        "Triple refractaria (inhibidor del proteasoma, inmunomodulador y anticuerpo anti-CD38): carfilzomib, isatuximab y lenalidomida.");

    [Fact]
    public void A_stage_gives_the_values_that_it_cites()
    {
        var patient = Case with
        {
            Measurements =
            [
                new() { Marker = Marker.Beta2Microglobulin, Value = Reading.Exact(7.10m), Date = Date("2023-01-05"), Source = Source("m1") },
                new() { Marker = Marker.Albumin, Value = Reading.Exact(2.9m), Date = Date("2023-01-05"), Source = Source("elsewhere") },
            ],
        };
        Same(
            words => words.Stage(Results.Stages[0], patient),
            "ISS stage III: beta-2 microglobulin 7.1 mg/L. Reported: III.",
            "Estadio ISS III: beta-2 microglobulina 7,1 mg/L. Comunicado: III.");
    }

    [Fact]
    public void An_undecided_stage_says_what_is_possible_and_missing() => Same(
        words => words.Stage(Results.Stages[1], Case),
        "R-ISS stage not decided: II to III possible. Missing: del(17p) and LDH; LDH not measured, implied by the reported stage; reported: II.",
        "Estadio R-ISS no decidido: posible de II a III. Sin dato: del(17p) y LDH; LDH no medida, implícita en el estadio comunicado; comunicado: II.");

    [Fact]
    public void A_presumed_high_risk_says_why_it_is_presumed() => Same(
        words => words.Risk(Results.Risks[0]),
        "High risk by r-iss: del(17p) and t(4;14). Presumed, because band or clonal fraction is not stated.",
        "Riesgo alto según r-iss: del(17p) y t(4;14). Presunto, porque no constan la banda o la fracción clonal.");

    [Fact]
    public void Standard_risk_does_not_hide_what_was_found() => Same(
        words => words.Risk(Results.Risks[0] with { Level = RiskLevel.Standard, Abnormalities = [], Flags = [] }),
        "Standard risk by r-iss: no abnormality that it counts was found.",
        "Riesgo estándar según r-iss: no se halló ninguna alteración que cuente.");

    [Fact]
    public void Mrd_gives_method_and_sensitivity() => Same(
        words => words.Mrd(Results.Mrd[0]),
        "MRD negative by flow, sensitivity 1 in 1000000 (IMWG asks for 1 in 100000).",
        "EMR negativa por citometría, sensibilidad 1 en 1000000 (el IMWG pide 1 en 100000).");

    [Fact]
    public void No_code_lacks_words_in_either_language()
    {
        foreach (var words in new[] { English, Spanish })
        {
            Assert.All(Enum.GetValues<Drug>(), drug => Assert.NotEmpty(words.Name(drug)));
            Assert.All(Enum.GetValues<MissingInput>(), missing => Assert.NotEmpty(words.Missing(missing)));
            Assert.All(Enum.GetValues<LineStartReason>(), reason => Assert.NotEmpty(words.Line(Line with { StartReason = reason })));
            Assert.All(Enum.GetValues<LineEndReason>(), reason => Assert.NotEmpty(words.Line(Line with { EndReason = reason })));
            Assert.All(Enum.GetValues<ClassLabel>(), label => Assert.NotEmpty(words.ClassRefractoriness(Results.ByRuleset[0].ClassRefractoriness with { Label = label })));
            Assert.All(Enum.GetValues<MrdStatusCode>(), status => Assert.NotEmpty(words.Mrd(Results.Mrd[0] with { Status = status })));
        }
    }

    [Fact]
    public void A_time_says_days_months_both_ends_and_that_its_progression_is_open() => Same(
        words => words.Time(Time),
        "Progression-free survival of line 1: 234 to 263 days (7.69 to 8.64 months) from the first dose on 2023-01-10, to progression, not confirmed, in 2023-09.",
        "Supervivencia libre de progresión de la línea 1: 234 a 263 días (7,69 a 8,64 meses) desde la primera dosis el 2023-01-10, hasta la progresión, no confirmada, en 2023-09.");

    [Fact]
    public void A_censored_time_says_by_which_rule() => Same(
        words => words.Time(Time with
        {
            Endpoint = Endpoint.DurationOfResponse,
            End = Date("2023-03-10"),
            Days = new(59, 59),
            Event = null,
            ProgressionConfirmed = null,
            Censoring = CensoringRule.NewTherapyBeforeProgression,
        }),
        "Duration of response of line 1: 59 days (1.94 months) from the first response on 2023-01-10, censored at the last adequate assessment before new therapy on 2023-03-10. It rests on one assessment that the next does not confirm.",
        "Duración de la respuesta de la línea 1: 59 días (1,94 meses) desde la primera respuesta el 2023-01-10, con censura en la última evaluación adecuada antes de un nuevo tratamiento el 2023-03-10. Se basa en una evaluación que la siguiente no confirma.");

    [Fact]
    public void A_time_without_days_says_why() => Same(
        words => words.Time(Time with
        {
            Line = null,
            Endpoint = Endpoint.OverallSurvival,
            End = null,
            Days = null,
            Event = EndpointEvent.Death,
            ProgressionConfirmed = null,
            Reason = NoDaysReason.DeathUndated,
        }),
        "Overall survival from diagnosis: no days, because the record states a death without its date.",
        "Supervivencia global desde el diagnóstico: sin días, porque la historia indica un fallecimiento sin fecha.");

    private static void Same(Func<Sentences, string> note, string english, string spanish)
    {
        Assert.Equal(english, note(English));
        Assert.Equal(spanish, note(Spanish));
    }
}
