using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Tests.Evidence;
using FhirMyeloma.Clinical.Tests.Response;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.TimeToEvent;

public sealed class TimeToEventTests
{
    public static TheoryData<string, string, string, string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/TimeToEvent/time-to-event.csv"))
            rows.Add(row["rule"], row["lines"], row["samples"], row["record"], row["endpoint"], row["expected"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_time_and_its_end_are_those_of_the_table(string rule, string lines, string samples, string record, string endpoint, string expected, string because)
    {
        var found = Find(Derive(lines, samples, record), endpoint);
        Assert.True(Describe(found) == expected, $"{rule} {lines} | {samples} | {record} | {endpoint} ({because}): expected {expected}, was {Describe(found)}");
    }

    [Theory, MemberData(nameof(Rows))]
    public void Moving_every_date_leaves_the_days_alone(string rule, string lines, string samples, string record, string endpoint, string expected, string because)
    {
        _ = (expected, because);
        // A month moved by days is no month.
        if ((lines + record).Contains('m', StringComparison.Ordinal))
            return;
        Assert.Equal((rule, Describe(Find(Derive(lines, samples, record), endpoint))), (rule, Describe(Find(Derive(lines, samples, record, shift: 366), endpoint))));
    }

    public static TheoryData<int, string, string> MonthRows()
    {
        var rows = new TheoryData<int, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/TimeToEvent/months.csv"))
            rows.Add(int.Parse(row["days"], CultureInfo.InvariantCulture), row["months"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(MonthRows))]
    public void Days_are_months_of_one_length(int days, string months, string because) =>
        Assert.Equal((months, because), (EndpointResult.Months(days).ToString("0.0000", CultureInfo.InvariantCulture), because));

    [Theory]
    [InlineData("progression-free-survival", "", "d-3/M d56/M d84/M dose/d0")]
    [InlineData("progression-free-survival", "death=d40", "death dose/d0")]
    [InlineData("time-to-next-treatment", "", "dose/d0 dose/d100")]
    [InlineData("overall-survival", "contact=d300", "contact dose/d0")]
    [InlineData("duration-of-response", "", "")]
    public void It_cites_the_dose_that_starts_it_and_what_ends_it(string endpoint, string record, string sources)
    {
        var results = Derive("d0; d100", record.Length == 0 ? "d-3 M=2.0; d28 M=2.0; d56 M=2.5; d84 M=2.6" : "d-3 M=3.0", record);
        Assert.Equal(sources, string.Join(' ', Find(results, endpoint)?.Sources ?? []));
    }

    private static EndpointResult? Find(ImmutableArray<EndpointResult> results, string endpoint)
    {
        var words = endpoint.Split(' ');
        int? line = words[0] == "[diagnosis]" ? null : words[0] is ['[', _, ']'] ? words[0][1] - '0' : 1;
        return results.SingleOrDefault(result => result.Line == line && Kebab(result.Endpoint.ToString()) == words[^1]);
    }

    private static string Describe(EndpointResult? result)
    {
        if (result is null)
            return "-";
        Assert.NotEqual(result.Event is null, result.Censoring is null);
        Assert.Equal(result.Days is null, result.Reason is not null);
        Assert.True(result.Event == EndpointEvent.Progression || result.ProgressionConfirmed is null);
        var days = result.Days is { } span
            ? span.Days is { } exact ? exact.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{span.Min}..{span.Max}")
            : "none " + Kebab(result.Reason.ToString()!);
        if (result.AnalysisDays is { } analysed)
            days += $" ({analysed.ToString(CultureInfo.InvariantCulture)})";
        var end = result.Event is { } known ? Kebab(known.ToString()) : $"[{Kebab(result.Censoring.ToString()!)}]";
        var flags = string.Concat(result.Flags.Where(flag => flag != Flag.Unconfirmed).Select(flag => " " + flag.Code()));
        var by = result.Policies.IsEmpty ? "" : " by " + string.Join('+', result.Policies);
        return $"{days} {end}{(result.IsFinal ? "" : " ~")}{flags}{by}";
    }

    private static ImmutableArray<EndpointResult> Derive(string lines, string samples, string record, int shift = 0)
    {
        var starts = lines.Split(';', StringSplitOptions.TrimEntries).Select(text => text.Split(' ')).ToArray();
        var patient = LineStory.Case("IgG-kappa", samples) with
        {
            Drugs =
            [
                .. starts.Select(start => new DrugExposure
                {
                    Drug = Drug.Bortezomib, Evidence = ExposureEvidence.Administration, Start = LineStory.DateOf(start[0]), Source = new("dose/" + start[0]),
                }),
            ],
        };
        var policy = TimeToEventPolicy.Default;
        foreach (var word in record.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            (patient, policy) = Read(word, patient, policy);
        if (shift != 0)
            patient = Moved(patient, shift);
        ImmutableArray<LineOfTherapy> built =
        [
            .. starts.Select((start, i) => LineStory.Line(number: i + 1) with
            {
                First = Move(LineStory.DateOf(start[0]), shift),
                NewTherapy = start.Length > 1 ? Move(LineStory.DateOf("d" + start[1][1..]), shift) : i + 1 < starts.Length ? Move(LineStory.DateOf(starts[i + 1][0]), shift) : null,
                PreviousLineStart = i > 0 ? Move(LineStory.DateOf(starts[i - 1][0]), shift) : null,
            }),
        ];
        ImmutableArray<LineResponse> responses = [.. built.Select(line => GivenLine.Derive(patient, line, ResponseRuleset.Imwg2016, DerivationPolicy.Default))];
        return Endpoints.Derive(patient, built, responses, policy);
    }

    private static (MyelomaCase, TimeToEventPolicy) Read(string word, MyelomaCase patient, TimeToEventPolicy policy)
    {
        var value = word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return word.Split('=')[0] switch
        {
            "death" when value == "?" => (patient with { DeathSources = [new("death")] }, policy),
            "death" => (patient with { Death = LineStory.DateOf(value), DeathSources = [new("death")] }, policy),
            "myeloma" => (patient with { DeathDueToMyeloma = true }, policy),
            "contact" => (patient with { LastContact = LineStory.DateOf(value), LastContactSources = [new("contact")] }, policy),
            "diagnosis" => (patient with { Diagnosis = patient.Diagnosis with { Date = LineStory.DateOf(value), Sources = [new("diagnosis")] } }, policy),
            "new-therapy" => (patient, policy with { NewTherapy = NewTherapyPolicy.Ignored }),
            "unconfirmed-progression" => (patient, policy with { UnconfirmedProgression = UnconfirmedProgressionPolicy.Ignored }),
            "response-death" => (patient, policy with { ResponseDeath = ResponseDeathPolicy.Any }),
            "next-treatment-death" => (patient, policy with { NextTreatmentDeath = NextTreatmentDeathPolicy.Censors }),
            "missed-assessments" => (patient, policy with { MissedAssessments = MissedAssessmentsPolicy.Censors }),
            _ => throw new InvalidDataException(word),
        };
    }

    private static MyelomaCase Moved(MyelomaCase patient, int days) => patient with
    {
        Death = patient.Death is { } death ? Move(death, days) : null,
        LastContact = patient.LastContact is { } contact ? Move(contact, days) : null,
        Diagnosis = patient.Diagnosis with { Date = patient.Diagnosis.Date is { } date ? Move(date, days) : null },
        Measurements = [.. patient.Measurements.Select(result => result with { Date = Move(result.Date, days) })],
        Immunofixations = [.. patient.Immunofixations.Select(result => result with { Date = Move(result.Date, days) })],
        Drugs = [.. patient.Drugs.Select(dose => dose with { Start = Move(dose.Start!.Value, days) })],
    };

    private static ClinicalDate Move(ClinicalDate date, int days) => days == 0 ? date : ClinicalDate.Of(date.First.AddDays(days));

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
