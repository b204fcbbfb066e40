using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>
/// A Condition: the diagnosis with its subtype, stage and cytogenetics; a plasmacytoma; a relapse; refractoriness as a clinician asserts it; the cause of death.
/// MGUS and smouldering myeloma are evidence of a plasma-cell disease, but no myeloma.
/// </summary>
internal static class DiagnosisReader
{
    private const string AssertedDate = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate";

    public static void Read(Intake intake, Element resource, CaseDraft draft)
    {
        if (ConceptReading.FirstCoding(resource["verificationStatus"])["code"].Text is "entered-in-error" or "refuted" or "unconfirmed" or "provisional" or "differential")
        {
            intake.Inform(MappingIssues.ConditionNotUsed, "A Condition that is not confirmed, or was refuted or entered in error, is not used.", resource["verificationStatus"]);
            return;
        }
        var code = resource["code"];
        if (Kind(intake, code) is not { } kind)
            return;
        if (kind == ConditionKind.Status)
        {
            intake.Inform(MappingIssues.StatusNotProcedure, $"{ConceptReading.Shown(code)} is a status and no procedure; send the Procedure with its date (R-CODE-13).", code);
            return;
        }
        var source = draft.Cite(resource);
        var date = Date(resource);
        var texts = Texts(resource);
        var words = texts.ConvertAll(Wording.Fold);
        var isRelapse = words.Exists(IsRelapse);
        if (IsCauseOfDeath(resource, words))
        {
            if (kind is not (ConditionKind.Precursor or ConditionKind.Amyloidosis))
                draft.CauseSources.Add(source);
            draft.DeathSources.Add(source);
        }
        draft.Conditions.Add(new(kind, date, isRelapse, source));
        if (kind is ConditionKind.Precursor or ConditionKind.Amyloidosis or ConditionKind.Solitary)
            return;

        ReadClone(draft, resource, code, source);
        StageReader.ReadCondition(resource, date, draft, source);
        foreach (var text in texts)
        {
            StageReader.ReadText(draft, text, date, source);
            CytogeneticsReader.ReadText(draft, text, date, source);
        }
        if (kind == ConditionKind.Plasmacytoma || words.Exists(IsExtramedullary))
            draft.PlasmacytomaSources.Add(source);
        if (isRelapse && date is { } relapse)
            draft.Progressions.Add(new(relapse, source));
        for (var i = 0; i < texts.Count; i++)
        {
            if (!IsRefractory(words[i]))
                continue;
            var drugs = DrugCodes.FindAll(texts[i]).Where(drug => drug.Drug is not null).Select(drug => drug.Drug).DefaultIfEmpty(null);
            draft.Refractoriness.AddRange(drugs.Select(drug => new Clinical.Cases.StatedRefractoriness(drug, date, source)));
        }
    }

    /// <summary>
    /// The reason of a visit says what is treated, and often of which clone; it says nothing about when the disease was found. Where a Condition states the
    /// diagnosis too, the visit adds nothing to it.
    /// </summary>
    public static void ReadEncounter(Element resource, CaseDraft draft)
    {
        if (resource["status"].Text is "planned" or "cancelled" or "entered-in-error" or "unknown")
            return;
        foreach (var reason in resource.Children("reasonCode"))
        {
            if (Stated(reason) is not (ConditionKind.Myeloma or ConditionKind.PlasmaCellLeukaemia))
                continue;
            var source = draft.Cite(resource);
            draft.Visits.Add(new(ConditionKind.Myeloma, null, IsRelapse: false, source));
            foreach (var text in ConceptReading.Texts(reason))
            {
                if (CloneText.Read(text) is { IsEmpty: false } isotype)
                    draft.Isotypes.Add(new(isotype, InCondition: false, source, reason));
            }
        }
    }

    private static ConditionKind? Stated(Element code)
    {
        foreach (var coding in code.Children("coding"))
        {
            if (coding["code"].Text is { } own && CodeSystems.Key(coding["system"].Text) is var system && CheckDigits.Holds(system, own)
                && ConditionCodes.Find(system, own) is { } kind)
                return kind;
        }

        return ConceptReading.Texts(code).Select(ConditionCodes.FindByText).FirstOrDefault(kind => kind is not null);
    }

    private static ConditionKind? Kind(Intake intake, Element code)
    {
        ConditionKind? kind = null;
        foreach (var coding in code.Children("coding"))
        {
            if (coding["code"].Text is not { } own)
                continue;
            var system = CodeSystems.Key(coding["system"].Text);
            if (ConceptReading.Checked(intake, coding, system, own))
                kind ??= ConditionCodes.Find(system, own);
        }
        if (kind is not null)
            return kind;
        foreach (var text in ConceptReading.Texts(code))
        {
            if (ConditionCodes.FindByText(text) is not { } named)
                continue;
            var coding = ConceptReading.FirstCoding(code);
            if (coding.Exists)
                intake.Inform(MappingIssues.MappedByText, $"{ConceptReading.Named(coding)} is understood by its text.", code, ConceptReading.Named(coding));
            return named;
        }
        // Other diseases are nobody's mapping gap: named by their code when they have one, never by their text.
        var first = ConceptReading.FirstCoding(code);
        intake.Inform(MappingIssues.ConditionNotUsed, first.Exists ? $"{ConceptReading.Named(first)} is no plasma-cell disease that a rule reads." : "A Condition without code names no plasma-cell disease.", code);
        return null;
    }

    /// <summary>Onset, else the date on which it was asserted, else recorded; never an age.</summary>
    private static ClinicalDate? Date(Element resource)
    {
        if (Dates.OfEvent(resource.Choice("onset")) is { } onset)
            return onset;
        foreach (var extension in resource.Children("extension"))
        {
            if (extension["url"].Text is AssertedDate && Dates.Of(extension["valueDateTime"]) is { } asserted)
                return asserted;
        }
        return Dates.Of(resource["recordedDate"]);
    }

    private static List<string> Texts(Element resource) =>
    [
        .. ConceptReading.Texts(resource["code"]),
        .. resource.Children("note").Select(note => note["text"].Text ?? ""),
        .. resource.Children("evidence").SelectMany(evidence => evidence.Children("code")).SelectMany(ConceptReading.Texts),
    ];

    private static void ReadClone(CaseDraft draft, Element resource, Element code, SourceId source)
    {
        foreach (var text in ConceptReading.Texts(code))
            Add(CloneText.Read(text), code);
        foreach (var evidence in resource.Children("evidence"))
        {
            foreach (var concept in evidence.Children("code"))
            {
                foreach (var text in ConceptReading.Texts(concept))
                    Add(CloneText.Read(text, adjacentOnly: true), concept);
            }
        }
        foreach (var note in resource.Children("note"))
            Add(CloneText.Read(note["text"].Text ?? "", adjacentOnly: true), note);

        void Add(Isotype isotype, Element at)
        {
            if (!isotype.IsEmpty || isotype.Several)
                draft.Isotypes.Add(new(isotype, InCondition: true, source, at));
        }
    }

    private static bool IsCauseOfDeath(Element resource, List<string> words)
    {
        foreach (var category in resource.Children("category"))
        {
            if (ConceptReading.Texts(category).Select(Wording.Fold).Any(SaysDeath)
                || ConceptReading.FirstCoding(category)["code"].Text is "419620001" or "cause-of-death" or "69453-9")
                return true;
        }
        return words.Exists(SaysDeath);
    }

    private static bool SaysDeath(string folded) => ContainsAny(folded, "causa de muerte", "causa de la muerte", "causa de exitus", "causa del fallecimiento", "causa de fallecimiento", "muerte por", "exitus por", "fallecimiento por", "fallece por",
        "cause of death", "death due to", "died of", "death from");

    private static bool IsExtramedullary(string folded) => ContainsAny(folded, "extramedular", "extramedullary", "plasmocitoma", "plasmacitoma", "plasmacytoma") && !Negated(folded, "extramedul", "plasmocitoma", "plasmacitoma", "plasmacytoma");

    // The noun is an event; "relapsed" or "en recaida" as a label of a code is a status (R-CODE-12).
    private static bool IsRelapse(string folded) =>
        (folded.StartsWith("recaida", StringComparison.Ordinal) || folded.StartsWith("recidiva", StringComparison.Ordinal) || folded.StartsWith("progresion", StringComparison.Ordinal)
            || folded.StartsWith("relapse ", StringComparison.Ordinal) || folded.StartsWith("progression", StringComparison.Ordinal)
            || ContainsAny(folded, "primera recaida", "segunda recaida", "tercera recaida", "first relapse", "second relapse", "third relapse", "recaida de mieloma", "relapse of myeloma", "relapse of multiple myeloma", "progresion de mieloma"))
        && !ContainsAny(folded, "sin recaida", "sin progresion", "no relapse", "no progression", "progression free", "progression-free", "libre de progresion");

    private static bool IsRefractory(string folded) => ContainsAny(folded, "refractari", "refractory") && !Negated(folded, "refractari", "refractory");

    private static bool Negated(string folded, params ReadOnlySpan<string> stems)
    {
        foreach (var stem in stems)
        {
            var at = folded.IndexOf(stem, StringComparison.Ordinal);
            if (at > 0 && Wording.Words(folded[..at]).LastOrDefault() is "no" or "not" or "sin" or "without" or "non" or "ni")
                return true;
        }
        return false;
    }

    private static bool ContainsAny(string folded, params ReadOnlySpan<string> wanted)
    {
        foreach (var words in wanted)
        {
            if (folded.Contains(words, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
