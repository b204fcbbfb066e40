using System.Text;
using System.Text.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Profiles;

public class SchemaCatalogTests
{
    [Fact]
    public void All_types_of_R4_are_known_and_compile()
    {
        var types = SchemaCatalog.R4.ById;
        Assert.Equal(148, types.Count(type => type.IsResource));
        Assert.Equal("DomainResource Resource", string.Join(' ', types.Where(type => type is { IsResource: true, IsAbstract: true }).Select(type => type.Name).Order(StringComparer.Ordinal)));
        Assert.Equal(20, types.Count(type => type.Primitive != PrimitiveKind.None));
        Assert.All(types, type => AssertWhole(type.Structure, []));
    }

    [Fact]
    public void No_structure_has_more_elements_than_bits_in_a_word() =>
        Assert.All(SchemaCatalog.R4.ById, type => Assert.InRange(type.Structure.Elements.Length, 0, 64));

    [Theory]
    [InlineData("Observation", "status", "code", 1, false)]
    [InlineData("Observation", "valueQuantity", "Quantity", 0, false)]
    [InlineData("Observation", "component", "BackboneElement", 0, true)]
    [InlineData("Patient", "id", "id", 0, false)]
    [InlineData("Extension", "url", "uri", 1, false)]
    [InlineData("Bundle", "entry", "BackboneElement", 0, true)]
    [InlineData("Narrative", "div", "xhtml", 1, false)]
    public void An_element_has_the_type_and_cardinality_of_its_definition(string type, string property, string typeName, int min, bool repeats)
    {
        var found = SchemaCatalog.R4.Find(type)!.Structure.Properties.Find(Encoding.UTF8.GetBytes(property))!;
        Assert.Equal((typeName, min, repeats), (found.TypeName, found.Element.Min, found.Repeats));
    }

    [Fact]
    public void A_content_reference_leads_to_the_structure_that_it_names()
    {
        var bundle = SchemaCatalog.R4.Find("Bundle")!.Structure;
        var entry = bundle.Properties.Find("entry"u8)!.Structure;
        Assert.Same(bundle.Properties.Find("link"u8)!.Structure, entry.Properties.Find("link"u8)!.Structure);
    }

    [Fact]
    public void Value_sets_of_required_bindings_are_enumerated_but_for_four()
    {
        var open = SchemaCatalog.R4.ById.SelectMany(type => Structures(type.Structure, [])).SelectMany(structure => structure.Elements)
            .Where(element => element.RequiredValueSet.Length > 0 && element.Binding is null).Select(element => element.RequiredValueSet).Distinct(StringComparer.Ordinal);
        Assert.Equal(
            "http://hl7.org/fhir/ValueSet/currencies http://hl7.org/fhir/ValueSet/mimetypes http://hl7.org/fhir/ValueSet/ucum-units http://loinc.org/vs/LL379-9",
            string.Join(' ', open.Select(url => url.Split('|')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));
    }

    [CorporaFact]
    public void The_embedded_definitions_have_every_element_of_the_source()
    {
        using var source = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repo.Corpora!, "r4-definitions", "r4-types.json")));
        foreach (var type in source.RootElement.GetProperty("types").EnumerateObject())
        {
            var isPrimitive = type.Value.GetProperty("kind").GetString() == "primitive-type";
            var expected = type.Value.GetProperty("el").EnumerateObject()
                .Where(element => element.Name.Contains('.', StringComparison.Ordinal) && !(isPrimitive && element.Name.EndsWith(".value", StringComparison.Ordinal)))
                .Select(element => $"{element.Name} {element.Value.GetProperty("min")}");
            var found = Structures(SchemaCatalog.R4.Find(type.Name)!.Structure, [])
                .SelectMany(structure => structure.Elements.Select(element => $"{structure.Path}.{element.DefinedName} {element.Min}"));
            Assert.Equal(string.Join('\n', expected.Order(StringComparer.Ordinal)), string.Join('\n', found.Order(StringComparer.Ordinal)));
        }
    }

    /// <summary>The structures of one type: itself and its backbones.</summary>
    private static IEnumerable<StructSchema> Structures(StructSchema structure, HashSet<StructSchema> seen)
    {
        if (!seen.Add(structure))
            return [];
        return
        [
            structure,
            .. structure.Elements.SelectMany(element => element.Properties).Select(property => property.Structure)
                .Where(child => ReferenceEquals(child.Type, structure.Type) && child.Path.Contains('.', StringComparison.Ordinal))
                .SelectMany(child => Structures(child, seen)),
        ];
    }

    private static void AssertWhole(StructSchema structure, HashSet<StructSchema> seen)
    {
        foreach (var part in Structures(structure, seen))
        {
            Assert.All(part.Elements, element => Assert.NotEmpty(element.Properties));
            Assert.All(part.Elements.SelectMany(element => element.Properties), property => Assert.Same(property, part.Properties.Find(Encoding.UTF8.GetBytes(property.Name))));
        }
    }
}
