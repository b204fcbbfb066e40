using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>The active ingredients that a record of medication names: by code, by text, through a Medication and its ingredients.</summary>
internal static class DrugReading
{
    /// <summary>The drugs of <c>medication[x]</c>; several for a combination, none when it is not known or not used, which is then reported.</summary>
    public static ImmutableArray<Drug> Of(Intake intake, Element medication)
    {
        if (medication.TypeName is "CodeableConcept")
            return OfConcept(intake, medication, isLast: true) ?? [];
        if (medication.TypeName is not "Reference")
            return [];
        var target = intake.Follow(medication, "Medication");
        if (target.Exists)
            return OfMedication(intake, target);
        if (medication["display"].Text is { } display && Named(display) is { Length: > 0 } named)
        {
            intake.Inform(MappingIssues.MappedByText, "A medication that is not in the Bundle is understood by the display of the reference.", medication);
            return named;
        }
        intake.Warn(MappingIssues.MedicationNotInBundle, IssueType.NotFound, "The Medication is not in the Bundle, so the drug is not known; send it along or contained.", medication);
        return [];
    }

    private static ImmutableArray<Drug> OfMedication(Intake intake, Element medication)
    {
        var ingredients = ImmutableArray.CreateBuilder<Drug>();
        var hasIngredients = false;
        foreach (var ingredient in medication.Children("ingredient"))
        {
            if (ingredient["isActive"].Boolean == false)
                continue;
            hasIngredients = true;
            var item = ingredient.Choice("item");
            var drugs = item.TypeName is "CodeableConcept" ? OfConcept(intake, item, isLast: false)
                : intake.Follow(item, "Medication") is { Exists: true } inner ? OfConcept(intake, inner["code"], isLast: false)
                : intake.Follow(item, "Substance") is { Exists: true } substance ? OfConcept(intake, substance["code"], isLast: false)
                : item["display"].Text is { } display ? Named(display) : null;
            foreach (var drug in drugs ?? [])
            {
                if (!ingredients.Contains(drug))
                    ingredients.Add(drug);
            }
        }
        var code = medication["code"];
        var product = code.Exists ? OfConcept(intake, code, isLast: ingredients.Count == 0) : null;
        if (product is { Length: > 0 } known && ingredients.Count > 0 && !known.Any(ingredients.Contains))
        {
            intake.Warn(MappingIssues.CodeTextMismatch, IssueType.Conflict, $"{ConceptReading.Shown(code)} and the ingredients of the Medication name different drugs; it is not used.", medication);
            return [];
        }
        if (ingredients.Count > 0)
            return ingredients.ToImmutable();
        if (product is null && !code.Exists)
            intake.Warn(MappingIssues.UnmappedDrug, IssueType.NotSupported, hasIngredients ? "The Medication names only ingredients that no map knows." : "The Medication has neither code nor ingredient.", medication);
        return product ?? [];
    }

    /// <summary>The drugs of a concept; null when nothing is known about it.</summary>
    private static ImmutableArray<Drug>? OfConcept(Intake intake, Element concept, bool isLast)
    {
        HashSet<Drug> coded = [];
        DrugMeaning? trap = null;
        DrugMeaning? other = null;
        foreach (var coding in concept.Children("coding"))
        {
            if (coding["code"].Text is not { } code)
                continue;
            var system = CodeSystems.Key(coding["system"].Text);
            if (!ConceptReading.Checked(intake, coding, system, code) || DrugCodes.Find(system, code) is not { } meaning)
                continue;
            if (meaning.Drug is { } drug)
                coded.Add(drug);
            else if (meaning.IsTrap)
            {
                trap = meaning;
                intake.Warn(MappingIssues.MisleadingCode, IssueType.BusinessRule, $"{ConceptReading.Named(coding)} is not used: {meaning.Reason} ({meaning.Rule}).", coding, ConceptReading.Named(coding));
            }
            else
                other = meaning;
        }
        ImmutableArray<DrugMeaning> named = [.. ConceptReading.Texts(concept).SelectMany(text => DrugCodes.FindAll(text))];
        ImmutableArray<Drug> byText = [.. named.Where(meaning => meaning.Drug is not null).Select(meaning => meaning.Drug!.Value).Distinct()];
        if (coded.Count > 1 || (coded.Count > 0 && trap is not null))
        {
            intake.Warn(MappingIssues.ConflictingCodes, IssueType.Conflict, $"The codings beside {ConceptReading.Shown(concept)} mean different drugs; it is not used.", concept);
            return [];
        }
        if (coded.Count == 1)
        {
            var drug = coded.First();
            if (byText.Length > 0 && !byText.Contains(drug))
            {
                intake.Warn(MappingIssues.CodeTextMismatch, IssueType.Conflict, $"{ConceptReading.Shown(concept)} and its text name different drugs (R-CODE-8); it is not used.", concept);
                return [];
            }
            return [drug];
        }
        if (trap is not null)
            return [];
        if (byText.Length > 0 && other is null)
        {
            var coding = ConceptReading.FirstCoding(concept);
            if (coding.Exists)
                intake.Inform(MappingIssues.MappedByText, $"{ConceptReading.Named(coding)} is understood by its text.", concept, ConceptReading.Named(coding));
            return byText;
        }
        if (other is not null || named.Length > 0)
        {
            if (isLast)
                intake.Inform(MappingIssues.DrugNotUsed, $"{ConceptReading.Shown(concept)} is no drug that a rule reads.", concept);
            return [];
        }
        if (OfRegimen(concept) is { Length: > 0 } regimen)
        {
            intake.Warn(MappingIssues.MappedByText, IssueType.Incomplete, $"The regimen {ConceptReading.Shown(concept)} is read as one dose of each of its drugs; send every dose with its drug.", concept);
            return regimen;
        }
        if (isLast)
        {
            var coding = ConceptReading.FirstCoding(concept);
            intake.Warn(MappingIssues.UnmappedDrug, IssueType.NotSupported, $"No map knows the drug {ConceptReading.Shown(concept)}; the record is kept as not understood.", concept, coding.Exists ? ConceptReading.Named(coding) : $"|{concept["text"].Text}");
        }
        return null;
    }

    /// <summary>
    /// Were these drugs read from the name of a regimen? It says that the regimen was given that day, not which of its drugs: the evidence of a statement.
    /// </summary>
    public static bool AreOfRegimen(Intake intake, Element medication, ImmutableArray<Drug> drugs) =>
        drugs.Length > 1
        && OfRegimen(medication.TypeName is "Reference" ? intake.Follow(medication, "Medication")["code"] : medication).SequenceEqual(drugs);

    private static ImmutableArray<Drug> OfRegimen(Element concept) =>
        ConceptReading.Texts(concept).Select(RegimenNames.Find).FirstOrDefault(drugs => !drugs.IsEmpty, []);

    private static ImmutableArray<Drug> Named(string text) =>
        [.. DrugCodes.FindAll(text).Where(meaning => meaning.Drug is not null).Select(meaning => meaning.Drug!.Value)];
}
