using System.Collections.Immutable;
using System.Numerics;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Flags as they gather, each once, in their order.</summary>
internal sealed class FlagSet
{
    private ulong _bits;

    public void Add(Flag flag) => _bits |= 1UL << (int)flag;

    public void Add(ImmutableArray<Flag> flags)
    {
        foreach (var flag in flags)
            Add(flag);
    }

    public void Remove(Flag flag) => _bits &= ~(1UL << (int)flag);

    public ImmutableArray<Flag> ToImmutable()
    {
        if (_bits == 0)
            return [];
        var flags = ImmutableArray.CreateBuilder<Flag>(BitOperations.PopCount(_bits));
        for (var rest = _bits; rest != 0; rest &= rest - 1)
            flags.Add((Flag)BitOperations.TrailingZeroCount(rest));
        return flags.MoveToImmutable();
    }
}
