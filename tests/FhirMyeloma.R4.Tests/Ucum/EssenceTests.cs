using System.Xml.Linq;
using FhirMyeloma.R4.Ucum;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.Ucum;

public sealed class EssenceTests
{
    private static readonly XElement Table = XDocument.Load(Path.Combine(Repo.Root, "src", "FhirMyeloma.R4", "Ucum", "ucum-essence.xml")).Root!;

    private static IEnumerable<XElement> Elements(string name) => Table.Elements().Where(element => element.Name.LocalName == name);

    private static XElement? Child(XElement element, string name) => element.Descendants().FirstOrDefault(child => child.Name.LocalName == name);

    [Fact]
    public void Every_unit_of_the_published_table_is_read_as_an_XML_reader_reads_it()
    {
        Assert.Equal(Elements("unit").Count() + Elements("base-unit").Count(), UcumEssence.Instance.Atoms.Count);
        Assert.All(Elements("unit"), unit =>
        {
            var atom = UcumEssence.Instance.Atoms[unit.Attribute("Code")!.Value];
            var definition = Child(unit, "function") ?? Child(unit, "value")!;
            Assert.Equal(
                (unit.Attribute("CODE")!.Value, Child(unit, "name")!.Value, definition.Attribute("Unit")!.Value, definition.Attribute("value")!.Value, Child(unit, "function")?.Attribute("name")!.Value ?? ""),
                (atom.InsensitiveCode, atom.Name, atom.DefinitionUnit, atom.DefinitionValue, atom.Function));
            Assert.Equal((Is("isMetric"), Is("isSpecial"), Is("isArbitrary")), (atom.IsMetric, atom.IsSpecial, atom.IsArbitrary));

            bool Is(string flag) => unit.Attribute(flag)?.Value == "yes";
        });
    }

    [Fact]
    public void Every_prefix_of_the_published_table_is_read_as_an_XML_reader_reads_it()
    {
        Assert.Equal(Elements("prefix").Count(), UcumEssence.Instance.Prefixes.Count);
        Assert.All(Elements("prefix"), element =>
        {
            var prefix = UcumEssence.Instance.Prefixes[element.Attribute("Code")!.Value];
            Assert.Equal((element.Attribute("CODE")!.Value, Child(element, "name")!.Value), (prefix.InsensitiveCode, prefix.Name));
            Assert.Equal(Ratio.Parse(Child(element, "value")!.Attribute("value")!.Value), prefix.Factor);
        });
    }

    [Fact]
    public void Every_unit_of_the_published_table_is_defined() => Assert.All(UcumEssence.Instance.Atoms.Values, atom =>
        Assert.True(atom.Term.Factor.Numerator.Sign > 0, atom.Code + " has no factor"));
}
