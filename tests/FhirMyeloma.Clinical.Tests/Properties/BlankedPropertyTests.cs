using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.Clinical.Tests.Properties;

/// <summary>Promises about charts whose values were taken away and whose dates were kept (R-UNIT-6, R-BASE-1, R-NADIR-1, section "Bounds" of the rules).</summary>
public class BlankedPropertyTests(ITestOutputHelper output)
{
    private static readonly Flag[] Caveats = [Flag.BaselineMissing, Flag.NadirUnconfirmed, Flag.PdPossible, Flag.CensoredValue];

    [Theory]
    [InlineData("IFES")]
    [InlineData("IFEU")]
    [InlineData(nameof(Marker.MarrowPlasmaCells))]
    [InlineData("CLON")]
    [InlineData(nameof(Marker.FlcRatio))]
    [InlineData("LESION")]
    [InlineData(nameof(Marker.SerumMProtein))]
    [InlineData(nameof(Marker.UrineMProtein))]
    public void What_a_category_rests_on_never_raises_it_by_not_being_known(string kind) => ForAll("results blanked", (dice, patient) =>
    {
        var policy = kind == nameof(Marker.UrineMProtein) ? new DerivationPolicy { UrinePolicy = UrinePolicy.Strict } : DerivationPolicy.Default;
        Blank[] all = [.. Blanks.Of(patient).Where(blank => blank.Kind == kind || (kind == nameof(Marker.FlcRatio) && blank.Kind is nameof(Marker.FlcKappa) or nameof(Marker.FlcLambda)))];
        var asked = 0;
        foreach (var (line, full) in Responses(patient, policy))
        {
            Blank[] within = [.. all.Where(blank => line.First.IsBefore(blank.Date).IsMet)];
            if (within.Length == 0 || full.Assessments.IsEmpty)
                continue;
            var blank = dice.Pick(within.AsSpan());
            // Marrow and imaging speak for dates around theirs.
            Blank[] blanks = kind == nameof(Marker.FlcRatio) ? [.. all.Where(other => other.Date == blank.Date)] : [blank];
            var less = Derive(Blanks.Without(patient, blanks), line, policy);
            foreach (var at in full.Assessments.Where(at => at.Date == blank.Date || kind is nameof(Marker.MarrowPlasmaCells) or "CLON"))
            {
                asked++;
                if (at.Level >= ResponseLevel.Stable && less.Assessments.FirstOrDefault(other => other.Date == at.Date) is { } now && now.Level > at.Level
                    && (at.Date == blank.Date || at.Level >= ResponseLevel.Complete))
                    return (asked, $"line {line.Number} {full.MeasurableBy}, {at.Date} without {blank}: {at.Level} became {now.Level}");
            }
        }

        return (asked, null);
    });

    [Fact]
    public void A_sample_that_may_not_confirm_never_raises_the_category_before_it() => ForAll("confirming samples blanked", (dice, patient) =>
    {
        var all = Blanks.Of(patient);
        var asked = 0;
        foreach (var (line, full) in Responses(patient, DerivationPolicy.Default))
        {
            if (full.Assessments.Length < 2)
                continue;
            var i = dice.Roll(0, full.Assessments.Length - 2);
            var (at, next) = (full.Assessments[i], full.Assessments[i + 1]);
            if (at.Level < ResponseLevel.Stable)
                continue;
            asked++;
            var less = Derive(Blanks.Without(patient, [.. all.Where(blank => blank.Date == next.Date && blank.Kind is not nameof(Marker.MarrowPlasmaCells))]), line, DerivationPolicy.Default);
            if (less.Assessments.FirstOrDefault(other => other.Date == at.Date) is { } now && now.Level > at.Level)
                return (asked, $"line {line.Number}, {at.Date} with {next.Date} blanked: {at.Level} became {now.Level}");
        }

        return (asked, null);
    });

    [Fact]
    public void A_category_that_rose_without_a_baseline_or_nadir_says_so() => ForAll("baselines or nadirs blanked", (dice, patient) =>
    {
        var all = Blanks.Of(patient);
        var asked = 0;
        foreach (var (line, full) in Responses(patient, DerivationPolicy.Default))
        {
            ClinicalDate?[] dates = [full.Baseline?.Date, full.Nadir?.Date, .. full.Assessments.Select(at => at.Nadir?.Date)];
            ClinicalDate[] known = [.. dates.OfType<ClinicalDate>().Distinct()];
            if (known.Length == 0)
                continue;
            var date = dice.Pick(known.AsSpan());
            // Words that imply a positive immunofixation are more than a value (R-UNIT-7).
            if (patient.Measurements.Any(m => m.PresentNotQuantifiable && m.Date == date))
                continue;
            asked++;
            Blank[] blanks = [.. all.Where(blank => blank.Date == date && !blank.Kind.StartsWith("IFE", StringComparison.Ordinal))];
            var less = Derive(Blanks.Without(patient, blanks), line, DerivationPolicy.Default);
            foreach (var now in less.Assessments)
            {
                if (full.Assessments.FirstOrDefault(other => other.Date == now.Date) is { } at && at.Level != ResponseLevel.NotEvaluable && now.Level > at.Level
                    && !now.Flags.Any(Caveats.Contains))
                    return (asked, $"line {line.Number} {full.MeasurableBy}, {now.Date} with {date} blanked: {at.Level} became {now.Level} with {string.Join(' ', now.Flags)}");
            }

            if (less.Best > full.Best && full.Best != ResponseLevel.NotEvaluable && !less.Flags.Any(Caveats.Contains) && !less.Assessments.Any(at => at.Flags.Any(Caveats.Contains)))
                return (asked, $"line {line.Number}, {date} blanked: best {full.Best} became {less.Best} with {string.Join(' ', less.Flags)}");
        }

        return (asked, null);
    });

    [Fact]
    public void The_full_chart_lies_within_the_bounds_of_the_blanked_one() => ForAll("lines of blanked charts", (dice, patient) =>
    {
        var blanks = Blanks.Some(dice, Blanks.Of(patient));
        var blanked = Blanks.Without(patient, blanks);
        var asked = 0;
        foreach (var (line, full) in Responses(patient, DerivationPolicy.Default))
        {
            asked++;
            var less = Derive(blanked, line, DerivationPolicy.Default);
            var because = $"without {string.Join(", ", blanks)}: line {line.Number} {full.MeasurableBy} ({less.MeasurableBy})";
            if (full.Best != ResponseLevel.NotEvaluable && (full.Best < less.BoundWorst || full.Best > less.BoundBest))
                return (asked, $"{because} {full.Best} outside {less.BoundWorst}..{less.BoundBest}");
            foreach (var at in full.Assessments.Where(at => at.Level != ResponseLevel.NotEvaluable))
            {
                if (less.Assessments.FirstOrDefault(other => other.Date == at.Date) is { } now && (at.Level < now.BoundWorst || at.Level > now.BoundBest))
                    return (asked, $"{because} {at.Date} {at.Level} outside {now.BoundWorst}..{now.BoundBest} ({now.Level} {string.Join(' ', now.Flags)})");
            }
        }

        return (asked, null);
    });

    [Fact]
    public void A_date_that_is_kept_keeps_its_assessment() => ForAll("values blanked", (dice, patient) =>
    {
        var blanks = Blanks.Some(dice, Blanks.Of(patient));
        var asked = 0;
        foreach (var (line, full) in Responses(patient, DerivationPolicy.Default))
        {
            // Which dates are assessments is a matter of the set, which the baseline decides.
            if (!blanks.All(blank => line.First.IsBefore(blank.Date).IsMet))
                continue;
            asked++;
            var less = Derive(Blanks.Without(patient, blanks), line, DerivationPolicy.Default);
            if (full.Assessments.FirstOrDefault(at => at.Level is >= ResponseLevel.Stable and < ResponseLevel.Complete && !less.Assessments.Any(other => other.Date == at.Date)) is { } lost)
                return (asked, $"line {line.Number}: {lost.Date} is gone without {string.Join(", ", blanks)}");
        }

        return (asked, null);
    });

    private void ForAll(string what, Func<Dice, MyelomaCase, (int Asked, string? Broken)> property)
    {
        List<string> wrong = [];
        var (patients, exercised, asked) = (0, 0, 0);
        foreach (var (seed, patient) in Patients.Many(150, 7836))
        {
            patients++;
            var (times, broken) = property(new Dice(seed), patient);
            asked += times;
            exercised += times > 0 ? 1 : 0;
            if (broken is not null)
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {broken}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{patients} patients, {exercised} of them with {what}, {asked} times"));
        Assert.True(wrong.Count == 0, string.Create(CultureInfo.InvariantCulture, $"{wrong.Count} of {patients}\n{string.Join('\n', wrong.Take(20))}"));
    }

    private static IEnumerable<(LineOfTherapy Line, LineResponse Response)> Responses(MyelomaCase patient, DerivationPolicy policy)
    {
        var derived = Derivation.Derive(patient, policy);
        return derived.Lines.Zip(derived.ByRuleset[0].Responses);
    }

    private static LineResponse Derive(MyelomaCase patient, LineOfTherapy line, DerivationPolicy policy) =>
        ResponseHistory.Derive(patient, line, ResponseRuleset.Imwg2016, policy);
}
