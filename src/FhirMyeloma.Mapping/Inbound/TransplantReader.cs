using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Procedures of therapy: transplant, stem-cell collection, CAR-T infusion, radiotherapy (R-LOT-5, R-LOT-11).</summary>
internal static class TransplantReader
{
    public static void Read(Intake intake, Element resource, CaseDraft draft)
    {
        if (resource["status"].Text is not ("completed" or "in-progress"))
        {
            intake.Inform(MappingIssues.StatusExcluded, $"A Procedure with status {resource["status"].Text} does not count.", resource["status"]);
            return;
        }
        var code = resource["code"];
        if (!code.Exists || Kind(intake, code) is not { } kind)
            return;
        var date = Dates.OfEvent(resource.Choice("performed"));
        foreach (var performer in resource.Children("performer"))
        {
            if ((Centres.Name(intake, performer["actor"]) ?? Centres.Name(intake, performer["onBehalfOf"])) is { } name)
                draft.Performers.Add(name);
        }
        if (date is not { } performed)
        {
            intake.Warn(MappingIssues.DateMissing, IssueType.Required, "The Procedure has no date that can be read; it is not used.", resource);
            return;
        }
        IEnumerable<string> texts = [.. ConceptReading.Texts(code), .. resource.Children("note").Select(note => note["text"].Text ?? ""), .. resource.Children("reasonCode").SelectMany(ConceptReading.Texts)];
        draft.Procedures.Add(new(kind, performed, draft.Cite(resource))
        {
            PlannedTandem = texts.Select(Wording.Fold).Any(text => text.Contains("tandem", StringComparison.Ordinal) && !text.Contains("no tandem", StringComparison.Ordinal)),
        });
    }

    private static TherapyProcedureKind? Kind(Intake intake, Element code)
    {
        HashSet<TherapyProcedureKind> coded = [];
        foreach (var coding in code.Children("coding"))
        {
            if (coding["code"].Text is not { } own)
                continue;
            var system = CodeSystems.Key(coding["system"].Text);
            if (ConceptReading.Checked(intake, coding, system, own) && ProcedureCodes.Find(system, own) is { } kind)
                coded.Add(kind);
        }
        // "Donor not stated" beside a stated donor says the same, less exactly.
        if (coded.Count > 1)
            coded.Remove(TherapyProcedureKind.Transplant);
        if (coded.Count > 1)
        {
            intake.Warn(MappingIssues.ConflictingCodes, IssueType.Conflict, $"The codings beside {ConceptReading.Shown(code)} mean different procedures; it is not used.", code);
            return null;
        }
        TherapyProcedureKind? named = null;
        foreach (var text in ConceptReading.Texts(code))
            named ??= ProcedureCodes.FindByText(text);
        if (coded.Count == 1)
        {
            var kind = coded.First();
            return kind == TherapyProcedureKind.Transplant && named is TherapyProcedureKind.AutologousTransplant or TherapyProcedureKind.AllogeneicTransplant ? named : kind;
        }
        if (named is null)
        {
            ConceptReading.ReportUnknown(intake, code, MappingIssues.UnmappedCode, "procedure");
            return null;
        }
        var first = ConceptReading.FirstCoding(code);
        if (first.Exists)
            intake.Inform(MappingIssues.MappedByText, $"{ConceptReading.Named(first)} is understood by its text.", code, ConceptReading.Named(first));
        return named;
    }
}
