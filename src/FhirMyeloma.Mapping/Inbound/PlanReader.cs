using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>A CarePlan: the drugs and the transplants that are planned as one sequence (R-LOT-1, R-LOT-5), or a line that a curator states (d.1).</summary>
internal static class PlanReader
{
    public static void Read(Intake intake, Element resource, CaseDraft draft)
    {
        if (resource["status"].Text is "entered-in-error" or "revoked")
        {
            intake.Inform(MappingIssues.StatusExcluded, $"A CarePlan with status {resource["status"].Text} does not count.", resource["status"]);
            return;
        }
        var isLine = ReadLine(intake, resource, draft);
        HashSet<Drug> drugs = [];
        var (transplant, tandem) = (false, false);
        ReadText(resource["title"].Text);
        ReadText(resource["description"].Text);
        foreach (var activity in resource.Children("activity"))
        {
            var detail = activity["detail"];
            if (detail["status"].Text is "cancelled" or "entered-in-error" || detail["doNotPerform"].Boolean == true)
                continue;
            ReadText(detail["description"].Text);
            ReadConcept(detail["code"]);
            if (detail.Choice("product") is { Exists: true } product)
                drugs.UnionWith(DrugReading.Of(intake, product));
            var request = intake.Follow(activity["reference"], "MedicationRequest");
            if (request.Exists && request["status"].Text is not ("entered-in-error" or "cancelled"))
                drugs.UnionWith(DrugReading.Of(intake, request.Choice("medication")));
            var service = intake.Follow(activity["reference"], "ServiceRequest");
            if (service.Exists && service["status"].Text is not ("entered-in-error" or "revoked"))
                ReadConcept(service["code"]);
        }
        if (drugs.Count == 0 && !transplant)
        {
            if (isLine)
                return;
            intake.Inform(MappingIssues.ResourceNotUsed, "A CarePlan names neither a drug nor a transplant that a rule reads.", resource);
            return;
        }
        var start = Dates.Of(resource["period"]["start"]) ?? Dates.Of(resource["created"]);
        draft.Plans.Add(new([.. drugs.Order()], transplant, start, draft.Cite(resource)) { Tandem = tandem });

        void ReadText(string? text)
        {
            if (text is null)
                return;
            foreach (var drug in DrugCodes.FindAll(text))
            {
                if (drug.Drug is { } named)
                    drugs.Add(named);
            }
            var folded = Wording.Fold(text);
            tandem |= folded.Contains("tandem", StringComparison.Ordinal) && !folded.Contains("no tandem", StringComparison.Ordinal);
            transplant |= tandem || ProcedureCodes.FindByText(text) is TherapyProcedureKind.AutologousTransplant or TherapyProcedureKind.AllogeneicTransplant or TherapyProcedureKind.Transplant;
        }

        void ReadConcept(Element concept)
        {
            foreach (var coding in concept.Children("coding"))
            {
                if (coding["code"].Text is not { } code)
                    continue;
                var system = CodeSystems.Key(coding["system"].Text);
                transplant |= ProcedureCodes.Find(system, code) is TherapyProcedureKind.AutologousTransplant or TherapyProcedureKind.AllogeneicTransplant or TherapyProcedureKind.Transplant;
                if (DrugCodes.Find(system, code)?.Drug is { } drug)
                    drugs.Add(drug);
            }
            foreach (var text in ConceptReading.Texts(concept))
                ReadText(text);
        }
    }

    /// <summary>
    /// A line is stated by the code line-stated or the words for it, with its number in a text; or by a title that is the name of a line ("Line 2: Isa-Kd").
    /// A plan "for the second line" is a plan. Drafts and proposals state nothing.
    /// </summary>
    private static bool ReadLine(Intake intake, Element resource, CaseDraft draft)
    {
        if (resource["status"].Text is "draft" or "unknown" || resource["intent"].Text is "proposal" or "option")
            return false;
        var title = resource["title"].Text ?? "";
        var isStated = resource.Children("category").Any(StatesLine) || resource.Children("activity").Any(activity => StatesLine(activity["detail"]["code"]));
        if (!isStated && !LineNumberText.NamesLine(title))
            return false;
        if (NumberOf(resource, title) is not { } number)
        {
            intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, "The number of a line is not understood.", resource);
            return true;
        }
        var period = resource["period"];
        if ((Dates.Of(period["start"]) ?? Dates.Of(resource["created"])) is not { } start)
        {
            intake.Warn(MappingIssues.DateMissing, IssueType.Required, "The CarePlan has no date that can be read; it is not used.", resource);
            return true;
        }
        draft.Lines.Add(new(number, start, Dates.Of(period["end"]), draft.Cite(resource)));
        return true;
    }

    private static bool StatesLine(Element concept) =>
        concept.Children("coding").Any(coding => CodeSystems.Key(coding["system"].Text) == CodeSystems.Input && coding["code"].Text is "line-stated")
        || ConceptReading.Texts(concept).Any(LineNumberText.IsLineOfTherapy);

    private static int? NumberOf(Element resource, string title)
    {
        IEnumerable<string> texts =
        [
            title,
            .. resource.Children("category").SelectMany(ConceptReading.Texts),
            resource["description"].Text ?? "",
            .. resource.Children("activity").Select(activity => activity["detail"]["description"].Text ?? ""),
            .. resource.Children("note").Select(note => note["text"].Text ?? ""),
        ];
        return texts.Select(LineNumberText.Find).FirstOrDefault(number => number is not null);
    }
}
