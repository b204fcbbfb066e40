using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using static FhirMyeloma.Clinical.Cases.Drug;
using static FhirMyeloma.Clinical.Cases.Drugs;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>What the table asks of the steroid.</summary>
internal enum SteroidNeed
{
    /// <summary>The set is named without steroid.</summary>
    None,
    /// <summary>Dexamethasone belongs to the set.</summary>
    Dexamethasone,
    /// <summary>Prednisone or methylprednisolone belongs to the set.</summary>
    Prednisone,
}

/// <summary>One named regimen (section e) with its cycle (d.4).</summary>
/// <param name="Name">Canonical name.</param>
/// <param name="Drugs">The exact set besides the steroid.</param>
/// <param name="Steroid">The steroid that belongs to it.</param>
/// <param name="CycleDays">Length of a cycle; null: 28, or 21 when the anchor's own pattern says so.</param>
/// <param name="CyclesOfThisLength">After so many cycles the antibody opens cycles of 28 days; null: never.</param>
internal sealed record Regimen(string Name, DrugSet Drugs, SteroidNeed Steroid, int? CycleDays = null, int? CyclesOfThisLength = null);

/// <summary>The name given to a drug set and whether the table knows it.</summary>
/// <param name="Name">Canonical or generated.</param>
/// <param name="Row">The row of the table; null when the name was generated (REGIMEN_UNNAMED).</param>
internal sealed record RegimenName(string Name, Regimen? Row);

/// <summary>Regimens by exact drug set, never by substrings of names (section e).</summary>
internal static class Regimens
{
    private const SteroidNeed d = SteroidNeed.Dexamethasone;
    private const SteroidNeed p = SteroidNeed.Prednisone;
    private const SteroidNeed none = SteroidNeed.None;

    /// <summary>The table of section e; cycle lengths where d.4 has one.</summary>
    public static ImmutableArray<Regimen> Table { get; } =
    [
        Row("Dara-VRd", d, [Daratumumab, Bortezomib, Lenalidomide]),
        Row("Dara-VCd", d, [Daratumumab, Bortezomib, Cyclophosphamide]),
        Row("Dara-VTd", d, [Daratumumab, Bortezomib, Thalidomide]) with { CycleDays = 28 },
        Row("Dara-Rd", d, [Daratumumab, Lenalidomide]) with { CycleDays = 28 },
        Row("Dara-Vd", d, [Daratumumab, Bortezomib]) with { CycleDays = 21, CyclesOfThisLength = 8 },
        Row("Dara-Pd", d, [Daratumumab, Pomalidomide]) with { CycleDays = 28 },
        Row("Dara-Kd", d, [Daratumumab, Carfilzomib]) with { CycleDays = 28 },
        Row("Dara-KRd", d, [Daratumumab, Carfilzomib, Lenalidomide]) with { CycleDays = 28 },
        Row("Dara-VMP", p, [Daratumumab, Bortezomib, Melphalan]) with { CycleDays = 42, CyclesOfThisLength = 9 },
        Row("Dara-mono", none, [Daratumumab]) with { CycleDays = 28 },
        Row("Dara-d", d, [Daratumumab]) with { CycleDays = 28 },
        Row("Isa-Kd", d, [Isatuximab, Carfilzomib]) with { CycleDays = 28 },
        Row("Isa-Pd", d, [Isatuximab, Pomalidomide]) with { CycleDays = 28 },
        Row("Isa-VRd", d, [Isatuximab, Bortezomib, Lenalidomide]) with { CycleDays = 42, CyclesOfThisLength = 4 },
        Row("Isa-KRd", d, [Isatuximab, Carfilzomib, Lenalidomide]) with { CycleDays = 28 },
        Row("Isa-Rd", d, [Isatuximab, Lenalidomide]),
        Row("Isa-VCd", d, [Isatuximab, Bortezomib, Cyclophosphamide]),
        Row("Isa-Ven", none, [Isatuximab, Venetoclax]),
        Row("Isa-Ven-d", d, [Isatuximab, Venetoclax]),
        Row("Isa-mono", none, [Isatuximab]),
        Row("Isa-d", d, [Isatuximab]),
        Row("VRd", d, [Bortezomib, Lenalidomide]),
        Row("VR", none, [Bortezomib, Lenalidomide]),
        Row("VCd", d, [Bortezomib, Cyclophosphamide]),
        Row("VTd", d, [Bortezomib, Thalidomide]),
        Row("VMP", p, [Bortezomib, Melphalan]),
        Row("PVd", d, [Bortezomib, Pomalidomide]),
        Row("Vd", d, [Bortezomib]),
        Row("Rd", d, [Lenalidomide]),
        Row("R", none, [Lenalidomide]),
        Row("Kd", d, [Carfilzomib]) with { CycleDays = 28 },
        Row("KRd", d, [Carfilzomib, Lenalidomide]) with { CycleDays = 28 },
        Row("KPd", d, [Carfilzomib, Pomalidomide]) with { CycleDays = 28 },
        Row("KCd", d, [Carfilzomib, Cyclophosphamide]) with { CycleDays = 28 },
        Row("KTd", d, [Carfilzomib, Thalidomide]) with { CycleDays = 28 },
        Row("Pd", d, [Pomalidomide]),
        Row("PCd", d, [Pomalidomide, Cyclophosphamide]),
        Row("IRd", d, [Ixazomib, Lenalidomide]),
        Row("ERd", d, [Elotuzumab, Lenalidomide]),
        Row("EPd", d, [Elotuzumab, Pomalidomide]),
        Row("Sd", d, [Selinexor]),
        Row("SVd", d, [Selinexor, Bortezomib]),
        Row("Ven-d", d, [Venetoclax]),
        Row("Ven-Vd", d, [Venetoclax, Bortezomib]),
        Row("BVd", d, [BelantamabMafodotin, Bortezomib]),
        Row("BPd", d, [BelantamabMafodotin, Pomalidomide]),
        Row("Tec", none, [Teclistamab]),
        Row("Tal", none, [Talquetamab]),
        Row("Elra", none, [Elranatamab]),
        Row("Linvo", none, [Linvoseltamab]),
        Row("Tec-Dara", none, [Teclistamab, Daratumumab]),
        Row("Tal-Dara", none, [Talquetamab, Daratumumab]),
        Row("Cilta-cel", none, [CiltaCel]),
        Row("Ide-cel", none, [IdeCel]),
    ];

    private static readonly FrozenDictionary<(DrugSet Drugs, SteroidNeed Steroid), Regimen> BySet = Table.ToFrozenDictionary(row => (row.Drugs, row.Steroid));

    /// <summary>
    /// Names a drug set. Dexamethasone given only as premedication counts as the d of a regimen that is named with d; a set that the table also names
    /// without steroid is not renamed by premedication. Bispecifics and CAR-T are named without their premedication.
    /// </summary>
    /// <param name="drugs">The set; steroids given for other purposes than premedication included.</param>
    /// <param name="premedication">Steroids that were premedication only.</param>
    public static RegimenName Of(DrugSet drugs, DrugSet premedication)
    {
        var set = drugs & AntiMyeloma;
        var dexamethasone = drugs.Contains(Dexamethasone);
        var prednisone = drugs.Contains(Prednisone) || drugs.Contains(Methylprednisolone);
        if (prednisone && Find(set, p) is { } withPrednisone)
            return Known(withPrednisone);
        if (dexamethasone && Find(set, d) is { } withDexamethasone)
            return Known(withDexamethasone);
        if ((!dexamethasone && !prednisone || IsCellular(set)) && Find(set, none) is { } alone)
            return Known(alone);
        if (!prednisone && premedication.Contains(Dexamethasone) && Find(set, d) is { } premedicated)
            return Known(premedicated);
        return new(Generate(set, dexamethasone ? "d" : prednisone ? "p" : ""), null);
    }

    private static bool IsCellular(DrugSet set) => set.Overlaps(Bispecific | CarT);

    private static RegimenName Known(Regimen row) => new(row.Name, row);

    private static Regimen? Find(DrugSet set, SteroidNeed steroid) => BySet.GetValueOrDefault((set, steroid));

    /// <summary>Antibody, PI, IMiD and alkylator, other, steroid: <c>Dara-VRCd</c>, <c>Isa-K-Ven-d</c>.</summary>
    private static string Generate(DrugSet set, string steroid)
    {
        if (set.IsEmpty)
            return steroid.Length > 0 ? steroid : "none";
        var parts = Letters(set, DrugClass.AntiCd38, DrugClass.OtherAntibody, DrugClass.Bispecific, DrugClass.CarT);
        var letters = string.Concat(Letters(set, DrugClass.ProteasomeInhibitor, DrugClass.ImmunomodulatoryDrug, DrugClass.Alkylator));
        var others = Letters(set, DrugClass.Other);
        if (letters.Length > 0)
            parts.Add(others.Count == 0 ? letters + steroid : letters);
        parts.AddRange(others);
        if (steroid.Length > 0 && (letters.Length == 0 || others.Count > 0))
            parts.Add(steroid);
        return string.Join('-', parts);
    }

    /// <summary>The abbreviations of the drugs of these classes, class by class.</summary>
    private static List<string> Letters(DrugSet set, params ReadOnlySpan<DrugClass> classes)
    {
        List<string> letters = [];
        foreach (var of in classes)
        {
            foreach (var drug in set & Drugs.OfClass(of))
                letters.Add(drug.Abbreviation());
        }
        return letters;
    }

    private static Regimen Row(string name, SteroidNeed steroid, DrugSet drugs) => new(name, drugs, steroid);
}
