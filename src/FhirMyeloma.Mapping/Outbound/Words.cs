using System.Globalization;
using System.Text;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>The language of sentences; codes, displays and ids never change with it.</summary>
public enum Language
{
    /// <summary><c>en</c>, the default.</summary>
    English,
    /// <summary><c>es</c>, with decimal commas.</summary>
    Spanish,
}

/// <summary>
/// The sentences of notes and issues, each in both languages side by side. This file holds the small words;
/// the sentences of each kind of result stand in the other parts.
/// </summary>
internal sealed partial class Words(Language language)
{
    private readonly bool spanish = language == Language.Spanish;

    /// <summary>Picks the language.</summary>
    public string Say(string english, string inSpanish) => spanish ? inSpanish : english;

    /// <summary>A number without exponent and trailing zeros, in Spanish with a decimal comma.</summary>
    public string Number(decimal value)
    {
        var text = Decimals.Text(value);
        return spanish ? text.Replace('.', ',') : text;
    }

    /// <summary>A percentage to two decimals, half away from zero.</summary>
    public string Percent(decimal value) => Number(Decimals.Cents(value));

    /// <summary>A value as measured: a number, a number with comparator or a range.</summary>
    public string Measured(Reading reading) => ResultValue.Of(reading, "") switch
    {
        ResultValue.Amount amount => amount.Comparator + Number(amount.Value),
        ResultValue.Between { High: { } high } range => Say($"{Number(range.Low)} to {Number(high)}", $"{Number(range.Low)} a {Number(high)}"),
        _ => Number(reading.Low),
    };

    /// <summary>"a, b and c".</summary>
    public string List(IEnumerable<string> items)
    {
        var all = items.ToList();
        if (all.Count < 2)
            return all.Count == 0 ? "" : all[0];
        var last = all[^1];
        // Spanish "y" becomes "e" before the sound of i.
        var and = !spanish ? "and" : last.StartsWith('i') || last.StartsWith("hi", StringComparison.Ordinal) ? "e" : "y";
        return $"{string.Join(", ", all.Take(all.Count - 1))} {and} {last}";
    }

    /// <summary>Joins clauses to one sentence with a capital and a full stop; empty without clauses.</summary>
    public static string Sentence(IEnumerable<string> clauses)
    {
        var text = new StringBuilder(string.Join("; ", clauses.Where(clause => clause.Length > 0)));
        if (text.Length == 0)
            return "";
        // sCR keeps its small letter.
        if (text.Length < 3 || !char.IsUpper(text[1]))
            text[0] = char.ToUpper(text[0], CultureInfo.InvariantCulture);
        return text.Append('.').ToString();
    }

    /// <summary>Sentences with a space between; empty ones vanish.</summary>
    public static string Join(params ReadOnlySpan<string> sentences)
    {
        var text = new StringBuilder();
        foreach (var sentence in sentences)
        {
            if (sentence.Length > 0)
                text.Append(text.Length > 0 ? " " : "").Append(sentence);
        }
        return text.ToString();
    }

    /// <summary>"on 2024-03-05", "in 2024-03".</summary>
    public string On(ClinicalDate date) => date.IsExact ? Say($"on {date}", $"el {date}") : Say($"in {date}", $"en {date}");

    public string Days(int days) => days == 1 ? Say("1 day", "1 día") : Say($"{days} days", $"{days} días");

    public string Days(DaySpan span) =>
        span.Days is { } days ? Days(days) : Say($"{span.Min} to {span.Max} days", $"{span.Min} a {span.Max} días");

    public string Marker(ResponseMarker marker) => marker switch
    {
        ResponseMarker.SerumM => Say("serum M-protein", "proteína M en suero"),
        ResponseMarker.UrineM => Say("urine M-protein", "proteína M en orina"),
        ResponseMarker.Dflc => "dFLC",
        ResponseMarker.Marrow => Say("marrow plasma cells", "plasmocitos en médula ósea"),
        ResponseMarker.Lesion => Say("lesion size", "tamaño de las lesiones"),
    };

    public static string Unit(ResponseMarker marker) => marker switch
    {
        ResponseMarker.UrineM => "mg/24 h",
        ResponseMarker.Lesion => "mm²",
        _ => marker.Unit(),
    };

    public string Missing(MissingInput missing) => missing switch
    {
        MissingInput.Baseline => Say("a baseline", "valor basal"),
        MissingInput.Serum => Say("serum M-protein", "proteína M en suero"),
        MissingInput.Urine => Say("urine M-protein", "proteína M en orina"),
        MissingInput.Flc => Say("serum free light chains", "cadenas ligeras libres en suero"),
        MissingInput.FlcRatio => Say("the light-chain ratio", "cociente de cadenas ligeras"),
        MissingInput.IfeSerum => Say("serum immunofixation", "inmunofijación en suero"),
        MissingInput.IfeUrine => Say("urine immunofixation", "inmunofijación en orina"),
        MissingInput.Bmpc => Say("marrow plasma cells", "plasmocitos en médula ósea"),
        MissingInput.Clonality => Say("marrow clonality", "clonalidad en médula ósea"),
        MissingInput.Lesion => Say("imaging of lesions", "imagen de las lesiones"),
    };

    public string Missing(IEnumerable<MissingInput> missing) => List(missing.Distinct().Order().Select(Missing));

    /// <summary>The active ingredient as the field writes it in running text.</summary>
    public string Name(Drug drug) => drug switch
    {
        Drug.Isatuximab or Drug.Elotuzumab or Drug.Daratumumab => drug.Code(),
        Drug.BelantamabMafodotin => Say("belantamab mafodotin", "belantamab mafodotina"),
        Drug.Carfilzomib or Drug.Ixazomib or Drug.Bortezomib or Drug.Teclistamab or Drug.Talquetamab or Drug.Elranatamab or Drug.Linvoseltamab => drug.Code(),
        Drug.CiltaCel => "cilta-cel",
        Drug.IdeCel => "ide-cel",
        Drug.Lenalidomide => Say("lenalidomide", "lenalidomida"),
        Drug.Pomalidomide => Say("pomalidomide", "pomalidomida"),
        Drug.Thalidomide => Say("thalidomide", "talidomida"),
        Drug.Cyclophosphamide => Say("cyclophosphamide", "ciclofosfamida"),
        Drug.Melphalan => Say("melphalan", "melfalán"),
        Drug.Bendamustine => Say("bendamustine", "bendamustina"),
        Drug.Doxorubicin => Say("doxorubicin", "doxorrubicina"),
        Drug.Etoposide => Say("etoposide", "etopósido"),
        Drug.Cisplatin => Say("cisplatin", "cisplatino"),
        Drug.Vincristine => Say("vincristine", "vincristina"),
        Drug.Fludarabine => Say("fludarabine", "fludarabina"),
        Drug.Venetoclax => "venetoclax",
        Drug.Selinexor => "selinexor",
        Drug.Panobinostat => "panobinostat",
        Drug.Dexamethasone => Say("dexamethasone", "dexametasona"),
        Drug.Prednisone => Say("prednisone", "prednisona"),
        Drug.Methylprednisolone => Say("methylprednisolone", "metilprednisolona"),
        Drug.Filgrastim => "filgrastim",
        Drug.Plerixafor => "plerixafor",
        Drug.OtherAntiCd38 => Say("another anti-CD38 antibody", "otro anticuerpo anti-CD38"),
    };
}

/// <summary>Decimals as the wire writes them.</summary>
internal static class Decimals
{
    /// <summary>No exponent, no trailing zeros.</summary>
    public static string Text(decimal value) =>
        value == 0 ? "0" : value.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>Two decimals, half away from zero.</summary>
    public static decimal Cents(decimal value) => decimal.Round(value, 2, MidpointRounding.AwayFromZero);
}
