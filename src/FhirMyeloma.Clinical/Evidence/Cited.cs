using System.Collections.Immutable;

namespace FhirMyeloma.Clinical.Evidence;

/// <summary>
/// The inputs that a result rests on. They are found when first asked for, so pooled statistics that read values alone never pay for them. Two are equal when
/// they name the same inputs.
/// </summary>
public sealed class Cited : IEquatable<Cited>
{
    private Func<ImmutableArray<SourceId>>? _find;
    private ImmutableArray<SourceId> _sources = [];

    private Cited() { }

    /// <summary>No input.</summary>
    public static Cited Nothing { get; } = new();

    /// <summary>These inputs.</summary>
    public static Cited These(ImmutableArray<SourceId> sources) => new() { _sources = sources };

    /// <summary>The inputs that <paramref name="find"/> names; it must be pure.</summary>
    public static Cited When(Func<ImmutableArray<SourceId>> find) => new() { _find = find };

    /// <summary>The inputs, sorted, each once.</summary>
    public ImmutableArray<SourceId> Sources
    {
        get
        {
            // Two threads may both look; they find the same.
            if (Volatile.Read(ref _find) is { } find)
            {
                _sources = find();
                Volatile.Write(ref _find, null);
            }

            return _sources;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Cited? other) => ReferenceEquals(this, other) || (other is not null && Sources.AsSpan().SequenceEqual(other.Sources.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Cited);

    /// <inheritdoc/>
    public override int GetHashCode() => Sources is [var first, ..] ? HashCode.Combine(Sources.Length, first) : 0;

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Sources);
}
