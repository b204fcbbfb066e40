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
        var key = (line.Number, line.First, line.NewTherapy, line.PreviousLineStart);
        if (!_derived.TryGetValue(key, out var response))
            _derived.Add(key, response = ResponseHistory.Derive(timeline, line, ruleset, policy));
        return response;
    }
}
