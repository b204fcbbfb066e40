namespace FhirMyeloma.Clinical.Evidence;

/// <summary>
/// Names the input resource that a fact came from. Opaque here: the mapping chooses it (unique per resource, independent of the order of the input) and
/// turns it back into a reference. Ordered ordinally, so that of equivalent sources the ordinally smallest is chosen.
/// </summary>
/// <param name="Value">The mapping's name for the resource.</param>
public readonly record struct SourceId(string Value) : IComparable<SourceId>
{
    /// <inheritdoc/>
    public int CompareTo(SourceId other) => string.CompareOrdinal(Value, other.Value);

    /// <summary>Ordinally smaller.</summary>
    public static bool operator <(SourceId a, SourceId b) => a.CompareTo(b) < 0;

    /// <summary>Ordinally greater.</summary>
    public static bool operator >(SourceId a, SourceId b) => a.CompareTo(b) > 0;

    /// <summary>Ordinally smaller or the same.</summary>
    public static bool operator <=(SourceId a, SourceId b) => a.CompareTo(b) <= 0;

    /// <summary>Ordinally greater or the same.</summary>
    public static bool operator >=(SourceId a, SourceId b) => a.CompareTo(b) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Value;
}
