using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Derives the response of one line (sections a and b).</summary>
public static class ResponseHistory
{
    /// <summary>Assesses every date of the line and the line as a whole under one ruleset.</summary>
    public static LineResponse Derive(MyelomaCase patient, LineOfTherapy line, ResponseRuleset ruleset, DerivationPolicy policy) =>
        throw new NotSupportedException();
}
