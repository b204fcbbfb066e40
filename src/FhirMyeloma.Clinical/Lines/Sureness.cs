using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>How sure the boundaries of a line are (d.1: always exposed).</summary>
internal static class Sureness
{
    /// <summary>
    /// Low: a boundary rests on an order or on a date without day, or a person should look. Medium: it rests on a statement, on less than a cycle, on an
    /// assumed transplant, or on a response that nobody could evaluate. High: administrations to the day, or a curator.
    /// </summary>
    public static Confidence Of(LineDraft draft, LineDraft? next, IReadOnlyList<RoledDose> doses, IReadOnlySet<Flag> flags)
    {
        if (draft.Curated is not null)
            return Confidence.High;
        var evidence = doses.Where(dose => dose.Role == DoseRole.Regimen && dose.Dose.Start == draft.MainStart)
            .Select(dose => (ExposureEvidence?)dose.Dose.Evidence).Min() ?? ExposureEvidence.Administration;
        if (evidence == ExposureEvidence.Order || !draft.First.IsExact || next is { First.IsExact: false } || flags.Contains(Flag.Review))
            return Confidence.Low;
        return evidence == ExposureEvidence.Statement || draft.ResponseUnknown || flags.Contains(Flag.SubCycle) || flags.Contains(Flag.TransplantAssumed)
            ? Confidence.Medium
            : Confidence.High;
    }
}
