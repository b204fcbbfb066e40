using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FhirMyeloma.Service;

/// <summary>
/// A text table in the layout of the paper's Table 1: one column a patient, one row a finding; below it the washout of all patients as
/// median and quartiles (type 7). It reads derived Bundles only, so that it can say nothing that they do not.
/// </summary>
/// <param name="highRiskDefinition">The definition of high risk that the table uses.</param>
internal sealed class Table1(string highRiskDefinition)
{
    private const string Nothing = "–";
    private readonly List<(DerivedPatient Patient, string File)> _columns = [];

    private ImmutableArray<(string Label, Func<DerivedPatient, string?> Cell)> Rows =>
    [
        ("Sex", static patient => patient.Text("gender")),
        ("Age at isatuximab, years", static patient => patient.AgeAt(patient.IsatuximabLine?.Effective("start"))),
        ("ISS", static patient => patient.First("iss-stage")?.Value),
        ("R-ISS", static patient => patient.First("r-iss-stage")?.Value),
        ($"Risk ({highRiskDefinition})", patient => patient.All("cytogenetic-risk").FirstOrDefault(risk => risk.Component("definition") == highRiskDefinition)?.Value),
        ("Abnormalities", patient => patient.All("cytogenetic-risk").FirstOrDefault(risk => risk.Component("definition") == highRiskDefinition)?.Components("abnormality")),
        ("First-line regimen", static patient => patient.First("line-of-therapy")?.Component("regimen")),
        ("Response before isatuximab", static patient => patient.Primary?.Component("last-line-response")),
        ("Refractory at last daratumumab", static patient => patient.Primary?.Component("refractory-at-last")),
        ("Washout, days", static patient => (patient.Primary ?? patient.First("anti-cd38-washout")) is { } washout ? washout.Value ?? washout.Component("reason") : null),
        ("Isatuximab line", static patient => patient.IsatuximabLine?.Value),
        ("Isatuximab regimen", static patient => patient.IsatuximabLine?.Component("regimen")),
        ("Isatuximab cycles", static patient => patient.IsatuximabLine?.Component("cycles-documented") ?? patient.IsatuximabLine?.Component("cycles-started")),
        ("Marker", static patient => patient.IsatuximabResponse?.Component("marker")),
        ("  at isatuximab start", static patient => patient.IsatuximabResponse?.Component("baseline")),
        ("  last", static patient => patient.IsatuximabResponse?.Component("last")),
        ("  change, %", static patient => patient.IsatuximabResponse?.Component("percent-change")),
        ("Response to isatuximab", static patient => patient.IsatuximabResponse is { } response ? response.Value + (response.Status == "final" ? "" : " (unconfirmed)") : null),
        ("Response as reported", static patient => patient.Reported?.Component("reported")),
        ("  check", static patient => patient.Reported?.Value),
        ("Flags", static patient => patient.IsatuximabResponse?.Components("flag")),
    ];

    /// <summary>Adds every patient of a derived Bundle as a column.</summary>
    /// <param name="file">The input that it was derived from.</param>
    /// <param name="derivedBundle">As the pipeline gave it.</param>
    public void Add(string file, ReadOnlyMemory<byte> derivedBundle)
    {
        using var bundle = JsonDocument.Parse(derivedBundle);
        _columns.AddRange(DerivedPatient.Of(bundle.RootElement.Clone()).Select(patient => (patient, file)));
    }

    /// <summary>The table as text.</summary>
    public override string ToString()
    {
        List<string[]> cells = [["", .. _columns.Select(static (_, index) => $"Case {(index + 1).ToString(CultureInfo.InvariantCulture)}")]];
        cells.AddRange(Rows.Select(row => (string[])[row.Label, .. _columns.Select(column => row.Cell(column.Patient) ?? Nothing)]));
        var text = new StringBuilder();
        var widths = Enumerable.Range(0, _columns.Count + 1).Select(column => cells.SelectMany(row => row[column].Split('\n')).Max(static line => line.Length)).ToArray();
        foreach (var row in cells)
            AppendRow(text, row, widths);
        AppendWashout(text);
        for (var index = 0; index < _columns.Count; index++)
            text.Append(CultureInfo.InvariantCulture, $"Case {index + 1}: {_columns[index].File}\n");
        return text.Append(Endpoints.MetadataEndpoints.ResearchOnly).Append(".\n").ToString();
    }

    private static void AppendRow(StringBuilder text, string[] row, int[] widths)
    {
        var lines = row.Select(static cell => cell.Split('\n')).ToArray();
        for (var line = 0; line < lines.Max(static cell => cell.Length); line++)
            text.AppendJoin("  ", lines.Select((cell, column) => (line < cell.Length ? cell[line] : "").PadRight(widths[column]))).TrimEnd().Append('\n');
    }

    private void AppendWashout(StringBuilder text)
    {
        decimal[] days = [.. _columns.Select(static column => column.Patient.Primary?.Days).OfType<decimal>().Order()];
        text.Append('\n');
        if (days.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"Washout: n = {days.Length}, median {Quantile(days, 0.5m):0.##} d, quartiles {Quantile(days, 0.25m):0.##} and {Quantile(days, 0.75m):0.##} d (type 7), range {days[0]:0.##} to {days[^1]:0.##} d\n");
    }

    /// <summary>Hyndman and Fan's type 7: linear between the order statistics (n − 1)·p.</summary>
    internal static decimal Quantile(decimal[] sorted, decimal p)
    {
        var at = (sorted.Length - 1) * p;
        var below = (int)decimal.Floor(at);
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}

/// <summary>Text without trailing blanks.</summary>
internal static class TextEnds
{
    public static StringBuilder TrimEnd(this StringBuilder text)
    {
        while (text.Length > 0 && text[^1] == ' ')
            text.Length--;
        return text;
    }
}
