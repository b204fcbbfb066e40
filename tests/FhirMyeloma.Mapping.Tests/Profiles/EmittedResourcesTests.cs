using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using FhirMyeloma.Clinical;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Mapping.Tests.Outbound;
using FhirMyeloma.Mapping.Tests.Stories;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Validation;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Profiles;

/// <summary>Whatever is derived meets the profile that it claims: the stories, and the stories with parts of them lost or changed, under every ruleset.</summary>
public sealed class EmittedResourcesTests
{
    private const string Claim = "https://fhirmyeloma.org/fhir/StructureDefinition/";

    private static readonly Validator Validator = new(PublishedCodes.Definitions);

    private static readonly DerivationPolicy EveryRuleset = DerivationPolicy.Default with { Rulesets = [.. Enum.GetValues<ResponseRuleset>()] };

    public static TheoryData<string> Names => [.. Story.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_story_gives_meets_its_profiles(string name)
    {
        foreach (var line in Enum.GetValues<LineRuleset>())
        {
            foreach (var urine in Enum.GetValues<UrinePolicy>())
                Meets(Derive(Story.Input(name), EveryRuleset with { LineRuleset = line, UrinePolicy = urine }, Language.Spanish)!, $"{name} {line} {urine}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_left_of_a_story_gives_what_meets_its_profiles(int seed)
    {
        var dice = new Dice((ulong)seed);
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; round < 25; round++)
        {
            if (Derive(Thinned(dice.Pick(Story.Names.AsSpan()), dice), EveryRuleset, Language.English) is { } derived)
                kinds.UnionWith(Meets(derived, $"{dice}, round {round}"));
        }
        Assert.Empty(PublishedCodes.Of("myeloma-result").Except(kinds, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_derived_resource_claims_a_published_profile()
    {
        var resources = Story.Of("two-centres-pooled").Root.Resources().Where(resource => resource.TypeName != "Patient").ToList();
        Assert.All(resources, resource => Assert.True(File.Exists(Path.Combine(Repo.Root, "profiles", $"StructureDefinition-{ClaimOf(resource)[Claim.Length..]}.json"))));
    }

    [Theory]
    [InlineData("anti-cd38-washout", """ "value":35 """, """ "value":-35 """, "washout-2")]
    [InlineData("anti-cd38-washout", """ "code":"daratumumab" """, """ "code":"lenalidomide" """, "anti-cd38-antibody")]
    [InlineData("anti-cd38-washout", """ "code":"d"} """, """ "code":"mo"} """, "valueQuantity")]
    [InlineData("anti-cd38-washout", """ "code":"overlap" """, """ "code":"gap" """, "component")]
    [InlineData("line-of-therapy", """ "status":"final" """, """ "status":"preliminary" """, "status")]
    [InlineData("line-of-therapy", """ "valueInteger":1, """, """ "valueInteger":0, """, "line-1")]
    [InlineData("line-of-therapy", """ "code":"rrs-2015" """, """ "code":"imwg-2016" """, "method-1")]
    [InlineData("imwg-response", """ "status":"final" """, """ "status":"preliminary" """, "response-1")]
    [InlineData("imwg-response", """ "code":"baseline-date" """, """ "code":"nadir-date" """, "response-4")]
    [InlineData("imwg-response", """ "code":"g/dL" """, """ "code":"g/L" """, "amount-1")]
    [InlineData("imwg-response-at", """ "code":"VGPR" """, """ "code":"VGRP" """, "imwg-response")]
    [InlineData("cytogenetic-risk", """ "code":"msmart" """, """ "code":"r-iss" """, "risk-1")]
    public void A_result_that_is_not_as_the_contract_says_is_found(string kind, string said, string instead, string rule)
    {
        var results = Story.Of("two-centres-pooled").Root.Resources().Where(resource => ClaimOf(resource) == Claim + kind).Select(Text).ToList();
        Assert.NotEmpty(results);
        var changed = results.Where(text => text.Contains(said.Trim(), StringComparison.Ordinal)).Select(text => Replaced(text, said.Trim(), instead.Trim())).ToList();
        Assert.NotEmpty(changed);
        Assert.All(changed, text => Assert.Contains(
            Validator.Validate(FhirJsonReader.Read(Encoding.UTF8.GetBytes(text)), new() { Profiles = [Claim + kind] }),
            issue => issue.IsError && $"{issue.Code} {issue.Text} {issue.Diagnostics} {string.Join(' ', issue.Expressions)}".Contains(rule, StringComparison.Ordinal)));
    }

    /// <summary>The kinds of results that were there.</summary>
    private static HashSet<string> Meets(byte[] derived, string what)
    {
        var read = FhirJsonReader.Read(derived);
        // Inputs that are not in the derived Bundle are named by their own urn and need not resolve (contract section 2).
        Fine(Validator.Validate(read, new() { Profiles = [Claim + "derived-bundle"], MaxIssues = 100_000 }).Where(issue => issue.Code != IssueCodes.ReferenceDangling), what);
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in read.Document!.Root.Resources().Where(resource => resource.TypeName != "Patient"))
        {
            var claim = ClaimOf(resource);
            Fine(Validator.Validate(FhirJsonReader.Read(FhirJsonWriter.WriteCanonical(resource)), new() { Profiles = [claim] }), $"{what} {claim}");
            kinds.Add(claim[Claim.Length..]);
        }
        return kinds;
    }

    private static void Fine(IEnumerable<Issue> issues, string what)
    {
        var wrong = issues.Where(issue => issue.Severity <= IssueSeverity.Warning).Select(issue => $"{issue.Severity} {issue.Code} {string.Join(' ', issue.Expressions)}: {issue.Text} {issue.Diagnostics}").Distinct(StringComparer.Ordinal).ToList();
        Assert.True(wrong.Count == 0, $"{what}\n{string.Join('\n', wrong.Take(20))}");
    }

    private static string ClaimOf(Element resource) => resource["meta"]["profile"].Text ?? "";

    private static string Text(Element resource) => Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(resource));

    private static string Replaced(string text, string said, string instead)
    {
        var at = text.IndexOf(said, StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), instead, text.AsSpan(at + said.Length));
    }

    private static byte[]? Derive(byte[] input, DerivationPolicy policy, Language language)
    {
        var read = FhirJsonReader.Read(input);
        var mapped = BundleToCase.Map(Bundle.From(read.Document)!);
        if (mapped.Issues.Any(issue => issue.IsError))
            return null;
        ImmutableArray<PatientResults> patients = [.. mapped.Patients.Select(patient => new PatientResults
        {
            Case = patient.Case,
            Results = Derivation.Derive(patient.Case, policy),
            Patient = patient.Patient,
            FullUrl = patient.FullUrl,
            Sources = patient.Sources,
        })];
        return CaseToBundle.Render(patients, [.. read.Issues, .. mapped.Issues], new() { Timestamp = DateTimeOffset.UnixEpoch, Version = "0.1.0", Language = language });
    }

    /// <summary>A story of which some resources are lost, some days are only known to the month, and some values are others.</summary>
    private static byte[] Thinned(string name, Dice dice)
    {
        var bundle = JsonNode.Parse(Story.Input(name))!.AsObject();
        var entries = bundle["entry"]!.AsArray();
        foreach (var entry in entries.ToList())
        {
            var resource = entry!["resource"]!.AsObject();
            if (resource["resourceType"]!.GetValue<string>() is "Patient" or "Organization" or "Medication")
                continue;
            if (dice.Chance(25))
                entries.Remove(entry);
            else if (dice.Chance(10) && resource["effectiveDateTime"]?.GetValue<string>() is { Length: >= 10 } date)
                resource["effectiveDateTime"] = date[..7];
            else if (dice.Chance(15) && resource["valueQuantity"] is JsonObject quantity)
                quantity["value"] = quantity["value"]!.GetValue<decimal>() * dice.Pick(0m, 0.05m, 0.4m, 0.8m, 1.3m, 3m);
        }
        return Encoding.UTF8.GetBytes(bundle.ToJsonString());
    }
}
