using System.Globalization;

namespace FhirMyeloma.Testing;

/// <summary>Seeded chance for properties (SplitMix64): the same seed rolls the same story on every machine. Print the seed when a property fails.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>What to print: <c>new Dice(seed)</c> repeats the roll.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>A whole number, both ends included.</summary>
    public int Roll(int low, int high) => low + (int)(Next() % (ulong)(high - low + 1));

    /// <summary>True in <paramref name="percent"/> of a hundred rolls.</summary>
    public bool Chance(int percent) => Roll(1, 100) <= percent;

    /// <summary>One of them.</summary>
    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Roll(0, choices.Length - 1)];

    /// <summary>A decimal with so many places, both ends included.</summary>
    public decimal Amount(decimal low, decimal high, int places)
    {
        var scale = (decimal)Math.Pow(10, places);
        return low + (Roll(0, (int)((high - low) * scale)) / scale);
    }

    /// <summary>The same items in a rolled order.</summary>
    public T[] Shuffle<T>(IEnumerable<T> items)
    {
        T[] shuffled = [.. items];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = Roll(0, i);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }

    public override string ToString() => "seed " + Seed.ToString(CultureInfo.InvariantCulture);

    private ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
