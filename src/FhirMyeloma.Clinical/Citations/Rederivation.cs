using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>A part of a record derived again, no further than asked.</summary>
internal sealed class Rederivation
{
    private readonly MyelomaCase _part;
    private readonly DerivationPolicy _policy;
    private readonly Timeline _timeline;
    private readonly LineResponses _first;

    public Rederivation(MyelomaCase part, DerivationPolicy policy)
    {
        (_part, _policy) = (part, policy);
        _timeline = Timeline.Of(part);
        _first = new(_timeline, policy.Rulesets[0], policy);
        Lines = LineBuilder.Build(part, policy, _first.Of);
    }

    public ImmutableArray<LineOfTherapy> Lines { get; }

    public LineResponse? ResponseOf(int number, ResponseRuleset ruleset) =>
        Lines.FirstOrDefault(line => line.Number == number) is { } line ? Responses(ruleset).Of(line) : null;

    public ResponseAt? At(int number, ClinicalDate date, ResponseRuleset ruleset) =>
        Lines.FirstOrDefault(line => line.Number == number) is { } line ? ResponseHistory.At(_timeline, line, date, ruleset, _policy) : null;

    public RulesetResults Under(ResponseRuleset ruleset) => Derivation.Under(Responses(ruleset), _part, Lines, _policy);

    private LineResponses Responses(ResponseRuleset ruleset) => ruleset == _first.Ruleset ? _first : new(_timeline, ruleset, _policy);
}
