using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Stages that the hospital stated: ISS, R-ISS and R2-ISS as Observation, Condition.stage or text (f.1).</summary>
internal static class StageReader
{
    public static void ReadObservation(ObservationFacts facts, ObservationConcept concept, Element holder)
    {
        var value = holder.Choice("value");
        StagingSystem? system = concept switch
        {
            ObservationConcept.Iss => StagingSystem.Iss,
            ObservationConcept.RIss => StagingSystem.RIss,
            ObservationConcept.R2Iss => StagingSystem.R2Iss,
            _ => SystemOf(holder["method"]),
        };
        if (Add(facts.Draft, value, system, facts.Date, facts.Source))
            return;
        if (value.TypeName is "integer" && system is { } known && value.Decimal is >= 1 and var stage && stage <= (known == StagingSystem.R2Iss ? 4 : 3))
            facts.Draft.Stages.Add(new(known, (int)stage, facts.Date, facts.Source));
        else if (concept is ObservationConcept.StageGroup)
            facts.Intake.Inform(MappingIssues.CodeNotUsed, "A stage group that does not say ISS, R-ISS or R2-ISS is not read by any rule.", holder);
        else if (value.Exists)
            facts.Intake.Warn(MappingIssues.UnmappedValue, IssueType.CodeInvalid, "The stated stage is no stage of its system.", value);
        else
            facts.Intake.Inform(MappingIssues.ValueAbsent, "A stage has no value.", holder);
    }

    /// <summary>The stages of a Condition.</summary>
    public static void ReadCondition(Element condition, ClinicalDate? date, CaseDraft draft, SourceId source)
    {
        foreach (var stage in condition.Children("stage"))
            Add(draft, stage["summary"], SystemOf(stage["type"]), date, source);
    }

    /// <summary>Stages in free text, each with its system.</summary>
    public static void ReadText(CaseDraft draft, string text, ClinicalDate? date, SourceId source)
    {
        foreach (var (system, stage) in StageText.FindAll(text))
            draft.Stages.Add(new(system, stage, date, source));
    }

    private static bool Add(CaseDraft draft, Element value, StagingSystem? system, ClinicalDate? date, SourceId source)
    {
        foreach (var coding in value.Children("coding"))
        {
            if (coding["code"].Text is { } code && StageText.Find(CodeSystems.Key(coding["system"].Text), code) is { Stage: { } stage } found)
            {
                draft.Stages.Add(new(found.System, stage, date, source));
                return true;
            }
        }
        foreach (var text in value.TypeName is "string" ? [value.Text ?? ""] : ConceptReading.Texts(value))
        {
            var stated = StageText.FindAll(text);
            if (stated.IsEmpty && system is { } known && StageText.Alone(text) is { } alone && alone <= (known == StagingSystem.R2Iss ? 4 : 3))
                stated = [(known, alone)];
            foreach (var (of, stage) in stated)
                draft.Stages.Add(new(of, stage, date, source));
            if (stated.Length > 0)
                return true;
        }
        return false;
    }

    private static StagingSystem? SystemOf(Element concept)
    {
        foreach (var coding in concept.Children("coding"))
        {
            if (coding["code"].Text is { } code && StageText.Find(CodeSystems.Key(coding["system"].Text), code) is { } found)
                return found.System;
        }
        foreach (var text in ConceptReading.Texts(concept))
        {
            if (StageText.SystemIn(text) is { } system)
                return system;
        }
        return null;
    }
}
