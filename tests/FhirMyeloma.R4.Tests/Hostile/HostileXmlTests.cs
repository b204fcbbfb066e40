using System.Diagnostics;
using System.Globalization;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Xml;

namespace FhirMyeloma.R4.Tests.Hostile;

public class HostileXmlTests
{
    private const string Open = "<Patient xmlns=\"http://hl7.org/fhir\">";
    private const string Close = "</Patient>";

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();

    private static ReadResult InTime(string xml, int milliseconds)
    {
        var watch = Stopwatch.StartNew();
        var result = FhirXmlReader.Read(Encoding.UTF8.GetBytes(xml));
        if (result.Document is { } document)
            FhirXmlWriter.Write(document.Root);
        Assert.True(watch.ElapsedMilliseconds < milliseconds, $"took {watch.ElapsedMilliseconds} ms");
        return result;
    }

    [Theory]
    [InlineData(Open + "|<extension url=\"a\">|</extension>|" + Close)]
    [InlineData(Open + "|<contained><Patient>|</Patient></contained>|" + Close)]
    [InlineData(Open + "|<unknown>|</unknown>|" + Close)]
    [InlineData(Open + "|<birthDate><extension url=\"a\">|</extension></birthDate>|" + Close)]
    [InlineData("<Bundle xmlns=\"http://hl7.org/fhir\">|<entry><resource><Bundle>|</Bundle></resource></entry>|</Bundle>")]
    [InlineData("<Questionnaire xmlns=\"http://hl7.org/fhir\">|<item>|</item>|</Questionnaire>")]
    [InlineData("<Unknown xmlns=\"http://hl7.org/fhir\">|<a>|</a>|</Unknown>")]
    [InlineData("<Patient xmlns=\"http://hl7.org/fhir\">|<_a>|</_a>|</Patient>")]
    public void Deep_nesting_is_refused_at_64_levels_however_deep_it_goes(string shape)
    {
        var parts = shape.Split('|');
        foreach (var depth in (int[])[100, 5_000, 100_000])
        {
            var open = parts[0] + Repeat(parts[1], depth);
            Assert.Equal(IssueCodes.TooDeep, Assert.Single(InTime(open + Repeat(parts[2], depth) + parts[3], 3000).Issues).Code);
            Assert.Equal(IssueCodes.TooDeep, Assert.Single(InTime(open, 3000).Issues).Code);
        }
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    public void As_many_levels_are_allowed_as_the_JSON_may_have(int extensions, bool isTooDeep)
    {
        // The resource is one level, every extension an array and an object.
        var xml = FhirXmlReader.Read(Encoding.UTF8.GetBytes(Open + Repeat("<extension url=\"a\">", extensions) + Repeat("</extension>", extensions) + Close));
        var json = FhirJsonReader.Read(Encoding.UTF8.GetBytes("{\"resourceType\":\"Patient\"" + Repeat(",\"extension\":[{\"url\":\"a\"", extensions) + Repeat("}]", extensions) + "}"));
        Assert.Equal((isTooDeep, isTooDeep), (xml.IsUnreadable, json.IsUnreadable));
        Assert.All(xml.Issues.Concat(json.Issues), issue => Assert.Equal(IssueCodes.TooDeep, issue.Code));
    }

    [Fact]
    public void A_deep_narrative_is_text_and_nothing_else()
    {
        var div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">" + Repeat("<p>", 100_000) + Repeat("</p>", 100_000) + "</div>";
        Assert.Empty(InTime($"{Open}<text><status value=\"generated\"/>{div}</text>{Close}", 10_000).Issues);
    }

    [Theory]
    [InlineData("<!DOCTYPE p [<!ENTITY a \"ha\">{0}]>" + Open + "<id value=\"&z;\"/>" + Close)]
    [InlineData("<!DOCTYPE p [<!ENTITY % a SYSTEM \"http://127.0.0.1:9/a\">%a;]>" + Open + Close)]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE p SYSTEM \"file:///etc/passwd\">" + Open + Close)]
    [InlineData("<!DOCTYPE p [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>" + Open + "<id value=\"&a;\"/>" + Close)]
    public void Entities_and_external_files_are_refused_at_the_DOCTYPE(string xml)
    {
        var laughs = string.Concat(Enumerable.Range('b', 24).Select(letter => $"<!ENTITY {(char)letter} \"{Repeat($"&{(char)(letter - 1)};", 10)}\">"));
        Assert.Equal(IssueCodes.DoctypeNotAllowed, Assert.Single(InTime(xml.Replace("{0}", laughs, StringComparison.Ordinal), 1000).Issues).Code);
    }

    [Fact]
    public void A_hundred_thousand_attributes_cost_no_more_than_their_length()
    {
        var attributes = string.Concat(Enumerable.Range(0, 100_000).Select(number => $" a{number}=\"x\""));
        var result = InTime($"{Open}<name{attributes}><family value=\"x\"/></name>{Close}", 10_000);
        Assert.Equal(1001, result.Issues.Length);
        Assert.StartsWith("99000 more", result.Issues[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<name><family value=\"x\"/></name>", 0)]
    [InlineData("<name><family value=\"x\"/></name><gender value=\"male\"/>", 1001)]
    [InlineData("<deceasedBoolean value=\"true\"/><deceasedDateTime value=\"2024\"/>", 3)]
    [InlineData("<a value=\"x\"/><b/>", 2)]
    [InlineData("<contained><Basic><code><text value=\"x\"/></code></Basic></contained><name/>", 1001)]
    [InlineData("<contained/>", 1001)]
    [InlineData("<resourceType/>", 1001)]
    [InlineData("text<active value=\"true\"/>", 2)]
    public void A_hundred_thousand_children_stay_linear_in_any_order(string children, int issues) =>
        Assert.Equal(issues, InTime(Open + Repeat(children, 100_000) + Close, 15_000).Issues.Length);

    [Fact]
    public void Many_unknown_names_stay_linear()
    {
        var members = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"<m{number.ToString(CultureInfo.InvariantCulture)}/>"));
        Assert.Equal(1001, InTime(Open + members + Close, 10_000).Issues.Length);
    }

    [Fact]
    public void Many_namespaces_and_narratives_stay_linear()
    {
        var declarations = string.Concat(Enumerable.Range(0, 50_000).Select(number => $" xmlns:n{number}=\"urn:{number}\""));
        var sections = Repeat("<section><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\"><p n7:a=\"ñ\"/></div></text></section>", 20_000);
        var result = InTime($"<Composition xmlns=\"http://hl7.org/fhir\"{declarations}>{sections}</Composition>", 10_000);
        Assert.All(result.Issues, issue => Assert.Equal(IssueCodes.ElementMissing, issue.Code));
    }

    [Fact]
    public void Many_narratives_in_one_line_stay_linear()
    {
        var sections = Repeat("<section><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">ñ</div></text></section>", 50_000);
        Assert.All(InTime($"<Composition xmlns=\"http://hl7.org/fhir\">{sections}</Composition>", 15_000).Issues, issue => Assert.Equal(IssueCodes.ElementMissing, issue.Code));
    }

    [Fact]
    public void Values_of_ten_million_characters_are_read()
    {
        var result = InTime($"<Binary xmlns=\"http://hl7.org/fhir\"><contentType value=\"text/plain\"/><data value=\"{new string('A', 10_000_000)}\"/></Binary>", 10_000);
        Assert.Empty(result.Issues);
        Assert.Empty(InTime($"{Open}<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">{Repeat("ñ&amp;", 2_000_000)}</div></text>{Close}", 10_000).Issues);
    }

    [Fact]
    public void A_wide_bundle_is_read_in_linear_time()
    {
        var entries = Repeat("<entry><resource><Basic><code><text value=\"x\"/></code></Basic></resource></entry>", 100_000);
        var result = InTime($"<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/>{entries}</Bundle>", 15_000);
        Assert.Empty(result.Issues);
        Assert.Equal(100_000, Bundle.From(result.Document)!.Entries.Length);
    }
}
