using FhirMyeloma.Mapping.Outbound;

namespace FhirMyeloma.Mapping.Tests.Outbound;

public sealed class IdsTests
{
    private static readonly Guid Dns = new("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    [Theory]
    [InlineData("www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2")]
    [InlineData("python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d")]
    public void Version_5_gives_the_published_test_values(string name, string id) =>
        Assert.Equal(id, Ids.Version5(Dns, name).ToString());

    [Theory]
    [InlineData("urn:hospital:mrn|A-1", "anti-cd38-washout", "anti-cd38-washout", "daratumumab>isatuximab#1", "ce2bf60c-50eb-5069-9453-7910708f3eb7", "e92c76cf-9b46-5d42-bf79-29f52d5474e0")]
    [InlineData("urn:hospital:mrn|A-1", "imwg-response", "imwg-2016", "2", "157e3914-e118-5fa9-93b6-fd9be9a1a52f", "b3e98123-6442-5320-8288-3e4063aad87f")]
    [InlineData("urn:hospital:mrn|A-1", "drug-refractoriness", "imwg-2016", "daratumumab@1", "6c11be8a-472a-516d-ac94-4d19259c4666", "638a273d-541b-51b8-a74d-8cfb5b118725")]
    [InlineData("urn:hospital:mrn|Ñandú-7", "line-of-therapy", "rrs-2015", "1", "58452cf1-47d1-5268-a1f1-eaf46137e9d0", "895992fb-00c7-5434-80c4-c8ccbb8918bf")]
    public void A_result_and_its_provenance_have_the_ids_that_any_other_implementation_computes(
        string patientKey, string code, string ruleset, string rowKey, string id, string provenance)
    {
        var computed = Ids.OfResult(patientKey, code, ruleset, rowKey);
        Assert.Equal(id, computed.ToString());
        Assert.Equal(provenance, Ids.OfProvenance(computed).ToString());
    }

    [Fact]
    public void A_long_patient_key_is_hashed_whole() =>
        Assert.NotEqual(Ids.Version5(Dns, new string('a', 5000) + "b"), Ids.Version5(Dns, new string('a', 5000) + "c"));

    [Fact]
    public void A_patient_without_absolute_url_gets_one_from_the_key() =>
        Assert.Equal("urn:uuid:dbb78f2b-4a53-5e8b-81aa-989fc1f10911", Ids.UrlOfPatient("urn:hospital:mrn|A-1"));
}
