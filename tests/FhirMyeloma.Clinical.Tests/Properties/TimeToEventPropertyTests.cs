using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.TimeToEvent;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Properties;

/// <summary>How the times of one patient bound each other, on rolled charts with deaths, under every policy.</summary>
public sealed class TimeToEventPropertyTests
{
    private const int Rolls = 3000;

    [Fact]
    public void Times_bound_each_other()
    {
        var seen = new HashSet<(Endpoint, EndpointEvent?, CensoringRule?)>();
        for (var seed = 1; seed <= Rolls; seed++)
        {
            var dice = new Dice((ulong)seed);
            var results = Derive(dice, out var policy);
            foreach (var result in results)
            {
                seen.Add((result.Endpoint, result.Event, result.Censoring));
                Assert.True(result.Event is null != result.Censoring is null, $"{dice}: {result}");
                Assert.True(result.Days is { Min: >= 0 } || result.Reason is not null, $"{dice}: {result}");
            }

            foreach (var line in results.GroupBy(result => result.Line).Where(line => line.Key is not null).Select(line => line.ToDictionary(result => result.Endpoint)))
            {
                var overall = Days(line, Endpoint.OverallSurvival);
                var free = Days(line, Endpoint.ProgressionFreeSurvival);
                var toProgression = Days(line, Endpoint.TimeToProgression);
                var toNext = Days(line, Endpoint.TimeToNextTreatment);
                Holds(NoLonger(free, overall), "PFS is no longer than survival");
                Holds(NoLonger(toProgression, free), "TTP is no longer than PFS");
                // A death is also one on the day of the first dose of the next line.
                Holds(NoLonger(toNext, overall), "TTNT is no longer than survival");
                Holds(NoLonger(Days(line, Endpoint.Pfs2), overall), "PFS2 is no longer than survival");
                Holds(NoLonger(free, Days(line, Endpoint.Pfs2)) || policy.NewTherapy == NewTherapyPolicy.Ignored, "the first progression comes before the second");
                Holds(NoLonger(Days(line, Endpoint.TimeToFirstResponse), Days(line, Endpoint.TimeToBestResponse)), "the first response comes before the best");
                Holds(NoLonger(Days(line, Endpoint.TimeToFirstResponse) + Days(line, Endpoint.DurationOfResponse), free), "a response ends with PFS or is censored before");
                Holds(NoLonger(Days(line, Endpoint.TimeToBestResponse), free), "the best response lies within PFS");
                Holds(line[Endpoint.ProgressionFreeSurvival].Event != EndpointEvent.Progression || line[Endpoint.TimeToProgression].End == line[Endpoint.ProgressionFreeSurvival].End, "PD ends both");

                void Holds(bool claim, string what) =>
                    Assert.True(claim, $"{dice}: {what}\n{string.Join('\n', line.Values)}");
            }
        }

        // Every end was rolled; otherwise the above says nothing about it.
        Assert.Contains((Endpoint.DiseaseFreeSurvival, EndpointEvent.RelapseFromCr, null), seen);
        Assert.All(Enum.GetValues<Endpoint>(), endpoint => Assert.Contains(seen, end => end.Item1 == endpoint));
        Assert.All(Enum.GetValues<EndpointEvent>(), what => Assert.Contains(seen, end => end.Item2 == what));
        Assert.All(Enum.GetValues<CensoringRule>(), rule => Assert.Contains(seen, end => end.Item3 == rule));
    }

    private static ImmutableArray<EndpointResult> Derive(Dice dice, out TimeToEventPolicy policy)
    {
        var (patient, line) = Charts.Roll(dice);
        var last = patient.Measurements.Select(result => result.Date).Append(line.First).Max().First;
        if (dice.Chance(40))
        {
            patient = patient with { Death = ClinicalDate.Of(last.AddDays(dice.Roll(0, 200))), DeathDueToMyeloma = dice.Chance(50), DeathSources = [new("death")] };
        }
        patient = patient with { LastContact = ClinicalDate.Of(last.AddDays(dice.Roll(0, 300))), Diagnosis = patient.Diagnosis with { Date = Charts.DayOf(-dice.Roll(0, 60)) } };
        ImmutableArray<LineOfTherapy> lines = line.NewTherapy is { } next && !(patient.Death is { } death && death < next)
            ? [line, line with { Number = 2, First = next, PreviousLineStart = line.First, NewTherapy = null }]
            : [line with { NewTherapy = null }];
        var chart = patient;
        ImmutableArray<LineResponse> responses = [.. lines.Select(one => ResponseHistory.Derive(chart, one, ResponseRuleset.Imwg2016, DerivationPolicy.Default))];
        policy = new()
        {
            NewTherapy = dice.Pick(Enum.GetValues<NewTherapyPolicy>().AsSpan()),
            UnconfirmedProgression = dice.Pick(Enum.GetValues<UnconfirmedProgressionPolicy>().AsSpan()),
            ResponseDeath = dice.Pick(Enum.GetValues<ResponseDeathPolicy>().AsSpan()),
            NextTreatmentDeath = dice.Pick(Enum.GetValues<NextTreatmentDeathPolicy>().AsSpan()),
            MissedAssessments = dice.Pick(Enum.GetValues<MissedAssessmentsPolicy>().AsSpan()),
        };
        return Endpoints.Derive(patient, lines, responses, policy);
    }

    /// <summary>Of two times that are both there.</summary>
    private static bool NoLonger(int? one, int? other) => one is not { } a || other is not { } b || a <= b;

    private static int? Days(Dictionary<Endpoint, EndpointResult> line, Endpoint endpoint) => line.GetValueOrDefault(endpoint)?.Days?.Days;
}
