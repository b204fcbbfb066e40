namespace FhirMyeloma.Clinical.Evidence;

/// <summary>
/// Kleene's three truth values. <c>&amp;</c> takes the lesser and <c>|</c> the greater of NotMet &lt; Unknown &lt; Met,
/// so "a missing finding costs a rung" is arithmetic. The default value is Unknown: a forgotten assignment can only cost a rung.
/// </summary>
public readonly record struct Tri
{
    private readonly sbyte _rank;

    private Tri(sbyte rank) => _rank = rank;

    /// <summary>The finding holds for every value the data allow.</summary>
    public static Tri Met { get; } = new(1);

    /// <summary>The data do not decide it.</summary>
    public static Tri Unknown { get; }

    /// <summary>The finding fails for every value the data allow.</summary>
    public static Tri NotMet { get; } = new(-1);

    /// <summary>Met or NotMet.</summary>
    public static Tri Of(bool holds) => holds ? Met : NotMet;

    /// <summary>True only when Met.</summary>
    public bool IsMet => _rank > 0;

    /// <summary>True only when NotMet.</summary>
    public bool IsNotMet => _rank < 0;

    /// <summary>True when the data do not decide.</summary>
    public bool IsUnknown => _rank == 0;

    /// <summary>The lesser of two truths.</summary>
    public static Tri operator &(Tri a, Tri b) => a._rank <= b._rank ? a : b;

    /// <summary>The greater of two truths.</summary>
    public static Tri operator |(Tri a, Tri b) => a._rank >= b._rank ? a : b;

    /// <summary>Met becomes NotMet and the reverse; Unknown stays.</summary>
    public static Tri operator !(Tri a) => new((sbyte)-a._rank);

    /// <inheritdoc/>
    public override string ToString() => _rank > 0 ? "Met" : _rank < 0 ? "NotMet" : "Unknown";
}
