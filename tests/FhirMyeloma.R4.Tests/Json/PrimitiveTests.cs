using System.Diagnostics;
using System.Text;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Tests.Json;

public class PrimitiveTests
{
    private static string Codes(ReadResult result) => string.Join(", ", result.Issues.Select(issue => issue.Code));

    public static IEnumerable<object[]> Table => Cases.Read("Json/primitives.csv");

    /// <summary>Each value stands in an extension, whose value may have any primitive type; JSON escapes in the table reach the reader as they are.</summary>
    [Theory]
    [MemberData(nameof(Table))]
    public void A_value_has_the_format_of_its_type(string type, string value, string verdict)
    {
        var isBare = type is "boolean" or "decimal" or "integer" or "positiveInt" or "unsignedInt" || verdict == "wrong-type";
        var json = $$"""{"resourceType":"Basic","code":{"text":"x"},"extension":[{"url":"http://a","value{{char.ToUpperInvariant(type[0])}}{{type[1..]}}":{{(isBare ? value : $"\"{value}\"")}}}]}""";

        var result = FhirJsonReader.Read(Encoding.UTF8.GetBytes(json));

        var found = result.IsUnreadable ? "unreadable" : result.Issues switch
        {
            [] => "valid",
            [{ Code: IssueCodes.PrimitiveFormat }] => "invalid",
            [{ Code: IssueCodes.WrongJsonType }] => "wrong-type",
            _ => Codes(result),
        };
        Assert.Equal(verdict, found);
        if (verdict is "invalid" or "wrong-type")
            Assert.Equal("Basic.extension[0].value", string.Join(';', result.Issues[0].Expressions));
    }

    [Fact]
    public void The_table_knows_all_primitive_types_but_xhtml()
    {
        var types = Table.Select(row => (string)row[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var kinds = Enum.GetNames<FhirMyeloma.R4.Profiles.PrimitiveKind>().Where(name => name is not ("None" or "Xhtml")).Select(name => char.ToLowerInvariant(name[0]) + name[1..]);
        Assert.Equal(string.Join(' ', kinds.Order(StringComparer.Ordinal)), string.Join(' ', types));
    }

    [Theory]
    [InlineData("""<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>""", true)]
    [InlineData("""<div xmlns='http://www.w3.org/1999/xhtml' lang='es'/>""", true)]
    [InlineData("""\n<xhtml:div xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">a</xhtml:div>""", true)]
    [InlineData("""<?xml version=\"1.0\"?><!-- c --><div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>""", true)]
    [InlineData("<div>a</div>", false)]
    [InlineData("""<p xmlns=\"http://www.w3.org/1999/xhtml\">a</p>""", false)]
    [InlineData("plain", false)]
    [InlineData("<", false)]
    public void A_narrative_is_a_div_in_the_namespace_of_XHTML(string div, bool isValid)
    {
        var result = FhirJsonReader.Read(Encoding.UTF8.GetBytes($$$"""{"resourceType":"Patient","text":{"status":"generated","div":"{{{div}}}"}}"""));
        Assert.Equal(isValid ? "" : IssueCodes.NarrativeNotXhtml, Codes(result));
    }

    [Fact]
    public void Base64_that_makes_the_published_expression_backtrack_is_refused_at_once()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"resourceType":"Binary","contentType":"text/plain","data":"{{new string(' ', 2_000_000)}}!"}""");
        var watch = Stopwatch.StartNew();
        Assert.Equal(IssueCodes.PrimitiveFormat, Codes(FhirJsonReader.Read(json)));
        Assert.True(watch.ElapsedMilliseconds < 2000, $"took {watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public void A_string_beyond_a_million_characters_is_too_long()
    {
        byte[] Note(int length) => Encoding.UTF8.GetBytes($$$"""{"resourceType":"Basic","code":{"text":"{{{new string('ñ', length)}}}"}}""");
        Assert.Empty(FhirJsonReader.Read(Note(1_048_576)).Issues);
        Assert.Equal(IssueCodes.StringTooLong, Codes(FhirJsonReader.Read(Note(1_048_577))));
    }
}
