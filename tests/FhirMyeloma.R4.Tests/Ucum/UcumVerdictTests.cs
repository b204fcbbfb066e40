using System.Text;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.Tests.Ucum;

public sealed class UcumVerdictTests
{
    public static IEnumerable<object[]> Spellings => Cases.Read("Ucum/spellings.csv");

    public static IEnumerable<object[]> Refusals => Cases.Read("Ucum/refusals.csv");

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_usual_misspelling_is_repaired(string code, string meant)
    {
        var verdict = UcumVerdict.Of(code);
        Assert.False(verdict.IsValid);
        Assert.Equal(meant.Length == 0 ? null : meant, verdict.Suggestion);
        Assert.True(meant.Length == 0 || UcumVerdict.Of(meant).IsValid);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_conversion_is_refused_with_a_reason_or_made(string from, string to, string words)
    {
        var (source, target) = (UcumUnit.Parse(from), UcumUnit.Parse(to));
        var reason = source.RefusalTo(target);
        Assert.Equal(words.Length > 0, source.Convert(Ratio.One, target) is null);
        Assert.Equal(words.Length > 0, target.Convert(Ratio.One, source) is null);
        if (words.Length == 0)
            Assert.Null(reason);
        else
            Assert.Contains(words, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mg/DL", "'mg/DL' is not UCUM; did you mean 'mg/dL'?")]
    [InlineData("mg/foo", "'mg/foo' is not UCUM: 'foo' is not a unit of UCUM (at character 4)")]
    [InlineData("mg/", "'mg/' is not UCUM: a unit is missing at the end (at character 4)")]
    [InlineData("", "'' is not UCUM: the unit is empty")]
    public void The_message_names_the_repair_or_the_place(string code, string message) => Assert.Equal(message, UcumVerdict.Of(code).Message);

    [Fact]
    public void A_long_code_is_refused_unread_and_shown_cut()
    {
        var verdict = UcumVerdict.Of(new string('g', 100_000));
        Assert.False(verdict.IsValid);
        Assert.InRange(verdict.Message!.Length, 10, 200);
    }

    [Fact]
    public void A_verdict_that_is_remembered_costs_no_allocation()
    {
        // Tests beside this one ask for thousands of other units, which may take the place of these two; hence several tries.
        Assert.Contains(0, Enumerable.Range(0, 20).Select(_ => AllocatedByAsking("mg/(24.h)"u8, "mg/24h"u8)));

        static long AllocatedByAsking(ReadOnlySpan<byte> valid, ReadOnlySpan<byte> invalid)
        {
            UcumVerdict.Of(valid);
            UcumVerdict.Of(invalid);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var agreed = true;
            for (var i = 0; i < 1000; i++)
                agreed &= UcumVerdict.Of(valid).IsValid && !UcumVerdict.Of(invalid).IsValid;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(agreed);
            return allocated;
        }
    }

    [Fact]
    public void Many_codes_leave_every_verdict_right()
    {
        // More than are remembered, twice, from several threads.
        Parallel.For(0, 4, _ =>
        {
            for (var i = 1; i < 12_000; i++)
            {
                var code = $"{i % 6_000 + 1}.mg";
                var verdict = UcumVerdict.Of(Encoding.UTF8.GetBytes(code));
                Assert.True(verdict.IsValid && verdict.Code == code && !UcumVerdict.Of(code + "!").IsValid);
            }
        });
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_not_UCUM() => Assert.False(UcumVerdict.Of([0x6D, 0x67, 0xFF]).IsValid);

    [Theory]
    [InlineData("mg/dL", "(milligram) / (deciliter)")]
    [InlineData("mg/(24.h)", "(milligram) / (24 * (hour))")]
    [InlineData("10*9/L", "(the number ten for arbitrary powers ^ 9) / (liter)")]
    [InlineData("/uL", " / (microliter)")]
    [InlineData("%{cells}", "(percent){cells}")]
    public void A_unit_has_a_name(string code, string name) => Assert.Equal(name, UcumUnit.Parse(code).DisplayName);
}
