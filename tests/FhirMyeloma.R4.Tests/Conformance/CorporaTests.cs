using System.Text.Json;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Xml;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Conformance;

public class CorporaTests(ITestOutputHelper output)
{
    internal sealed record ManifestFile(string File, JsonElement Json)
    {
        public string? Expected => Json.TryGetProperty("expected", out var expected) ? expected.GetString() : null;

        /// <summary>What an independent check of the structure counted.</summary>
        public bool HasStructuralIssues => Json.TryGetProperty("structuralIssues", out var count) && count.GetInt32() > 0;

        public bool HasKnownIssues => Json.TryGetProperty("knownIssues", out var issues) && (issues.ValueKind != JsonValueKind.Array || issues.GetArrayLength() > 0);
    }

    private static string Folder(string corpus) => Path.Combine(Repo.Corpora!, corpus);

    internal static IEnumerable<ManifestFile> Manifest(string corpus)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder(corpus), "MANIFEST.json")));
        return [.. manifest.RootElement.GetProperty("files").EnumerateArray().Select(file => new ManifestFile(file.GetProperty("file").GetString()!, file.Clone()))];
    }

    internal static byte[] Bytes(string corpus, string file) => File.ReadAllBytes(Path.Combine(Folder(corpus), file));

    private static string? FirstError(IEnumerable<Issue> issues) =>
        issues.FirstOrDefault(issue => issue.IsError) is { } issue ? $"{issue.Code} at {issue.Expressions.FirstOrDefault()}: {issue.Text}" : null;

    [CorporaFact]
    public void Official_examples_come_back_with_the_same_members_and_the_same_digits()
    {
        var suite = new Suite("r4-examples/round-trip", output);
        foreach (var file in Manifest("r4-examples").Where(file => file.File.EndsWith(".json", StringComparison.Ordinal)))
        {
            var bytes = Bytes("r4-examples", file.File);
            var document = FhirJsonReader.Read(bytes).Document;
            suite.Case(file.File, document is null ? "unreadable" : Difference(bytes, FhirJsonWriter.WriteAsRead(document.Root)));
        }
        suite.Finish();
    }

    [CorporaFact]
    public void Official_examples_have_one_canonical_form()
    {
        var suite = new Suite("r4-examples/canonical", output);
        foreach (var file in Manifest("r4-examples").Where(file => file.File.EndsWith(".json", StringComparison.Ordinal)))
        {
            var bytes = Bytes("r4-examples", file.File);
            var canonical = FhirJsonWriter.WriteCanonical(FhirJsonReader.Read(bytes).Document!.Root);
            var again = FhirJsonWriter.WriteCanonical(FhirJsonReader.Read(canonical).Document!.Root);
            var backwards = FhirJsonWriter.WriteCanonical(FhirJsonReader.Read(Json.Shuffled.Members(bytes, seed: 7)).Document!.Root);
            suite.Case(file.File, !again.AsSpan().SequenceEqual(canonical) ? "not stable" : !backwards.AsSpan().SequenceEqual(canonical) ? "depends on the order of members" : null);
        }
        suite.Finish();
    }

    [CorporaFact]
    public void Official_examples_are_clean_but_for_the_known_bad_ones()
    {
        var suite = new Suite("r4-examples/structure", output);
        foreach (var file in Manifest("r4-examples").Where(file => file.File.EndsWith(".json", StringComparison.Ordinal)))
        {
            var result = FhirJsonReader.Read(Bytes("r4-examples", file.File));
            var fault = FirstError(result.Issues) ?? FirstError(result.Document?.CheckReferences() ?? []);
            suite.Case(file.File, file.HasKnownIssues && fault is not null ? null : fault);
        }
        suite.Finish();
    }

    [CorporaFact]
    public void Bundles_of_others_are_read_and_the_refused_ones_are_listed()
    {
        var suite = new Suite("bundles", output);
        foreach (var file in Manifest("bundles").Where(file => file.File.EndsWith(".json", StringComparison.Ordinal)))
        {
            var result = FhirJsonReader.Read(Bytes("bundles", file.File));
            var fault = FirstError(result.Issues) ?? FirstError(result.Document!.CheckReferences());
            // Files that the list does not know: the verdict of the independent check is the one to agree with.
            if (Repo.CorporaNamed && file.HasStructuralIssues)
                fault = fault is null ? "accepted although an independent check found faults" : null;
            suite.Case(file.File, fault);
        }
        suite.Finish();
    }

    [CorporaFact]
    public void Malformed_FHIR_is_judged_as_expected()
    {
        var suite = new Suite("malformed/fhir-shaped", output);
        foreach (var file in Manifest("malformed").Where(file => file.File.StartsWith("fhir-shaped/", StringComparison.Ordinal)))
        {
            var bytes = Bytes("malformed", file.File);
            var result = file.File.EndsWith(".xml", StringComparison.Ordinal) ? FhirXmlReader.Read(bytes) : FhirJsonReader.Read(bytes);
            var fault = (file.Expected, result.HasErrors) switch
            {
                ("accept", true) => FirstError(result.Issues),
                ("reject", false) => "accepted",
                _ => null,
            };
            suite.Case(file.File, fault);
        }
        suite.Finish();
    }

    [CorporaFact]
    public void JSONTestSuite_is_parsed_or_refused_as_its_names_say()
    {
        var suite = new Suite("malformed/JSONTestSuite", output);
        foreach (var file in Manifest("malformed").Where(file => file.File.StartsWith("JSONTestSuite/", StringComparison.Ordinal)))
        {
            var result = FhirJsonReader.Read(Bytes("malformed", file.File));
            var isJson = result.Issues.Any(issue => issue.Code is IssueCodes.ResourceTypeMissing or IssueCodes.DuplicateKey);
            var fault = Path.GetFileName(file.File)[0] switch
            {
                _ when !result.IsUnreadable => "taken for FHIR",
                'y' when !isJson => "refused as JSON",
                'n' when isJson => "taken for JSON",
                _ => null,
            };
            suite.Case(file.File, fault);
        }
        suite.Finish();
    }

    [CorporaFact]
    public void Odd_numbers_keys_and_strings_survive_two_readings_or_are_refused()
    {
        var suite = new Suite("malformed/JSONTestSuite-transform", output);
        foreach (var file in Manifest("malformed").Where(file => file.File.StartsWith("JSONTestSuite-transform/", StringComparison.Ordinal)))
        {
            // As the content of an unknown member, so that it passes through reader and writer.
            byte[] wrapped = [.. """{"resourceType":"Basic","x":"""u8, .. Bytes("malformed", file.File), (byte)'}'];
            if (FhirJsonReader.Read(wrapped).Document is not { } document)
            {
                suite.Case(file.File, null);
                continue;
            }
            var once = FhirJsonWriter.WriteAsRead(document.Root);
            var twice = FhirJsonWriter.WriteAsRead(FhirJsonReader.Read(once).Document!.Root);
            suite.Case(file.File, once.AsSpan().SequenceEqual(twice) ? Difference(wrapped, once) : "two readings differ");
        }
        suite.Finish();
    }

    /// <summary>The path of the first difference; null when members, strings and the digits of numbers are the same.</summary>
    /// <param name="left">JSON.</param>
    /// <param name="right">JSON.</param>
    /// <param name="mean">True when two strings or numbers that are written differently mean the same.</param>
    internal static string? Difference(byte[] left, byte[] right, Func<JsonElement, JsonElement, bool>? mean = null)
    {
        if (left is [0xEF, 0xBB, 0xBF, ..])
            left = left[3..];
        using var one = JsonDocument.Parse(left);
        using var other = JsonDocument.Parse(right);
        return Difference("$", one.RootElement, other.RootElement, mean ?? ((_, _) => false));
    }

    private static string? Difference(string path, JsonElement left, JsonElement right, Func<JsonElement, JsonElement, bool> mean)
    {
        if (left.ValueKind != right.ValueKind)
            return path;
        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                var members = right.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
                if (left.EnumerateObject().Count() != members.Count)
                    return path;
                return left.EnumerateObject()
                    .Select(member => members.TryGetValue(member.Name, out var other) ? Difference($"{path}.{member.Name}", member.Value, other, mean) : $"{path}.{member.Name}")
                    .FirstOrDefault(difference => difference is not null);
            case JsonValueKind.Array:
                if (left.GetArrayLength() != right.GetArrayLength())
                    return path;
                return left.EnumerateArray().Zip(right.EnumerateArray()).Select(pair => Difference(path + "[]", pair.First, pair.Second, mean)).FirstOrDefault(difference => difference is not null);
            case JsonValueKind.String:
                return left.GetString() == right.GetString() || mean(left, right) ? null : path;
            default:
                return left.GetRawText() == right.GetRawText() || mean(left, right) ? null : path;
        }
    }
}
