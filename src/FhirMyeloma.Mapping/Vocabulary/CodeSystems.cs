using System.Collections.Frozen;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>Code systems under all the names that feeds give them. A known one has a short key; an unknown one keeps its URI as key.</summary>
internal static class CodeSystems
{
    public const string Loinc = "loinc";
    public const string Snomed = "sct";
    public const string Ncit = "ncit";
    public const string Atc = "atc";
    public const string RxNorm = "rxnorm";
    public const string Ucum = "ucum";
    public const string Icd10 = "icd10";
    public const string Icd10Pcs = "icd10pcs";
    public const string Input = "input";

    private static readonly FrozenDictionary<string, (string Key, bool Standard)> ByUri = VocabularyTable.Read("code-systems.csv")
        .ToFrozenDictionary(row => row[1], row => (row[0], row[2] is "yes"), StringComparer.OrdinalIgnoreCase);

    /// <summary>The short key of a known system, else the URI itself; empty for none.</summary>
    public static string Key(string? uri)
    {
        if (string.IsNullOrEmpty(uri))
            return "";
        var trimmed = uri.EndsWith('/') ? uri[..^1] : uri;
        if (ByUri.TryGetValue(trimmed, out var known))
            return known.Key;
        // An edition of SNOMED CT, which belongs into Coding.version.
        if (trimmed.StartsWith("http://snomed.info/sct/", StringComparison.OrdinalIgnoreCase))
            return Snomed;
        return Edition(trimmed[(trimmed.AsSpan().LastIndexOfAny('/', ':') + 1)..]) ?? trimmed;
    }

    /// <summary>
    /// National editions keep the codes of ATC, ICD-10-CM or ICD-10-PCS and say so in the last part of their URI: <c>…/atc</c>, <c>…/cie-10-es</c>, <c>…/icd-10-gm</c>.
    /// </summary>
    private static string? Edition(string last)
    {
        var words = Wording.Words(Wording.Fold(last));
        if (words is ["atc", ..] or [.., "atc"])
            return Atc;
        var joined = string.Concat(words);
        if (!joined.StartsWith("icd10", StringComparison.Ordinal) && !joined.StartsWith("cie10", StringComparison.Ordinal))
            return null;
        return joined.Contains("pcs", StringComparison.Ordinal) || joined.Contains("proc", StringComparison.Ordinal) ? Icd10Pcs : Icd10;
    }

    /// <summary>
    /// True for a published terminology, whose codes mean the same everywhere: one that we do not map is simply not used. Codes of any other system are local.
    /// </summary>
    public static bool IsStandard(string? uri)
    {
        if (string.IsNullOrEmpty(uri))
            return false;
        var trimmed = uri.EndsWith('/') ? uri[..^1] : uri;
        return ByUri.TryGetValue(trimmed, out var known) ? known.Standard
            : Key(uri) is Atc or Snomed or Icd10 or Icd10Pcs
            || trimmed.StartsWith("http://terminology.hl7.org/", StringComparison.Ordinal)
            || trimmed.StartsWith("http://hl7.org/fhir/", StringComparison.Ordinal)
            || trimmed.StartsWith("urn:iso:std:iso:11073", StringComparison.Ordinal)
            || trimmed.StartsWith("http://human-phenotype-ontology.org", StringComparison.Ordinal)
            || trimmed.StartsWith("http://purl.obolibrary.org/", StringComparison.Ordinal);
    }
}
