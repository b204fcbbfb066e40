namespace FhirMyeloma.R4.Tests.Conformance;

public class ConformancePageTests
{
    [Fact]
    public void The_conformance_page_is_current() => SuiteResults.CheckPage();

    [Fact]
    public void Every_suite_says_what_it_is() =>
        Assert.All(SuiteResults.All, suite => Assert.True(suite.About.Length > 10 && suite.Reach.Length > 0, $"results.csv: {suite.Suite} lacks reach or about"));

    [Fact]
    public void Known_failures_belong_to_a_counted_suite_and_stand_once()
    {
        var suites = SuiteResults.All.Select(suite => suite.Suite).ToHashSet(StringComparer.Ordinal);
        Assert.All(KnownFailure.All, failure => Assert.Contains(failure.Suite, suites));
        Assert.Empty(KnownFailure.All.GroupBy(failure => (failure.Suite, failure.Id)).Where(group => group.Count() > 1).Select(group => group.Key.ToString()));
    }
}
