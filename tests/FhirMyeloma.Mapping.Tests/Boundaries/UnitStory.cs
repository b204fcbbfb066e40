using System.Globalization;
using System.Text;
using FhirMyeloma.Mapping.Tests.Inbound;

namespace FhirMyeloma.Mapping.Tests.Boundaries;

/// <summary>
/// A patient's record as a Bundle, in the notation of the response tables, each value in the unit of its hospital. Day 0 is the first dose.
/// Units: <c>M g/L; U text:mg/24 h</c>, a UCUM code, or after <c>text:</c> a unit that is text and nothing else. M serum M-protein; U urine M-protein per 24 h;
/// UC its concentration, V the volume of the collection; K, L free light chains, R their ratio; BM marrow plasma cells, PC circulating ones; CLON clonality;
/// IFES, IFEU immunofixation; SPD, LD, NEW lesions, <c>LD@rib</c> one of them; CA calcium, CAC corrected for albumin, CREA creatinine, HB haemoglobin;
/// B2 beta-2 microglobulin, ALB albumin, LDH with the laboratory's limit <c>240^240</c>, whose unit is that of <c>LIMIT</c> if the row names one;
/// MRD negative at a sensitivity; FISH a report in words (blanks as <c>_</c>). <c>M=&lt;2.0</c> has a comparator, <c>M=2.00~g/dL</c> a unit of its own, and
/// <c>M='20,0_g/L</c> is text.
/// </summary>
internal static class UnitStory
{
    private static readonly DateOnly FirstDose = new(2024, 2, 1);

    private const string DefaultDoses = "bortezomib d0 d28";

    public static byte[] Bundle(string clone, string doses, string units, string samples)
    {
        var unitOf = Parts(units, ';').ToDictionary(part => part[..part.IndexOf(' ', StringComparison.Ordinal)], part => part[(part.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);
        List<string> resources =
        [
            Hospital.Patient,
            $$"""{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C90.0"}],"text":"Multiple myeloma {{clone}}"},"onsetDateTime":"{{Date("d-10")}}"}""",
        ];
        foreach (var words in Parts(doses.Length == 0 ? DefaultDoses : doses, ';').Select(drug => drug.Split(' ')))
            resources.AddRange(words.Skip(1).Select(day => Hospital.Dose(words[0], date: Date(day))));
        foreach (var words in Parts(samples, ';').Select(day => day.Split(' ')))
        {
            foreach (var word in words.Skip(1))
            {
                var (name, value) = (word[..word.IndexOf('=', StringComparison.Ordinal)], word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..]);
                resources.Add(Result(name, value, unitOf).Replace("2024-03-05", Date(words[0]), StringComparison.Ordinal));
            }
        }

        return Encoding.UTF8.GetBytes(Hospital.Bundle([.. resources]));
    }

    /// <summary>The date of <c>d28</c>.</summary>
    public static string Date(string day) => FirstDose.AddDays(int.Parse(day[1..], CultureInfo.InvariantCulture)).ToString("O", CultureInfo.InvariantCulture);

    private static string Result(string name, string value, Dictionary<string, string> units)
    {
        var (kind, site) = name.Split('@') is [var measure, var lesion] ? (measure, $$""" "bodySite":{"text":"{{lesion}}"} """) : (name, "");
        return kind switch
        {
            "IFES" or "IFEU" => Hospital.Lab(Loinc(kind), Words(value is "neg" ? "Negative" : "Positive")),
            "CLON" => Hospital.Own("marrow-clonality", Words(value is "neg" ? "negative" : "positive")),
            "NEW" => Hospital.Own("new-lesion", """ "valueBoolean":true """, site),
            "SPD" => Hospital.Own("lesion-spd", Measured(kind, value, units), site),
            "LD" => Hospital.Own("lesion-longest-diameter", Measured(kind, value, units), site),
            "MRD" => Hospital.Own("mrd-ngs", Words("negative"), $$""" "component":[{"code":{"coding":[{"system":"https://fhirmyeloma.org/fhir/CodeSystem/myeloma-input","code":"sensitivity"}]},{{Measured(kind, value, units)}}}] """),
            "PC" => Hospital.Named("Circulating plasma cells", Measured(kind, value, units)),
            "FISH" => Hospital.Lab(Loinc(kind), Words(value.Replace('_', ' '))),
            _ when value[0] is '\'' => Hospital.Lab(Loinc(kind), Words(value[1..].Replace('_', ' '))),
            _ when value is "none" => Hospital.Lab(Loinc(kind), Words("not detected")),
            _ when value.Split('^') is [var number, var limit] => Hospital.Lab(Loinc(kind), Measured(kind, number, units), Limit(limit, units.GetValueOrDefault("LIMIT", units[kind]))),
            _ => Hospital.Lab(Loinc(kind), Measured(kind, value, units)),
        };
    }

    private static string Loinc(string kind) => kind switch
    {
        "M" => "33358-3",
        "U" => "42482-0",
        "UC" => "40661-1",
        "V" => "3167-4",
        "K" => "36916-5",
        "L" => "33944-0",
        "R" => "48378-4",
        "BM" => "11118-7",
        "IFES" => "25700-6",
        "IFEU" => "13440-3",
        "CA" => "17861-6",
        "CAC" => "29265-6",
        "CREA" => "2160-0",
        "HB" => "718-7",
        "B2" => "1952-1",
        "ALB" => "1751-7",
        "LDH" => "2532-0",
        "FISH" => "55232-3",
        _ => throw new InvalidDataException("result " + kind),
    };

    private static string Words(string text) => $""" "valueString":"{text}" """;

    private static string Measured(string kind, string value, Dictionary<string, string> units)
    {
        var (number, unit) = value.Split('~') is [var text, var own] ? (text, own) : (value, units[kind]);
        return $"\"valueQuantity\":{Quantity(number, unit)}";
    }

    private static string Limit(string number, string unit) => $$""" "referenceRange":[{"high":{{Quantity(number, unit)}}}] """;

    // The digits as they stand in the table.
    private static string Quantity(string text, string unit)
    {
        var number = text.TrimStart('<', '>', '=');
        var comparator = number.Length < text.Length ? $"\"comparator\":\"{text[..^number.Length]}\"," : "";
        var named = unit.StartsWith("text:", StringComparison.Ordinal)
            ? $"\"unit\":\"{unit[5..]}\""
            : $"\"unit\":\"{unit}\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"{unit}\"";
        return $"{{\"value\":{number},{comparator}{named}}}";
    }

    private static string[] Parts(string text, char separator) => text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
