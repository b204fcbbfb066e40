using System.Text;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;

namespace FhirMyeloma.R4.Tests.Search;

public sealed class IndexEntriesTests
{
    [Fact]
    public void A_code_is_written_once_without_its_system() => Assert.Equal(
        "code=C90.0 code=109989006",
        Rows("""{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"C90.0"},{"system":"urn:x","code":"C90.0"},{"code":"109989006"}]}}"""));

    [Fact]
    public void A_patient_is_written_under_patient_and_not_again_under_subject() => Assert.Equal(
        "patient=Patient/1",
        Rows("""{"resourceType":"Observation","subject":{"reference":"Patient/1/_history/3"}}"""));

    [Fact]
    public void A_subject_that_is_no_patient_is_written_under_subject() => Assert.Equal(
        "subject=Group/1",
        Rows("""{"resourceType":"Observation","subject":{"reference":"Group/1"}}"""));

    [Fact]
    public void A_name_is_found_by_the_first_letters_of_each_word() => Assert.Equal(
        "name=gar name=mun name=ana",
        Rows("""{"resourceType":"Patient","name":[{"use":"usual","family":"García-Muñoz","given":["Ana"]}]}"""));

    [Fact]
    public void What_no_other_resource_can_point_to_is_not_written() => Assert.Empty(
        Rows("""{"resourceType":"Observation","specimen":{"reference":"#s"},"encounter":{"reference":"Encounter?identifier=1"},"contained":[{"resourceType":"Specimen","id":"s"}]}"""));

    [Fact]
    public void A_long_key_is_cut_and_not_through_a_character()
    {
        var key = IndexKeys.Of(new string('a', IndexKeys.MaxLength - 1) + "😀");
        Assert.Equal(new string('a', IndexKeys.MaxLength - 1), key);
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"p"}""", "Patient/p")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Patient/p"}}""", "Patient/p")]
    [InlineData("""{"resourceType":"Provenance","target":[{"reference":"Observation/1"},{"reference":"Patient/p"}]}""", "Patient/p")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Group/p"}}""", null)]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"https://other.example.org/Patient/p"}}""", null)]
    public void The_compartment_is_that_of_the_patient(string json, string? patient) => Assert.Equal(patient, Entries(json).Patient);

    [Fact]
    public void Only_the_main_date_is_written() => Assert.Equal(
        "date",
        string.Join(' ', Entries("""{"resourceType":"Encounter","period":{"start":"2024-01-01"},"location":[{"location":{"display":"x"},"period":{"start":"2024"}}]}""").Moments.Select(static moment => moment.Parameter)));

    [Fact]
    public void Of_other_types_nothing_is_written() => Assert.Equal(([], [], null), Parts(Entries("""{"resourceType":"Basic","subject":{"reference":"Patient/1"}}""")));

    private static (Posting[], Moment[], string?) Parts(IndexEntries entries) => ([.. entries.Postings], [.. entries.Moments], entries.Patient);

    private static string Rows(string json) => string.Join(' ', Entries(json).Postings.Select(static posting => $"{posting.Parameter}={posting.Key}"));

    private static IndexEntries Entries(string json) => IndexEntries.Of(FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)).Document!.Root);
}
