using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Doses, statements, orders and plans of drugs (R-WO-2 to R-WO-6).</summary>
internal static class MedicationReader
{
    /// <summary>MedicationAdministration: one dose on one date.</summary>
    public static void ReadAdministration(Intake intake, Element resource, CaseDraft draft)
    {
        var status = resource["status"].Text;
        ExposureStatus? standing = status switch
        {
            "completed" or "in-progress" => ExposureStatus.Counted,
            "stopped" => ExposureStatus.Aborted,
            "unknown" => ExposureStatus.Unknown,
            _ => null,
        };
        var dosage = resource["dosage"];
        ReadPerformer(intake, resource, draft);
        Read(intake, resource, draft, ExposureEvidence.Administration, standing, dosage, exposure =>
        {
            if (dosage["dose"]["value"].Decimal == 0)
            {
                intake.Inform(MappingIssues.DoseZero, "An administration with a dose of 0 was not given and does not count (R-WO-4).", dosage);
                return null;
            }
            return exposure with { Start = Dates.OfEvent(resource.Choice("effective")) };
        });
    }

    /// <summary>MedicationStatement: a day or a period, open when it has no end.</summary>
    public static void ReadStatement(Intake intake, Element resource, CaseDraft draft)
    {
        ExposureStatus? standing = resource["status"].Text is "active" or "completed" or "stopped" ? ExposureStatus.Counted : null;
        Read(intake, resource, draft, ExposureEvidence.Statement, standing, resource["dosage"], exposure => Over(exposure, resource.Choice("effective")));
    }

    /// <summary>MedicationRequest: an order, which never proves a dose, or a plan.</summary>
    public static void ReadRequest(Intake intake, Element resource, CaseDraft draft)
    {
        var status = resource["status"].Text;
        var counts = status is "active" or "completed" or "stopped" && resource["doNotPerform"].Boolean != true;
        switch (resource["intent"].Text)
        {
            case "plan":
                if (!counts && status is not ("draft" or "on-hold" or "unknown"))
                    ReportStatus(intake, resource, status);
                else if (DrugReading.Of(intake, resource.Choice("medication")) is { Length: > 0 } planned)
                    draft.Plans.Add(new(planned, Transplant: false, Timing(resource).Start ?? Dates.Of(resource["authoredOn"]), draft.Cite(resource)));
                break;
            case "proposal" or "option":
                intake.Inform(MappingIssues.StatusExcluded, "A MedicationRequest that only proposes is no order and is not used.", resource["intent"]);
                break;
            default:
                Read(intake, resource, draft, ExposureEvidence.Order, counts ? ExposureStatus.Counted : null, resource["dosageInstruction"], exposure =>
                {
                    var (start, end) = Timing(resource);
                    start ??= Dates.Of(resource["authoredOn"]);
                    return exposure with { Start = start, End = end, IsOpenPeriod = end is null && status is "active" };
                });
                break;
        }
    }

    private static void Read(Intake intake, Element resource, CaseDraft draft, ExposureEvidence evidence, ExposureStatus? standing, Element dosage, Func<DrugExposure, DrugExposure?> date)
    {
        if (standing is not { } status)
        {
            ReportStatus(intake, resource, resource["status"].Text);
            return;
        }
        var drugs = DrugReading.Of(intake, resource.Choice("medication"));
        if (drugs.IsEmpty)
            return;
        if (evidence == ExposureEvidence.Administration && DrugReading.AreOfRegimen(intake, resource.Choice("medication"), drugs))
            evidence = ExposureEvidence.Statement;
        var intent = IntentOf(resource, dosage);
        foreach (var drug in drugs)
        {
            var exposure = date(new()
            {
                Drug = drug,
                Evidence = evidence,
                Status = status,
                Source = draft.Cite(resource),
                Intravenous = Route(dosage["route"]),
                Intent = intent,
            });
            if (exposure is null)
                return;
            if (exposure.Start is null && exposure.End is null)
            {
                intake.Warn(MappingIssues.DateMissing, IssueType.Required, $"The {resource.TypeName} has no date that can be read; it is not used.", resource);
                return;
            }
            draft.Drugs.Add(exposure);
        }
    }

    private static DrugExposure Over(DrugExposure exposure, Element effective)
    {
        if (effective.TypeName is not "Period")
            return exposure with { Start = Dates.OfEvent(effective) };
        var (start, end) = (Dates.Of(effective["start"]), Dates.Of(effective["end"]));
        // Without an end nobody knows the last dose, whatever the status says.
        return exposure with { Start = start, End = end, IsOpenPeriod = end is null && start is not null };
    }

    private static (ClinicalDate? Start, ClinicalDate? End) Timing(Element request)
    {
        var timing = request["dosageInstruction"]["timing"];
        var bounds = timing["repeat"]["boundsPeriod"];
        if (bounds.Exists)
            return (Dates.Of(bounds["start"]), Dates.Of(bounds["end"]));
        var events = timing.Children("event");
        if (events.Count > 0)
        {
            var dates = events.Select(each => Dates.Of(each)).Where(date => date is not null).Select(date => date!.Value).Order().ToList();
            if (dates.Count > 0)
                return (dates[0], dates.Count > 1 ? dates[^1] : null);
        }
        var validity = request["dispenseRequest"]["validityPeriod"];
        return (Dates.Of(validity["start"]), Dates.Of(validity["end"]));
    }

    private static void ReportStatus(Intake intake, Element resource, string? status) =>
        intake.Inform(MappingIssues.StatusExcluded, $"A {resource.TypeName} with status {status} does not count ({(resource.TypeName is "MedicationAdministration" ? "R-WO-4" : "R-WO-5")}).", resource["status"]);

    private static void ReadPerformer(Intake intake, Element resource, CaseDraft draft)
    {
        foreach (var performer in resource.Children("performer"))
        {
            if (Centres.Name(intake, performer["actor"]) is { } name)
                draft.Performers.Add(name);
        }
    }

    private static bool? Route(Element route)
    {
        foreach (var coding in route.Children("coding"))
        {
            switch (CodeSystems.Key(coding["system"].Text), coding["code"].Text)
            {
                case (CodeSystems.Snomed, "47625008" or "418114005" or "419993007"):
                case ("route", "IV" or "IVPUSH" or "IVPB" or "IVFLUSH" or "IVPUSHP"):
                case ("edqm", "20045000"):
                case (CodeSystems.Ncit, "C38276"):
                    return true;
                case (CodeSystems.Snomed, "34206005" or "26643006"):
                case ("route", "SQ" or "SC" or "SUBCUT" or "PO"):
                case ("edqm", "20066000" or "20053000"):
                case (CodeSystems.Ncit, "C38299" or "C38288"):
                    return false;
            }
        }
        foreach (var text in ConceptReading.Texts(route))
        {
            var folded = " " + string.Join(' ', Wording.Words(Wording.Fold(text))) + " ";
            if (folded.Contains("intraven", StringComparison.Ordinal) || folded.Contains(" iv ", StringComparison.Ordinal) || folded.Contains(" i v ", StringComparison.Ordinal) || folded.Contains("endoven", StringComparison.Ordinal))
                return true;
            if (folded.Contains("subcut", StringComparison.Ordinal) || folded.Contains(" sc ", StringComparison.Ordinal) || folded.Contains(" s c ", StringComparison.Ordinal) || folded.Contains("oral", StringComparison.Ordinal) || folded.Contains(" vo ", StringComparison.Ordinal))
                return false;
        }
        return null;
    }

    private static readonly (string Stem, TherapyIntent Intent)[] IntentWords =
    [
        ("premedic", TherapyIntent.Premedication),
        ("moviliz", TherapyIntent.Mobilisation), ("mobilis", TherapyIntent.Mobilisation), ("mobiliz", TherapyIntent.Mobilisation),
        ("acondicionamiento", TherapyIntent.Conditioning), ("conditioning", TherapyIntent.Conditioning),
        ("linfodeple", TherapyIntent.Lymphodepletion), ("lymphodeple", TherapyIntent.Lymphodepletion),
        ("puente", TherapyIntent.Bridging), ("bridging", TherapyIntent.Bridging),
        ("mantenimiento", TherapyIntent.Maintenance), ("maintenance", TherapyIntent.Maintenance),
        ("consolida", TherapyIntent.Consolidation),
        ("induccion", TherapyIntent.Induction), ("induction", TherapyIntent.Induction),
    ];

    private static TherapyIntent IntentOf(Element resource, Element dosage)
    {
        IEnumerable<string> texts =
        [
            .. resource.Children("reasonCode").SelectMany(ConceptReading.Texts),
            .. resource.Children("category").SelectMany(ConceptReading.Texts),
            .. resource.Children("note").Select(note => note["text"].Text ?? ""),
            dosage["text"].Text ?? "",
        ];
        foreach (var text in texts)
        {
            if (text.Length == 0)
                continue;
            var folded = Wording.Fold(text);
            foreach (var (stem, intent) in IntentWords)
            {
                if (folded.Contains(stem, StringComparison.Ordinal))
                    return intent;
            }
        }
        return TherapyIntent.NotStated;
    }
}
