using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>An Observation: what it and its components are about, and which reader takes them.</summary>
internal static class ObservationReader
{
    public static void Read(Intake intake, Grouping grouping, Element resource, CaseDraft draft)
    {
        var code = resource["code"];
        var status = resource["status"].Text;
        if (Standing(status) is not { } standing)
        {
            intake.Inform(MappingIssues.StatusExcluded, $"An Observation with status {status} does not count (R-UNIT-8).", resource["status"]);
            return;
        }
        var components = resource.Children("component");
        var isGrouping = components.Count > 0 || resource["hasMember"].Exists;
        var concept = ConceptReading.OfObservation(intake, code, isGrouping && !resource.Choice("value").Exists);
        if (concept is null && components.Count == 0)
            return;
        var facts = Facts(intake, grouping, resource, draft, standing);
        if (concept is { } own)
            ReadValue(facts, own, resource, code);
        if (components.Count > 0 && !OwnsComponents(concept))
            ReadComponents(facts, resource, grouping);
    }

    private static ResultStatus? Standing(string? status) => status switch
    {
        "final" or "amended" or "corrected" => ResultStatus.Final,
        "preliminary" or "registered" => ResultStatus.Preliminary,
        _ => null,
    };

    private static ObservationFacts Facts(Intake intake, Grouping grouping, Element resource, CaseDraft draft, ResultStatus standing)
    {
        var source = draft.Cite(resource);
        var date = Dates.OfEvent(resource.Choice("effective"));
        string? report = resource["component"].Exists || resource["hasMember"].Exists ? source.Value : null;
        foreach (var above in grouping.Above(resource))
        {
            date ??= Dates.OfEvent(above.Choice("effective"));
            report = above.Parent["fullUrl"].Text ?? $"{above.TypeName}/{above["id"].Text}";
        }
        date ??= Dates.OfEvent(intake.Follow(resource["specimen"], "Specimen")["collection"].Choice("collected"));
        foreach (var performer in resource.Children("performer"))
        {
            if (Centres.Name(intake, performer) is { } name)
                draft.Performers.Add(name);
        }
        return new(intake, draft, resource, date, standing, source, report, Method(intake, resource))
        {
            Isotype = StatedBand(resource),
            Spurious = IsSpurious(resource),
        };
    }

    /// <summary>The laboratory and its method; a code of the method counts more than its text.</summary>
    private static string? Method(Intake intake, Element resource)
    {
        var method = resource["method"];
        var coding = ConceptReading.FirstCoding(method);
        var how = coding.Exists ? ConceptReading.Named(coding) : method["text"].Text is { } text ? Wording.Fold(text) : null;
        string? who = null;
        foreach (var performer in resource.Children("performer"))
            who ??= Centres.Name(intake, performer);
        return how is null ? who : who is null ? how : $"{how}|{who}";
    }

    private static Isotype StatedBand(Element resource)
    {
        foreach (var component in resource.Children("component"))
        {
            foreach (var text in ConceptReading.Texts(component["code"]))
            {
                if (LabCodes.FindByName(text) is { Concept: ObservationConcept.Subtype })
                    return CloneText.Read(AnswerReading.Text(component.Choice("value")));
            }
        }
        foreach (var note in resource.Children("note"))
        {
            if (note["text"].Text is { } text && CloneText.Read(text, adjacentOnly: true) is { IsEmpty: false } isotype)
                return isotype;
        }
        return default;
    }

    private static bool IsSpurious(Element resource)
    {
        foreach (var component in resource.Children("component"))
        {
            if (Has(component["code"]) && component["valueBoolean"].Boolean != false)
                return true;
        }
        foreach (var interpretation in resource.Children("interpretation"))
        {
            if (Has(interpretation))
                return true;
        }
        foreach (var category in resource.Children("category"))
        {
            if (Has(category))
                return true;
        }
        foreach (var tag in resource["meta"].Children("tag"))
        {
            if (IsSpuriousCoding(tag))
                return true;
        }
        return false;

        static bool Has(Element concept)
        {
            foreach (var coding in concept.Children("coding"))
            {
                if (IsSpuriousCoding(coding))
                    return true;
            }
            return concept["text"].Text is { } text && LabCodes.FindByName(text) is { Concept: ObservationConcept.Spurious };
        }

        static bool IsSpuriousCoding(Element coding) => coding["code"].TextEquals("spurious"u8) && CodeSystems.Key(coding["system"].Text) is CodeSystems.Input;
    }

    // Their components qualify the result; an unknown one there is no result of its own.
    private static bool OwnsComponents(ObservationConcept? concept) => concept is
        ObservationConcept.Mrd or ObservationConcept.MrdFlow or ObservationConcept.MrdSequencing or ObservationConcept.MarrowClonality
        or ObservationConcept.Cytogenetics or ObservationConcept.GeneticVariant or ObservationConcept.StatedResponse or ObservationConcept.DrugBandResolution
        or ObservationConcept.ImmunofixationSerum or ObservationConcept.ImmunofixationUrine or ObservationConcept.Immunofixation
        or ObservationConcept.Spurious or ObservationConcept.Iss or ObservationConcept.RIss or ObservationConcept.R2Iss;

    private static void ReadComponents(ObservationFacts facts, Element resource, Grouping grouping)
    {
        var members = SameEvent.Members(facts.Intake, resource);
        foreach (var component in resource.Children("component"))
        {
            var code = component["code"];
            if (ConceptReading.OfObservation(facts.Intake, code, isGrouping: false) is not { } concept || concept is ObservationConcept.Subtype or ObservationConcept.Spurious)
                continue;
            if (SameEvent.IsReportedBy(members, component, concept))
                continue;
            ReadValue(facts, concept, component, code);
        }
    }

    private static void ReadValue(ObservationFacts facts, ObservationConcept concept, Element holder, Element code)
    {
        if (concept.IsMyelomaEvidence() && (holder.Choice("value").Exists || holder["interpretation"].Exists || holder["component"].Exists))
            facts.Draft.MarkerSource = facts.Draft.MarkerSource is { } before && before < facts.Source ? before : facts.Source;
        switch (concept)
        {
            case ObservationConcept.ImmunofixationSerum or ObservationConcept.ImmunofixationUrine or ObservationConcept.Immunofixation:
                ImmunofixationReader.Read(facts, concept, holder);
                break;
            case ObservationConcept.MarrowClonality:
                MarrowReader.ReadClonality(facts, holder);
                break;
            case ObservationConcept.Mrd or ObservationConcept.MrdFlow or ObservationConcept.MrdSequencing:
                MarrowReader.ReadMrd(facts, concept, holder);
                break;
            case ObservationConcept.Cytogenetics or ObservationConcept.GeneticVariant:
                CytogeneticsReader.Read(facts, concept, holder, code);
                break;
            case ObservationConcept.Iss or ObservationConcept.RIss or ObservationConcept.R2Iss or ObservationConcept.StageGroup:
                StageReader.ReadObservation(facts, concept, holder);
                break;
            case ObservationConcept.LesionSpd or ObservationConcept.LesionLongestDiameter or ObservationConcept.NewLesion or ObservationConcept.Plasmacytoma:
                ImagingReader.Read(facts, concept, holder);
                break;
            case ObservationConcept.Subtype or ObservationConcept.StatedResponse or ObservationConcept.DiseaseStatus or ObservationConcept.CyclesDocumented
                or ObservationConcept.LineStated or ObservationConcept.DrugBandResolution or ObservationConcept.Spurious
                or ObservationConcept.CauseOfDeath or ObservationConcept.DateOfDeath:
                StatementReader.Read(facts, concept, holder);
                break;
            case ObservationConcept.WashoutStated:
                WashoutReader.Read(facts, holder);
                break;
            case ObservationConcept.UrineMProteinConcentration:
                UrineConcentrations.ReadConcentration(facts, concept, holder, code);
                break;
            case ObservationConcept.UrineVolume24h:
                UrineConcentrations.ReadVolume(facts, holder);
                break;
            case ObservationConcept.KnownUnused or ObservationConcept.Trap or ObservationConcept.MrdMethod or ObservationConcept.MrdSensitivity:
                break;
            default:
                LaboratoryReader.Read(facts, concept, holder);
                break;
        }
    }
}
