using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>
/// Finds inputs that are enough for a result and of which none can go, by deriving again from part of the record. Of inputs that could stand for each other
/// the weaker, then the later, then the ordinally greater goes first. Used by one thread at a time.
/// </summary>
internal sealed class Smallest
{
    private const int BlockFrom = 8;
    // Results that rest on nearly the same inputs are asked for one after the other.
    private const int Remembered = 128;

    private readonly MyelomaCase _whole;
    private readonly DerivationPolicy _policy;
    private readonly Strength _strength;
    private readonly RecordParts _parts;
    private readonly Dictionary<SourceSet, Rederivation> _known = [];

    public Smallest(MyelomaCase whole, DerivationPolicy policy)
    {
        (_whole, _policy, _strength) = (whole, policy, new(whole));
        _parts = new(whole, _strength);
    }

    /// <summary>True for what can make a line.</summary>
    public bool IsDose(SourceId source) => _strength.IsDose(source);

    /// <summary>True where more than one fact is from it.</summary>
    public bool SaysSeveral(SourceId source) => _strength.SaysSeveral(source);

    /// <summary>Do these inputs give the result?</summary>
    public bool IsGivenBy(IEnumerable<SourceId> sources, Func<Rederivation, bool> gives) => gives(Part(SetOf(sources)));

    /// <summary>The smallest set.</summary>
    /// <param name="decreed">Cited whether or not the result needs them.</param>
    /// <param name="likely">What probably is enough; others are added only where it is not.</param>
    /// <param name="gives">Does this part of the record give the result?</param>
    public ImmutableArray<SourceId> Of(IEnumerable<SourceId> decreed, IEnumerable<SourceId> likely, Func<Rederivation, bool> gives)
    {
        var (set, free) = Start(decreed, likely);
        var part = Part(set);
        if (!part.Case.HasMyelomaEvidence && _whole is { HasMyelomaEvidence: true, MyelomaEvidenceSource: { } evidence }
            && _strength.NumberOf(evidence) is { } shows && set.Add(shows))
        {
            free.Add(shows);
            part = Part(set);
        }

        bool Gives(Rederivation some) => some.Case.HasMyelomaEvidence == _whole.HasMyelomaEvidence && gives(some);
        if (!Gives(part))
        {
            List<int> others = [.. Enumerable.Range(0, _strength.Count).Where(source => !set.Contains(source))];
            var added = Add(set, false, others, Gives);
            free.AddRange(added);
            set.Add(added);
            if (!Gives(Part(set)))
            {
                // Something in what was added speaks against it and is itself answered only by the whole record.
                free.AddRange(others.Where(set.Add));
            }
        }

        return Thin(set, free, Gives);
    }

    /// <summary>What is needed among these, nothing added; null when they are not enough.</summary>
    /// <param name="decreed">Kept whether or not the result needs them.</param>
    /// <param name="likely">What may go where it can.</param>
    /// <param name="gives">Does this part of the record give the result?</param>
    public ImmutableArray<SourceId>? Among(IEnumerable<SourceId> decreed, IEnumerable<SourceId> likely, Func<Rederivation, bool> gives)
    {
        var (set, free) = Start(decreed, likely);
        return gives(Part(set)) ? Thin(set, free, gives) : null;
    }

    private (SourceSet Set, List<int> Free) Start(IEnumerable<SourceId> decreed, IEnumerable<SourceId> likely)
    {
        var set = SetOf(decreed);
        List<int> free = [];
        foreach (var source in likely)
        {
            if (_strength.NumberOf(source) is { } number && set.Add(number))
                free.Add(number);
        }

        return (set, free);
    }

    private SourceSet SetOf(IEnumerable<SourceId> sources)
    {
        SourceSet set = new(_strength.Count);
        foreach (var source in sources)
        {
            if (_strength.NumberOf(source) is { } number)
                set.Add(number);
        }

        return set;
    }

    private Rederivation Part(SourceSet set)
    {
        if (_known.TryGetValue(set, out var known))
            return known;
        Rederivation part = new(_parts.Of(set), _policy);
        if (_known.Count == Remembered)
            _known.Clear();
        _known.Add(set.Copy(), part);
        return part;
    }

    /// <summary>Drops what can go, the weakest first and in blocks while there is much; what a later drop may have freed is asked again.</summary>
    private ImmutableArray<SourceId> Thin(SourceSet set, List<int> free, Func<Rederivation, bool> gives)
    {
        free.Sort();
        SourceSet needed = new(_strength.Count);
        if (free.Count > BlockFrom)
        {
            for (var end = free.Count; end > 0; end = Math.Max(0, end - BlockFrom))
                DropFrom(Math.Max(0, end - BlockFrom), Math.Min(BlockFrom, end));
        }

        for (var i = free.Count - 1; i >= 0;)
        {
            i = !needed.Contains(free[i]) && TryDrop(i, 1) ? free.Count - 1 : i - 1;
        }

        List<SourceId> cited = [];
        foreach (var source in set)
            cited.Add(_strength[source]);
        cited.Sort();
        return [.. cited];

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
            if (gives(Part(set)))
            {
                free.RemoveRange(start, count);
                needed = new(_strength.Count);
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
    private List<int> Add(SourceSet background, bool changed, List<int> others, Func<Rederivation, bool> gives)
    {
        if (changed && gives(Part(background)))
            return [];
        if (others.Count <= 1)
            return others;
        var strong = others[..(others.Count / 2)];
        var weak = others[(others.Count / 2)..];
        var ofWeak = Add(background.With(strong), true, weak, gives);
        var ofStrong = Add(background.With(ofWeak), ofWeak.Count > 0, strong, gives);
        return [.. ofStrong, .. ofWeak];
    }
}
