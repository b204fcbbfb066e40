using System.Collections.Immutable;
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

    /// <summary>A measured range that spans several levels: decided at its worse end (R-UNIT-6), so it is not missing.</summary>
    public bool IsRange { get; init; }

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
    private readonly ImmutableArray<OpenInput> _inputs;
    private readonly int?[] _results;

    /// <summary>Evaluates the rule; it gets one level per input and answers null for a combination that cannot be.</summary>
    public Combinations(ImmutableArray<OpenInput> inputs, Func<int[], int?> rule)
    {
        _inputs = inputs;
        _results = new int?[inputs.Aggregate(1, (count, input) => count * input.Possible.Length)];
        var levels = new int[inputs.Length];
        for (var index = 0; index < _results.Length; index++)
        {
            for (int i = 0, rest = index; i < levels.Length; rest /= inputs[i].Possible.Length, i++)
                levels[i] = inputs[i].Possible[rest % inputs[i].Possible.Length];
            _results[index] = rule(levels);
        }
        Results = [.. _results.Where(result => result is not null).Select(result => result!.Value).Distinct().Order()];
    }

    /// <summary>The results that are possible, ascending; empty when no combination can be.</summary>
    public ImmutableArray<int> Results { get; }

    /// <summary>Can the input alone, all others unchanged, change the result?</summary>
    public bool Matters(int input)
    {
        var stride = _inputs.Take(input).Aggregate(1, (count, other) => count * other.Possible.Length);
        var levels = _inputs[input].Possible.Length;
        for (var index = 0; index < _results.Length; index++)
        {
            if (index / stride % levels != 0)
                continue;
            int? seen = null;
            for (var level = 0; level < levels; level++)
            {
                if (_results[index + level * stride] is not { } result)
                    continue;
                if (seen is { } other && other != result)
                    return true;
                seen = result;
            }
        }
        return false;
    }
}
