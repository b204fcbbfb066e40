using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>What a CodeableConcept names, with the reports that its codes deserve.</summary>
internal static class ConceptReading
{
    private const int LongestShown = 60;
    private const int LongestCode = 200;

    /// <summary>What an Observation or component is about; null when it is not known or not used, which is then reported.</summary>
    /// <param name="intake">Where to report.</param>
    /// <param name="concept">The code.</param>
    /// <param name="isGrouping">A panel: its own code needs no meaning.</param>
    public static ObservationConcept? OfObservation(Intake intake, Element concept, bool isGrouping)
    {
        LabMeaning? found = null;
        LabMeaning? trap = null;
        var broken = false;
        foreach (var coding in concept.Children("coding"))
        {
            if (coding["code"].Text is not { } code)
                continue;
            var system = CodeSystems.Key(coding["system"].Text);
            var meaning = LabCodes.Find(system, code);
            if (!Checked(intake, coding, system, code))
            {
                broken = true;
                if (meaning is { Concept: ObservationConcept.Trap })
                    ReportTrap(intake, coding, meaning);
                continue;
            }
            if (meaning is { Concept: ObservationConcept.Trap })
                trap = meaning;
            else if (meaning is not null && found is not null && Kind(found.Concept) != Kind(meaning.Concept))
                return Conflict(intake, concept);
            else
                found = meaning ?? found;
            if (trap == meaning && trap is not null)
                ReportTrap(intake, coding, trap);
        }
        if (trap is not null)
            return found is null ? null : Conflict(intake, concept);
        if (found is not null)
            return found.Concept is ObservationConcept.KnownUnused ? NotUsed(intake, concept) : ContradictsText(intake, concept, found.Concept) ? null : found.Concept;
        return broken ? null : ByText(intake, concept, isGrouping);
    }

    /// <summary>False, with a warning, when a LOINC or SNOMED CT code has a wrong check digit (R-CODE-1).</summary>
    public static bool Checked(Intake intake, Element coding, string system, string code)
    {
        if (CheckDigits.Holds(system, code))
            return true;
        intake.Warn(MappingIssues.CodeCheckDigit, IssueType.CodeInvalid, $"{Shown(coding)} has a wrong check digit and is no code of its system (R-CODE-1); it is not used.", coding, Named(coding));
        return false;
    }

    /// <summary>The texts of a concept: its own, then the displays of its codings.</summary>
    public static IEnumerable<string> Texts(Element concept)
    {
        if (concept["text"].Text is { } text)
            yield return text;
        foreach (var coding in concept.Children("coding"))
        {
            if (coding["display"].Text is { } display)
                yield return display;
        }
    }

    /// <summary>The first coding with a code; does not exist when there is none.</summary>
    public static Element FirstCoding(Element concept)
    {
        foreach (var coding in concept.Children("coding"))
        {
            if (coding["code"].HasValue)
                return coding;
        }
        return default;
    }

    /// <summary>A coding as issues name it: <c>system|code</c>.</summary>
    public static string Named(Element coding) => $"{Short(coding["system"].Text, LongestCode)}|{Short(coding["code"].Text, LongestCode)}";

    /// <summary>A concept as issues name it: its first code, else its text shortened.</summary>
    public static string Shown(Element conceptOrCoding)
    {
        if (conceptOrCoding["code"].HasValue)
            return Named(conceptOrCoding);
        var coding = FirstCoding(conceptOrCoding);
        if (coding.Exists)
            return Named(coding);
        var text = conceptOrCoding["text"].Text ?? conceptOrCoding["coding"]["display"].Text;
        return text is null ? "a concept without code and text" : $"'{Short(text, LongestShown)}'";
    }

    private static string? Short(string? text, int longest) => text?.Length > longest ? text[..longest] + "…" : text;

    /// <summary>A code that nobody knows: of a published terminology it is only not used, of a hospital's own system it is a warning.</summary>
    public static void ReportUnknown(Intake intake, Element concept, string code, string what)
    {
        var shown = Shown(concept);
        var coding = FirstCoding(concept);
        if (HasStandard(concept))
            intake.Inform(MappingIssues.CodeNotUsed, $"{shown} is not read by any rule.", concept, coding.Exists ? Named(coding) : null);
        else
            intake.Warn(code, IssueType.NotSupported, $"No map knows the {what} {shown}; the record is kept as not understood. Send a standard code, or ask for a map.", concept, coding.Exists ? Named(coding) : $"|{Short(concept["text"].Text, LongestCode)}");
    }

    /// <summary>True when one coding is of a published terminology.</summary>
    public static bool HasStandard(Element concept)
    {
        foreach (var coding in concept.Children("coding"))
        {
            if (coding["code"].HasValue && CodeSystems.IsStandard(coding["system"].Text))
                return true;
        }
        return false;
    }

    private static ObservationConcept? ByText(Intake intake, Element concept, bool isGrouping)
    {
        LabMeaning? named = null;
        foreach (var text in Texts(concept))
        {
            named = LabCodes.FindByName(text) ?? (CytogeneticsText.Read(text).Length > 0 ? new(ObservationConcept.Cytogenetics, "f.2", text) : null);
            if (named is not null)
                break;
        }
        if (named is null)
        {
            if (!isGrouping)
                ReportUnknown(intake, concept, MappingIssues.UnmappedCode, "code");
            return null;
        }
        var coding = FirstCoding(concept);
        var loinc = false;
        foreach (var each in concept.Children("coding"))
            loinc |= each["code"].HasValue && CodeSystems.Key(each["system"].Text) is CodeSystems.Loinc;
        if (loinc)
        {
            // A LOINC code says exactly what it is, and we do not know this one: its words may leave out the property or the sample.
            if (!isGrouping)
                intake.Warn(MappingIssues.UnmappedCode, IssueType.NotSupported, $"No map knows {Shown(coding)}, whose text reads like a test that the rules use; it is not used.", concept, Named(coding));
            return null;
        }
        if (named.Concept is ObservationConcept.Trap)
        {
            intake.Warn(MappingIssues.MisleadingCode, IssueType.BusinessRule, $"{Shown(concept)} is not used: {named.Reason}.", concept, coding.Exists ? Named(coding) : null);
            return null;
        }
        if (coding.Exists)
            intake.Inform(MappingIssues.MappedByText, $"{Shown(coding)} is understood by its text.", concept, Named(coding));
        return named.Concept;
    }

    // 33944-0 with the display "Kappa": opposite analytes, one digit apart (R-CODE-2).
    private static bool ContradictsText(Intake intake, Element concept, ObservationConcept found)
    {
        if (found is not (ObservationConcept.FlcKappa or ObservationConcept.FlcLambda))
            return false;
        foreach (var text in Texts(concept))
        {
            var words = Wording.Words(Wording.Fold(text));
            var (kappa, lambda) = (words.Contains("kappa", StringComparer.Ordinal), words.Contains("lambda", StringComparer.Ordinal));
            if (kappa != lambda && kappa != (found is ObservationConcept.FlcKappa))
            {
                intake.Warn(MappingIssues.CodeTextMismatch, IssueType.Conflict, $"{Shown(concept)} and its text name opposite light chains (R-CODE-2); it is not used.", concept);
                return true;
            }
        }
        return false;
    }

    private static ObservationConcept? Conflict(Intake intake, Element concept)
    {
        intake.Warn(MappingIssues.ConflictingCodes, IssueType.Conflict, $"The codings beside {Shown(concept)} mean different things; it is not used.", concept);
        return null;
    }

    private static ObservationConcept? NotUsed(Intake intake, Element concept)
    {
        intake.Inform(MappingIssues.CodeNotUsed, $"{Shown(concept)} is not read by any rule.", concept);
        return null;
    }

    private static void ReportTrap(Intake intake, Element coding, LabMeaning trap) =>
        intake.Warn(MappingIssues.MisleadingCode, IssueType.BusinessRule, $"{Named(coding)} is not used: {trap.Reason} ({trap.Rule}).", coding, Named(coding));

    // Two codes of one marker agree, whatever the method.
    private static (Marker? Marker, int? Band, ObservationConcept? Concept) Kind(ObservationConcept concept) =>
        concept.MarkerOf() is { } marker ? (marker, concept.Band(), null) : (null, null, concept);
}
