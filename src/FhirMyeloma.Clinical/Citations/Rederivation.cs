using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>A part of a record derived again, no further than asked.</summary>
internal sealed class Rederivation(MyelomaCase part, DerivationPolicy policy)
{
    private Timeline? _timeline;
    private LineResponses? _first;
    private LineResponses? _other;
    private ImmutableArray<LineOfTherapy> _lines;
    private ImmutableArray<LineOfTherapy> _outlines;

    public MyelomaCase Case => part;

    /// <summary>The dates that the part has left.</summary>
    public ImmutableArray<SampleDay> Days => Timeline.Days;

    private Timeline Timeline => _timeline ??= Timeline.Of(part);

    public ImmutableArray<LineOfTherapy> Lines => _lines.IsDefault ? _lines = LineBuilder.Build(part, policy, First.Of) : _lines;

    /// <summary>The part's own lines, where nothing but their bounds is asked for: to name and count them costs more than to find them.</summary>
    public ImmutableArray<LineOfTherapy> Outlines =>
        !_lines.IsDefault ? _lines : _outlines.IsDefault ? _outlines = LineBuilder.Outline(part, policy, First.Of) : _outlines;

    private LineResponses First => _first ??= new(Timeline, policy.Rulesets[0], policy);

    /// <summary>The response of one of the part's own lines.</summary>
    public LineResponse? ResponseOf(int number, ResponseRuleset ruleset) => Line(number) is { } line ? ResponseOf(line, ruleset) : null;

    /// <summary>The response of a line that is given.</summary>
    public LineResponse ResponseOf(LineOfTherapy line, ResponseRuleset ruleset) => Responses(ruleset).Of(line);

    /// <summary>One date of one of the part's own lines.</summary>
    public ResponseAt? At(int number, ClinicalDate date, ResponseRuleset ruleset) => Line(number) is { } line ? At(line, date, ruleset) : null;

    /// <summary>One date of a line that is given.</summary>
    public ResponseAt? At(LineOfTherapy line, ClinicalDate date, ResponseRuleset ruleset) =>
        ruleset == First.Ruleset && First.Known(line) is { } response
            ? response.Assessments.FirstOrDefault(at => at.Date == date)
            : ResponseHistory.At(Timeline, line, date, ruleset, policy);

    /// <summary>The refractoriness to a drug of one of the part's own lines, and the response of the line; null when the line does not hold the drug.</summary>
    public (DrugRefractoriness Drug, LineResponse Response)? RefractorinessOf(int number, Drug drug, ResponseRuleset ruleset)
    {
        if (Lines.FirstOrDefault(line => line.Number == number) is not { } own || own.Drugs.FirstOrDefault(one => one.Drug == drug) is not { } period)
            return null;
        // What follows a line may show that its drugs had failed; what precedes it does not.
        ImmutableArray<LineResponse> responses = [.. Lines.Where(line => line.Number >= number).Select(line => ResponseOf(line, ruleset))];
        return (Refractoriness.Judge(part, own, period, responses, policy), responses[0]);
    }

    public RulesetResults Under(ResponseRuleset ruleset) => Derivation.Under(Responses(ruleset), part, Lines, policy);

    private LineOfTherapy? Line(int number) => Outlines.FirstOrDefault(line => line.Number == number);

    private LineResponses Responses(ResponseRuleset ruleset)
    {
        if (ruleset == First.Ruleset)
            return First;
        return _other?.Ruleset == ruleset ? _other : _other = new(Timeline, ruleset, policy);
    }
}
