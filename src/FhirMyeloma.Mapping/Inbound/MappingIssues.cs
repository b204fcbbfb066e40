namespace FhirMyeloma.Mapping.Inbound;

/// <summary>The stable codes of the issues that the mapping reports. A code is never reused for another meaning.</summary>
public static class MappingIssues
{
    /// <summary>The Bundle holds no Patient.</summary>
    public const string NoPatient = "no-patient";

    /// <summary>A subject fits none or several of the Bundle's patients.</summary>
    public const string SubjectUnclear = "subject-unclear";

    /// <summary>A resource names no subject, and the Bundle's only patient is taken.</summary>
    public const string SubjectAssumed = "subject-assumed";

    /// <summary>A resource names no subject, and the Bundle has several patients.</summary>
    public const string SubjectMissing = "subject-missing";

    /// <summary>Two Patients of one Bundle have the same key and are one patient.</summary>
    public const string PatientRepeated = "patient-repeated";

    /// <summary>A code of a hospital's own system that no map knows.</summary>
    public const string UnmappedCode = "unmapped-code";

    /// <summary>A drug that no map knows.</summary>
    public const string UnmappedDrug = "unmapped-drug";

    /// <summary>A value that no map knows, where a code or certain words are expected.</summary>
    public const string UnmappedValue = "unmapped-value";

    /// <summary>A code was understood by its text.</summary>
    public const string MappedByText = "mapped-by-text";

    /// <summary>A known code that no rule reads.</summary>
    public const string CodeNotUsed = "code-not-used";

    /// <summary>A known drug that no rule reads.</summary>
    public const string DrugNotUsed = "drug-not-used";

    /// <summary>A type of resource that no reader reads.</summary>
    public const string ResourceNotUsed = "resource-not-used";

    /// <summary>A code that looks right and is not.</summary>
    public const string MisleadingCode = "misleading-code";

    /// <summary>A code whose check digit is wrong (R-CODE-1).</summary>
    public const string CodeCheckDigit = "code-check-digit";

    /// <summary>Two codings of one concept mean different things.</summary>
    public const string ConflictingCodes = "conflicting-codes";

    /// <summary>A code and its text mean different things.</summary>
    public const string CodeTextMismatch = "code-text-mismatch";

    /// <summary>A value without the unit that it needs (R-UNIT-3).</summary>
    public const string UnitMissing = "unit-missing";

    /// <summary>A unit that is neither UCUM nor known by its spelling.</summary>
    public const string UnmappedUnit = "unmapped-unit";

    /// <summary>A unit of another kind of quantity.</summary>
    public const string UnitNotConvertible = "unit-not-convertible";

    /// <summary>A unit was understood by its spelling.</summary>
    public const string UnitBySpelling = "unit-by-spelling";

    /// <summary>Moles were turned into grams.</summary>
    public const string UnitByMolarMass = "unit-by-molar-mass";

    /// <summary>A number that can be read in two ways (R-UNIT-4).</summary>
    public const string NumberAmbiguous = "number-ambiguous";

    /// <summary>A value that was not understood.</summary>
    public const string ValueNotUnderstood = "value-not-understood";

    /// <summary>A value that cannot be: negative, or more than 100 %.</summary>
    public const string ValueImplausible = "value-implausible";

    /// <summary>A result without a value.</summary>
    public const string ValueAbsent = "value-absent";

    /// <summary>A fact without the date that it needs.</summary>
    public const string DateMissing = "date-missing";

    /// <summary>A status that does not count (R-UNIT-8, R-WO-4, R-WO-5).</summary>
    public const string StatusExcluded = "status-excluded";

    /// <summary>An administration whose dose is 0.</summary>
    public const string DoseZero = "dose-zero";

    /// <summary>The record names no drug because its Medication is not in the Bundle.</summary>
    public const string MedicationNotInBundle = "medication-not-in-bundle";

    /// <summary>An immunofixation that does not say serum or urine.</summary>
    public const string SampleUnknown = "sample-unknown";

    /// <summary>Statements of the clone that contradict each other.</summary>
    public const string CloneContradictory = "clone-contradictory";

    /// <summary>A cytogenetic text without a finding that is understood.</summary>
    public const string CytogeneticsUnclear = "cytogenetics-unclear";

    /// <summary>A trend of the disease is no response category (R-CODE-11).</summary>
    public const string DiseaseStatusNotResponse = "disease-status-not-response";

    /// <summary>A diagnosis that is doubted, refuted or no myeloma.</summary>
    public const string ConditionNotUsed = "condition-not-used";

    /// <summary>A record that looks like a procedure and is a status (R-CODE-13).</summary>
    public const string StatusNotProcedure = "status-not-procedure";
}
