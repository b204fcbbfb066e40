using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Citations;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Evidence;

/// <summary>
/// Every result of rolled patients against what it cites: the whole derivation from the Patient and the cited inputs alone shows the same row, and without any one
/// of them it does not. <c>EVIDENCE_PATIENTS</c> rolls more.
/// </summary>
public class SufficientAndNecessaryTests
{
    private const int Rolls = 20;

    [Fact]
    public void What_a_result_cites_gives_it_again_and_nothing_cited_can_go()
    {
        var rolls = int.Parse(Environment.GetEnvironmentVariable("EVIDENCE_PATIENTS") ?? Rolls.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var tally = new SortedDictionary<string, Count>(StringComparer.Ordinal);
        for (var seed = 1; seed <= rolls; seed++)
        {
            var dice = new Dice((ulong)seed);
            var patient = Records.Roll(dice);
            var derived = Derivation.Derive(patient, DerivationPolicy.Default);
            foreach (var row in Rows.Of(derived))
                Judge(patient, row, tally, seed);
        }

        var report = string.Join('\n', tally.Select(kind => $"{kind.Key}: {kind.Value}"));
        if (Environment.GetEnvironmentVariable("EVIDENCE_REPORT") is { } file)
            File.WriteAllText(file, report);
        Assert.True(tally.Values.All(count => count.Insufficient == 0 && count.Unneeded == 0), report);
    }

    private static void Judge(MyelomaCase patient, Row row, SortedDictionary<string, Count> tally, int seed)
    {
        if (!tally.TryGetValue(row.Kind, out var count))
            tally.Add(row.Kind, count = new());
        count.Rows++;
        count.Cited += row.Cited.Length;
        HashSet<SourceId> cited = [.. row.Cited];
        if (!IsGivenBy(patient, cited, row))
        {
            count.Insufficient++;
            count.Note($"seed {seed} {row.Name} is not given by {string.Join(' ', row.Cited)}");
            return;
        }

        foreach (var source in row.Cited)
        {
            if (row.Decreed.Contains(source))
                continue;
            cited.Remove(source);
            if (IsGivenBy(patient, cited, row))
            {
                count.Unneeded++;
                count.Note($"seed {seed} {row.Name} does not need {source}");
            }

            cited.Add(source);
        }
    }

    private static bool IsGivenBy(MyelomaCase patient, HashSet<SourceId> sources, Row row)
    {
        var part = patient.Only(sources);
        return part.HasMyelomaEvidence && row.IsIn(Derivation.Derive(part, DerivationPolicy.Default));
    }

    private sealed class Count
    {
        private readonly List<string> _first = [];

        public int Rows { get; set; }

        public int Cited { get; set; }

        public int Insufficient { get; set; }

        public int Unneeded { get; set; }

        public void Note(string text)
        {
            if (_first.Count < 6)
                _first.Add(text);
        }

        public override string ToString() =>
            $"{Rows} rows, {Cited} cited, {Insufficient} insufficient, {Unneeded} unneeded" + string.Concat(_first.Select(text => "\n    " + text));
    }
}

/// <summary>A result as the wire has it: what it cites, what is cited by decree, and whether another derivation shows it.</summary>
internal sealed record Row(string Kind, string Name, ImmutableArray<SourceId> Cited, ImmutableArray<SourceId> Decreed, Func<DerivedCase, bool> IsIn);

/// <summary>All rows of a patient.</summary>
internal static class Rows
{
    public static IEnumerable<Row> Of(DerivedCase derived)
    {
        foreach (var line in derived.Lines)
            yield return new("line-of-therapy", $"line {line.Number}", line.Sources, line.Decreed.Sources, other => other.Lines.Any(one => Shown.Same(line, one)));
        foreach (var change in derived.Switches)
            yield return new("anti-cd38-washout", $"washout {change.From} {change.Ordinal}", change.Sources, [], other => other.Switches.Any(one => Shown.Same(change, one)));
        var under = derived.ByRuleset[0];
        foreach (var response in under.Responses)
        {
            yield return new("imwg-response", $"response {response.Line}", response.Sources, [], other => other.ByRuleset[0].Responses.Any(one => Shown.Same(response, one)));
            foreach (var at in response.Assessments)
            {
                yield return new("imwg-response-at", $"response {at.Line} at {at.Date}", at.Sources, [],
                    other => other.ByRuleset[0].Responses.SelectMany(one => one.Assessments).Any(one => Shown.Same(at, one)));
            }
        }

        foreach (var drug in under.Refractoriness)
        {
            var decreed = derived.Lines.First(line => line.Number == drug.Line).Drugs.First(period => period.Drug == drug.Drug).Sources;
            yield return new("drug-refractoriness", $"{drug.Drug} in {drug.Line}", drug.Sources, decreed, other => other.ByRuleset[0].Refractoriness.Any(one =>
                one.Drug == drug.Drug && one.Line == drug.Line
                && Shown.Same(drug, under.Responses.First(r => r.Line == drug.Line), one, other.ByRuleset[0].Responses.First(r => r.Line == one.Line))));
        }

        yield return new("class-refractoriness", "classes", under.ClassRefractoriness.Sources, [], other => Shown.Same(under.ClassRefractoriness, other.ByRuleset[0].ClassRefractoriness));
        foreach (var check in under.ReportedChecks)
        {
            yield return new("reported-response-check", $"stated {check.Date} {check.Order}", check.Sources, [], other => other.ByRuleset[0].ReportedChecks.Any(one =>
                Shown.Same(check, under.Responses.FirstOrDefault(r => r.Line == check.Line), one, other.ByRuleset[0].Responses.FirstOrDefault(r => r.Line == one.Line))));
        }

        for (var i = 0; i < derived.Mrd.Length; i++)
        {
            var status = derived.Mrd[i];
            var order = derived.Mrd.Take(i).Count(other => other.Date == status.Date);
            yield return new("mrd-status", $"mrd {status.Date} {order}", status.Sources, [],
                other => other.Mrd.Where(one => one.Date == status.Date).Skip(order).FirstOrDefault() is { } one && Shown.Same(status, one));
        }

        foreach (var time in under.TimesToEvent)
            yield return new("time-to-event", $"{time.Endpoint} {time.Line}", time.Sources, [], other => other.ByRuleset[0].TimesToEvent.Any(one => Shown.Same(time, one)));
        foreach (var stage in derived.Stages)
            yield return new("stage", $"{stage.System}", stage.Sources, [], other => other.Stages.Any(one => Shown.Same(stage, one)));
        foreach (var risk in derived.Risks)
            yield return new("cytogenetic-risk", $"{risk.Definition}", risk.Sources, [], other => other.Risks.Any(one => Shown.Same(risk, one)));
    }
}
