using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>Death from the Patient, and the last contact from everything that is dated.</summary>
internal static class PatientReader
{
    private static readonly string[] ContactDates = ["recordedDate", "authoredOn", "date", "dateAsserted", "created", "started", "issued"];

    public static void ReadDeath(Element patient, CaseDraft draft)
    {
        var deceased = patient.Choice("deceased");
        if (!deceased.Exists || deceased.Boolean == false)
            return;
        draft.IsDead = true;
        draft.Death ??= Dates.Of(deceased);
        draft.DeathSources.Add(draft.Cite(patient));
    }

    /// <summary>The latest date of a resource that records a contact; plans and errors record none.</summary>
    public static void ReadContact(Element resource, CaseDraft draft)
    {
        if (resource.TypeName is "CarePlan" or "Appointment" or "Goal" or "Coverage" or "Consent" or "Provenance" or "MedicationRequest" or "ServiceRequest"
            || resource["status"].Text is "entered-in-error")
        {
            if (resource.TypeName is "MedicationRequest" or "ServiceRequest" && resource["status"].Text is not "entered-in-error")
                draft.Seen(Dates.Of(resource["authoredOn"]), resource);
            return;
        }
        foreach (var stem in new[] { "effective", "performed", "onset", "occurrence" })
        {
            var choice = resource.Choice(stem);
            draft.Seen(choice.TypeName is "Period" ? Dates.Of(choice["end"]) ?? Dates.Of(choice["start"]) : Dates.OfEvent(choice), resource);
        }
        foreach (var name in ContactDates)
            draft.Seen(Dates.Of(resource[name]), resource);
        var period = resource["period"];
        draft.Seen(Dates.Of(period["end"]) ?? Dates.Of(period["start"]), resource);
    }
}
