using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Tests.Response;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Testing;
using Sentences = FhirMyeloma.Mapping.Outbound.Words;

namespace FhirMyeloma.Mapping.Tests.Outbound;

/// <summary>Why a category is not a better one, in the words of a note: engine and sentences together, as a clinician reads them.</summary>
public sealed class WhyTests
{
    private const string Rows = "tests/FhirMyeloma.Mapping.Tests/Outbound/why.csv";

    public static TheoryData<string> Ids => [.. Table.Read(Rows).Select(row => row["id"])];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_note_says_why(string id)
    {
        var row = Table.Read(Rows).Single(candidate => candidate["id"] == id);
        var response = ResponseHistory.Derive(
            LineStory.Case(row["clone"], row["samples"], row["antibody"]), LineStory.Line(), LineStory.Ruleset(row["ruleset"]), LineStory.Policy(row["policy"]));
        var last = response.Assessments[^1];
        var said = $"{new Sentences(Language.English).Response(last)}\n{new Sentences(Language.Spanish).Response(last)}";
        Assert.True($"{row["english"]}\n{row["spanish"]}" == said, said);
    }
}
