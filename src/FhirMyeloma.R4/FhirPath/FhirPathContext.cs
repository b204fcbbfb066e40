using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>How much one evaluation may cost. Spending it all is a <see cref="FhirPathException"/>, never a hang or a crash.</summary>
public sealed record FhirPathLimits
{
    /// <summary>Ample for the invariants of R4 over a Bundle of tens of thousands of resources.</summary>
    public static FhirPathLimits Default { get; } = new();

    /// <summary>Evaluated nodes of the expression, visited elements and comparisons.</summary>
    public int Steps { get; init; } = 20_000_000;

    /// <summary>Items of one collection.</summary>
    public int CollectionSize { get; init; } = 2_000_000;

    /// <summary>Characters of a string that an operator or function makes.</summary>
    public int StringLength { get; init; } = 4_194_304;

    /// <summary>Time for one match of a regular expression. Nearly all run without backtracking, in linear time; the few that cannot are cut off by this.</summary>
    public TimeSpan RegexTime { get; init; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>Steps that several evaluations share, so that a document cannot cost more by having more elements. Belongs to one thread.</summary>
/// <param name="steps">What they may spend together.</param>
public sealed class FhirPathBudget(long steps)
{
    /// <summary>Steps that are left.</summary>
    public long Left { get; private set; } = steps;

    /// <summary>True when nothing is left: every further evaluation is a <see cref="FhirPathException"/>.</summary>
    public bool IsSpent => Left <= 0;

    internal void Spend(long steps) => Left -= steps;
}

/// <summary>What an expression may ask of its surroundings. Everything has a default but the clock, which the kernel does not have.</summary>
public sealed record FhirPathContext
{
    /// <summary>All defaults.</summary>
    public static FhirPathContext Default { get; } = new();

    /// <summary><c>%resource</c>; by default the nearest resource around the focus.</summary>
    public Element Resource { get; init; }

    /// <summary><c>%rootResource</c>: the container of a contained resource; by default found from <c>%resource</c>.</summary>
    public Element RootResource { get; init; }

    /// <summary>
    /// <c>resolve()</c>: a literal reference or URL and the element that refers, to the target or the element that does not exist.
    /// Contained resources (<c>#id</c>) are always found; without this also the entries of the Bundle around it, for which an index is built each time.
    /// </summary>
    public Func<string, Element, Element>? Resolve { get; init; }

    /// <summary><c>memberOf()</c>: canonical of the value set, system (null for a bare code), code, to true, false or null for "cannot say". Without it <c>memberOf</c> is a fault.</summary>
    public Func<string, string?, string, bool?>? MemberOf { get; init; }

    /// <summary><c>conformsTo()</c>: an element and the canonical of a profile, to true, false or null for an unknown profile. Without it only base types of R4 are known.</summary>
    public Func<Element, string, bool?>? ConformsTo { get; init; }

    /// <summary>What <c>now()</c>, <c>today()</c> and <c>timeOfDay()</c> say. Without it they are a fault.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Further <c>%names</c>: an <see cref="Element"/>, string, bool, int, long, decimal, a sequence of these, or null for the empty collection.</summary>
    public ImmutableDictionary<string, object?> Variables { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <summary>
    /// True reads types as R4's own invariants and search parameters do: <c>as</c> filters a collection of several items (the
    /// specification makes that a fault), and a FHIR primitive counts as its System type in <c>is Boolean</c>.
    /// </summary>
    public bool Lenient { get; init; }

    /// <summary>What this evaluation shares with others; null when it stands alone.</summary>
    public FhirPathBudget? Budget { get; init; }

    /// <summary>What one evaluation may cost.</summary>
    public FhirPathLimits Limits { get; init; } = FhirPathLimits.Default;
}
