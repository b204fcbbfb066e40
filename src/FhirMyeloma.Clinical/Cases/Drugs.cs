using System.Collections.Frozen;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>What a drug is, for lines, regimens and refractoriness (R-REF-8, section e).</summary>
public enum DrugClass
{
    /// <summary>Anti-CD38 antibodies.</summary>
    AntiCd38,
    /// <summary>Other naked antibodies and antibody-drug conjugates.</summary>
    OtherAntibody,
    /// <summary>Bispecific antibodies against BCMA or GPRC5D.</summary>
    Bispecific,
    /// <summary>CAR-T cells: one infusion is a complete line (a.10).</summary>
    CarT,
    /// <summary>Proteasome inhibitors.</summary>
    ProteasomeInhibitor,
    /// <summary>Immunomodulatory drugs.</summary>
    ImmunomodulatoryDrug,
    /// <summary>Alkylating agents.</summary>
    Alkylator,
    /// <summary>Other drugs against myeloma.</summary>
    Other,
    /// <summary>Steroids: never a line of their own (R-LOT-13).</summary>
    Steroid,
    /// <summary>Given for collection or lymphodepletion only (R-LOT-11).</summary>
    Supportive,
}

/// <summary>What is fixed about each <see cref="Drug"/>: code on the wire, class, letters in regimen names.</summary>
public static class Drugs
{
    private static readonly FrozenDictionary<Drug, Row> Table = new Dictionary<Drug, Row>
    {
        [Drug.Daratumumab] = new("daratumumab", DrugClass.AntiCd38, "Dara"),
        [Drug.Isatuximab] = new("isatuximab", DrugClass.AntiCd38, "Isa"),
        [Drug.OtherAntiCd38] = new("other-anti-cd38", DrugClass.AntiCd38, "AntiCD38"),
        [Drug.Elotuzumab] = new("elotuzumab", DrugClass.OtherAntibody, "Elo"),
        [Drug.BelantamabMafodotin] = new("belantamab-mafodotin", DrugClass.OtherAntibody, "Bela"),
        [Drug.Teclistamab] = new("teclistamab", DrugClass.Bispecific, "Tec"),
        [Drug.Talquetamab] = new("talquetamab", DrugClass.Bispecific, "Tal"),
        [Drug.Elranatamab] = new("elranatamab", DrugClass.Bispecific, "Elra"),
        [Drug.Linvoseltamab] = new("linvoseltamab", DrugClass.Bispecific, "Linvo"),
        [Drug.CiltaCel] = new("cilta-cel", DrugClass.CarT, "Cilta-cel"),
        [Drug.IdeCel] = new("ide-cel", DrugClass.CarT, "Ide-cel"),
        [Drug.Bortezomib] = new("bortezomib", DrugClass.ProteasomeInhibitor, "V"),
        [Drug.Carfilzomib] = new("carfilzomib", DrugClass.ProteasomeInhibitor, "K"),
        [Drug.Ixazomib] = new("ixazomib", DrugClass.ProteasomeInhibitor, "I"),
        [Drug.Lenalidomide] = new("lenalidomide", DrugClass.ImmunomodulatoryDrug, "R"),
        [Drug.Pomalidomide] = new("pomalidomide", DrugClass.ImmunomodulatoryDrug, "P"),
        [Drug.Thalidomide] = new("thalidomide", DrugClass.ImmunomodulatoryDrug, "T"),
        [Drug.Cyclophosphamide] = new("cyclophosphamide", DrugClass.Alkylator, "C"),
        [Drug.Melphalan] = new("melphalan", DrugClass.Alkylator, "M"),
        [Drug.Bendamustine] = new("bendamustine", DrugClass.Alkylator, "Benda"),
        [Drug.Doxorubicin] = new("doxorubicin", DrugClass.Other, "Doxo"),
        [Drug.Etoposide] = new("etoposide", DrugClass.Other, "Eto"),
        [Drug.Cisplatin] = new("cisplatin", DrugClass.Other, "Cis"),
        [Drug.Vincristine] = new("vincristine", DrugClass.Other, "Vcr"),
        [Drug.Fludarabine] = new("fludarabine", DrugClass.Supportive, "Flu"),
        [Drug.Venetoclax] = new("venetoclax", DrugClass.Other, "Ven"),
        [Drug.Selinexor] = new("selinexor", DrugClass.Other, "S"),
        [Drug.Panobinostat] = new("panobinostat", DrugClass.Other, "Pano"),
        [Drug.Dexamethasone] = new("dexamethasone", DrugClass.Steroid, "d"),
        [Drug.Prednisone] = new("prednisone", DrugClass.Steroid, "p"),
        [Drug.Methylprednisolone] = new("methylprednisolone", DrugClass.Steroid, "p"),
        [Drug.Filgrastim] = new("filgrastim", DrugClass.Supportive, "G-CSF"),
        [Drug.Plerixafor] = new("plerixafor", DrugClass.Supportive, "Plerixafor"),
    }.ToFrozenDictionary();

    /// <summary>The same rows by number of the drug.</summary>
    private static readonly Row[] Rows = [.. Enum.GetValues<Drug>().Order().Select(drug => Table[drug])];

    private static readonly FrozenDictionary<string, Drug> ByCode =
        Table.ToFrozenDictionary(entry => entry.Value.Code, entry => entry.Key, StringComparer.Ordinal);

    private static readonly DrugSet[] ByClass = [.. Enum.GetValues<DrugClass>().Order().Select(of => Where(row => row.Class == of))];

    /// <summary>How many drugs there are.</summary>
    internal static int Count => Rows.Length;

    /// <summary>Dexamethasone, prednisone and methylprednisolone.</summary>
    internal static DrugSet Steroids { get; } = Where(row => row.Class == DrugClass.Steroid);

    /// <summary>
    /// Drugs of which a dose is treatment of the myeloma that can begin a line or close the one before: neither a steroid (R-LOT-13) nor a drug that is
    /// only given for collection or lymphodepletion (R-LOT-11).
    /// </summary>
    internal static DrugSet AntiMyeloma { get; } = Where(row => row.Class is not (DrugClass.Steroid or DrugClass.Supportive));

    /// <summary>Daratumumab, isatuximab and the other antibodies against CD38.</summary>
    internal static DrugSet AntiCd38 { get; } = OfClass(DrugClass.AntiCd38);

    /// <summary>Bispecific antibodies.</summary>
    internal static DrugSet Bispecific { get; } = OfClass(DrugClass.Bispecific);

    /// <summary>CAR-T cells.</summary>
    internal static DrugSet CarT { get; } = OfClass(DrugClass.CarT);

    /// <summary>The drugs of a class.</summary>
    internal static DrugSet OfClass(DrugClass of) => ByClass[(int)of];

    /// <summary>The code on the wire (<c>myeloma-drug</c>), e.g. <c>belantamab-mafodotin</c>.</summary>
    public static string Code(this Drug drug) => Rows[(int)drug].Code;

    /// <summary>Its class.</summary>
    public static DrugClass Class(this Drug drug) => Rows[(int)drug].Class;

    /// <summary>The letters that stand for it in a generated regimen name.</summary>
    public static string Abbreviation(this Drug drug) => Rows[(int)drug].Abbreviation;

    /// <summary>True for <see cref="Steroids"/>.</summary>
    public static bool IsSteroid(this Drug drug) => Steroids.Contains(drug);

    /// <summary>True for <see cref="AntiMyeloma"/>.</summary>
    public static bool IsAntiMyeloma(this Drug drug) => AntiMyeloma.Contains(drug);

    /// <summary>True for <see cref="AntiCd38"/>.</summary>
    public static bool IsAntiCd38(this Drug drug) => AntiCd38.Contains(drug);

    /// <summary>
    /// True for a drug that is given for myeloma alone, so that it is evidence of it (contract section 3): not a steroid, not cyclophosphamide or thalidomide, not
    /// chemotherapy that every oncologist uses, not what goes with a transplant.
    /// </summary>
    public static bool IsSpecific(this Drug drug) => drug switch
    {
        Drug.Dexamethasone or Drug.Prednisone or Drug.Methylprednisolone or Drug.Cyclophosphamide or Drug.Thalidomide => false,
        Drug.Bendamustine or Drug.Doxorubicin or Drug.Etoposide or Drug.Cisplatin or Drug.Vincristine or Drug.Fludarabine => false,
        Drug.Filgrastim or Drug.Plerixafor => false,
        Drug.Daratumumab or Drug.Isatuximab or Drug.Elotuzumab or Drug.BelantamabMafodotin or Drug.OtherAntiCd38 => true,
        Drug.Teclistamab or Drug.Talquetamab or Drug.Elranatamab or Drug.Linvoseltamab or Drug.CiltaCel or Drug.IdeCel => true,
        Drug.Bortezomib or Drug.Carfilzomib or Drug.Ixazomib or Drug.Lenalidomide or Drug.Pomalidomide => true,
        Drug.Melphalan or Drug.Venetoclax or Drug.Selinexor or Drug.Panobinostat => true,
    };

    /// <summary>The drug of a wire code; null when no drug has it.</summary>
    public static Drug? FromCode(string code) => ByCode.TryGetValue(code, out var drug) ? drug : null;

    private static DrugSet Where(Func<Row, bool> wanted) => [.. Table.Where(entry => wanted(entry.Value)).Select(entry => entry.Key)];

    private sealed record Row(string Code, DrugClass Class, string Abbreviation);
}
