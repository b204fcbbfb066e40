using System.Text;
using FhirMyeloma.Clinical;
using FhirMyeloma.Mapping.Inbound;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>Stories with random bytes changed: whatever still reads must go through every step without a throw.</summary>
public sealed class MutatedStoriesTests
{
    private const int Rounds = 400;

    private static readonly string[] Tokens =
        ["null", "true", "-1", "1e400", "\"\"", "\"x\"", "[]", "{}", "\"2024-02\"", "\"9999-12-31\"", "\"0001-01-01\"", "99999999999999999999999999999", "\"<\"", "\"urn:uuid:0\""];

    [Theory]
    [InlineData("mapping-traps", 1)]
    [InlineData("case-4-reported-scr-not-derivable", 2)]
    [InlineData("month-only-dates", 3)]
    [InlineData("relapse-from-a-deep-nadir", 4)]
    public void No_change_makes_a_step_throw(string story, int seed)
    {
        var dice = new Dice((ulong)seed);
        var text = File.ReadAllText(Path.Combine(Repo.Root, "fhir-examples", story, "input.json"));
        var assessed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var read = FhirJsonReader.Read(Encoding.UTF8.GetBytes(Mutate(text, dice)));
            if (Bundle.From(read.Document) is not { } bundle)
                continue;
            _ = BundleToCase.CheckSubjects(bundle);
            if (read.HasErrors)
                continue;
            var mapped = BundleToCase.Map(bundle);
            if (mapped.Issues.Any(issue => issue.IsError))
                continue;
            var results = mapped.Patients.Select(patient => new PatientResults
            {
                Case = patient.Case,
                Results = Derivation.Derive(patient.Case, DerivationPolicy.Default),
                Patient = patient.Patient,
                FullUrl = patient.FullUrl,
                Sources = patient.Sources,
            });
            var derived = CaseToBundle.Render(results, [.. read.Issues, .. mapped.Issues], new() { Timestamp = DateTimeOffset.UnixEpoch, Version = "0" });
            Assert.False(FhirJsonReader.Read(derived).HasErrors, $"{dice}, round {round}: the derived Bundle breaks R4");
            assessed++;
        }
        Assert.True(assessed > Rounds / 10, $"only {assessed} of {Rounds} could be assessed");
    }

    /// <summary>Replaces one to three values (numbers, strings) by another token or by a value from elsewhere in the story.</summary>
    private static string Mutate(string text, Dice dice)
    {
        for (var changes = dice.Roll(1, 3); changes > 0; changes--)
        {
            var at = text.IndexOf(": ", dice.Roll(0, text.Length - 1), StringComparison.Ordinal);
            var end = at < 0 ? -1 : text.AsSpan(at).IndexOfAny(',', '\n', '}') + at;
            if (at < 0 || end <= at + 2 || text[at + 2] is '{' or '[')
                continue;
            var other = text.IndexOf(": \"", dice.Roll(0, text.Length - 1), StringComparison.Ordinal);
            var otherEnd = other < 0 ? -1 : text.IndexOf('"', other + 3);
            var token = dice.Chance(50) || otherEnd < 0 ? dice.Pick(Tokens) : text[(other + 2)..(otherEnd + 1)];
            text = string.Concat(text.AsSpan(0, at + 2), token, text.AsSpan(end));
        }
        return text;
    }
}
