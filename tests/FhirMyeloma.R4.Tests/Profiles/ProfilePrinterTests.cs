using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Tests.Profiles;

public class ProfilePrinterTests
{
    [Fact]
    public void A_core_profile_prints_its_rules_one_a_line()
    {
        const string Expected = """
            http://hl7.org/fhir/StructureDefinition/heartrate|4.0.1 of Observation
            Observation vs-2 error: (component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())
            Observation.category 1..*
            Observation.category sliced by value of coding.code and value of coding.system, open
            Observation.category:VSCat 1..1
            Observation.category:VSCat.coding 1..*
            Observation.category:VSCat.coding.system 1..*
            Observation.category:VSCat.coding.system is 'http://terminology.hl7.org/CodeSystem/observation-category'
            Observation.category:VSCat.coding.code 1..*
            Observation.category:VSCat.coding.code is 'vital-signs'
            Observation.code should be in http://hl7.org/fhir/ValueSet/observation-vitalsignresult
            """;
        var printed = DefinitionSet.R4.FindProfile("http://hl7.org/fhir/StructureDefinition/heartrate")!.ToString();
        Assert.StartsWith(Expected, printed, StringComparison.Ordinal);
        Assert.Contains("Observation.value[x]:valueQuantity.code is '/min'\n", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_checked_is_printed_first()
    {
        var definition = FhirJsonReader.Read(Encoding.UTF8.GetBytes("""
            {"resourceType":"StructureDefinition","url":"http://x.org/p","type":"Patient","derivation":"constraint","baseDefinition":"http://x.org/nobody-knows",
            "differential":{"element":[{"path":"Patient.name","min":1,"max":"3"},{"path":"Patient.nmae"}]}}
            """)).Document!;
        Assert.Equal(
            """
            http://x.org/p of Patient
            not checked: its base definition http://x.org/nobody-knows is not known
            not checked: Patient.nmae is not an element of Patient
            Patient.name 1..3

            """,
            DefinitionSet.R4.With([definition]).FindProfile("http://x.org/p")!.ToString());
    }
}
