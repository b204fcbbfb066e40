using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Tests.Properties;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>The engine and the plain decision table agree on every rolled patient.</summary>
public class OracleTests
{
    [Fact]
    public void Engine_and_decision_table_agree()
    {
        var wrong = new List<string>();
        foreach (var (seed, rolled) in Patients.Many(500, 5343, 8086))
        {
            // What a result that is not known leaves open has properties of its own (BlankedPropertyTests).
            var patient = rolled with { Immunofixations = rolled.Immunofixations.RemoveAll(fixation => fixation.Positive.IsUnknown) };
            var derived = Derivation.Derive(patient, DerivationPolicy.Default);
            foreach (var (line, response) in derived.Lines.Zip(derived.ByRuleset[0].Responses))
            {
                wrong.AddRange(Differences(patient, line, response).Select(difference => $"seed {seed}, line {line.Number}: {difference}"));
            }

            if (wrong.Count > 40)
                break;
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));
    }

    private static IEnumerable<string> Differences(MyelomaCase patient, LineOfTherapy line, LineResponse engine)
    {
        var oracle = Imwg2016.Judge(patient, line);
        if (engine.MeasurableBy != oracle.Set)
            return [$"set {engine.MeasurableBy}, oracle {oracle.Set}"];
        var (dates, others) = (engine.Assessments.Select(at => at.Date.Text), oracle.Dates.Select(at => at.Date.Text));
        if (!dates.SequenceEqual(others, StringComparer.Ordinal))
            return [$"{oracle.Set} dates: engine {string.Join(' ', dates)}, oracle {string.Join(' ', others)}"];
        return engine.Assessments.Zip(oracle.Dates).Select(pair => Difference(pair.First, pair.Second)).Append(Difference(engine, oracle)).OfType<string>().Take(2)
            .Select(difference => $"{oracle.Set} {difference}");
    }

    private static string? Difference(ResponseAt engine, Verdict oracle)
    {
        var (ours, theirs) = (oracle.ToString(), new Verdict(engine.Date)
        {
            Progressions = engine.Level == ResponseLevel.Progressive ? [engine.Criterion!] : [],
            Level = engine.Level,
            Confirmed = engine.Confirmed,
            Strict = engine.Strict,
            Relaxed = engine.Relaxed,
            BoundWorst = engine.BoundWorst,
            BoundBest = engine.BoundBest,
        }.ToString());
        return ours == theirs ? null : $"engine {theirs} ({string.Join(' ', engine.Flags)}), oracle {ours}";
    }

    private static string? Difference(LineResponse engine, LineVerdict oracle)
    {
        var ours = $"best {Category.NameOf(oracle.Best)} confirmed {Category.NameOf(oracle.BestConfirmed)} progression {oracle.Progression?.Date} {oracle.Progression?.Confirmed} {oracle.Progression?.ConfirmedOn}";
        var theirs = $"best {Category.NameOf(engine.Best)} confirmed {Category.NameOf(engine.BestConfirmed)} progression {engine.Progression?.Date} {engine.Progression?.Confirmed} {engine.Progression?.ConfirmedDate}";
        return ours == theirs ? null : $"engine {theirs}, oracle {ours}";
    }
}
