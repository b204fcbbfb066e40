using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Refractoriness;

public sealed class RefractorinessTests
{
    public static TheoryData<string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string>();
        foreach (var row in Table.Read("tests/FhirMyeloma.Clinical.Tests/Refractoriness/refractoriness.csv"))
            rows.Add(row["rule"], row["lines"], row["expected"], row["because"]);
        return rows;
    }

    [Theory, MemberData(nameof(Rows))]
    public void A_drug_is_judged_as_the_table_says(string rule, string lines, string expected, string because)
    {
        var found = Judge(lines, withClass: expected.Contains("class:", StringComparison.Ordinal));
        Assert.True(expected == found, $"{rule} ({because}):\nexpected {expected}\nfound    {found}");
    }

    [Fact]
    public void A_patient_without_lines_is_not_determinable() =>
        Assert.Equal(ClassLabel.NotDeterminable, Clinical.Lines.Refractoriness.OfClasses([], []).Label);

    [Fact]
    public void A_result_cites_what_decided_it_and_the_ends_of_the_drug()
    {
        var (patient, lines, responses) = Read("1: D 2024-01-01..2024-06-01 best=VGPR pd=2024-06-20 cycles=6 / stated D 2024-06-25");
        var judged = Assert.Single(Clinical.Lines.Refractoriness.Derive(patient, lines, responses, DerivationPolicy.Default));
        Assert.Equal("Condition/D Observation/pd dose/D", string.Join(' ', judged.Sources));
    }

    [Fact]
    public void Results_stand_by_line_and_drug_code()
    {
        var (patient, lines, responses) = Read("1: V 2024-01-01..2024-06-01 D 2024-01-01..2024-05-01 best=VGPR ended / 2: K 2024-07-01..2024-09-01 best=VGPR");
        var judged = Clinical.Lines.Refractoriness.Derive(patient, lines, responses, DerivationPolicy.Default);
        Assert.Equal(
            "Bortezomib 2024-06-01 R-REF-2, Daratumumab 2024-05-01 R-REF-2, Carfilzomib 2024-09-01 R-REF-2",
            string.Join(", ", judged.Select(d => $"{d.Drug} {d.Last} {d.Criterion}")));
    }

    [Fact]
    public void Of_several_reports_the_first_is_cited()
    {
        var (patient, lines, responses) = Read("1: V 2024-01-01..2024-06-01 best=NE / relapse 2024-06-20 / relapse 2024-06-10 / stated V / stated - 2024-06-05");
        var judged = Assert.Single(Clinical.Lines.Refractoriness.Derive(patient, lines, responses, DerivationPolicy.Default));
        Assert.Equal("Condition/- Condition/relapse-2024-06-10 dose/V", string.Join(' ', judged.Sources));
    }

    /// <summary>Period and sources are those of the drugs that make the class refractory, else of all drugs.</summary>
    [Theory]
    [InlineData(
        "1: V 2024-01-01..2024-06-01 C 2023-12-01..2024-06-20 best=SD ended / 2: R 2024-07-01..2024-12-01 best=SD",
        "Double 2024-01-01..2024-12-01 Observation/best dose/R dose/V")]
    [InlineData(
        "1: V 2024-01-01..2024-06-01 best=SD ended / 2: R 2024-07-01..2024-12-01 best=VGPR",
        "Single 2024-01-01..2024-06-01 Observation/best dose/V")]
    [InlineData(
        "1: V 2024-01-01..2024-06-01 best=VGPR ended / 2: R 2024-07-01..2024-12-01 best=VGPR",
        "None 2024-01-01..2024-12-01 Observation/best dose/R dose/V")]
    [InlineData(
        "1: V 2024-01-01..2024-06-01 best=NE ended / 2: C 2024-07-01..2024-12-01 best=VGPR",
        "NotDeterminable 2024-01-01..2024-12-01 Observation/best dose/C dose/V")]
    public void A_class_has_the_period_and_the_sources_of_what_decides(string text, string expected)
    {
        var (patient, lines, responses) = Read(text);
        var found = Clinical.Lines.Refractoriness.OfClasses(lines, Clinical.Lines.Refractoriness.Derive(patient, lines, responses, DerivationPolicy.Default));
        Assert.Equal(expected, $"{found.Label} {found.First}..{found.Last} {string.Join(' ', found.Sources)}");
    }

    [Fact]
    public void The_last_day_of_the_calendar_is_a_date_like_any_other()
    {
        Assert.Equal("V@1 exposed R-REF-7 imwg-derived", Judge("1: V 2024-01-01..2024-06-01 best=VGPR pd=9999-12-31", withClass: false));
        Assert.Equal("V@1 not-refractory", Judge("1: V 2024-01-01..9999-12-31 best=VGPR", withClass: false));
    }

    private static string Judge(string text, bool withClass)
    {
        var (patient, lines, responses) = Read(text);
        var judged = Clinical.Lines.Refractoriness.Derive(patient, lines, responses, DerivationPolicy.Default);
        var classes = Clinical.Lines.Refractoriness.OfClasses(lines, judged);
        IEnumerable<string> results = judged.Select(Describe).Order(StringComparer.Ordinal);
        if (withClass)
            results = [$"class:{classes.Label}{string.Concat(classes.Undecided.Select(drug => " ?" + Letter(drug)))}"];
        return string.Join(" | ", results);
    }

    private static string Describe(DrugRefractoriness d)
    {
        var status = d.Status switch
        {
            RefractoryStatus.Refractory => "refractory",
            RefractoryStatus.NotRefractory => "not-refractory",
            RefractoryStatus.Exposed => "exposed",
            RefractoryStatus.NotDeterminable => "not-determinable",
        };
        var source = d.ProgressionSource switch
        {
            ProgressionSource.ImwgDerived => " imwg-derived",
            ProgressionSource.ClinicianReported => " clinician-reported",
            null => "",
        };
        var criterion = d.Status == RefractoryStatus.NotRefractory ? "" : " " + d.Criterion;
        return $"{Letter(d.Drug)}@{d.Line} {status}{criterion}{string.Concat(d.Flags.Select(f => " " + f.Code()))}{source}{string.Concat(d.Labels.Select(l => " " + l))}";
    }

    /// <summary>
    /// <c>n: DRUG first..last … best=… pd=… open cycles=… documented=… ended</c>, lines separated by <c> / </c>; also <c>relapse DATE</c> (a clinician's) and
    /// <c>stated DRUG DATE</c> (refractory in a clinician's words, - for no drug).
    /// </summary>
    private static (MyelomaCase Patient, ImmutableArray<LineOfTherapy> Lines, ImmutableArray<LineResponse> Responses) Read(string text)
    {
        var lines = ImmutableArray.CreateBuilder<LineOfTherapy>();
        var responses = ImmutableArray.CreateBuilder<LineResponse>();
        var patient = new MyelomaCase { PatientKey = "p", HasMyelomaEvidence = true };
        foreach (var part in text.Split(" / "))
        {
            var words = part.Split(' ');
            switch (words)
            {
                case ["relapse", var date]:
                    patient = patient with { StatedProgressions = patient.StatedProgressions.Add(new(ClinicalDate.Parse(date), new("Condition/relapse-" + date))) };
                    continue;
                case ["stated", var drug, .. var when]:
                    ClinicalDate? at = when is [{ } day] ? ClinicalDate.Parse(day) : null;
                    patient = patient with { StatedRefractoriness = patient.StatedRefractoriness.Add(new(drug == "-" ? null : Letters[drug], at, new("Condition/" + drug))) };
                    continue;
            }
            var line = ReadLine(words);
            lines.Add(line);
            responses.Add(ReadResponse(words, line.Number));
        }
        return (patient, lines.ToImmutable(), responses.ToImmutable());
    }

    private static LineOfTherapy ReadLine(string[] words)
    {
        var drugs = ImmutableArray.CreateBuilder<DrugPeriod>();
        for (var i = 1; i + 1 < words.Length && Letters.TryGetValue(words[i], out var drug); i += 2)
        {
            var ends = words[i + 1].Split("..");
            drugs.Add(new(drug, ClinicalDate.Parse(ends[0]), ClinicalDate.Parse(ends[1]), ExposureEvidence.Administration, [new("dose/" + words[i])]));
        }
        return new()
        {
            Number = int.Parse(words[0].TrimEnd(':'), CultureInfo.InvariantCulture),
            First = drugs.Min(d => d.First),
            Last = drugs.Max(d => d.Last),
            Regimen = "test",
            Drugs = drugs.ToImmutable(),
            CyclesCompleted = Number(words, "cycles"),
            CyclesDocumented = Number(words, "documented"),
            StartReason = LineStartReason.FirstTherapy,
            EndReason = words.Contains("ended") ? LineEndReason.NextLine : LineEndReason.NoLaterTherapy,
            Confidence = Confidence.High,
            Sources = [],
        };
    }

    private static LineResponse ReadResponse(string[] words, int line)
    {
        var best = Enum.GetValues<ResponseLevel>().Single(level => level.Code() == Value(words, "best"));
        return new()
        {
            Line = line,
            Best = best,
            IsFinal = true,
            BestConfirmed = best,
            Strict = best,
            Relaxed = best,
            BoundWorst = best,
            BoundBest = best,
            MeasurableBy = MeasurableBy.Serum,
            Progression = Value(words, "pd") is { } pd ? new(ClinicalDate.Parse(pd), "R-PD-1", !words.Contains("open"), null, [new("Observation/pd")]) : null,
            Flags = words.Contains("unconfirmed") ? [Flag.Unconfirmed] : [],
            Sources = [new("Observation/best")],
        };
    }

    private static string? Value(string[] words, string key) =>
        words.FirstOrDefault(word => word.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..];

    private static int? Number(string[] words, string key) => Value(words, key) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    private static readonly Dictionary<string, Drug> Letters = new(StringComparer.Ordinal)
    {
        ["D"] = Drug.Daratumumab,
        ["Isa"] = Drug.Isatuximab,
        ["V"] = Drug.Bortezomib,
        ["K"] = Drug.Carfilzomib,
        ["Ixa"] = Drug.Ixazomib,
        ["R"] = Drug.Lenalidomide,
        ["P"] = Drug.Pomalidomide,
        ["C"] = Drug.Cyclophosphamide,
        ["Tec"] = Drug.Teclistamab,
        ["d"] = Drug.Dexamethasone,
    };

    private static string Letter(Drug drug) => Letters.Single(entry => entry.Value == drug).Key;
}
