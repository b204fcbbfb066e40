using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>How sure the boundaries of a line are (d.1: always exposed).</summary>
internal static class Sureness
{
    /// <summary>Why the boundaries are not sure; nothing where administrations to the day or a curator say so.</summary>
    public static ImmutableArray<LineDoubt> Of(LineDraft draft, LineDraft? next, IReadOnlyList<RoledDose> doses, IReadOnlySet<Flag> flags)
    {
        if (draft.Curated is not null)
            return [];
        var evidence = EvidenceOfStart(draft, doses);
        var doubts = ImmutableArray.CreateBuilder<LineDoubt>();
        Add(LineDoubt.Order, evidence == ExposureEvidence.Order);
        Add(LineDoubt.InexactDate, !draft.First.IsExact || next is { First.IsExact: false });
        Add(LineDoubt.Review, flags.Contains(Flag.Review));
        Add(LineDoubt.Statement, evidence == ExposureEvidence.Statement);
        Add(LineDoubt.ResponseUnknown, draft.ResponseUnknown);
        Add(LineDoubt.SubCycle, flags.Contains(Flag.SubCycle));
        Add(LineDoubt.TransplantAssumed, flags.Contains(Flag.TransplantAssumed));
        return doubts.DrainToImmutable();

        void Add(LineDoubt doubt, bool holds)
        {
            if (holds)
                doubts.Add(doubt);
        }
    }

    /// <summary>Low with an order, a date without day or where a person should look; medium with any other doubt.</summary>
    public static Confidence Confidence(ImmutableArray<LineDoubt> doubts) =>
        doubts.IsEmpty ? Lines.Confidence.High : doubts.Any(doubt => doubt <= LineDoubt.Review) ? Lines.Confidence.Low : Lines.Confidence.Medium;

    /// <summary>The doubts that set the confidence: beside one that makes it low, one that would make it medium is idle.</summary>
    public static ImmutableArray<LineDoubt> Deciding(ImmutableArray<LineDoubt> doubts) =>
        Confidence(doubts) == Lines.Confidence.Low ? [.. doubts.Where(doubt => doubt <= LineDoubt.Review)] : doubts;

    /// <summary>The strongest evidence for a dose of the first day.</summary>
    private static ExposureEvidence EvidenceOfStart(LineDraft draft, IReadOnlyList<RoledDose> doses)
    {
        ExposureEvidence? strongest = null;
        foreach (var (dose, role) in doses)
        {
            if (role == DoseRole.Regimen && dose.Start == draft.MainStart && !(strongest <= dose.Evidence))
                strongest = dose.Evidence;
        }
        return strongest ?? ExposureEvidence.Administration;
    }
}
