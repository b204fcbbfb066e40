using System.Globalization;
using System.Text.Json.Nodes;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Tests.Properties;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Tests.Inbound;
using FhirMyeloma.Mapping.Tests.Outbound;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>Rolled patients whose results are sent with their date and a data-absent-reason in place of the value.</summary>
public class BlankedRolledPatientsTests(ITestOutputHelper output)
{
    private static readonly string[] NotKnown = ["unknown", "asked-unknown", "temp-unknown", "masked", "error", "as-text"];
    private static readonly string[] NotMeasured = ["not-performed", "not-asked", "asked-declined", "not-applicable", "unsupported"];
    private static readonly Flag[] Caveats = [Flag.BaselineMissing, Flag.NadirUnconfirmed, Flag.PdPossible, Flag.CensoredValue];

    [Fact]
    public void Measured_and_not_known_means_the_same_on_the_wire_and_in_the_case() => ForAll((dice, patient, blanks) =>
    {
        var wire = Derive(Sent(patient, blanks, dice.Pick(NotKnown)));
        Listed.Same(RolledPatientsTests.Verdicts(Derivation.Derive(Blanks.Without(patient, blanks), DerivationPolicy.Default)), RolledPatientsTests.Verdicts(wire));
        return wire.Lines.Length;
    });

    [Fact]
    public void What_was_never_measured_is_as_if_it_had_not_been_sent() => ForAll((dice, patient, blanks) =>
    {
        var sent = Sent(patient, blanks, dice.Pick(NotMeasured));
        var wire = Derive(sent);
        Listed.Same(RolledPatientsTests.Verdicts(Derive(sent.Where(resource => resource["dataAbsentReason"] is null))), RolledPatientsTests.Verdicts(wire));
        return wire.Lines.Length;
    });

    [Fact]
    public void The_full_feed_lies_within_the_bounds_of_the_blanked_one() => ForAll((dice, patient, blanks) =>
    {
        var (full, less) = (Derive(Tell(patient)), Derive(Sent(patient, blanks, dice.Pick(NotKnown))));
        var asked = 0;
        foreach (var (line, response) in Common(full, less))
        {
            asked++;
            Assert.False(line.Best != ResponseLevel.NotEvaluable && (line.Best < response.BoundWorst || line.Best > response.BoundBest),
                $"line {line.Line} without {string.Join(", ", blanks)}: {line.Best} outside {response.BoundWorst}..{response.BoundBest}");
            foreach (var at in line.Assessments.Where(at => at.Level != ResponseLevel.NotEvaluable))
            {
                var now = response.Assessments.FirstOrDefault(other => other.Date == at.Date);
                Assert.False(now is not null && (at.Level < now.BoundWorst || at.Level > now.BoundBest),
                    $"{at.Date} without {string.Join(", ", blanks)}: {at.Level} outside {now?.BoundWorst}..{now?.BoundBest}");
            }
        }

        return asked;
    });

    [Fact]
    public void A_category_that_rose_says_so() => ForAll((dice, patient, blanks) =>
    {
        blanks = [.. blanks.Where(blank => Enum.TryParse<Marker>(blank.Kind, out _))];
        var (full, less) = (Derive(Tell(patient)), Derive(Sent(patient, blanks, dice.Pick(NotKnown))));
        var asked = 0;
        foreach (var (line, response) in Common(full, less))
        {
            foreach (var at in line.Assessments.Where(at => at.Level is not ResponseLevel.NotEvaluable and not >= ResponseLevel.VeryGoodPartial))
            {
                asked++;
                var now = response.Assessments.FirstOrDefault(other => other.Date == at.Date);
                Assert.False(now is not null && now.Level > at.Level && !now.Flags.Any(Caveats.Contains),
                    $"{at.Date} without {string.Join(", ", blanks)}: {at.Level} became {now?.Level} with {string.Join(' ', now?.Flags ?? [])}");
            }
        }

        return asked;
    });

    private static IEnumerable<(LineResponse Full, LineResponse Less)> Common(DerivedCase full, DerivedCase less) =>
        from one in full.Lines.Zip(full.ByRuleset[0].Responses)
        from other in less.Lines.Zip(less.ByRuleset[0].Responses)
        where (one.First.Number, one.First.First, one.First.NewTherapy, one.First.PreviousLineStart) == (other.First.Number, other.First.First, other.First.NewTherapy, other.First.PreviousLineStart)
        select (one.Second, other.Second);

    private void ForAll(Func<Dice, MyelomaCase, Blank[], int> property)
    {
        List<string> wrong = [];
        var (patients, exercised, asked) = (0, 0, 0);
        foreach (var (seed, rolled) in Clinical.Tests.Properties.Patients.Many(50))
        {
            var dice = new Dice(seed);
            var patient = RolledPatientsTests.WithoutWhatTheFeedLeavesOut(rolled);
            patients++;
            if (Blanks.Some(dice, Blanks.Of(patient)) is not { Length: > 0 } blanks)
                continue;
            exercised++;
            try
            {
                asked += property(dice, patient, blanks);
            }
            catch (Xunit.Sdk.XunitException broken)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {broken.Message}"));
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{patients} patients, {exercised} blanked, {asked} times asked"));
        Assert.True(wrong.Count == 0, string.Create(CultureInfo.InvariantCulture, $"{wrong.Count} of {patients}\n{string.Join('\n', wrong.Take(20))}"));
    }

    private static List<JsonObject> Tell(MyelomaCase patient) => new HospitalFeed(patient, new(1), Dialect.Plain).Write();

    /// <summary>The feed with those results sent as a date and a reason.</summary>
    private static List<JsonObject> Sent(MyelomaCase patient, Blank[] blanks, string reason)
    {
        var ids = patient.Measurements.Where(m => blanks.Contains(new(m.Marker.ToString(), m.Date))).Select(m => m.Source)
            .Concat(patient.Immunofixations.Where(f => blanks.Contains(new(f.Sample == ImmunofixationSample.Serum ? "IFES" : "IFEU", f.Date))).Select(f => f.Source))
            .Concat(patient.Clonality.Where(c => blanks.Contains(new("CLON", c.Date))).Select(c => c.Source))
            .Concat(patient.Lesions.Where(l => blanks.Contains(new("LESION", l.Date))).Select(l => l.Source))
            .Select(source => source.Value.Replace('/', '-')).ToHashSet(StringComparer.Ordinal);
        var told = Tell(patient);
        foreach (var resource in told.Where(resource => ids.Contains(resource["id"]!.GetValue<string>())))
        {
            foreach (var value in resource.Select(member => member.Key).Where(name => name.StartsWith("value", StringComparison.Ordinal)).ToList())
                resource.Remove(value);
            resource["dataAbsentReason"] = new JsonObject
            {
                ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/data-absent-reason", ["code"] = reason }),
            };
        }

        return told;
    }

    private static DerivedCase Derive(IEnumerable<JsonObject> told) => Derivation.Derive(
        Assert.Single(BundleToCase.Map(Hospital.Read(System.Text.Encoding.UTF8.GetString(HospitalFeed.Bundle(told)))).Patients).Case, DerivationPolicy.Default);
}
