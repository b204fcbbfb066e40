using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.Tests.Ucum;

public sealed class EssenceTests
{
    [Fact]
    public void Every_unit_of_the_published_table_has_a_name_and_a_definition() => Assert.All(UcumEssence.Instance.Atoms.Values, atom =>
    {
        Assert.True(atom.Name.Length > 0, atom.Code + " has no name");
        Assert.True(atom.DefinitionUnit.Length > 0 || atom.BaseIndex >= 0, atom.Code + " has no definition");
        Assert.True(atom.Term.Factor.Numerator.Sign > 0, atom.Code + " has no factor");
    });
}
