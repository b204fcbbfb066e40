using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>What the hospital states and nobody measures: response, cycles, line, subtype, drug band, spurious values, death.</summary>
internal static class StatementReader
{
    public static void Read(ObservationFacts facts, ObservationConcept concept, Element holder)
    {
        var value = holder.Choice("value");
        switch (concept)
        {
            case ObservationConcept.StatedResponse:
                ReadResponse(facts, value);
                break;
            case ObservationConcept.DiseaseStatus:
                facts.Intake.Inform(MappingIssues.DiseaseStatusNotResponse, "A disease status (improved, stable, worse) is no response category and is not used (R-CODE-11).", holder);
                break;
            case ObservationConcept.CyclesDocumented:
                if (Whole(value) is not { } cycles)
                    NotUnderstood(facts, value, holder, "number of cycles");
                else if (facts.Dated() is { } date)
                    facts.Draft.Cycles.Add(new(cycles, date, facts.Source));
                break;
            case ObservationConcept.LineStated:
                ReadLine(facts, value, holder);
                break;
            case ObservationConcept.Subtype:
                if (CloneText.Read(AnswerReading.Text(value)) is var isotype && (!isotype.IsEmpty || isotype.Several))
                    facts.Draft.Isotypes.Add(new(isotype, InCondition: false, facts.Source, value));
                else
                    NotUnderstood(facts, value, holder, "subtype of the myeloma");
                break;
            case ObservationConcept.DrugBandResolution:
                if (Shifted(value) is not { } shifted)
                    NotUnderstood(facts, value, holder, "assay of a drug band");
                else if (facts.Dated() is { } date)
                    facts.Draft.DrugBandAssays.Add(new(shifted, date, facts.Source));
                break;
            case ObservationConcept.Spurious:
                ReadSpurious(facts, value, holder);
                break;
            case ObservationConcept.CauseOfDeath:
                if (IsMyeloma(value))
                {
                    facts.Draft.CauseSources.Add(facts.Source);
                    facts.Draft.DeathSources.Add(facts.Source);
                }
                break;
            case ObservationConcept.DateOfDeath:
                if (facts.Draft.Death is null && Dates.Of(value) is { } death)
                {
                    (facts.Draft.Death, facts.Draft.DeathSource, facts.Draft.IsDead) = (death, facts.Source, true);
                    facts.Draft.DeathSources.Add(facts.Source);
                }
                break;
        }
    }

    /// <summary>True when a concept names a plasma-cell malignancy by code or text.</summary>
    public static bool IsMyeloma(Element concept)
    {
        foreach (var coding in concept.Children("coding"))
        {
            if (coding["code"].Text is { } code && ConditionCodes.Find(CodeSystems.Key(coding["system"].Text), code) is ConditionKind.Myeloma or ConditionKind.PlasmaCellLeukaemia or ConditionKind.Plasmacytoma)
                return true;
        }
        var texts = concept.TypeName is "string" ? [concept.Text ?? ""] : ConceptReading.Texts(concept);
        return texts.Any(text => ConditionCodes.FindByText(text) is ConditionKind.Myeloma or ConditionKind.PlasmaCellLeukaemia);
    }

    private static void ReadResponse(ObservationFacts facts, Element value)
    {
        ResponseLevel? level = null;
        foreach (var coding in value.Children("coding"))
        {
            if (coding["code"].Text is not { } code)
                continue;
            var system = CodeSystems.Key(coding["system"].Text);
            if (!ConceptReading.Checked(facts.Intake, coding, system, code) || (ResponseWords.OfCode(system, code) ?? (CodeSystems.IsStandard(coding["system"].Text) ? null : ResponseWords.OfText(code))) is not { } coded)
                continue;
            if (level is { } other && other != coded)
            {
                facts.Intake.Warn(MappingIssues.ConflictingCodes, IssueType.Conflict, "The codings of a stated response mean different categories; it is not used.", value);
                return;
            }
            level = coded;
        }
        foreach (var text in value.TypeName is "string" ? [value.Text ?? ""] : ConceptReading.Texts(value))
            level ??= ResponseWords.OfText(text);
        if (level is not { } stated)
        {
            if (value.Exists)
                facts.Intake.Warn(MappingIssues.UnmappedValue, IssueType.CodeInvalid, "The stated response is no IMWG category; send sCR, CR, VGPR, PR, MR, SD, PD or NE.", value, ConceptReading.FirstCoding(value) is { Exists: true } first ? ConceptReading.Named(first) : null);
            else
                facts.Intake.Inform(MappingIssues.ValueAbsent, "A stated response has no value.", facts.Observation);
            return;
        }
        // A response over a period is what its end says; the start would belong to the line before.
        var date = Dates.Of(facts.Observation["effectivePeriod"]["end"]) ?? facts.Date;
        facts.Draft.Responses.Add(new(stated, date, facts.Source));
    }

    private static void ReadLine(ObservationFacts facts, Element value, Element holder)
    {
        if (Whole(value) is not { } number || number < 1)
            NotUnderstood(facts, value, holder, "number of a line");
        else if (facts.Dated() is { } start)
            facts.Draft.Lines.Add(new(number, start, Dates.Of(facts.Observation["effectivePeriod"]["end"]), facts.Source));
    }

    private static void ReadSpurious(ObservationFacts facts, Element value, Element holder)
    {
        if (value.Boolean == false)
            return;
        var marked = 0;
        foreach (var reference in facts.Observation.Children("derivedFrom").Concat(facts.Observation.Children("focus")).Concat(facts.Observation.Children("hasMember")))
        {
            var target = facts.Intake.Follow(reference, "Observation");
            if (target.Exists)
            {
                var result = facts.Draft.Cite(target);
                if (!facts.Draft.Spurious.TryGetValue(result, out var said) || facts.Source < said)
                    facts.Draft.Spurious[result] = facts.Source;
                marked++;
            }
        }
        if (marked == 0)
            facts.Intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Required, "A mark 'spurious' names no Observation (derivedFrom, focus or hasMember); it is not used.", holder);
    }

    private static Tri? Shifted(Element value)
    {
        foreach (var coding in value.Children("coding"))
        {
            switch (CodeSystems.Key(coding["system"].Text), coding["code"].Text)
            {
                case (CodeSystems.Input, "shifted"):
                    return Tri.Met;
                case (CodeSystems.Input, "not-shifted"):
                    return Tri.NotMet;
            }
        }
        var words = Wording.Words(Wording.Fold(AnswerReading.Text(value)));
        var at = words.FindIndex(word => word is "shifted" or "shift" or "shifts" or "desplazada" or "desplazado" or "desplaza" or "desplazamiento");
        return at < 0 ? null : Tri.Of(!words.Take(at).Any(word => word is "no" or "not" or "sin" or "without" or "does"));
    }

    private static int? Whole(Element value)
    {
        var number = value.Decimal ?? value["value"].Decimal;
        if (number is null && value.TypeName is "string" && NumberText.Read(value.Text ?? "") is { Reading: NumberReading.Clear, Comparator: null } written)
            number = written.Value;
        return number is >= 0 and <= 1000 and var whole && whole == decimal.Truncate(whole) && !value["comparator"].Exists ? (int)whole : null;
    }

    private static void NotUnderstood(ObservationFacts facts, Element value, Element holder, string what) =>
        facts.Intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, $"The {what} is not understood.", value.Exists ? value : holder);
}
