using System.Globalization;
using System.Numerics;
using System.Text.Json;
using FhirMyeloma.R4.Ucum;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Ucum;

/// <summary>UCUM's own functional cases and the answers of a second implementation, less the known failures, which must still fail.</summary>
public sealed class UcumConformanceTests(ITestOutputHelper output)
{
    private sealed record Outcome(string Id, bool Agrees);

    [CorporaFact]
    public void Agrees_with_the_functional_cases() => Judge("functional", FunctionalCases());

    [CorporaFact]
    public void Agrees_with_the_second_implementation() => Judge("oracle", OracleCases());

    private void Judge(string suite, IEnumerable<Outcome> outcomes)
    {
        var all = outcomes.ToList();
        var known = KnownFailures(suite);
        var failed = all.Where(o => !o.Agrees).Select(o => o.Id).ToHashSet(StringComparer.Ordinal);
        output.WriteLine($"ucum/{suite}: {all.Count(o => o.Agrees)}/{all.Count}");
        output.WriteLine($"  {known.Count} known failures");
        foreach (var id in failed.Except(known, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            output.WriteLine("  " + id);
        if (Repo.CorporaNamed)
            return;
        Assert.Empty(failed.Except(known, StringComparer.Ordinal));
        Assert.Empty(known.Except(failed, StringComparer.Ordinal));
    }

    private static IEnumerable<Outcome> FunctionalCases()
    {
        using var document = Open("ucum-functional-tests.json");
        foreach (var item in document.RootElement.EnumerateArray())
        {
            var id = item.GetProperty("id").GetString()!;
            switch (item.GetProperty("section").GetString())
            {
                case "validation":
                    var unit = item.GetProperty("unit").GetString()!;
                    yield return new($"{id} {unit}", UcumUnit.TryParse(unit, out _, out _) == item.GetProperty("valid").GetString() is "true");
                    break;
                case "conversion":
                    yield return new(id, Convert(item.GetProperty("value").GetString()!, item.GetProperty("srcUnit").GetString()!, item.GetProperty("dstUnit").GetString()!) is { } value
                        && IsRoundedTo(value, item.GetProperty("outcome").GetString()!));
                    break;
            }
        }
    }

    private static IEnumerable<Outcome> OracleCases()
    {
        using var document = Open("ucum-lhc-oracle.json");
        foreach (var item in document.RootElement.GetProperty("validation").EnumerateArray())
        {
            var unit = item.GetProperty("unit").GetString()!;
            yield return new($"valid {unit}", UcumUnit.TryParse(unit, out _, out _) == item.GetProperty("valid").GetBoolean());
        }
        foreach (var item in document.RootElement.GetProperty("conversion").EnumerateArray())
        {
            var (from, to, value) = (item.GetProperty("srcUnit").GetString()!, item.GetProperty("dstUnit").GetString()!, item.GetProperty("value").GetRawText());
            var expected = item.GetProperty("outcome").GetDouble();
            var got = Convert(value, from, to);
            yield return new($"convert {value} {from} {to}", got is not null && Math.Abs(Precise(got.Value) - expected) <= 1e-9 * Math.Abs(expected));
        }
        foreach (var item in document.RootElement.GetProperty("notConvertible").EnumerateArray())
        {
            var (from, to) = (item.GetProperty("srcUnit").GetString()!, item.GetProperty("dstUnit").GetString()!);
            yield return new($"refuse {from} {to}", Convert("1", from, to) is null);
        }
    }

    private static Ratio? Convert(string value, string from, string to) =>
        UcumUnit.TryParse(from, out var source, out _) && UcumUnit.TryParse(to, out var target, out _)
            ? source.Convert(Ratio.Parse(value), target) : null;

    // A very small or large value has too few digits as decimal; scale it first.
    private static double Precise(Ratio value)
    {
        if (value.Numerator.IsZero)
            return 0;
        var shift = (int)Math.Round(BigInteger.Log10(BigInteger.Abs(value.Numerator)) - BigInteger.Log10(value.Denominator));
        var scaled = value * Ratio.Parse($"1e{-shift}");
        return (double)scaled.ToDecimal()! * Math.Pow(10, shift);
    }

    // The functional cases print as many digits as the input has; ours must round to theirs.
    private static bool IsRoundedTo(Ratio value, string expected)
    {
        var want = double.Parse(expected, CultureInfo.InvariantCulture);
        var digits = expected.Split('e')[0].Count(char.IsAsciiDigit) - (expected.StartsWith("0.", StringComparison.Ordinal) ? expected.Skip(2).TakeWhile(c => c == '0').Count() + 1 : 0);
        var tolerance = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(want))) - Math.Max(digits, 1) + 1) * 0.5000001;
        return Math.Abs(Precise(value) - want) <= Math.Max(tolerance, Math.Abs(want) * 1e-12);
    }

    private static HashSet<string> KnownFailures(string suite) =>
        File.ReadLines(Path.Combine(Repo.Root, "tests", "FhirMyeloma.R4.Tests", "Ucum", "known-failures.txt"))
            .Where(line => line.StartsWith(suite + " | ", StringComparison.Ordinal))
            .Select(line => line.Split(" | ")[1])
            .ToHashSet(StringComparer.Ordinal);

    private static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repo.Corpora!, "ucum", name)));
}
