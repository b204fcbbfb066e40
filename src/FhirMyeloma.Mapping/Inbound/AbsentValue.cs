using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>
/// A result without a value. Was there a sample, its date stands and the value may be any (R-UNIT-6); was there none, nothing is known of that date.
/// </summary>
internal static class AbsentValue
{
    /// <summary>True for a result without value, words or interpretation that is no mere heading of others; it is reported.</summary>
    /// <param name="facts">What the Observation says of all its results.</param>
    /// <param name="holder">The Observation or component.</param>
    /// <param name="name">The marker in words.</param>
    public static bool IsFound(ObservationFacts facts, Element holder, string name)
    {
        var value = holder.Choice("value");
        if (value.Exists || AnswerReading.Of(value, holder) is not ResultMeaning.None || IsHeading(holder))
            return false;
        facts.Intake.Inform(MappingIssues.ValueAbsent, $"A result of {name} has no value.", holder);
        return true;
    }

    /// <summary>
    /// Whether something was measured all the same. A reason that denies it does, and a status that only announces a result; no reason, or one that no map knows, does not.
    /// </summary>
    public static bool IsMeasured(ObservationFacts facts, Element holder)
    {
        if (facts.Observation["status"].TextEquals("registered"u8))
            return false;
        var reason = holder["dataAbsentReason"];
        if (!reason.Exists)
            reason = facts.Observation["dataAbsentReason"];
        foreach (var coding in reason.Children("coding"))
        {
            if (coding["code"].Text is { } code && AbsentReasons.IsMeasured(CodeSystems.Key(coding["system"].Text), code) == false)
                return false;
        }
        foreach (var text in ConceptReading.Texts(reason))
        {
            if (AbsentReasons.IsMeasuredByWords(text) == false)
                return false;
        }
        return true;
    }

    /// <summary>True for what only groups other results.</summary>
    public static bool IsHeading(Element holder) => !holder["dataAbsentReason"].Exists && (holder["hasMember"].Exists || holder["component"].Exists);
}
