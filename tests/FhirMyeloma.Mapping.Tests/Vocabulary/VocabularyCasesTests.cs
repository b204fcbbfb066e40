using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Ucum;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Vocabulary;

/// <summary>The case tables beside this file; the last column says why a row is right.</summary>
public sealed class VocabularyCasesTests
{
    public static TheoryData<string> Rows(string table)
    {
        var rows = new TheoryData<string>();
        foreach (var line in File.ReadLines(Path.Combine(Repo.Root, "tests", "FhirMyeloma.Mapping.Tests", "Vocabulary", table)).Skip(1))
            rows.Add(line);
        return rows;
    }

    [Theory, MemberData(nameof(Rows), "numbers.csv")]
    public void A_written_number_is_read_by_one_rule_or_refused(string row)
    {
        var cells = Cells(row);
        var number = NumberText.Read(cells[0]);
        Assert.Equal(cells[1], number.Reading.ToString(), ignoreCase: true);
        if (number.Reading != NumberReading.Clear)
            return;
        Assert.Equal(cells[2], number.Comparator ?? "");
        Assert.Equal(decimal.Parse(cells[3], CultureInfo.InvariantCulture), number.Value);
        Assert.Equal(cells[4], number.Rest);
    }

    [Theory, MemberData(nameof(Rows), "units.csv")]
    public void A_unit_is_brought_to_the_markers_unit_or_refused(string row)
    {
        var cells = Cells(row);
        var use = Units.Use(Enum.Parse<Marker>(cells[0]), Null(cells[1]), Null(cells[2]), Null(cells[3]));
        Assert.Equal(cells[6], use.Fault.ToString());
        if (use.Fault != UnitFault.None)
            return;
        Assert.Equal(cells[5], (Ratio.Of(decimal.Parse(cells[4], CultureInfo.InvariantCulture)) * use.Factor).ToDecimal()!.Value.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(cells[7] is "yes", use.FromSpelling);
    }

    [Theory, MemberData(nameof(Rows), "result-words.csv")]
    public void A_result_in_words_has_one_meaning(string row)
    {
        var cells = Cells(row);
        Assert.Equal(cells[1], ResultWords.Of(cells[0]).ToString());
    }

    [Theory, MemberData(nameof(Rows), "clones.csv")]
    public void A_text_states_the_clone(string row)
    {
        var cells = Cells(row);
        var isotype = CloneText.Read(cells[0]);
        Assert.Equal((cells[1], cells[2]), (isotype.Heavy.ToString(), isotype.Light.ToString()));
    }

    [Theory, MemberData(nameof(Rows), "cytogenetics.csv")]
    public void A_text_states_cytogenetic_findings(string row)
    {
        var cells = Cells(row);
        var found = string.Join(' ', CytogeneticsText.Read(cells[0]).Select(finding =>
            finding.Abnormality + (finding.Present.IsMet ? "+" : finding.Present.IsNotMet ? "-" : "?")
            + finding.ClonalFraction switch
            {
                null => "",
                { IsExact: true } exact => exact.Value == 0 ? "" : exact.Value!.Value.ToString(CultureInfo.InvariantCulture),
                { High: { } high } => "<" + high.ToString(CultureInfo.InvariantCulture),
                { } above => ">" + above.Low.ToString(CultureInfo.InvariantCulture),
            }));
        Assert.Equal(cells[1], found);
    }

    [Theory, MemberData(nameof(Rows), "drug-names.csv")]
    public void A_text_names_drugs(string row)
    {
        var cells = Cells(row);
        Assert.Equal(cells[1], string.Join(' ', DrugCodes.FindAll(cells[0]).Where(drug => drug.Drug is not null).Select(drug => drug.Drug!.Value)));
    }

    [Theory, MemberData(nameof(Rows), "responses.csv")]
    public void A_text_states_a_response(string row)
    {
        var cells = Cells(row);
        Assert.Equal(cells[1], ResponseWords.OfText(cells[0])?.ToString() ?? "");
    }

    [Theory, MemberData(nameof(Rows), "lab-names.csv")]
    public void A_heading_names_a_test(string row)
    {
        var cells = Cells(row);
        Assert.Equal(cells[1], LabCodes.FindByName(cells[0])?.Concept.ToString() ?? "");
    }

    [Fact]
    public void Creatinine_in_moles_is_turned_by_its_molar_mass()
    {
        var use = Units.Use(Marker.Creatinine, "http://unitsofmeasure.org", "umol/L", null);
        Assert.True(use.ByMolarMass);
        Assert.Equal(1.13120m, (Ratio.Of(100m) * use.Factor).ToDecimal());
    }

    private static string? Null(string cell) => cell.Length == 0 ? null : cell;

    private static List<string> Cells(string row)
    {
        List<string> cells = [""];
        var quoted = false;
        foreach (var c in row)
        {
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
                cells.Add("");
            else
                cells[^1] += c;
        }
        return cells;
    }
}
