using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Xml;

namespace FhirMyeloma.R4.Tests.Xml;

public class FhirXmlReaderTests
{
    public static IEnumerable<object[]> Structure => Cases.Read("Xml/structure.csv");

    private static ReadResult Read(string xml) => FhirXmlReader.Read(Encoding.UTF8.GetBytes(xml));

    private static string Json(string xml) => Encoding.UTF8.GetString(FhirJsonWriter.WriteAsRead(Read(xml).Document!.Root));

    [Theory]
    [MemberData(nameof(Structure))]
    public void A_fault_is_named_with_its_element_and_its_place(string xml, string found, string place)
    {
        var result = Read(xml);
        Assert.NotNull(result.Document);
        Assert.All(result.Issues, issue => Assert.Equal(IssueSeverity.Error, issue.Severity));
        Assert.Equal(
            (found, place),
            (string.Join("; ", result.Issues.Select(issue => $"{issue.Code} {issue.Expressions[0]}")),
                result.Issues is [{ Place: { } first }, ..] ? $"{first.Line}:{first.Column}" : ""));
    }

    [Theory]
    [InlineData("", IssueCodes.XmlSyntax)]
    [InlineData("  ", IssueCodes.XmlSyntax)]
    [InlineData("{\"resourceType\":\"Patient\"}", IssueCodes.XmlSyntax)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">", IssueCodes.XmlSyntax)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"/><Patient xmlns=\"http://hl7.org/fhir\"/>", IssueCodes.XmlSyntax)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\" value=\"true\"/></Patient>", IssueCodes.XmlSyntax)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active value=true/></Patient>", IssueCodes.XmlSyntax)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&nbsp;\"/></Patient>", IssueCodes.XmlSyntax)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&#0;\"/></Patient>", IssueCodes.XmlSyntax)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><f:id value=\"a\"/></Patient>", IssueCodes.XmlSyntax)]
    [InlineData("<?xml version=\"1.1\"?><Patient xmlns=\"http://hl7.org/fhir\"/>", IssueCodes.XmlSyntax)]
    [InlineData("<!DOCTYPE Patient><Patient xmlns=\"http://hl7.org/fhir\"/>", IssueCodes.DoctypeNotAllowed)]
    [InlineData("<?xml version=\"1.0\"?>\n<!DOCTYPE p SYSTEM \"http://127.0.0.1:9/x.dtd\"><Patient xmlns=\"http://hl7.org/fhir\"/>", IssueCodes.DoctypeNotAllowed)]
    [InlineData("<!DOCTYPE p [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><Patient xmlns=\"http://hl7.org/fhir\"><id value=\"&b;\"/></Patient>", IssueCodes.DoctypeNotAllowed)]
    [InlineData("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Patient xmlns=\"http://hl7.org/fhir\"/>", IssueCodes.NotUtf8)]
    [InlineData("<?xml version='1.0' encoding = 'UTF-16'?><Patient xmlns=\"http://hl7.org/fhir\"/>", IssueCodes.NotUtf8)]
    [InlineData("<Patient/>", IssueCodes.NamespaceWrong)]
    [InlineData("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", IssueCodes.NamespaceWrong)]
    public void Some_input_cannot_be_read_at_all(string xml, string code)
    {
        var result = Read(xml);
        Assert.True(result.IsUnreadable);
        var issue = Assert.Single(result.Issues);
        Assert.Equal((code, IssueSeverity.Fatal), (issue.Code, issue.Severity));
        Assert.NotNull(issue.Place);
    }

    [Theory]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">\n <name></nam>\n</Patient>", 2, 10)]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">\r\n <gender value=\"&ouml;\"/></Patient>", 2, 18)]
    [InlineData("\n<x/>", 2, 1)]
    [InlineData("<!-- 😀 --><Patient xmlns=\"http://hl7.org/fhir\"><id value=\"😀&x;\"/></Patient>", 1, 61)]
    public void A_syntax_error_has_its_line_and_column(string xml, int line, int column) =>
        Assert.Equal(new SourcePlace(line, column), Read(xml).Issues[0].Place);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused_at_their_place()
    {
        var issue = Assert.Single(FhirXmlReader.Read(Encoding.Latin1.GetBytes("<Patient xmlns=\"http://hl7.org/fhir\">\n<id value=\"ñ\"/></Patient>")).Issues);
        Assert.Equal((IssueCodes.NotUtf8, new SourcePlace(2, 12)), (issue.Code, issue.Place!.Value));
    }

    public static TheoryData<string, byte[]> Encodings
    {
        get
        {
            var data = new TheoryData<string, byte[]>();
            foreach (var (declaration, encoding) in new (string, Encoding)[]
            {
                ("", new UTF8Encoding(true)), ("utf-8", new UTF8Encoding(true)), ("UTF-8", new UTF8Encoding(false)), ("US-ASCII", new UTF8Encoding(false)),
            })
            {
                var name = declaration == "US-ASCII" ? "Munoz" : "Muñoz 😀";
                var text = (declaration.Length == 0 ? "<?xml version=\"1.0\"?>" : $"<?xml version=\"1.0\" encoding=\"{declaration}\"?>")
                    + $"<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"empty\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">{name}</div></text><name><family value=\"{name}\"/></name></Patient>";
                data.Add(name, [.. encoding.Preamble, .. encoding.GetBytes(text)]);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void UTF8_is_read_with_or_without_mark_and_declaration(string name, byte[] bytes)
    {
        var result = FhirXmlReader.Read(bytes);
        Assert.Empty(result.Issues);
        Assert.Equal(name, result.Document!.Root["name"]["family"].Text);
        Assert.Equal($"<div xmlns=\"http://www.w3.org/1999/xhtml\">{name}</div>", result.Document.Root["text"]["div"].Text);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public void UTF16_is_refused_as_in_JSON(bool isBigEndian, bool hasMark)
    {
        var encoding = new UnicodeEncoding(isBigEndian, hasMark);
        var bytes = (byte[])[.. encoding.Preamble, .. encoding.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-16\"?><Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>")];
        var result = FhirXmlReader.Read(bytes);
        Assert.Null(result.Document);
        Assert.Equal(IssueCodes.NotUtf8, Assert.Single(result.Issues).Code);
    }

    [Theory]
    [InlineData("<active value=\"true\"/>", """{"resourceType":"Patient","active":true}""")]
    [InlineData("<multipleBirthInteger value=\"2\"/>", """{"resourceType":"Patient","multipleBirthInteger":2}""")]
    [InlineData("<name><family value=\"&quot;\\&#9;&#10;&lt;&#x1F600;\"/></name>", """{"resourceType":"Patient","name":[{"family":"\"\\\t\n<😀"}]}""")]
    [InlineData("<name><given id=\"a\" value=\"A\"/><given value=\"B\"/></name>", """{"resourceType":"Patient","name":[{"given":["A","B"],"_given":[{"id":"a"},null]}]}""")]
    [InlineData("<name><given value=\"A\"/><given id=\"b\"/></name>", """{"resourceType":"Patient","name":[{"given":["A"],"_given":[null,{"id":"b"}]}]}""")]
    [InlineData("<birthDate id=\"a\" value=\"1950\"/>", """{"resourceType":"Patient","birthDate":"1950","_birthDate":{"id":"a"}}""")]
    [InlineData("<contained><Basic><id value=\"b\"/><code><text value=\"x\"/></code></Basic></contained>", """{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"b","code":{"text":"x"}}]}""")]
    [InlineData("<extension url=\"http://a\" id=\"e\"><valueDecimal value=\"1.0\"/></extension>", """{"resourceType":"Patient","extension":[{"url":"http://a","id":"e","valueDecimal":1.0}]}""")]
    [InlineData("<extension url=\"http://a\"><valueDecimal value=\"-1.50E+2\"/></extension>", """{"resourceType":"Patient","extension":[{"url":"http://a","valueDecimal":-1.50E+2}]}""")]
    [InlineData("<name><family value=\"a\n\tb\"/></name>", """{"resourceType":"Patient","name":[{"family":"a  b"}]}""")]
    public void Elements_become_what_they_are_in_JSON(string content, string json)
    {
        var xml = $"<Patient xmlns=\"http://hl7.org/fhir\">{content}</Patient>";
        Assert.Empty(Read(xml).Issues);
        Assert.Equal(json, Json(xml));
    }

    [Theory]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\"/>")]
    [InlineData("<div class='a' title=\"> b\" xmlns = 'http://www.w3.org/1999/xhtml' />")]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p >ñ 😀 &#160;&lt;</p ><!-- c --><![CDATA[<div>]]><div>&quot;\r\n</div></div >")]
    [InlineData("<h:div xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:p/></h:div>")]
    public void A_narrative_is_kept_byte_for_byte(string div)
    {
        var result = Read($"<Patient xmlns=\"http://hl7.org/fhir\">\r\n<!-- 😀\r -->  <text><status value=\"generated\"/>\n{div} </text><active value=\"true\"/></Patient>");
        Assert.DoesNotContain(result.Issues, issue => issue.Code != IssueCodes.NarrativeNotXhtml);
        Assert.Equal(div, result.Document!.Root["text"]["div"].Text);
    }

    [Fact]
    public void A_narrative_takes_its_prefixes_along()
    {
        var result = Read("""<f:Patient xmlns:f="http://hl7.org/fhir" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:x="urn:x" xmlns:y="urn:y&amp;&quot;"><f:text><f:status value="generated"/><h:div xmlns:x="urn:z"><h:p x:a="" y:b="" xml:lang="es" xmlns:z="urn:z" z:c=""/></h:div></f:text></f:Patient>""");
        Assert.Empty(result.Issues);
        Assert.Equal("""<h:div xmlns:h="http://www.w3.org/1999/xhtml" xmlns:y="urn:y&amp;&quot;" xmlns:x="urn:z"><h:p x:a="" y:b="" xml:lang="es" xmlns:z="urn:z" z:c=""/></h:div>""", result.Document!.Root["text"]["div"].Text);
    }

    [Fact]
    public void Places_of_elements_and_of_later_issues_are_those_in_the_XML()
    {
        var document = Read("<Observation xmlns=\"http://hl7.org/fhir\">\n  <status value=\"final\"/>\n  <code><text value=\"x\"/></code>\n  <subject>\n    <reference value=\"#p\"/></subject>\n</Observation>").Document!;
        Assert.Equal(new SourcePlace(1, 1), document.Root.Place);
        Assert.Equal(new SourcePlace(3, 9), document.Root["code"]["text"].Place);
        Assert.Equal(new SourcePlace(4, 3), document.Root["subject"].Place);
        Assert.Equal(new SourcePlace(5, 5), document.Root["subject"]["reference"].Place);
    }

    [Fact]
    public void Columns_count_characters()
    {
        var result = Read("<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">😀😀</div></text><name y=\"\"/>\n<!-- 😀 --><x/></Patient>");
        Assert.Equal("1:128 1:134 2:11", string.Join(' ', result.Issues.Select(issue => $"{issue.Place!.Value.Line}:{issue.Place.Value.Column}")));
    }

    [Theory]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"femal\"/></Patient>", "did you mean 'female'?")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><birthdate value=\"1950\"/></Patient>", "did you mean 'birthDate'?")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\" gender=\"male\"><active value=\"true\"/></Patient>", "'gender' is written as an element")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender>male</gender></Patient>", "write it as the attribute value")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><birthDate value=\"1950\"/><gender value=\"male\"/></Patient>", "'gender' stands after 'birthDate'")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"male\"/><gender value=\"male\"/></Patient>", "keep one of the elements")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"yes\"/></Patient>", "expected is true or false")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"&eacute;\"/></name></Patient>", "the only entities are")]
    public void The_text_says_what_to_do_in_words_of_XML(string xml, string words)
    {
        var text = Read(xml).Issues[0].Text;
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.DoesNotContain("JSON", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><name><family>Secreto</family></name>Secreto</Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"Secreto de Ana\"/><name value=\"Secreto\"/></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"Secreto\"></Secreto></name></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"&Secreto;\"/></name></Patient>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\"><x value=\"Secreto\">Secreto</x></Patient>")]
    public void No_value_of_a_patient_gets_into_a_message(string xml) =>
        Assert.All(Read(xml).Issues, issue => Assert.DoesNotContain("Secreto", issue.ToString() + string.Concat(issue.Expressions), StringComparison.Ordinal));

    [Fact]
    public void Issues_are_capped_and_the_last_one_says_so()
    {
        var entries = string.Concat(Enumerable.Repeat("<entry><resource><Patient><birthDate value=\"x\"/><gender value=\"x\"/></Patient></resource></entry>", 700));
        var issues = Read($"<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/>{entries}</Bundle>").Issues;
        Assert.Equal(1001, issues.Length);
        Assert.StartsWith("1100 more issues", issues[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trusted_source_is_read_without_checking_values()
    {
        var result = FhirXmlReader.Read("""<Patient xmlns="http://hl7.org/fhir"><gender value="x"/></Patient>"""u8.ToArray(), new ReadLimits(Check: false));
        Assert.Empty(result.Issues);
        Assert.Equal("x", result.Document!.Root["gender"].Text);
    }
}
