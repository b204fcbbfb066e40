using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>
/// Finds inputs that are enough for a result and of which none can go, by deriving again from part of the record. Of inputs that could stand for each other
/// the weaker, then the later, then the ordinally greater goes first.
/// </summary>
internal sealed class Smallest(MyelomaCase patient)
{
    private const int BlockFrom = 8;

    private readonly Strength _strength = new(patient);

    /// <summary>True for what can make a line.</summary>
    public bool IsDose(SourceId source) => _strength.IsDose(source);

    /// <summary>The smallest set.</summary>
    /// <param name="decreed">Cited whether or not the result needs them.</param>
    /// <param name="likely">What probably is enough; others are added only where it is not.</param>
    /// <param name="gives">Does this part of the record give the result?</param>
    public ImmutableArray<SourceId> Of(IEnumerable<SourceId> decreed, IEnumerable<SourceId> likely, Func<MyelomaCase, bool> gives)
    {
        HashSet<SourceId> set = [.. decreed];
        List<SourceId> free = [.. likely.Where(set.Add)];
        var part = patient.Only(set);
        if (!part.HasMyelomaEvidence && patient is { HasMyelomaEvidence: true, MyelomaEvidenceSource: { } evidence } && set.Add(evidence))
        {
            free.Add(evidence);
            part = patient.Only(set);
        }

        bool Gives(MyelomaCase some) => some.HasMyelomaEvidence == patient.HasMyelomaEvidence && gives(some);
        if (!Gives(part))
        {
            List<SourceId> others = [.. _strength.All.Where(source => !set.Contains(source))];
            var added = Add(set, false, others, Gives);
            free.AddRange(added);
            set.UnionWith(added);
            if (!Gives(patient.Only(set)))
            {
                // Something in what was added speaks against it and is itself answered only by the whole record.
                free.AddRange(others.Where(set.Add));
            }
            part = patient.Only(set);
        }

        free.Sort(_strength);
        Thin(part, set, free, Gives);
        return [.. set.Order()];
    }

    /// <summary>What is needed among these, nothing added; null when they are not enough.</summary>
    /// <param name="decreed">Kept whether or not the result needs them.</param>
    /// <param name="likely">What may go where it can.</param>
    /// <param name="gives">Does this part of the record give the result?</param>
    public ImmutableArray<SourceId>? Among(IEnumerable<SourceId> decreed, IEnumerable<SourceId> likely, Func<MyelomaCase, bool> gives)
    {
        HashSet<SourceId> set = [.. decreed];
        List<SourceId> free = [.. likely.Where(set.Add)];
        var part = patient.Only(set);
        if (!gives(part))
            return null;
        free.Sort(_strength);
        Thin(part, set, free, gives);
        return [.. set.Order()];
    }

    /// <summary>Drops what can go, the weakest first and in blocks while there is much; what a later drop may have freed is asked again.</summary>
    private static void Thin(MyelomaCase part, HashSet<SourceId> set, List<SourceId> free, Func<MyelomaCase, bool> gives)
    {
        var needed = new HashSet<SourceId>();
        if (free.Count > BlockFrom)
        {
            for (var end = free.Count; end > 0; end = Math.Max(0, end - BlockFrom))
                DropFrom(Math.Max(0, end - BlockFrom), Math.Min(BlockFrom, end));
        }

        for (var i = free.Count - 1; i >= 0;)
        {
            i = !needed.Contains(free[i]) && TryDrop(i, 1) ? free.Count - 1 : i - 1;
        }

        void DropFrom(int start, int count)
        {
            if (TryDrop(start, count) || count == 1)
                return;
            var half = count / 2;
            DropFrom(start + half, count - half);
            DropFrom(start, half);
        }

        bool TryDrop(int start, int count)
        {
            for (var i = start; i < start + count; i++)
                set.Remove(free[i]);
            if (gives(part.Only(set)))
            {
                free.RemoveRange(start, count);
                needed.Clear();
                return true;
            }

            for (var i = start; i < start + count; i++)
                set.Add(free[i]);
            if (count == 1)
                needed.Add(free[start]);
            return false;
        }
    }

    /// <summary>QuickXplain (Junker 2004): of <paramref name="others"/>, the stronger first, those that the background still needs.</summary>
    private List<SourceId> Add(HashSet<SourceId> background, bool changed, List<SourceId> others, Func<MyelomaCase, bool> gives)
    {
        if (changed && gives(patient.Only(background)))
            return [];
        if (others.Count <= 1)
            return others;
        var strong = others[..(others.Count / 2)];
        var weak = others[(others.Count / 2)..];
        var ofWeak = Add([.. background, .. strong], true, weak, gives);
        var ofStrong = Add([.. background, .. ofWeak], ofWeak.Count > 0, strong, gives);
        return [.. ofStrong, .. ofWeak];
    }
}
