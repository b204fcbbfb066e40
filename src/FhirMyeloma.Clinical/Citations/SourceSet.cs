using System.Numerics;
using System.Runtime.InteropServices;

namespace FhirMyeloma.Clinical.Citations;

/// <summary>Some of the sources of a record, by the numbers that <see cref="Strength"/> gives them.</summary>
internal sealed class SourceSet : IEquatable<SourceSet>
{
    private readonly ulong[] _words;

    public SourceSet(int sources) => _words = new ulong[(sources + 63) / 64];

    private SourceSet(ulong[] words) => _words = words;

    public bool Contains(int source) => (_words[source >> 6] & (1UL << source)) != 0;

    /// <summary>False when it was there.</summary>
    public bool Add(int source)
    {
        ref var word = ref _words[source >> 6];
        var before = word;
        word |= 1UL << source;
        return word != before;
    }

    public void Add(List<int> sources)
    {
        foreach (var source in sources)
            Add(source);
    }

    public void Remove(int source) => _words[source >> 6] &= ~(1UL << source);

    /// <summary>This set and these.</summary>
    public SourceSet With(List<int> sources)
    {
        var copy = Copy();
        copy.Add(sources);
        return copy;
    }

    public SourceSet Copy() => new((ulong[])_words.Clone());

    public bool Equals(SourceSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => Equals(obj as SourceSet);

    /// <summary>Of what is in it now.</summary>
    public override int GetHashCode()
    {
        HashCode code = default;
        code.AddBytes(MemoryMarshal.AsBytes(_words.AsSpan()));
        return code.ToHashCode();
    }

    /// <summary>Ascending.</summary>
    public Enumerator GetEnumerator() => new(_words);

    public struct Enumerator(ulong[] words)
    {
        private int _word = -1;
        private ulong _left;

        public int Current { get; private set; }

        public bool MoveNext()
        {
            while (_left == 0)
            {
                if (++_word == words.Length)
                    return false;
                _left = words[_word];
            }

            Current = (_word << 6) | BitOperations.TrailingZeroCount(_left);
            _left &= _left - 1;
            return true;
        }
    }
}
