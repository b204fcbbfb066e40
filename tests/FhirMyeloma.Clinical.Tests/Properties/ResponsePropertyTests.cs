using System.Text.Json;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.Clinical.Tests.Properties;

/// <summary>Promises that hold for every chart, on thousands of rolled ones.</summary>
public class ResponsePropertyTests(ITestOutputHelper output)
{
    private const int Rolls = 2000;

    [Fact]
    public void Order_of_facts_does_not_matter() => ForAll((dice, patient, line) =>
    {
        var shuffled = patient with
        {
            Measurements = [.. dice.Shuffle(patient.Measurements)],
            Immunofixations = [.. dice.Shuffle(patient.Immunofixations)],
            Clonality = [.. dice.Shuffle(patient.Clonality)],
            Drugs = [.. dice.Shuffle(patient.Drugs)],
        };
        return Text(Derive(patient, line)) == Text(Derive(shuffled, line)) ? null : "order changed the answer";
    });

    [Fact]
    public void Moving_all_dates_changes_dates_alone() => ForAll((dice, patient, line) =>
    {
        var days = dice.Roll(-4000, 4000);
        var moved = Derive(Moved(patient, days), line with { First = Move(line.First, days), Last = Move(line.Last, days), NewTherapy = line.NewTherapy is { } next ? Move(next, days) : null });
        var plain = Derive(patient, line);
        return Text(plain.Assessments.Select(at => (at.Level, at.Confirmed, at.Strict, at.Relaxed, at.BoundWorst, at.BoundBest, Flags: Text(at.Flags), Text(at.Missing))))
            == Text(moved.Assessments.Select(at => (at.Level, at.Confirmed, at.Strict, at.Relaxed, at.BoundWorst, at.BoundBest, Flags: Text(at.Flags), Text(at.Missing))))
            && plain.Best == moved.Best && plain.BestConfirmed == moved.BestConfirmed && plain.PercentChange == moved.PercentChange && Text(plain.Flags) == Text(moved.Flags)
            ? null
            : "moving the dates changed more than dates";
    });

    [Theory]
    [InlineData("serum immunofixation")]
    [InlineData("urine immunofixation")]
    [InlineData("marrow")]
    [InlineData("clonality")]
    public void Blanking_a_finding_never_raises_a_category_and_stays_in_bounds(string finding) => ForAll((dice, patient, line) =>
    {
        var blanked = finding switch
        {
            "serum immunofixation" => patient with { Immunofixations = patient.Immunofixations.RemoveAll(f => f.Sample == ImmunofixationSample.Serum) },
            "urine immunofixation" => patient with { Immunofixations = patient.Immunofixations.RemoveAll(f => f.Sample == ImmunofixationSample.Urine) },
            "marrow" => patient with { Measurements = patient.Measurements.RemoveAll(m => m.Marker == Marker.MarrowPlasmaCells) },
            _ => patient with { Clonality = [] },
        };
        // A lone immunofixation makes its day a serum date that urine joins; without it another assessment is meant, not the same one with less.
        if (patient.Immunofixations.Any(f => f.Sample == ImmunofixationSample.Serum && !patient.Measurements.Any(m => m.Date == f.Date && m.Marker != Marker.UrineMProtein && m.Marker != Marker.MarrowPlasmaCells)))
            return null;
        var full = Derive(patient, line);
        var less = Derive(blanked, line);
        if (full.MeasurableBy != less.MeasurableBy)
            return null;
        foreach (var at in less.Assessments)
        {
            if (full.Assessments.FirstOrDefault(other => other.Date == at.Date) is not { } other)
                continue;
            if (at.Level > other.Level && other.Level is not (ResponseLevel.Progressive or ResponseLevel.NotEvaluable))
                return $"{at.Date}: {other.Level} became {at.Level}";
            if (other.Level >= ResponseLevel.Stable && at.Level >= ResponseLevel.Stable && (other.Level < at.BoundWorst || other.Level > at.BoundBest))
                return $"{at.Date}: {other.Level} outside {at.BoundWorst}..{at.BoundBest}";
        }

        return null;
    });

    [Fact]
    public void Missing_urine_costs_a_rung_under_strict() => ForAll((dice, patient, line) =>
    {
        var strict = new DerivationPolicy { UrinePolicy = UrinePolicy.Strict };
        var full = ResponseHistory.Derive(patient, line, ResponseRuleset.Imwg2016, strict);
        if (full.MeasurableBy != MeasurableBy.Serum || full.Assessments.FirstOrDefault(at => at.Level == ResponseLevel.VeryGoodPartial) is not { } at)
            return null;
        var blanked = patient with { Measurements = patient.Measurements.RemoveAll(m => m.Marker == Marker.UrineMProtein && m.Date > line.First) };
        var less = ResponseHistory.Derive(blanked, line, ResponseRuleset.Imwg2016, strict).Assessments.First(other => other.Date == at.Date);
        return less.Level < ResponseLevel.VeryGoodPartial ? null : $"{at.Date}: still {less.Level}";
    });

    [Fact]
    public void A_worse_value_never_improves_the_category_at_its_date() => ForAll((dice, patient, line) =>
    {
        var plain = Derive(patient, line);
        if (plain.Assessments.IsEmpty)
            return null;
        var at = dice.Pick(plain.Assessments.AsSpan());
        var marker = patient.Diagnosis.LightChain == LightChain.Lambda ? Marker.FlcLambda : Marker.FlcKappa;
        var add = dice.Amount(0, 3, 2);
        var worse = patient with
        {
            Measurements =
            [
                .. patient.Measurements.Select(m => m.Date != at.Date ? m
                    : m.Marker == Marker.SerumMProtein ? m with { Value = m.Value + Reading.Exact(add) }
                    : m.Marker == Marker.UrineMProtein ? m with { Value = m.Value + Reading.Exact(add * 100) }
                    : m.Marker == marker && patient.Diagnosis.LightChain != LightChain.Unknown ? m with { Value = m.Value + Reading.Exact(add * 100) }
                    : m.Marker == Marker.MarrowPlasmaCells ? m with { Value = m.Value + Reading.Exact(add) } : m),
            ],
        };
        var after = Derive(worse, line).Assessments.FirstOrDefault(other => other.Date == at.Date);
        return after is null || after.Level <= at.Level || at.Level == ResponseLevel.NotEvaluable ? null : $"{at.Date}: {at.Level} became {after.Level}";
    });

    [Fact]
    public void Views_and_bounds_enclose_the_category() => ForAll((dice, patient, line) =>
    {
        var response = Derive(patient, line);
        foreach (var at in response.Assessments)
        {
            if ((at.BoundWorst > at.Level && at.Level != ResponseLevel.NotEvaluable) || at.BoundBest < at.Level)
                return $"{at.Date}: {at.Level} outside {at.BoundWorst}..{at.BoundBest}";
            if (at.Strict > at.Relaxed)
                return $"{at.Date}: strict {at.Strict} above relaxed {at.Relaxed}";
            if (at.Missing.IsEmpty != (at.BoundBest == at.BoundWorst) && at.Level is not (ResponseLevel.NotEvaluable or ResponseLevel.Progressive) && !IsHeldApartOtherwise(at))
                return $"{at.Date}: {at.BoundWorst}..{at.BoundBest} but missing is {Text(at.Missing)}";
        }

        return response.BestConfirmed > response.Best ? "confirmed above best" : null;
    });

    [Fact]
    public void Missing_inputs_settle_the_category_whatever_they_are_and_none_is_asked_for_in_vain()
    {
        var (asked, weighed) = (0, 0);
        ForAll((dice, rolled, line) =>
        {
            var dates = Derive(rolled, line).Assessments.Where(at => at.Level >= ResponseLevel.Stable).Select(at => at.Date).ToArray();
            var open = dice.Shuffle(dates).Select(date => (Date: date, Patient: dice.Chance(80) ? Focused(rolled, date, dice.Chance(70)) : rolled))
                .Select(chart => (chart.Patient, At: Derive(chart.Patient, line).Assessments.FirstOrDefault(at => at.Date == chart.Date)))
                .FirstOrDefault(chart => chart.At is { Missing.IsEmpty: false, Level: >= ResponseLevel.Stable } at && !IsHeldApartOtherwise(at) && CanFill(chart.Patient, at));
            if (open is not { Patient: { } patient, At: { } at })
                return null;
            asked++;
            if (Enumerable.Range(0, 1 << at.Missing.Length).FirstOrDefault(values => !Meets(Filled(patient, at, at.Missing, values), line, at, rangesApart: true), -1) is >= 0 and var left)
                return $"{at.Date}: {Text(at.Missing)} with values {left} leaves it open";
            // Immunofixations of neighbouring days are joined otherwise once the date has its own.
            if (patient.Immunofixations.Any(f => f.Date != at.Date))
                return null;
            // A CR candidate also names what something measured makes idle: it is the list for the next visit.
            if (at.Flags.Contains(Flag.CrCandidate))
                return null;
            weighed++;
            foreach (var spared in at.Missing)
            {
                var others = at.Missing.Remove(spared);
                if (Enumerable.Range(0, 1 << others.Length).All(values => Meets(Filled(patient, at, others, values), line, at, rangesApart: false)))
                    return $"{at.Date}: {Text(at.Missing)} without {spared} settles it as well";
            }

            return null;
        });
        output.WriteLine($"{asked} of {Rolls} charts had something missing, {weighed} of them were weighed");
        Assert.True(asked >= 400, $"only {asked} charts had something missing");
        Assert.True(weighed >= 200, $"in only {weighed} each input was weighed");
    }

    /// <summary>What other dates say of CR, and an antibody, taken away: what is missing on the date can then be filled in on the date alone.</summary>
    private static MyelomaCase Focused(MyelomaCase patient, ClinicalDate date, bool fixationsToo) => patient with
    {
        Drugs = [],
        Measurements = patient.Measurements.RemoveAll(m => m.Marker == Marker.MarrowPlasmaCells && m.Date != date),
        Clonality = patient.Clonality.RemoveAll(c => c.Date != date),
        Immunofixations = fixationsToo ? patient.Immunofixations.RemoveAll(f => f.Date != date) : patient.Immunofixations,
    };

    private static bool IsHeldApartOtherwise(ResponseAt at) =>
        at.Flags.Any(flag => flag is Flag.CensoredValue or Flag.ContradictoryValues or Flag.NadirUnconfirmed or Flag.PdPossible);

    // A positive immunofixation that may be the drug is on the record already: another result of the same day would only contradict it.
    private static bool CanFill(MyelomaCase patient, ResponseAt at) =>
        !at.Missing.Contains(MissingInput.Lesion) && !patient.Immunofixations.Any(f => f.Date == at.Date && f.Sample == ImmunofixationSample.Serum && at.Missing.Contains(MissingInput.IfeSerum))
        && !patient.Measurements.Any(m => m.Date == at.Date && m.Marker == Marker.SerumMProtein && at.Missing.Contains(MissingInput.Serum))
        // Without serum M-protein of its own the date would lend what is filled in to a neighbour that has it (a.10).
        && (patient.Measurements.Any(m => m.Date == at.Date && m.Marker == Marker.SerumMProtein)
            || !patient.Measurements.Any(m => m.Marker != Marker.MarrowPlasmaCells && m.Date != at.Date && Math.Abs(m.Date.First.DayNumber - at.Date.First.DayNumber) <= 7))
        // Under an antibody a positive immunofixation settles nothing by itself (section b).
        && !(at.Missing.Contains(MissingInput.IfeSerum) && !patient.Drugs.IsEmpty)
        // Marrow of other days counts from the first negative immunofixations, which can be missing on other dates too.
        && !patient.Measurements.Any(m => m.Date != at.Date && m.Marker == Marker.MarrowPlasmaCells) && !patient.Clonality.Any(c => c.Date != at.Date);

    // What a range holds apart no input brings together, whichever is given.
    private static bool Meets(MyelomaCase patient, LineOfTherapy line, ResponseAt at, bool rangesApart)
    {
        var filled = Derive(patient, line).Assessments.First(other => other.Date == at.Date);
        return filled.BoundWorst == filled.BoundBest || filled.Level is ResponseLevel.NotEvaluable or ResponseLevel.Progressive || filled.Flags.Contains(Flag.NadirUnconfirmed)
            || (rangesApart && IsHeldApartOtherwise(filled));
    }

    private static MyelomaCase Filled(MyelomaCase patient, ResponseAt at, System.Collections.Immutable.ImmutableArray<MissingInput> inputs, int values)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            var good = (values & (1 << i)) == 0;
            var source = new SourceId($"filled/{inputs[i]}");
            patient = inputs[i] switch
            {
                MissingInput.IfeSerum => patient with { Immunofixations = patient.Immunofixations.Add(new(ImmunofixationSample.Serum, Tri.Of(!good), at.Date, source)) },
                MissingInput.IfeUrine => patient with { Immunofixations = patient.Immunofixations.Add(new(ImmunofixationSample.Urine, Tri.Of(!good), at.Date, source)) },
                MissingInput.Clonality => patient with { Clonality = patient.Clonality.Add(new(Tri.Of(!good), at.Date, source)) },
                MissingInput.Bmpc => Measured(Marker.MarrowPlasmaCells, good ? 2 : 8),
                MissingInput.FlcRatio => Measured(Marker.FlcRatio, good ? 1 : 5),
                MissingInput.Urine => Measured(Marker.UrineMProtein, good ? 0 : 150),
                MissingInput.Serum => Measured(Marker.SerumMProtein, good ? 0 : 1),
                _ => throw new InvalidOperationException($"{inputs[i]}"),
            };

            MyelomaCase Measured(Marker marker, decimal value) =>
                patient with { Measurements = patient.Measurements.Add(new() { Marker = marker, Value = Reading.Exact(value), Date = at.Date, Source = source }) };
        }

        return patient;
    }

    [Fact]
    public void Every_source_is_an_input_and_each_is_named_once() => ForAll((dice, patient, line) =>
    {
        var inputs = patient.Measurements.Select(m => m.Source).Concat(patient.Immunofixations.Select(f => f.Source)).Concat(patient.Clonality.Select(c => c.Source)).Concat(patient.Drugs.Select(d => d.Source)).ToHashSet();
        var response = Derive(patient, line);
        return response.Assessments.Select(at => at.Sources).Append(response.Sources)
            .All(sources => sources.All(inputs.Contains) && sources.Distinct().Count() == sources.Length && sources.SequenceEqual(sources.Order()))
            ? null : "sources";
    });

    [Fact]
    public void A_line_is_final_exactly_when_it_is_not_flagged_unconfirmed() => ForAll((dice, patient, line) =>
    {
        var response = Derive(patient, line);
        return response.IsFinal == response.Flags.Contains(Flag.Unconfirmed) ? "final and UNCONFIRMED disagree" : null;
    });

    private static void ForAll(Func<Dice, MyelomaCase, LineOfTherapy, string?> property)
    {
        for (ulong seed = 1; seed <= Rolls; seed++)
        {
            var dice = new Dice(seed);
            var (patient, line) = Charts.Roll(dice);
            if (property(dice, patient, line) is { } broken)
                Assert.Fail($"{dice}: {broken}");
        }
    }

    private static LineResponse Derive(MyelomaCase patient, LineOfTherapy line) =>
        ResponseHistory.Derive(patient, line, ResponseRuleset.Imwg2016, DerivationPolicy.Default);

    private static MyelomaCase Moved(MyelomaCase patient, int days) => patient with
    {
        Measurements = [.. patient.Measurements.Select(m => m with { Date = Move(m.Date, days) })],
        Immunofixations = [.. patient.Immunofixations.Select(f => f with { Date = Move(f.Date, days) })],
        Clonality = [.. patient.Clonality.Select(c => c with { Date = Move(c.Date, days) })],
        Drugs = [.. patient.Drugs.Select(d => d with { Start = d.Start is { } start ? Move(start, days) : null })],
    };

    private static ClinicalDate Move(ClinicalDate date, int days) => ClinicalDate.Of(date.First.AddDays(days));

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, Options);

    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true };
}
