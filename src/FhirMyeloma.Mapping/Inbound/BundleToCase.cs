using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>
/// From a hospital's Bundle to one case per patient. Reads what holds now (of a history the newest versions), in any order and of any Bundle type; what is not understood becomes an issue.
/// Never throws for a Bundle that was read; one that breaks R4 should have been refused before.
/// </summary>
public static class BundleToCase
{
    /// <summary>Maps a Bundle. References themselves are judged by <see cref="Bundle.CheckReferences"/>; here only whom a resource is about.</summary>
    public static MappedBundle Map(Bundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var intake = new Intake(bundle);
        var patients = new Patients(intake);
        if (patients.Drafts.IsEmpty)
        {
            ReportNoPatient(intake);
            return new([], [.. intake.Issues]);
        }
        foreach (var (resource, draft) in patients.Resources)
            PatientReader.ReadDeath(resource, draft);
        var grouping = new Grouping(intake);
        foreach (var entry in bundle.Current)
        {
            if (entry.Resource.TypeName is not "Patient")
                ReadWithContained(intake, grouping, patients, entry.Resource);
        }
        return new(
            [.. patients.Drafts.Select(draft => new MappedPatient(CaseAssembly.Assemble(intake, draft), draft.Patient, draft.FullUrl, draft.Sources))],
            [.. intake.Issues]);
    }

    /// <summary>
    /// Only whom the resources are about: the errors that <see cref="Map"/> would find, for a Bundle that is refused anyway and is not to be mapped.
    /// </summary>
    public static ImmutableArray<Issue> CheckSubjects(Bundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var intake = new Intake(bundle);
        var patients = new Patients(intake);
        if (patients.Drafts.IsEmpty)
            ReportNoPatient(intake);
        foreach (var entry in bundle.Current)
        {
            if (!patients.Drafts.IsEmpty && HasSubject(entry.Resource.TypeName))
                patients.Of(entry.Resource);
        }
        return [.. intake.Issues.Where(issue => issue.IsError)];
    }

    private static void ReportNoPatient(Intake intake) =>
        intake.Error(MappingIssues.NoPatient, IssueType.Required, "The Bundle holds no Patient; send the Patient that the resources are about.", intake.Bundle.Document.Root);

    private static void ReadWithContained(Intake intake, Grouping grouping, Patients patients, Element resource)
    {
        var draft = Read(intake, grouping, patients, resource, inherited: null);
        if (draft is null)
            return;
        foreach (var contained in resource.Children("contained"))
        {
            if (contained.TypeName is "Observation")
                Read(intake, grouping, patients, contained, draft);
        }
    }

    private static CaseDraft? Read(Intake intake, Grouping grouping, Patients patients, Element resource, CaseDraft? inherited)
    {
        if (IsSupport(resource.TypeName))
            return null;
        if (inherited is null && !resource["subject"].Exists && resource.TypeName is "Observation")
            inherited = grouping.Above(resource).Select(above => above["subject"]).Where(subject => subject.Exists).Select(subject => patients.Of(subject.Resource)).FirstOrDefault();
        if (!HasSubject(resource.TypeName) || (!IsRead(resource.TypeName) && !resource["subject"].Exists && !resource["patient"].Exists))
        {
            if (!IsQuiet(resource.TypeName))
                ReportType(intake, resource);
            return null;
        }
        if (patients.Of(resource, inherited) is not { } draft)
            return null;
        PatientReader.ReadContact(resource, draft);
        switch (resource.TypeName)
        {
            case "Condition":
                DiagnosisReader.Read(intake, resource, draft);
                break;
            case "Observation":
                ObservationReader.Read(intake, grouping, resource, draft);
                break;
            case "MedicationAdministration":
                MedicationReader.ReadAdministration(intake, resource, draft);
                break;
            case "MedicationStatement":
                MedicationReader.ReadStatement(intake, resource, draft);
                break;
            case "MedicationRequest":
                MedicationReader.ReadRequest(intake, resource, draft);
                break;
            case "Procedure":
                TransplantReader.Read(intake, resource, draft);
                break;
            case "Encounter":
                DiagnosisReader.ReadEncounter(resource, draft);
                break;
            case "CarePlan":
                PlanReader.Read(intake, resource, draft);
                break;
            default:
                if (!IsQuiet(resource.TypeName))
                    ReportType(intake, resource);
                break;
        }
        return draft;
    }

    // Followed by reference from those that are read, or about no patient.
    private static bool IsSupport(string type) => type is
        "Organization" or "Practitioner" or "PractitionerRole" or "Location" or "Device" or "Medication" or "Substance" or "HealthcareService" or "Endpoint"
        or "OperationOutcome" or "MessageHeader" or "Provenance" or "Parameters" or "Bundle" or "Binary" or "";

    private static bool HasSubject(string type) => type is
        "Condition" or "Observation" or "MedicationAdministration" or "MedicationStatement" or "MedicationRequest" or "MedicationDispense" or "Procedure" or "CarePlan"
        or "DiagnosticReport" or "Encounter" or "Composition" or "Specimen" or "ServiceRequest" or "Immunization" or "AllergyIntolerance" or "ClinicalImpression"
        or "ImagingStudy" or "RiskAssessment" or "FamilyMemberHistory" or "EpisodeOfCare" or "CareTeam" or "Goal" or "Media" or "QuestionnaireResponse" or "DocumentReference"
        or "AdverseEvent" or "Flag" or "DeviceUseStatement" or "NutritionOrder" or "DetectedIssue" or "BodyStructure" or "MolecularSequence";

    // Groupings and frames of what is read.
    private static bool IsQuiet(string type) => type is "DiagnosticReport" or "Encounter" or "Composition" or "Specimen";

    private static bool IsRead(string type) => type is
        "Condition" or "Observation" or "MedicationAdministration" or "MedicationStatement" or "MedicationRequest" or "Procedure" or "CarePlan";

    private static void ReportType(Intake intake, Element resource) =>
        intake.Inform(MappingIssues.ResourceNotUsed, $"Resources of type {resource.TypeName} are not read by any rule.", resource);
}
