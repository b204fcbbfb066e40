using System.Collections.Frozen;
using System.Text;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Staging;
using FhirMyeloma.Clinical.Washout;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>A kind of derived Observation: its place in the Bundle, its code and its name in both languages.</summary>
/// <param name="Row">Place among the results of a patient.</param>
/// <param name="Code">Code in the system of results.</param>
/// <param name="English">Display of the code, and its text in English.</param>
/// <param name="Spanish">Its text in Spanish.</param>
/// <param name="Ncit">The code of mCODE for the same concept, from the NCI Thesaurus.</param>
/// <param name="NcitDisplay">Display of <paramref name="Ncit"/>.</param>
internal sealed record ResultKind(int Row, string Code, string English, string Spanish, string? Ncit = null, string? NcitDisplay = null)
{
    public static readonly ResultKind Line = new(0, "line-of-therapy", "Line of therapy", "Línea de tratamiento");
    public static readonly ResultKind Washout = new(1, "anti-cd38-washout", "Anti-CD38 washout", "Lavado anti-CD38");
    public static readonly ResultKind Response = new(2, "imwg-response", "IMWG response of a line", "Respuesta IMWG de una línea");
    public static readonly ResultKind ResponseAt = new(3, "imwg-response-at", "IMWG response at a date", "Respuesta IMWG en una fecha");
    public static readonly ResultKind DrugRefractoriness =
        new(4, "drug-refractoriness", "Refractoriness to a drug", "Refractariedad a un fármaco");
    public static readonly ResultKind ClassRefractoriness =
        new(5, "class-refractoriness", "Refractoriness to drug classes", "Refractariedad a clases de fármacos");
    public static readonly ResultKind Mrd = new(6, "mrd-status", "MRD status", "Estado de EMR");
    public static readonly ResultKind Iss =
        new(7, "iss-stage", "ISS stage", "Estadio ISS", "C139007", "International Staging System Stage");
    public static readonly ResultKind RIss =
        new(8, "r-iss-stage", "R-ISS stage", "Estadio R-ISS", "C141392", "Revised International Staging System Stage");
    public static readonly ResultKind R2Iss = new(9, "r2-iss-stage", "R2-ISS stage", "Estadio R2-ISS");
    public static readonly ResultKind Risk = new(10, "cytogenetic-risk", "Cytogenetic risk", "Riesgo citogenético");
    public static readonly ResultKind ReportedCheck =
        new(11, "reported-response-check", "Check of a reported response", "Comprobación de una respuesta comunicada");
    public static readonly ResultKind TimeToEvent = new(12, "time-to-event", "Time to event", "Tiempo hasta el evento");
}

/// <summary>The code systems of the derived Bundle.</summary>
internal static class Systems
{
    public const string Canon = "https://fhirmyeloma.org/fhir";
    public const string Result = Canon + "/CodeSystem/myeloma-result";
    public const string Component = Canon + "/CodeSystem/myeloma-result-component";
    public const string Ruleset = Canon + "/CodeSystem/ruleset";
    public const string Response = Canon + "/CodeSystem/imwg-response";
    public const string Drug = Canon + "/CodeSystem/myeloma-drug";
    public const string Regimen = Canon + "/CodeSystem/myeloma-regimen";
    public const string Ncit = "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl";
    public const string Ucum = "http://unitsofmeasure.org";
    public const string DataAbsentExtension = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    public const string DataAbsent = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    public const string ParticipantType = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

    /// <summary>The system of the values of a result or component that has no system shared with others.</summary>
    public static string Of(string code) => $"{Canon}/CodeSystem/{code}";
}

/// <summary>The profiles that derived resources claim; a derived Observation claims that of its kind.</summary>
internal static class DerivedProfiles
{
    public const string Bundle = "derived-bundle";
    public const string Provenance = "derived-provenance";
    public const string Outcome = "derived-outcome";

    /// <summary>The canonical of a published profile.</summary>
    public static string Of(string id) => $"{Systems.Canon}/StructureDefinition/{id}";

    /// <summary><c>meta</c> with one profile.</summary>
    public static CanonicalJson Claim(this CanonicalJson json, string id) =>
        json.Name("meta").StartObject().Name("profile").StartArray().String(Of(id)).EndArray().EndObject();
}

/// <summary>The codes on the wire of what the clinical layer names by enums.</summary>
internal static class ResultCodes
{
    /// <summary>The name of an enum member in kebab case: <c>NotRefractory</c> is <c>not-refractory</c>.</summary>
    public static string Kebab<T>(T value) where T : struct, Enum => Names<T>.Kebab[value];

    /// <summary>The name of an enum member in upper snake case: <c>IfeSerum</c> is <c>IFE_SERUM</c>.</summary>
    public static string Snake<T>(T value) where T : struct, Enum => Names<T>.Snake[value];

    public static string Code(this ResponseRuleset ruleset) => ruleset switch
    {
        ResponseRuleset.Imwg2016 => "imwg-2016",
        ResponseRuleset.Imwg2006 => "imwg-2006",
        ResponseRuleset.Imwg2026Provisional => "imwg-2026-provisional",
    };

    public static string Code(this LineRuleset ruleset) => ruleset switch
    {
        LineRuleset.Rrs2015 => "rrs-2015",
        LineRuleset.Rwd28_90 => "rwd-28-90",
        LineRuleset.Cibmtr => "cibmtr",
    };

    public static string Code(this WashoutCategory category) => category switch
    {
        WashoutCategory.Indeterminate => "indeterminate",
        WashoutCategory.LessThan3Months => "lt-3-months",
        WashoutCategory.From3To6Months => "3-to-6-months",
        WashoutCategory.AtLeast6Months => "ge-6-months",
    };

    public static string Code(this RiskDefinition definition) => definition switch
    {
        RiskDefinition.RIss => "r-iss",
        RiskDefinition.Imwg2016 => "imwg-2016",
        RiskDefinition.ImsImwg2025 => "ims-imwg-2025",
        RiskDefinition.MSmart => "msmart",
    };

    public static string Code(this StagingSystem system) => system switch
    {
        StagingSystem.Iss => "iss",
        StagingSystem.RIss => "r-iss",
        StagingSystem.R2Iss => "r2-iss",
    };

    public static string Code(this Abnormality abnormality) => abnormality switch
    {
        Abnormality.Del17p => "del-17p",
        Abnormality.Tp53Mutation => "tp53-mutation",
        Abnormality.T4_14 => "t-4-14",
        Abnormality.T14_16 => "t-14-16",
        Abnormality.T14_20 => "t-14-20",
        Abnormality.T11_14 => "t-11-14",
        Abnormality.T6_14 => "t-6-14",
        Abnormality.Gain1q => "gain-1q",
        Abnormality.Amp1q => "amp-1q",
        Abnormality.Del1p32 => "del-1p32",
        Abnormality.Del1p32Biallelic => "biallelic-del-1p32",
        Abnormality.Del1pUnspecified => "del-1p-unspecified",
        Abnormality.Del13q => "del-13q",
        Abnormality.Hyperdiploid => "hyperdiploid",
        Abnormality.NonHyperdiploid => "non-hyperdiploid",
    };

    /// <summary>As cytogenetic reports write it, in every language.</summary>
    public static string Display(this Abnormality abnormality) => abnormality switch
    {
        Abnormality.Del17p => "del(17p)",
        Abnormality.Tp53Mutation => "TP53 mutation",
        Abnormality.T4_14 => "t(4;14)",
        Abnormality.T14_16 => "t(14;16)",
        Abnormality.T14_20 => "t(14;20)",
        Abnormality.T11_14 => "t(11;14)",
        Abnormality.T6_14 => "t(6;14)",
        Abnormality.Gain1q => "gain(1q)",
        Abnormality.Amp1q => "amp(1q)",
        Abnormality.Del1p32 => "del(1p32)",
        Abnormality.Del1p32Biallelic => "biallelic del(1p32)",
        Abnormality.Del1pUnspecified => "del(1p)",
        Abnormality.Del13q => "del(13q)",
        Abnormality.Hyperdiploid => "hyperdiploid",
        Abnormality.NonHyperdiploid => "non-hyperdiploid",
    };

    public static string Roman(int stage) => stage switch
    {
        1 => "I",
        2 => "II",
        3 => "III",
        4 => "IV",
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };

    /// <summary>UCUM unit of the values of a marker.</summary>
    public static string Unit(this ResponseMarker marker) => marker switch
    {
        ResponseMarker.SerumM => "g/dL",
        ResponseMarker.UrineM => "mg/(24.h)",
        ResponseMarker.Dflc => "mg/L",
        ResponseMarker.Marrow => "%",
        ResponseMarker.Lesion => "mm2",
    };

    public static string Display(this ResponseLevel level) => level switch
    {
        ResponseLevel.StringentComplete => "Stringent complete response",
        ResponseLevel.Complete => "Complete response",
        ResponseLevel.VeryGoodPartial => "Very good partial response",
        ResponseLevel.Partial => "Partial response",
        ResponseLevel.Minimal => "Minimal response",
        ResponseLevel.Stable => "Stable disease",
        ResponseLevel.Progressive => "Progressive disease",
        ResponseLevel.NotEvaluable => "Not evaluable",
    };

    /// <summary>The NCI Thesaurus beside a category; sCR and MR have no verified code there.</summary>
    public static CodedValue? Ncit(this ResponseLevel level) => level switch
    {
        ResponseLevel.StringentComplete or ResponseLevel.Minimal => null,
        ResponseLevel.Complete => new(Systems.Ncit, "C4870", "Complete Response / Complete Remission"),
        ResponseLevel.VeryGoodPartial => new(Systems.Ncit, "C123618", "Very Good Partial Response"),
        ResponseLevel.Partial => new(Systems.Ncit, "C18058", "Partial Response"),
        ResponseLevel.Stable => new(Systems.Ncit, "C18213", "Stable Disease"),
        ResponseLevel.Progressive => new(Systems.Ncit, "C35571", "Progressive Disease"),
        ResponseLevel.NotEvaluable => new(Systems.Ncit, "C62222", "Not Evaluable"),
    };

    /// <summary>The NCI Thesaurus beside a stage; R2-ISS has no code there.</summary>
    public static CodedValue? Ncit(StagingSystem system, int stage) => (system, stage) switch
    {
        (StagingSystem.Iss, 1) => new(Systems.Ncit, "C70658", "ISS Stage I Plasma Cell Myeloma"),
        (StagingSystem.Iss, 2) => new(Systems.Ncit, "C70659", "ISS Stage II Plasma Cell Myeloma"),
        (StagingSystem.Iss, 3) => new(Systems.Ncit, "C70660", "ISS Stage III Plasma Cell Myeloma"),
        (StagingSystem.RIss, 1) => new(Systems.Ncit, "C141394", "RISS Stage I Plasma Cell Myeloma"),
        (StagingSystem.RIss, 2) => new(Systems.Ncit, "C141395", "RISS Stage II Plasma Cell Myeloma"),
        (StagingSystem.RIss, 3) => new(Systems.Ncit, "C141396", "RISS Stage III Plasma Cell Myeloma"),
        _ => null,
    };

    private static class Names<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Kebab = All('-', char.ToLowerInvariant);
        public static readonly FrozenDictionary<T, string> Snake = All('_', char.ToUpperInvariant);

        private static FrozenDictionary<T, string> All(char between, Func<char, char> letter) =>
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => Cut(value.ToString(), between, letter));

        private static string Cut(string name, char between, Func<char, char> letter)
        {
            var text = new StringBuilder(name.Length + 4);
            foreach (var c in name)
            {
                if (text.Length > 0 && char.IsUpper(c))
                    text.Append(between);
                text.Append(letter(c));
            }
            return text.ToString();
        }
    }
}
