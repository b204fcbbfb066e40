using System.Globalization;
using System.Text;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Cohorts;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>
/// Patients side by side in the layout of the seed paper's Table 1, as plain text: who, disease, first line, isatuximab line, washout, response
/// derived and reported, and the markers at diagnosis, at isatuximab start and at the last evaluation of that line.
/// </summary>
public static class SummaryTable
{
    private const string Nothing = "-";

    /// <summary>Renders the table; columns in the order given.</summary>
    /// <param name="patients">The patients; those without evidence of myeloma are left out.</param>
    /// <param name="language">Language of the row titles.</param>
    public static string Render(IEnumerable<PatientResults> patients, Language language = Language.English)
    {
        var words = new Words(language);
        var columns = patients.Where(patient => patient.Case.HasMyelomaEvidence).Select(patient => new Column(patient)).ToList();
        var rows = Rows(words).Select(row => (string[])[words.Say(row.English, row.Spanish), .. columns.Select(column => row.Cell(column))]).ToList();
        rows.Insert(0, ["", .. columns.Select((_, index) => words.Say($"Case {index + 1}", $"Caso {index + 1}"))]);
        var widths = Enumerable.Range(0, columns.Count + 1).Select(at => rows.Max(row => row[at].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.AppendLine(string.Join("  ", row.Select((cell, at) => cell.PadRight(widths[at]))).TrimEnd());
        text.AppendLine();
        foreach (var line in Pooled(columns, words))
            text.AppendLine(line);
        text.AppendLine(words.Issue(ResultIssues.ResearchUseOnly));
        return text.ToString();
    }

    private static IEnumerable<(string English, string Spanish, Func<Column, string> Cell)> Rows(Words words) =>
    [
        ("Patient", "Paciente", column => column.Name),
        ("Age at diagnosis (years)", "Edad al diagnóstico (años)", column => column.Age is { } age ? Range(age.Min, age.Max) : Nothing),
        ("Sex", "Sexo", column => column.Case.Sex ?? Nothing),
        ("MM subtype", "Subtipo de MM", column => Subtype(column.Case.Diagnosis)),
        ("Cytogenetics", "Citogenética", column => Join(column.Case.Diagnosis.Cytogenetics.Where(finding => finding.Present.IsMet).Select(finding => finding.Abnormality.Display()))),
        ("ISS / R-ISS", "ISS / R-ISS", column => $"{column.Stage(StagingSystem.Iss)} / {column.Stage(StagingSystem.RIss)}"),
        ("First-line regimen", "Esquema de 1.ª línea", column => column.First?.Regimen ?? Nothing),
        ("Response to first line", "Respuesta a la 1.ª línea", column => column.Level(column.First)),
        ("Isatuximab line", "Línea de isatuximab", column => column.Isatuximab is { } line ? Key.Of(line.Number) : Nothing),
        ("Isatuximab regimen", "Esquema de isatuximab", column => column.Isatuximab?.Regimen ?? Nothing),
        ("Isatuximab cycles", "Ciclos de isatuximab", column => Cycles(column.Isatuximab)),
        ("Washout (days)", "Lavado (días)", column => column.Washout is { } days ? Range(days.Min, days.Max) : Nothing),
        ("Response, derived", "Respuesta derivada", column => column.Level(column.Isatuximab)),
        ("Response, reported", "Respuesta comunicada", column => Join(column.Reported)),
        ("M-protein at diagnosis (g/dL)", "Proteína M al diagnóstico (g/dL)", column => column.AtDiagnosis(Marker.SerumMProtein, words)),
        ("  at isatuximab start", "  al inicio de isatuximab", column => column.AtStart(Marker.SerumMProtein, words)),
        ("  at last evaluation", "  en la última evaluación", column => column.AtEnd(Marker.SerumMProtein, words)),
        ("FLC kappa at diagnosis (mg/L)", "CLL kappa al diagnóstico (mg/L)", column => column.AtDiagnosis(Marker.FlcKappa, words)),
        ("  at isatuximab start", "  al inicio de isatuximab", column => column.AtStart(Marker.FlcKappa, words)),
        ("  at last evaluation", "  en la última evaluación", column => column.AtEnd(Marker.FlcKappa, words)),
        ("FLC lambda at diagnosis (mg/L)", "CLL lambda al diagnóstico (mg/L)", column => column.AtDiagnosis(Marker.FlcLambda, words)),
        ("  at isatuximab start", "  al inicio de isatuximab", column => column.AtStart(Marker.FlcLambda, words)),
        ("  at last evaluation", "  en la última evaluación", column => column.AtEnd(Marker.FlcLambda, words)),
    ];

    private static IEnumerable<string> Pooled(List<Column> columns, Words words)
    {
        if (Describe(columns.Select(column => column.Washout?.Days)) is { } washout)
            yield return words.Say(
                $"Washout, exact, n = {washout.Count}: {Spread(washout, words)} days",
                $"Lavado exacto, n = {washout.Count}: {Spread(washout, words)} días");
        if (Describe(columns.Select(column => column.Age is { } age && age.Min == age.Max ? age.Min : (int?)null)) is { } ages)
            yield return words.Say(
                $"Age, n = {ages.Count}: {Spread(ages, words)} years",
                $"Edad, n = {ages.Count}: {Spread(ages, words)} años");
    }

    private static Distribution? Describe(IEnumerable<int?> values) => Quantiles.Describe(values.OfType<int>().Select(value => (decimal)value));

    private static string Spread(Distribution values, Words words) => words.Say(
        $"median {words.Number(values.Median)}, quartiles {words.Number(values.LowerQuartile)} and {words.Number(values.UpperQuartile)} ({values.Method.Code()})",
        $"mediana {words.Number(values.Median)}, cuartiles {words.Number(values.LowerQuartile)} y {words.Number(values.UpperQuartile)} ({values.Method.Code()})");

    private static string Range(int min, int max) => min == max ? Key.Of(min) : $"{Key.Of(min)}-{Key.Of(max)}";

    private static string Join(IEnumerable<string> items) =>
        string.Join(", ", items.Distinct(StringComparer.Ordinal)) is { Length: > 0 } text ? text : Nothing;

    private static string Cycles(LineOfTherapy? line) => line switch
    {
        null => Nothing,
        { CyclesStarted: { } counted, CyclesDocumented: { } stated } when counted != stated => $"{Key.Of(counted)} ({Key.Of(stated)})",
        { CyclesStarted: { } counted } => Key.Of(counted),
        { CyclesDocumented: { } stated } => $"({Key.Of(stated)})",
        _ => Nothing,
    };

    private static string Subtype(Diagnosis diagnosis)
    {
        var heavy = diagnosis.HeavyChain switch
        {
            HeavyChain.Unknown => "",
            HeavyChain.LightChainOnly => "FLC",
            HeavyChain.NonSecretory => "non-secretory",
            var chain => chain.ToString(),
        };
        var light = diagnosis.LightChain == LightChain.Unknown ? "" : diagnosis.LightChain.ToString().ToLower(CultureInfo.InvariantCulture);
        return $"{heavy} {light}".Trim() is { Length: > 0 } text ? text : Nothing;
    }

    /// <summary>One patient; the isatuximab line is the first that holds isatuximab.</summary>
    private sealed class Column(PatientResults patient)
    {
        public MyelomaCase Case => patient.Case;

        public string Name => Case.PatientKey[(Case.PatientKey.LastIndexOf('|') + 1)..];

        public LineOfTherapy? First { get; } = patient.Results.Lines.FirstOrDefault();

        public LineOfTherapy? Isatuximab { get; } = patient.Results.Lines.FirstOrDefault(line => line.Drugs.Any(period => period.Drug == Drug.Isatuximab));

        public DaySpan? Washout => patient.Results.Switches.FirstOrDefault(change => change.Primary)?.Days;

        public IEnumerable<string> Reported =>
            patient.Results.ByRuleset.FirstOrDefault()?.ReportedChecks.Where(check => check.Line == Isatuximab?.Number).Select(check => $"{check.Reported.Code()} ({ResultCodes.Kebab(check.Verdict)})") ?? [];

        /// <summary>Whole years between birth and diagnosis, else the first dose; a range when a date is partial.</summary>
        public (int Min, int Max)? Age =>
            Case.Birth is { } birth && (Case.Diagnosis.Date ?? First?.First) is { } then
                ? (Years(birth.Last, then.First), Years(birth.First, then.Last))
                : null;

        public string Level(LineOfTherapy? line) =>
            line is null ? Nothing : patient.Results.ByRuleset.FirstOrDefault()?.Responses.FirstOrDefault(response => response.Line == line.Number)?.Best.Code() ?? Nothing;

        /// <summary>The derived stage; where it is not decided the stated one, in brackets.</summary>
        public string Stage(StagingSystem system) => patient.Results.Stages.FirstOrDefault(stage => stage.System == system) switch
        {
            { Stage: { } derived } => ResultCodes.Roman(derived),
            { Reported: { } stated } => $"({ResultCodes.Roman(stated)})",
            _ => Nothing,
        };

        public string AtDiagnosis(Marker marker, Words words) => First is { } line ? Latest(marker, null, line.First, words) : Nothing;

        public string AtStart(Marker marker, Words words) => Isatuximab is { } line ? Latest(marker, line.PreviousLineStart, line.First, words) : Nothing;

        public string AtEnd(Marker marker, Words words) => Isatuximab is { } line ? Latest(marker, line.First, line.NewTherapy, words) : Nothing;

        /// <summary>The last value after one date up to and including another.</summary>
        private string Latest(Marker marker, ClinicalDate? after, ClinicalDate? upTo, Words words)
        {
            var last = Case.Measurements
                .Where(value => value.Marker == marker && value.HasUnit)
                .Where(value => after is not { } start || start.Last < value.Date.First)
                .Where(value => upTo is not { } end || value.Date.Last <= end.Last)
                .OrderBy(value => value.Date)
                .ThenBy(value => value.Source)
                .LastOrDefault();
            return last is null ? Nothing : words.Measured(last.Value);
        }

        private static int Years(DateOnly from, DateOnly to) =>
            to.Year - from.Year - (to < from.AddYears(to.Year - from.Year) ? 1 : 0);
    }
}
