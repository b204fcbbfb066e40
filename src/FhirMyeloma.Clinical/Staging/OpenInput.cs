using System.Collections.Immutable;
using System.Numerics;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Staging;

/// <summary>
/// One input of a stage or risk rule, cut into the levels that the rule tells apart (0 upward, worse last), with those levels that the record leaves possible.
/// </summary>
/// <param name="Name">Name in upper case, as in <c>missing-input</c>.</param>
/// <param name="Levels">How many levels there are.</param>
/// <param name="Possible">Levels that the record leaves possible, ascending; all of them when there is no result.</param>
/// <param name="Facts">What the record holds on it.</param>
internal sealed record OpenInput(string Name, int Levels, ImmutableArray<int> Possible, ImmutableArray<Fact> Facts)
{
    /// <summary>The level taken where the record leaves several possible but a reading is decided (f.2); null when none is.</summary>
    public int? Presumed { get; init; }

    /// <summary>It was measured: a range that spans several levels is decided at its worse end (R-UNIT-6), so it is not missing.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>Why it is read as it is.</summary>
    public ImmutableArray<Flag> Flags { get; init; } = [];

    /// <summary>True when the record does not narrow it to one level.</summary>
    public bool IsOpen => Possible.Length > 1;

    /// <summary>The same input without any result.</summary>
    public OpenInput Blank() => this with { Possible = [.. Enumerable.Range(0, Levels)] };

    /// <summary>The same input as its decided reading has it.</summary>
    public OpenInput AsPresumed() => Presumed is { } level && IsOpen ? this with { Possible = [level] } : this;

    /// <summary>A yes/no input.</summary>
    public static OpenInput YesNo(string name, Tri value, ImmutableArray<Fact> facts) =>
        new(name, 2, value.IsMet ? [1] : value.IsNotMet ? [0] : [0, 1], facts);
}

/// <summary>A piece of the record that an input rests on.</summary>
/// <param name="Source">Where from.</param>
/// <param name="Date">When, if stated.</param>
internal readonly record struct Fact(SourceId Source, ClinicalDate? Date);

/// <summary>
/// A rule evaluated for every combination of the levels that its inputs leave possible (at most some hundreds). Bounds and missing inputs are read off the
/// combinations themselves, so no rule needs a second, hand-written logic for what is unknown.
/// </summary>
internal sealed class Combinations
{
    // Stands in the table of results for a combination that cannot be.
    private const sbyte None = -1;

    private readonly ImmutableArray<OpenInput> _inputs;
    private readonly sbyte[] _results;

    /// <summary>Evaluates the rule; it gets one level per input and answers a small number, or null for a combination that cannot be.</summary>
    public Combinations(ImmutableArray<OpenInput> inputs, Func<int[], int?> rule)
    {
        _inputs = inputs;
        var count = 1;
        foreach (var input in inputs)
            count *= input.Possible.Length;
        _results = new sbyte[count];
        var levels = new int[inputs.Length];
        var seen = 0UL;
        for (var index = 0; index < _results.Length; index++)
        {
            for (int i = 0, rest = index; i < levels.Length; i++)
            {
                var possible = inputs[i].Possible;
                if (possible.Length == 1)
                {
                    levels[i] = possible[0];
                    continue;
                }

                (rest, var at) = Math.DivRem(rest, possible.Length);
                levels[i] = possible[at];
            }

            if (rule(levels) is { } result)
                seen |= 1UL << (_results[index] = (sbyte)result);
            else
                _results[index] = None;
        }

        Results = Ascending(seen);
    }

    /// <summary>The results that are possible, ascending; empty when no combination can be.</summary>
    public ImmutableArray<int> Results { get; }

    /// <summary>Can the input alone, all others unchanged, change the result?</summary>
    public bool Matters(int input)
    {
        var stride = 1;
        for (var i = 0; i < input; i++)
            stride *= _inputs[i].Possible.Length;
        var levels = _inputs[input].Possible.Length;
        for (var index = 0; levels > 1 && index < _results.Length; index++)
        {
            if (index / stride % levels != 0)
                continue;
            var seen = None;
            for (var level = 0; level < levels; level++)
            {
                var result = _results[index + (level * stride)];
                if (result == None)
                    continue;
                if (seen != None && seen != result)
                    return true;
                seen = result;
            }
        }

        return false;
    }

    private static ImmutableArray<int> Ascending(ulong seen)
    {
        var results = ImmutableArray.CreateBuilder<int>(BitOperations.PopCount(seen));
        for (; seen != 0; seen &= seen - 1)
            results.Add(BitOperations.TrailingZeroCount(seen));
        return results.MoveToImmutable();
    }
}
