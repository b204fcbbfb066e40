using System.Text;
using System.Text.Json.Nodes;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Tests.Properties;
using FhirMyeloma.Mapping.Tests.Outbound;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>"The same bytes" (contract, section 2) on rolled patients: what they are told in does not change what is derived.</summary>
public class RolledPatientsTests
{
    private static readonly string[] Types = ["collection", "searchset", "transaction", "batch", "history"];

    [Fact]
    public void What_the_feed_says_is_derived_as_the_case_itself() => ForAll((_, patient) =>
    {
        var plain = WithoutWhatTheFeedLeavesOut(patient);
        var wire = Assert.Single(Story.Of(HospitalFeed.Bundle(Tell(plain, Dialect.Plain))).Patients).Results;
        Listed.Same(Verdicts(Derivation.Derive(plain, DerivationPolicy.Default)), Verdicts(wire));
    });

    [Fact]
    public void Order_and_type_of_the_bundle_do_not_matter() => ForAll((dice, patient) =>
    {
        var told = Tell(patient, Dialect.Plain);
        var (plain, other) = (Story.Of(HospitalFeed.Bundle(told)), Story.Of(HospitalFeed.Bundle(dice.Shuffle(told), dice.Pick(Types))));
        Listed.Same(Results(plain), Results(other));
        Listed.Same(Outcome(plain), Outcome(other));
    });

    [Theory]
    [InlineData(nameof(Dialect.OtherUnits))]
    [InlineData(nameof(Dialect.DecimalComma))]
    [InlineData(nameof(Dialect.OtherCodes))]
    public void Another_dialect_gives_the_same_bytes(string dialect) => ForAll((_, patient) => Listed.Same(
        Results(Story.Of(HospitalFeed.Bundle(Tell(patient, Dialect.Plain)))),
        Results(Story.Of(HospitalFeed.Bundle(Tell(patient, Enum.Parse<Dialect>(dialect)))))));

    [Fact]
    public void A_panel_of_light_chains_and_single_results_say_the_same() => ForAll((_, patient) =>
    {
        var told = Tell(patient, Dialect.Plain);
        Listed.Same(Facts(Story.Of(HospitalFeed.Bundle(told))), Facts(Story.Of(HospitalFeed.Bundle(Gathered(told)))));
    });

    [Fact]
    public void The_same_results_sent_again_under_other_ids_change_nothing() => ForAll((_, patient) =>
    {
        var told = Tell(patient, Dialect.Plain);
        var again = told.Where(resource => Type(resource) is "Observation" or "MedicationAdministration").Select(resource =>
        {
            var copy = resource.DeepClone().AsObject();
            copy["id"] = "z" + copy["id"]!.GetValue<string>();
            return copy;
        });
        Listed.Same(Facts(Story.Of(HospitalFeed.Bundle(told))), Facts(Story.Of(HospitalFeed.Bundle(told.Concat(again)))));
    });

    internal static IEnumerable<string> Verdicts(DerivedCase derived) =>
    [
        .. derived.Lines.Select(line => $"{line.Number} {line.Regimen} {line.First} {line.Last} {line.NewTherapy}"),
        .. derived.ByRuleset[0].Responses.Select(line => $"{line.Line} {line.MeasurableBy} {line.Best} {line.BestConfirmed} {line.Progression?.Date}"),
        .. derived.ByRuleset[0].Responses.SelectMany(line => line.Assessments).Select(at => $"{at.Line} {at.Date} {at.Level} {at.Confirmed} {at.BoundWorst} {at.BoundBest} {string.Join('+', at.Flags)}"),
    ];

    // Isotypes of bands, light-chain disease without its chain, marrow above 100 %, spurious marks, plasmacytomas that are only stated, and results without unit have no place in this feed.
    internal static MyelomaCase WithoutWhatTheFeedLeavesOut(MyelomaCase patient) => patient with
    {
        Diagnosis = patient.Diagnosis with { Plasmacytoma = false, HeavyChain = patient.Diagnosis is { HeavyChain: HeavyChain.NonSecretory } or { HeavyChain: HeavyChain.LightChainOnly, LightChain: LightChain.Unknown } ? HeavyChain.Unknown : patient.Diagnosis.HeavyChain },
        Measurements = [.. patient.Measurements.Where(m => m.HasUnit && !(m.Marker == Marker.MarrowPlasmaCells && m.Value.Low > 100)).Select(m => m with { Spurious = false, BandHeavyChain = default, BandLightChain = default })],
        Immunofixations = [.. patient.Immunofixations.Select(f => f with { BandHeavyChain = default, BandLightChain = default })],
        Lesions = [.. patient.Lesions.Select(l => l.Measure == LesionMeasure.Gone ? l with { Measure = LesionMeasure.Spd, Value = Reading.Exact(0) } : l)],
    };

    private static List<JsonObject> Tell(MyelomaCase patient, Dialect dialect) => new HospitalFeed(patient, new(1), dialect).Write();

    private static void ForAll(Action<Dice, MyelomaCase> property)
    {
        foreach (var (seed, patient) in Patients.Many(25))
        {
            try
            {
                property(new(seed), patient);
            }
            catch (Xunit.Sdk.XunitException broken)
            {
                Assert.Fail($"seed {seed}: {broken.Message}");
            }
        }
    }

    /// <summary>Kappa and lambda of one day, sent once each, become one Observation with components.</summary>
    private static List<JsonObject> Gathered(List<JsonObject> told)
    {
        List<JsonObject> gathered = [.. told.Select(resource => resource.DeepClone().AsObject())];
        var chains = gathered.Where(resource => Type(resource) == "Observation" && Code(resource) is "36916-5" or "33944-0" && resource["valueQuantity"]!["code"] is not null);
        foreach (var day in chains.GroupBy(resource => (resource["effectiveDateTime"]!.GetValue<string>(), resource["status"]!.GetValue<string>())).Where(day => day.Count() == 2 && day.Select(Code).Distinct(StringComparer.Ordinal).Count() == 2).ToList())
        {
            var (kept, dropped) = (day.First(), day.Last());
            kept["component"] = new JsonArray([.. day.Select(chain => new JsonObject { ["code"] = chain["code"]!.DeepClone(), ["valueQuantity"] = chain["valueQuantity"]!.DeepClone() })]);
            kept.Remove("valueQuantity");
            kept["code"] = new JsonObject { ["text"] = "Serum free light chains" };
            gathered.Remove(dropped);
        }

        return gathered;
    }

    private static string Type(JsonObject resource) => resource["resourceType"]!.GetValue<string>();

    private static string? Code(JsonObject resource) => resource["code"]?["coding"]?[0]?["code"]?.GetValue<string>();

    private static IEnumerable<string> Results(Story story) =>
        story.Root.Children("entry").ToArray().SkipLast(1).Select(entry => Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(entry)));

    private static IEnumerable<string> Facts(Story story) => Results(story).Select(text =>
    {
        var resource = JsonNode.Parse(text)!["resource"]!.AsObject();
        resource.Remove("derivedFrom");
        resource.Remove("entity");
        if (resource["component"] is JsonArray components)
            components.RemoveAll(component => component!["code"]!["coding"]![0]!["code"]!.GetValue<string>() == "evidence-level");
        return resource.ToJsonString();
    });

    private static readonly string[] Places = ["expression", "location", "extension"];

    private static IEnumerable<string> Outcome(Story story) => story.Root.Resources()[^1].Children("issue").ToArray().Select(issue =>
    {
        var node = JsonNode.Parse(FhirJsonWriter.WriteCanonical(issue))!.AsObject();
        foreach (var place in Places)
            node.Remove(place);
        return node.ToJsonString();
    });
}
