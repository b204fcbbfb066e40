using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Citations;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Tests.Evidence;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Response;

/// <summary>
/// What a line or date names as possibly decisive gives it again by itself, in nearly every row of the case tables. Where it does not, the citations search the
/// whole record for the rest: right, but slow.
/// </summary>
public class CandidatesTests
{
    // A lesion known before the previous line, a marrow of another window, imaging after the date, a date that claims what this one would take, two results of one
    // immunofixation, an assay without electrophoresis, two policies, a progression that stands in the way of a pair beside a value that is not known, a date that
    // is an assessment only if a marrow that is not known allows it, an immunofixation that keeps an earlier date from opening the window for marrow.
    private static readonly string[] Searched =
    [
        "new-known-before", "marrow-window-serves-both", "marrow-window-if-earlier", "marrow-window-open", "marrow-window-later", "clonality-window", "imaging-60-after",
        "joined-fixation-nearest", "joined-urine-fixation", "borrowed-8", "borrowed-not-twice", "band-marrow", "band-clonality", "flag-ife-contradictory", "ife-both", "int-assay-fixation", "strict-and-nadir",
        "refuted-beside-urine", "line-assessment-if-marrow", "window-joined-fixation",
    ];

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var row in ResponseTableTests.Rows().Where(row => !Searched.Contains(row[1])))
            rows.Add((string)row[0], (string)row[1]);
        return rows;
    }

    // Where they are enough they are cited as they are.
    [Theory]
    [MemberData(nameof(ResponseTableTests.Rows), MemberType = typeof(ResponseTableTests))]
    public void Of_plain_sources_that_are_enough_none_can_go(string table, string id)
    {
        var row = Table.Read("tests/FhirMyeloma.Clinical.Tests/Response/" + table).Single(candidate => candidate["id"] == id);
        var (patient, line) = (LineStory.Case(row["clone"], row["samples"], row["antibody"]), LineStory.LineOf(row["next"]));
        Assert.All(Derive(patient).Where(at => IsGivenBy(at, at.Plain.Sources)), at =>
            Assert.All(at.Plain.Sources, source => Assert.False(IsGivenBy(at, at.Plain.Sources.Where(other => other != source)), $"{at.Date.Text} without {source.Value}")));

        bool IsGivenBy(ResponseAt at, IEnumerable<SourceId> sources) => Derive(patient.Only(sources.ToHashSet())).Any(other => Shown.Same(at, other));

        IEnumerable<ResponseAt> Derive(MyelomaCase part) => ResponseHistory.Derive(part, line, LineStory.Ruleset(row["ruleset"]), LineStory.Policy(row["policy"])).Assessments;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Candidates_are_enough(string table, string id)
    {
        var row = Table.Read("tests/FhirMyeloma.Clinical.Tests/Response/" + table).Single(candidate => candidate["id"] == id);
        var (patient, line) = (LineStory.Case(row["clone"], row["samples"], row["antibody"]), LineStory.LineOf(row["next"]));
        var response = Derive(patient);
        Assert.True(Shown.Same(response, Derive(patient.Only(response.Sources.ToHashSet()))), "line");
        Assert.All(response.Assessments, at =>
            Assert.Contains(Derive(patient.Only(at.Sources.ToHashSet())).Assessments, other => Shown.Same(at, other)));

        LineResponse Derive(MyelomaCase part) => ResponseHistory.Derive(part, line, LineStory.Ruleset(row["ruleset"]), LineStory.Policy(row["policy"]));
    }
}
