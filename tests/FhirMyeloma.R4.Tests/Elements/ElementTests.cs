using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Tests.Elements;

public class ElementTests
{
    private static Element Root(string json) => FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)).Document!.Root;

    private static readonly Element Observation = Root("""
        {
          "resourceType": "Observation",
          "status": "final",
          "code": { "coding": [ { "system": "http://loinc.org", "code": "33358-3" }, { "code": "x" } ], "text": "M-Protein \u03b3" },
          "valueQuantity": { "value": 1.50, "unit": "g/dL" },
          "note": [ { "text": "a" } ],
          "component": [ { "code": { "text": "c" }, "valueBoolean": false } ],
          "_issued": { "extension": [ { "url": "http://a", "valueCode": "unknown" } ] }
        }
        """);

    [Fact]
    public void An_element_that_is_not_there_answers_everything_with_nothing()
    {
        var nothing = Observation["subject"]["identifier"].Choice("value").Parent["a"];
        Assert.False(nothing.Exists);
        Assert.Equal(("", "", "", default, 0), (nothing.Name, nothing.TypeName, nothing.Path, nothing.Place, nothing.Children("x").Count));
        Assert.Null(nothing.Text ?? nothing.Decimal?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? nothing.Boolean?.ToString());
        Assert.Equal(default, nothing);
    }

    [Fact]
    public void Values_are_given_as_written()
    {
        Assert.Equal("M-Protein γ", Observation["code"]["text"].Text);
        Assert.Equal(("1.50", 1.50m), (Observation["valueQuantity"]["value"].Text, Observation["valueQuantity"]["value"].Decimal));
        Assert.Equal((false, "false"), (Observation["component"]["valueBoolean"].Boolean, Observation["component"]["valueBoolean"].Text));
        Assert.Null(Observation["status"].Decimal);
        Assert.Null(Observation["status"].Boolean);
        Assert.Null(Observation["code"].Text);
    }

    [Theory]
    [InlineData("1e2", 100.0)]
    [InlineData("1.5E-2", 0.015)]
    [InlineData("-0.10", -0.10)]
    [InlineData("1e400", null)]
    public void A_number_beyond_decimal_has_its_text_only(string number, double? value)
    {
        var element = Root($$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":{{{number}}}}}""")["valueQuantity"]["value"];
        Assert.Equal((number, (decimal?)value), (element.Text, element.Decimal));
    }

    [Theory]
    [InlineData("code", "code", "Observation.code", "CodeableConcept")]
    [InlineData("valueQuantity", "valueQuantity", "Observation.value", "Quantity")]
    [InlineData("note", "note", "Observation.note[0]", "Annotation")]
    [InlineData("component", "component", "Observation.component[0]", "BackboneElement")]
    [InlineData("issued", "issued", "Observation.issued", "instant")]
    public void A_child_knows_its_name_path_and_type(string name, string itsName, string path, string type)
    {
        var child = Observation[name];
        Assert.Equal((itsName, path, type), (child.Name, child.Path, child.TypeName));
        Assert.Equal(Observation, child.Parent);
    }

    [Fact]
    public void A_choice_is_found_by_its_stem()
    {
        Assert.Equal("valueQuantity", Observation.Choice("value").Name);
        Assert.Equal("valueBoolean", Observation["component"].Choice("value").Name);
        Assert.False(Observation.Choice("effective").Exists);
        Assert.False(Observation.Choice("code").Exists);
    }

    [Fact]
    public void Children_come_in_the_order_of_the_source()
    {
        Assert.Equal("status code valueQuantity note component issued", string.Join(' ', Observation.Children().Select(child => child.Name)));
        var codings = Observation["code"].Children("coding");
        Assert.Equal(("33358-3", "x", false), (codings[0]["code"].Text, codings[1]["code"].Text, codings[2].Exists));
        Assert.Equal(2, codings.Count);
    }

    [Fact]
    public void A_primitive_without_value_has_its_extensions()
    {
        var issued = Observation["issued"];
        Assert.False(issued.HasValue);
        Assert.Null(issued.Text);
        Assert.Equal("Observation.issued.extension[0].value", issued["extension"].Choice("value").Path);
    }

    [Fact]
    public void Values_and_their_companions_are_one_list()
    {
        var name = Root("""{"resourceType":"Patient","name":[{"given":["A",null],"family":"F","_given":[{"id":"a"},{"id":"b"},{"id":"c"}]}]}""")["name"];
        var given = name.Children("given").ToArray();
        Assert.Equal("A:a - -:b - -:c", string.Join(" - ", given.Select(item => $"{item.Text ?? "-"}:{item["id"].Text}")));
        Assert.Equal("Patient.name[0].given[2]", given[2].Path);
        Assert.Equal(given[1], given[1]["id"].Parent);
        Assert.Equal("Patient.name[0].given[1].id", given[1]["id"].Path);
    }

    [Fact]
    public void A_resource_inside_another_knows_both()
    {
        var bundle = Root("""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"n"}]}}]}""");
        var name = bundle["entry"]["resource"]["contained"]["name"];
        Assert.Equal("Bundle.entry[0].resource.contained[0].name", name.Path);
        Assert.Equal(("Organization", "Patient"), (name.Resource.TypeName, name.Resource.Parent.Resource.TypeName));
        Assert.Equal(("", "Bundle"), (bundle.Name, bundle.TypeName));
    }

    [Fact]
    public void What_R4_does_not_know_is_there_without_a_type()
    {
        var colour = Root("""{"resourceType":"Patient","favourite\u0043olour":{"a":1}}""")["favouriteColour"];
        Assert.Equal(("favouriteColour", "", "Patient.favouriteColour"), (colour.Name, colour.TypeName, colour.Path));
    }

    [Fact]
    public void Its_place_is_where_its_value_begins()
    {
        Assert.Equal(new SourcePlace(3, 13), Observation["status"].Place);
        Assert.Equal(new SourcePlace(5, 31), Observation["valueQuantity"]["value"].Place);
    }

    [Fact]
    public void Text_is_compared_without_and_with_escapes()
    {
        Assert.True(Observation["status"].TextEquals("final"u8));
        Assert.False(Observation["status"].TextEquals("fina"u8));
        Assert.True(Observation["code"]["text"].TextEquals("M-Protein γ"u8));
        Assert.False(Observation["code"].TextEquals("{"u8));
    }

    [Fact]
    public void Printing_an_element_shows_its_path_and_never_its_value() => Assert.Equal("Observation.status", Observation["status"].ToString());
}
