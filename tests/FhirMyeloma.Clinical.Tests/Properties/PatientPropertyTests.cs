using System.Globalization;
using System.Text.Json;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Properties;

/// <summary>Promises about whole patients of several lines (issue 4), on <see cref="Patients"/>.</summary>
public class PatientPropertyTests
{
    // A joined sample is at most a week away (a.10).
    private const int Week = 7;

    [Fact]
    public void Deriving_twice_is_equal() => ForAll((_, patient) =>
        Text(Derived(patient)) == Text(Derived(patient)) ? null : "two derivations differ");

    [Fact]
    public void Order_of_facts_does_not_matter() => ForAll((dice, patient) =>
    {
        var shuffled = patient with
        {
            Measurements = [.. dice.Shuffle(patient.Measurements)],
            Immunofixations = [.. dice.Shuffle(patient.Immunofixations)],
            Clonality = [.. dice.Shuffle(patient.Clonality)],
            Lesions = [.. dice.Shuffle(patient.Lesions)],
            DrugBandAssays = [.. dice.Shuffle(patient.DrugBandAssays)],
            Drugs = [.. dice.Shuffle(patient.Drugs)],
        };
        return Text(Derived(patient)) == Text(Derived(shuffled)) ? null : "order changed the answer";
    });

    [Fact]
    public void Moving_all_dates_keeps_every_day_count() => ForAll((dice, patient) =>
    {
        // A month without day has no place to be moved to.
        if (patient.Measurements.Any(m => !m.Date.IsExact))
            return null;
        var days = dice.Roll(-4000, 4000);
        var (plain, moved) = (Counts(Derived(patient), 0), Counts(Derived(Moved(patient, days)), days));
        return plain == moved ? null : $"moved by {days}:\n{plain}\n{moved}";
    });

    [Theory]
    [InlineData("serum immunofixation")]
    [InlineData("urine immunofixation")]
    [InlineData("marrow")]
    [InlineData("clonality")]
    [InlineData("ratio")]
    [InlineData("lesions")]
    [InlineData("next sample")]
    [InlineData("urine")]
    public void Blanking_a_finding_at_a_date_never_raises_its_category(string finding) => ForAll((dice, patient) =>
    {
        var policy = finding == "urine" ? new DerivationPolicy { UrinePolicy = UrinePolicy.Strict } : DerivationPolicy.Default;
        foreach (var (line, full) in Responses(patient, policy))
        {
            if (full.Assessments.IsEmpty)
                continue;
            var i = dice.Roll(0, full.Assessments.Length - 1);
            var at = full.Assessments[i];
            if (at.Level < ResponseLevel.Stable || !at.Date.IsExact)
                continue;

            // A urine above 0 beside a negative immunofixation stands against CR (a.10) and is no finding that the lower category needs.
            if (finding == "urine" && patient.Measurements.Any(m => m.Marker == Marker.UrineMProtein && m.Value.High != 0 && IsNear(m.Date, at.Date)))
                continue;

            // A lone immunofixation makes its day a serum date that urine joins; without it another assessment is meant, not the same one with less.
            if (finding == "serum immunofixation" && patient.Immunofixations.Any(f => f.Sample == ImmunofixationSample.Serum && IsNear(f.Date, at.Date)
                && !patient.Measurements.Any(m => m.Date == f.Date && m.Marker is Marker.SerumMProtein or Marker.FlcKappa or Marker.FlcLambda)))
                continue;
            var blanked = finding == "next sample"
                ? i + 1 < full.Assessments.Length && !IsNear(full.Assessments[i + 1].Date, at.Date) ? WithoutSample(patient, full.Assessments[i + 1].Date) : patient
                : Blanked(patient, finding, line, at.Date);
            var less = ResponseHistory.Derive(blanked, line, ResponseRuleset.Imwg2016, policy);
            if (less.MeasurableBy == full.MeasurableBy && less.Assessments.FirstOrDefault(other => other.Date == at.Date) is { } now && now.Level > at.Level)
                return $"line {line.Number}, {at.Date} without {finding}: {at.Level} became {now.Level}";
        }

        return null;
    });

    [Fact]
    public void A_worse_value_never_improves_the_category_at_its_date() => ForAll((dice, patient) =>
    {
        foreach (var (line, full) in Responses(patient, DerivationPolicy.Default))
        {
            if (full.Assessments.IsEmpty)
                continue;
            var at = dice.Pick(full.Assessments.AsSpan());
            var involved = patient.Diagnosis.LightChain switch { LightChain.Kappa => Marker.FlcKappa, LightChain.Lambda => Marker.FlcLambda, _ => (Marker?)null };
            var marker = dice.Pick(Marker.SerumMProtein, Marker.UrineMProtein, involved ?? Marker.SerumMProtein, Marker.MarrowPlasmaCells);

            // More of the involved chain is worse where it is in excess; below, it would bring the ratio towards normal.
            if (marker == involved && !patient.Measurements.Any(m => m.Date == at.Date && m.Marker == marker && m.Value.Low > 60))
                continue;
            var add = dice.Pick(0.01m, 0.3m, 0.5m, dice.Amount(0, 9, 2)) * (marker == Marker.SerumMProtein ? 1 : 50);
            var worse = patient with
            {
                Measurements = [.. patient.Measurements.Select(m => m.Marker == marker && m.Date == at.Date ? m with { Value = m.Value + Reading.Exact(add), PresentNotQuantifiable = false } : m)],
            };
            var now = ResponseHistory.Derive(worse, line, ResponseRuleset.Imwg2016, DerivationPolicy.Default).Assessments.FirstOrDefault(other => other.Date == at.Date);
            if (at.Level != ResponseLevel.NotEvaluable && now is not null && now.Level > at.Level)
                return $"line {line.Number}, {at.Date} with {add} more {marker}: {at.Level} became {now.Level}";
        }

        return null;
    });

    [Fact]
    public void The_full_chart_lies_within_the_bounds_of_the_chart_with_values_blanked() => ForAll((dice, patient) =>
    {
        foreach (var (line, full) in Responses(patient, DerivationPolicy.Default))
        {
            if (full.Assessments.IsEmpty)
                continue;
            var at = dice.Pick(full.Assessments.AsSpan());
            var marker = dice.Pick(Marker.SerumMProtein, Marker.UrineMProtein, Marker.FlcKappa, Marker.MarrowPlasmaCells);

            // A value whose date alone is kept may be any: at least 0.
            var blanked = patient with { Measurements = [.. patient.Measurements.Select(m => m.Marker == marker && m.Date == at.Date ? m with { Value = Reading.AtLeast(0), PresentNotQuantifiable = false } : m)] };
            if (patient.Measurements.Any(m => m.PresentNotQuantifiable && m.Date == at.Date))
                continue;
            var less = ResponseHistory.Derive(blanked, line, ResponseRuleset.Imwg2016, DerivationPolicy.Default);
            if (less.Assessments.FirstOrDefault(other => other.Date == at.Date) is not { } open || at.Level == ResponseLevel.NotEvaluable || open.Level == ResponseLevel.NotEvaluable)
                continue;
            if (at.Level < open.BoundWorst || at.Level > open.BoundBest)
                return $"line {line.Number} {full.MeasurableBy}, {at.Date} without the value of {marker}: {at.Level} is outside {open.BoundWorst}..{open.BoundBest}";
        }

        return null;
    });

    [Fact]
    public void No_response_stands_where_the_confirmed_nadir_gives_progression() => ForAll((_, patient) =>
    {
        foreach (var (line, full) in Responses(patient, DerivationPolicy.Default))
        {
            foreach (var at in full.Assessments.Where(at => at.Level >= ResponseLevel.Stable))
            {
                if (at is not { Value.Value.Value: { } now, Nadir.Value.Value: { } nadir })
                    continue;
                var (percent, rise) = (nadir <= 0 || now >= 1.25m * nadir, now - Math.Max(nadir, 0));
                var progressed = at.Marker switch
                {
                    ResponseMarker.SerumM => (percent && rise >= 0.5m) || (nadir >= 5 && rise >= 1),
                    ResponseMarker.UrineM => percent && rise >= 200,
                    ResponseMarker.Dflc => percent && rise > 100,
                    ResponseMarker.Marrow => percent && rise >= 10,
                    _ => false,
                };
                if (progressed)
                    return $"line {line.Number}, {at.Date}: {at.Level} although {at.Marker} rose from {nadir} to {now}";
            }
        }

        return null;
    });

    private static void ForAll(Func<Dice, MyelomaCase, string?> property)
    {
        foreach (var (seed, patient) in Patients.Many(150))
        {
            if (property(new Dice(seed), patient) is { } broken)
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {broken}"));
        }
    }

    private static DerivedCase Derived(MyelomaCase patient) => Derivation.Derive(patient, DerivationPolicy.Default);

    private static IEnumerable<(LineOfTherapy Line, LineResponse Response)> Responses(MyelomaCase patient, DerivationPolicy policy)
    {
        var derived = Derivation.Derive(patient, policy);
        return derived.Lines.Zip(derived.ByRuleset[0].Responses);
    }

    // All results of the kind that can speak for the date: one that stayed would only step into its place.
    private static MyelomaCase Blanked(MyelomaCase patient, string finding, LineOfTherapy line, ClinicalDate at)
    {
        return finding switch
        {
            "serum immunofixation" => patient with { Immunofixations = patient.Immunofixations.RemoveAll(f => f.Sample == ImmunofixationSample.Serum && Near(f.Date)) },
            "urine immunofixation" => patient with { Immunofixations = patient.Immunofixations.RemoveAll(f => f.Sample == ImmunofixationSample.Urine && Near(f.Date)) },
            "marrow" => patient with { Measurements = patient.Measurements.RemoveAll(m => m.Marker == Marker.MarrowPlasmaCells && InLine(m.Date)) },
            "clonality" => patient with { Clonality = patient.Clonality.RemoveAll(c => InLine(c.Date)) },
            "ratio" => patient with { Measurements = patient.Measurements.RemoveAll(m => m.Marker is Marker.FlcKappa or Marker.FlcLambda or Marker.FlcRatio && m.Date == at) },
            "lesions" => patient with { Lesions = patient.Lesions.RemoveAll(l => InLine(l.Date)) },
            "urine" => patient with { Measurements = patient.Measurements.RemoveAll(m => m.Marker == Marker.UrineMProtein && Near(m.Date)) },
            _ => throw new InvalidDataException(finding),
        };

        bool InLine(ClinicalDate date) => date.First > line.First.Last;

        bool Near(ClinicalDate date) => InLine(date) && IsNear(date, at);
    }

    // A result joins over a week, and can be lent over another.
    private static bool IsNear(ClinicalDate date, ClinicalDate at) => date == at || Math.Abs(date.First.DayNumber - at.First.DayNumber) <= 2 * Week;

    // Blood and urine of that day; marrow and imaging are no second sample.
    private static MyelomaCase WithoutSample(MyelomaCase patient, ClinicalDate date) => patient with
    {
        Measurements = patient.Measurements.RemoveAll(m => m.Marker != Marker.MarrowPlasmaCells && m.Date == date),
        Immunofixations = patient.Immunofixations.RemoveAll(f => f.Date == date),
    };

    private static MyelomaCase Moved(MyelomaCase patient, int days)
    {
        return patient with
        {
            Diagnosis = patient.Diagnosis with { Date = patient.Diagnosis.Date is { } date ? Move(date) : null },
            LastContact = patient.LastContact is { } contact ? Move(contact) : null,
            Measurements = [.. patient.Measurements.Select(m => m with { Date = Move(m.Date) })],
            Immunofixations = [.. patient.Immunofixations.Select(f => f with { Date = Move(f.Date) })],
            Clonality = [.. patient.Clonality.Select(c => c with { Date = Move(c.Date) })],
            Lesions = [.. patient.Lesions.Select(l => l with { Date = Move(l.Date) })],
            DrugBandAssays = [.. patient.DrugBandAssays.Select(a => a with { Date = Move(a.Date) })],
            Drugs = [.. patient.Drugs.Select(d => d with { Start = d.Start is { } start ? Move(start) : null, End = d.End is { } end ? Move(end) : null })],
        };

        ClinicalDate Move(ClinicalDate date) => ClinicalDate.Of(date.First.AddDays(days));
    }

    /// <summary>Everything that must not change, dates counted back by the move; categories of washout go by calendar months and may.</summary>
    private static string Counts(DerivedCase derived, int moved)
    {
        return string.Join('\n', derived.Lines.Select(line => $"{line.Number} {line.Regimen} {Day(line.First)}-{Day(line.Last)} {line.CyclesStarted} {line.StartReason} {line.Confidence}")
            .Concat(derived.ByRuleset[0].Responses.Select(line => $"{line.Line} {line.MeasurableBy} {line.Best} {line.BestConfirmed} {line.PercentChange} {Day(line.Progression?.Date)} {string.Join('+', line.Flags)}"))
            .Concat(derived.ByRuleset[0].Responses.SelectMany(line => line.Assessments)
                .Select(at => $"{Day(at.Date)} {at.Level} {at.Confirmed} {at.Strict} {at.Relaxed} {at.BoundWorst} {at.BoundBest} {string.Join('+', at.Flags)} {string.Join('+', at.Missing)}"))
            .Concat(derived.Switches.Select(change => $"{change.Days}")));

        int? Day(ClinicalDate? date) => date?.First.DayNumber - moved;
    }

    private static string Text(DerivedCase derived) => JsonSerializer.Serialize(derived);
}
