using System.Globalization;
using System.Numerics;
using System.Text.Json;
using FhirMyeloma.R4.Tests.Conformance;
using FhirMyeloma.R4.Ucum;
using FhirMyeloma.Testing;
using Xunit.Abstractions;

namespace FhirMyeloma.R4.Tests.Ucum;

/// <summary>UCUM's own functional cases and the answers of a second implementation.</summary>
public sealed class UcumConformanceTests(ITestOutputHelper output)
{
    [CorporaFact]
    public void Agrees_with_the_functional_cases()
    {
        var suite = new Suite("ucum/functional", output);
        using var document = Open("ucum-functional-tests.json");
        foreach (var item in document.RootElement.EnumerateArray())
        {
            var id = Text(item, "id");
            switch (Text(item, "section"))
            {
                case "validation":
                    suite.Case($"{id} {Text(item, "unit")}", Validity(Text(item, "unit"), Text(item, "valid") is "true"));
                    break;
                case "conversion":
                    suite.Case(id, Rounded(Convert(Text(item, "value"), Text(item, "srcUnit"), Text(item, "dstUnit")), Text(item, "outcome")));
                    break;
                case "multiplication":
                    suite.Case(id, Combined(item, '.'));
                    break;
                case "division":
                    suite.Case(id, Combined(item, '/'));
                    break;
                case "displayNameGeneration":
                    var name = UcumNames.Of(Text(item, "unit"));
                    suite.Case(id, name == Text(item, "display") ? null : $"is {name}, not {Text(item, "display")}");
                    break;
                default:
                    suite.Skip();
                    break;
            }
        }
        suite.Finish();
    }

    [CorporaFact]
    public void Agrees_with_the_second_implementation_on_what_is_a_unit()
    {
        var suite = new Suite("ucum/oracle-validity", output);
        using var document = Open("ucum-lhc-oracle.json");
        foreach (var item in document.RootElement.GetProperty("validation").EnumerateArray())
            suite.Case(Text(item, "unit"), Validity(Text(item, "unit"), item.GetProperty("valid").GetBoolean()));
        suite.Finish();
    }

    [CorporaFact]
    public void Agrees_with_the_second_implementation_on_conversions()
    {
        var suites = new Dictionary<Kind, Suite>
        {
            [Kind.Plain] = new("ucum/oracle-conversion", output),
            [Kind.Special] = new("ucum/oracle-special", output),
            [Kind.Departs] = new("ucum/oracle-departs", output),
        };
        using var document = Open("ucum-lhc-oracle.json");
        foreach (var item in document.RootElement.GetProperty("conversion").EnumerateArray())
        {
            var (from, to, value) = (Text(item, "srcUnit"), Text(item, "dstUnit"), item.GetProperty("value").GetRawText());
            var expected = item.GetProperty("outcome").GetDouble();
            suites[KindOf(from, to)].Case($"{value} {from} {to}", Convert(value, from, to) is not { } got ? "is refused: " + Refusal(from, to)
                : Math.Abs(Precise(got) - expected) > 1e-9 * Math.Abs(expected) ? string.Create(CultureInfo.InvariantCulture, $"is {Precise(got)}, not {expected}")
                : null);
        }
        foreach (var suite in suites.Values)
            suite.Finish();
    }

    [CorporaFact]
    public void Agrees_with_the_second_implementation_on_what_does_not_convert()
    {
        var suite = new Suite("ucum/oracle-refuse", output);
        using var document = Open("ucum-lhc-oracle.json");
        foreach (var item in document.RootElement.GetProperty("notConvertible").EnumerateArray())
        {
            var (from, to) = (Text(item, "srcUnit"), Text(item, "dstUnit"));
            suite.Case($"{from} {to}", Convert("1", from, to) is { } got ? $"converts to {got}" : Refusal(from, to) is null ? "is refused without a reason" : null);
        }
        suite.Finish();
    }

    private enum Kind { Plain, Special, Departs }

    // What the second implementation takes from elsewhere than the published table: the low power field, which it has as 1, and the constants
    // of nature of 1986. It also knows Torr, and converts a unit to its reciprocal.
    private static readonly string[] OtherTable = ["[LPF]", "[e]", "eV", "[m_e]", "[m_p]", "u", "[h]", "[k]", "[G]"];

    private static Kind KindOf(string from, string to)
    {
        if (!UcumUnit.TryParse(from, out var source, out _) || !UcumUnit.TryParse(to, out var target, out _))
            return Kind.Departs;
        if (source.Atoms.Concat(target.Atoms).Any(IsLogarithmic))
            return Kind.Special;
        return OtherTable.Any(atom => source.Atoms.Count(own => own == atom) != target.Atoms.Count(own => own == atom))
            || UcumUnit.Parse($"/({from})").IsCommensurableWith(target) && !source.IsCommensurableWith(target) ? Kind.Departs : Kind.Plain;
    }

    // Special, but no temperature.
    private static bool IsLogarithmic(string atom) => UcumEssence.Instance.Atoms[atom].Function is not ("" or "Cel" or "degF" or "degRe");

    private static string? Validity(string unit, bool expected)
    {
        var verdict = UcumVerdict.Of(unit);
        return verdict.IsValid == expected ? null : verdict.Message ?? "is taken for a unit";
    }

    private static Ratio? Convert(string value, string from, string to) =>
        UcumUnit.TryParse(from, out var source, out _) && UcumUnit.TryParse(to, out var target, out _)
            ? source.Convert(Ratio.Parse(value), target) : null;

    private static string? Refusal(string from, string to) =>
        UcumVerdict.Of(from).Message ?? UcumVerdict.Of(to).Message ?? UcumUnit.Parse(from).RefusalTo(UcumUnit.Parse(to));

    // v1 u1 (operator) v2 u2 is vRes uRes
    private static string? Combined(JsonElement item, char operation)
    {
        var (left, right) = (Ratio.Parse(Text(item, "v1")), Ratio.Parse(Text(item, "v2")));
        var unit = UcumUnit.Parse($"({Text(item, "u1")}){operation}({Text(item, "u2")})");
        return Rounded(unit.Convert(operation == '/' ? left / right : left * right, UcumUnit.Parse(Text(item, "uRes"))), Text(item, "vRes"));
    }

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
    private static string? Rounded(Ratio? value, string expected)
    {
        if (value is not { } got)
            return "is refused";
        var want = double.Parse(expected, CultureInfo.InvariantCulture);
        var digits = expected.Split('e')[0].Count(char.IsAsciiDigit) - (expected.StartsWith("0.", StringComparison.Ordinal) ? expected.Skip(2).TakeWhile(c => c == '0').Count() + 1 : 0);
        var tolerance = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(want))) - Math.Max(digits, 1) + 1) * 0.5000001;
        return Math.Abs(Precise(got) - want) <= Math.Max(tolerance, Math.Abs(want) * 1e-12) ? null : $"is {got}, not {expected}";
    }

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static JsonDocument Open(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repo.Corpora!, "ucum", name)));
}
