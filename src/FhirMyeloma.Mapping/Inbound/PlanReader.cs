using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>A CarePlan: the drugs and the transplant that are planned as one sequence (R-LOT-1).</summary>
internal static class PlanReader
{
    public static void Read(Intake intake, Element resource, CaseDraft draft)
    {
        if (resource["status"].Text is "entered-in-error" or "revoked")
        {
            intake.Inform(MappingIssues.StatusExcluded, $"A CarePlan with status {resource["status"].Text} does not count.", resource["status"]);
            return;
        }
        HashSet<Drug> drugs = [];
        var transplant = false;
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
            intake.Inform(MappingIssues.ResourceNotUsed, "A CarePlan names neither a drug nor a transplant that a rule reads.", resource);
            return;
        }
        var start = Dates.Of(resource["period"]["start"]) ?? Dates.Of(resource["created"]);
        draft.Plans.Add(new([.. drugs.Order()], transplant, start, draft.Cite(resource)));

        void ReadText(string? text)
        {
            if (text is null)
                return;
            foreach (var drug in DrugCodes.FindAll(text))
            {
                if (drug.Drug is { } named)
                    drugs.Add(named);
            }
            transplant |= ProcedureCodes.FindByText(text) is TherapyProcedureKind.AutologousTransplant or TherapyProcedureKind.AllogeneicTransplant or TherapyProcedureKind.Transplant;
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
}
