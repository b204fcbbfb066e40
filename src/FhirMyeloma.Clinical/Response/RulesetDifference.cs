using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>A line, or a date of it, to which two rulesets give different categories.</summary>
/// <param name="Line">The line's number.</param>
/// <param name="Date">The date; null for the line as a whole.</param>
/// <param name="One">The ruleset asked for first.</param>
/// <param name="OfOne">Its category; null when it makes no assessment of the date.</param>
/// <param name="Other">The other ruleset.</param>
/// <param name="OfOther">Its category; null when it makes no assessment of the date.</param>
public readonly record struct RulesetDifference(int Line, ClinicalDate? Date, ResponseRuleset One, ResponseLevel? OfOne, ResponseRuleset Other, ResponseLevel? OfOther)
{
    /// <summary>What each further ruleset says otherwise than the first: by line, the line itself before its dates.</summary>
    public static ImmutableArray<RulesetDifference> In(DerivedCase results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var first = results.ByRuleset[0];
        return [.. results.ByRuleset.Skip(1).SelectMany(other => Between(first, other))];
    }

    private static IEnumerable<RulesetDifference> Between(RulesetResults first, RulesetResults second)
    {
        foreach (var (one, other) in first.Responses.Zip(second.Responses))
        {
            if (one.Best != other.Best)
                yield return new(one.Line, null, first.Ruleset, one.Best, second.Ruleset, other.Best);
            foreach (var date in one.Assessments.Select(at => at.Date).Concat(other.Assessments.Select(at => at.Date)).Distinct().Order())
            {
                var (a, b) = (At(one, date), At(other, date));
                if (a != b)
                    yield return new(one.Line, date, first.Ruleset, a, second.Ruleset, b);
            }
        }
    }

    private static ResponseLevel? At(LineResponse response, ClinicalDate date) => response.Assessments.FirstOrDefault(at => at.Date == date)?.Level;
}
