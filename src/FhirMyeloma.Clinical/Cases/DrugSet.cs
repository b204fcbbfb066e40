using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace FhirMyeloma.Clinical.Cases;

/// <summary>A set of drugs as one word of bits; enumerated in the order of <see cref="Drug"/>.</summary>
[CollectionBuilder(typeof(DrugSet), nameof(Of))]
internal readonly record struct DrugSet : IEnumerable<Drug>
{
    private readonly ulong _bits;

    private DrugSet(ulong bits) => _bits = bits;

    /// <summary>The set of these drugs.</summary>
    public static DrugSet Of(ReadOnlySpan<Drug> drugs)
    {
        DrugSet set = default;
        foreach (var drug in drugs)
            set = set.With(drug);
        return set;
    }

    /// <summary>No drug.</summary>
    public bool IsEmpty => _bits == 0;

    /// <summary>How many.</summary>
    public int Count => BitOperations.PopCount(_bits);

    public bool Contains(Drug drug) => (_bits & (1UL << (int)drug)) != 0;

    public bool ContainsAll(DrugSet others) => (others._bits & ~_bits) == 0;

    public bool Overlaps(DrugSet others) => (_bits & others._bits) != 0;

    public DrugSet With(Drug drug) => new(_bits | (1UL << (int)drug));

    public DrugSet Without(Drug drug) => new(_bits & ~(1UL << (int)drug));

    public static DrugSet operator |(DrugSet a, DrugSet b) => new(a._bits | b._bits);

    public static DrugSet operator &(DrugSet a, DrugSet b) => new(a._bits & b._bits);

    public static DrugSet operator -(DrugSet a, DrugSet b) => new(a._bits & ~b._bits);

    public Enumerator GetEnumerator() => new(_bits);

    IEnumerator<Drug> IEnumerable<Drug>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the bits from the lowest.</summary>
    public struct Enumerator(ulong bits) : IEnumerator<Drug>
    {
        private ulong _left = bits;

        public Drug Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (_left == 0)
                return false;
            Current = (Drug)BitOperations.TrailingZeroCount(_left);
            _left &= _left - 1;
            return true;
        }

        public void Reset() => throw new NotSupportedException();

        public readonly void Dispose()
        {
        }
    }
}
