using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.Response;

/// <summary>
/// The responses of one patient's lines under one ruleset, each derived once: whether a change was planned asks for the response of a line long before the line
/// is written (d.1).
/// </summary>
internal sealed class LineResponses(Timeline timeline, ResponseRuleset ruleset, DerivationPolicy policy)
{
    private readonly Dictionary<(int Number, ClinicalDate First, ClinicalDate? NewTherapy, ClinicalDate? PreviousLineStart), LineResponse> _derived = [];

    public ResponseRuleset Ruleset => ruleset;

    /// <summary>The response of a line; of a line it matters only where it stands and when it begins and ends.</summary>
    public LineResponse Of(LineOfTherapy line)
    {
        if (!_derived.TryGetValue(Key(line), out var response))
            _derived.Add(Key(line), response = ResponseHistory.Derive(timeline, line, ruleset, policy));
        return response;
    }

    /// <summary>The same, where it was derived before.</summary>
    public LineResponse? Known(LineOfTherapy line) => _derived.GetValueOrDefault(Key(line));

    private static (int, ClinicalDate, ClinicalDate?, ClinicalDate?) Key(LineOfTherapy line) => (line.Number, line.First, line.NewTherapy, line.PreviousLineStart);
}
