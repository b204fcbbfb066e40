using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Xml;

namespace FhirMyeloma.R4.Tests.Xml;

public class FhirXmlWriterTests
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

    private static string Write(string json, bool indented = false) =>
        Encoding.UTF8.GetString(FhirXmlWriter.Write(FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)).Document!.Root, indented));

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""", "<Patient xmlns=\"http://hl7.org/fhir\"/>")]
    [InlineData("""{"birthDate":"1951","gender":"female","resourceType":"Patient","id":"a"}""", "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"a\"/><gender value=\"female\"/><birthDate value=\"1951\"/></Patient>")]
    [InlineData("""{"resourceType":"Patient","name":[{"given":["A","B"],"_given":[null,{"id":"b"},{"extension":[{"valueCode":"x","id":"e","url":"http://a"}]}]}]}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><name><given value=\"A\"/><given id=\"b\" value=\"B\"/><given><extension id=\"e\" url=\"http://a\"><valueCode value=\"x\"/></extension></given></name></Patient>")]
    [InlineData("""{"resourceType":"Patient","_birthDate":{"id":"b"},"active":true,"birthDate":"1951"}""", "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/><birthDate id=\"b\" value=\"1951\"/></Patient>")]
    [InlineData("""{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o"}],"managingOrganization":{"reference":"#o"}}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><contained><Organization><id value=\"o\"/></Organization></contained><managingOrganization><reference value=\"#o\"/></managingOrganization></Patient>")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50,"unit":"g"}}""",
        "<Observation xmlns=\"http://hl7.org/fhir\"><status value=\"final\"/><code><text value=\"x\"/></code><valueQuantity><value value=\"1.50\"/><unit value=\"g\"/></valueQuantity></Observation>")]
    [InlineData("""{"resourceType":"Patient","name":[{"text":"<\"&'>\t\n\r ñ 😀\u0000\uFFFE\uFEFF"}]}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><name><text value=\"&lt;&quot;&amp;'&gt;&#9;&#10;&#13; ñ 😀\uFFFD\uFFFD\uFEFF\"/></name></Patient>")]
    [InlineData("""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a<br />&lt;</div>"}}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">a<br />&lt;</div></text></Patient>")]
    [InlineData("""{"resourceType":"Patient","text":{"status":"generated","div":"<?xml version='1.0'?> <div xmlns=\"http://www.w3.org/1999/xhtml\">a</div> "}}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">a</div></text></Patient>")]
    [InlineData("""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">a<br></div>"}}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">&lt;div xmlns=&quot;http://www.w3.org/1999/xhtml&quot;&gt;a&lt;br&gt;&lt;/div&gt;</div></text></Patient>")]
    [InlineData("""{"resourceType":"Patient","text":{"status":"generated","div":"</text><active value=\"true\"/><text>"}}""",
        "<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">&lt;/text&gt;&lt;active value=&quot;true&quot;/&gt;&lt;text&gt;</div></text></Patient>")]
    [InlineData("""{"resourceType":"Patient","x":{"y":1},"gender":{"z":1},"name":[{"family":"V"},"W"],"contained":[{"id":"a"}]}""", "<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"V\"/></name></Patient>")]
    [InlineData("""{"resourceType":"Pacient","id":"a"}""", "")]
    public void A_resource_is_written_in_canonical_XML(string json, string xml) => Assert.Equal(Declaration + xml, Write(json));

    [Fact]
    public void Indented_XML_has_one_element_a_line_and_leaves_the_narrative_alone() => Assert.Equal(
        Declaration + "\n<Patient xmlns=\"http://hl7.org/fhir\">\n  <text>\n    <status value=\"generated\"/>\n    <div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a</p></div>\n  </text>\n  <active value=\"true\"/>\n</Patient>",
        Write("""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a</p></div>"},"active":true}""", indented: true));

    [Fact]
    public void A_resource_inside_another_can_be_written_by_itself()
    {
        var root = FhirJsonReader.Read("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","name":[{"family":"Vega"}]}}]}"""u8.ToArray()).Document!.Root;
        Assert.Equal(Declaration + "<Patient xmlns=\"http://hl7.org/fhir\"><name><family value=\"Vega\"/></name></Patient>", Encoding.UTF8.GetString(FhirXmlWriter.Write(root["entry"]["resource"])));
        Assert.Equal(Declaration + "<name xmlns=\"http://hl7.org/fhir\"><family value=\"Vega\"/></name>", Encoding.UTF8.GetString(FhirXmlWriter.Write(root["entry"]["resource"]["name"])));
        Assert.Empty(FhirXmlWriter.Write(root["signature"]));
    }
}
