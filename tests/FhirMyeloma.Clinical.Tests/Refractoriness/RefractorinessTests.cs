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
        var wanted = expected.Split(" | ");
        var drugs = Judge(lines, out var classes);
        Assert.True(
            string.Join(" | ", wanted.Where(w => w.Contains('@', StringComparison.Ordinal))) == string.Join(" | ", drugs),
            $"{rule} ({because}): expected {expected}, was {string.Join(" | ", drugs)}");
        if (wanted.FirstOrDefault(w => !w.Contains('@', StringComparison.Ordinal)) is { } label)
            Assert.Equal(label, classes.Label.ToString(), ignoreCase: true);
    }

    [Theory]
    [InlineData("D V R", ClassLabel.TripleClass)]
    [InlineData("D V K R", ClassLabel.TripleClass)]
    [InlineData("D V K R P", ClassLabel.Penta)]
    [InlineData("V K R P", ClassLabel.Double)]
    [InlineData("V R", ClassLabel.Double)]
    [InlineData("D V", ClassLabel.Single)]
    [InlineData("d", ClassLabel.None)]
    public void Classes_are_counted_over_refractory_drugs(string drugs, ClassLabel expected)
    {
        Judge("1: " + string.Join(' ', drugs.Split(' ').Select(d => $"{d} 2024-01-01..2024-06-01")) + " best=SD cycles=1", out var classes);
        Assert.Equal(expected, classes.Label);
    }

    [Fact]
    public void Not_determinable_drugs_leave_the_class_open()
    {
        Judge("1: V 2024-01-01..2024-06-01 best=NE", out var classes);
        Assert.Equal(ClassLabel.NotDeterminable, classes.Label);
    }

    [Fact]
    public void A_clinicians_word_is_a_label_of_its_own()
    {
        var patient = new MyelomaCase
        {
            PatientKey = "p",
            HasMyelomaEvidence = true,
            StatedRefractoriness = [new(Drug.Daratumumab, null, new("Condition/refractory"))],
        };
        var (lines, responses, _) = Read("1: D 2024-01-01..2024-06-01 V 2024-01-01..2024-06-01 best=VGPR cycles=6");
        var judged = Clinical.Lines.Refractoriness.Derive(patient, lines, responses, DerivationPolicy.Default);
        Assert.Equal(["CLINICIAN_REFRACTORY"], judged.Single(d => d.Drug == Drug.Daratumumab).Labels, StringComparer.Ordinal);
        Assert.Equal(RefractoryStatus.NotRefractory, judged.Single(d => d.Drug == Drug.Daratumumab).Status);
        Assert.Empty(judged.Single(d => d.Drug == Drug.Bortezomib).Labels);
    }

    private static List<string> Judge(string text, out ClassRefractoriness classes)
    {
        var (lines, responses, relapses) = Read(text);
        var patient = new MyelomaCase { PatientKey = "p", HasMyelomaEvidence = true, StatedProgressions = relapses };
        var judged = Clinical.Lines.Refractoriness.Derive(patient, lines, responses, DerivationPolicy.Default);
        classes = Clinical.Lines.Refractoriness.OfClasses(lines, judged);
        return [.. judged.Select(Describe).Order(StringComparer.Ordinal)];
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

    /// <summary>`n: DRUG first..last … best=… pd=… cycles=… ended`, lines and relapses separated by ` / `.</summary>
    private static (ImmutableArray<LineOfTherapy> Lines, ImmutableArray<LineResponse> Responses, ImmutableArray<StatedProgression> Relapses) Read(string text)
    {
        var lines = ImmutableArray.CreateBuilder<LineOfTherapy>();
        var responses = ImmutableArray.CreateBuilder<LineResponse>();
        var relapses = ImmutableArray.CreateBuilder<StatedProgression>();
        foreach (var part in text.Split(" / "))
        {
            var words = part.Split(' ');
            if (words[0] == "relapse")
            {
                relapses.Add(new(ClinicalDate.Parse(words[1]), new("Condition/relapse")));
                continue;
            }
            var number = int.Parse(words[0].TrimEnd(':'), CultureInfo.InvariantCulture);
            string? Value(string key) => words.FirstOrDefault(w => w.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..];
            var drugs = ImmutableArray.CreateBuilder<DrugPeriod>();
            for (var i = 1; i + 1 < words.Length && words[i].Length == 1; i += 2)
            {
                var ends = words[i + 1].Split("..");
                drugs.Add(new(OfLetter(words[i]), ClinicalDate.Parse(ends[0]), ClinicalDate.Parse(ends[1]), ExposureEvidence.Administration, [new("dose/" + words[i])]));
            }
            lines.Add(new()
            {
                Number = number,
                First = drugs.Min(d => d.First),
                Last = drugs.Max(d => d.Last),
                Regimen = "test",
                Drugs = drugs.ToImmutable(),
                CyclesCompleted = Value("cycles") is { } c ? int.Parse(c, CultureInfo.InvariantCulture) : null,
                StartReason = LineStartReason.FirstTherapy,
                EndReason = words.Contains("ended") ? LineEndReason.NextLine : LineEndReason.NoLaterTherapy,
                Confidence = Confidence.High,
                Sources = [],
            });
            var best = Enum.GetValues<ResponseLevel>().Single(level => level.Code() == Value("best"));
            responses.Add(new()
            {
                Line = number,
                Best = best,
                IsFinal = true,
                BestConfirmed = best,
                Strict = best,
                Relaxed = best,
                BoundWorst = best,
                BoundBest = best,
                MeasurableBy = MeasurableBy.Serum,
                Progression = Value("pd") is { } pd ? new(ClinicalDate.Parse(pd), "R-PD-1", !words.Contains("open"), null, [new("Observation/pd")]) : null,
                Sources = [new("Observation/best")],
            });
        }
        return (lines.ToImmutable(), responses.ToImmutable(), relapses.ToImmutable());
    }

    private static Drug OfLetter(string letter) => letter switch
    {
        "D" => Drug.Daratumumab,
        "V" => Drug.Bortezomib,
        "K" => Drug.Carfilzomib,
        "R" => Drug.Lenalidomide,
        "P" => Drug.Pomalidomide,
        _ => Drug.Dexamethasone,
    };

    private static string Letter(Drug drug) => drug switch
    {
        Drug.Daratumumab => "D",
        Drug.Bortezomib => "V",
        Drug.Carfilzomib => "K",
        Drug.Lenalidomide => "R",
        Drug.Pomalidomide => "P",
        _ => "d",
    };
}
