using System.Collections.Concurrent;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.Profiles;

/// <summary>
/// A ValueSet resource: what <c>compose</c> includes less what it excludes; where it has no <c>compose</c>, the <c>expansion</c>.
/// Parts that cannot be decided here leave the answer open, unless another part decides it.
/// </summary>
internal sealed class ComposedSet : CodeSet
{
    // Value sets import each other; a ring has no bottom, and a lattice can be walked in exponentially many ways.
    private const int MaxImports = 1000;
    private const int MaxListed = 1000;

    // The same few codes are asked again and again; bounded, because they come from outside.
    private const int MaxRemembered = 1000;
    private readonly ConcurrentDictionary<(string? System, string Code), Membership> remembered = new();
    private int rememberedCount;

    private readonly ValueSets sets;
    private readonly string url;
    private readonly bool isComposed;
    private readonly bool withInactive;
    private readonly Part[] includes;
    private readonly Part[] excludes;
    private readonly Expansion? expansion;
    private readonly Lazy<string[]> listed;

    public ComposedSet(ValueSets sets, string url, Element valueSet)
    {
        this.sets = sets;
        this.url = url;
        var compose = valueSet["compose"];
        isComposed = compose.Exists;
        withInactive = compose["inactive"].Boolean is not false;
        includes = [.. compose.Children("include").Select(Part.Read)];
        excludes = [.. compose.Children("exclude").Select(Part.Read)];
        expansion = valueSet["expansion"] is { Exists: true } expanded ? new(expanded) : null;
        listed = new(() => [.. Candidates().Distinct(StringComparer.Ordinal).Take(MaxListed).Where(code => Contains(null, code) == Membership.In)]);
    }

    public override IEnumerable<string> Listed => listed.Value;

    public override Membership Contains(string? system, string code)
    {
        if (remembered.TryGetValue((system, code), out var known))
            return known;
        var verdict = Contains(system, code, new Walk());
        if (Volatile.Read(ref rememberedCount) < MaxRemembered && remembered.TryAdd((system, code), verdict))
            Interlocked.Increment(ref rememberedCount);
        return verdict;
    }

    private IEnumerable<string> Candidates() => includes
        .SelectMany(part => part.Codes ?? (part.System is { } system ? sets.ListedOf(system) : part.Imports.SelectMany(import => sets.Find(import) is { } other and not ComposedSet ? other.Listed : [])))
        .Concat(expansion?.Codes ?? []);

    private Membership Contains(string? system, string code, Walk walk)
    {
        if (!isComposed)
            return expansion?.Contains(system, code) ?? Membership.CannotSay;
        if (walk.Imports++ > MaxImports || !walk.Entered.Add(url))
            return Membership.CannotSay;
        var verdict = system is not null ? Decide(system, code, walk) : DecideBare(code, walk);
        walk.Entered.Remove(url);
        // An expansion was made for some purpose and may be old: what it has counts, what it lacks proves nothing.
        return verdict == Membership.CannotSay && expansion?.Contains(system, code) == Membership.In ? Membership.In : verdict;
    }

    // A bare code is in when it is in with one of the systems.
    private Membership DecideBare(string code, Walk walk)
    {
        var verdict = Decide(null, code, walk);
        foreach (var system in includes.Select(part => part.System).OfType<string>().Distinct(StringComparer.Ordinal))
            verdict = Either(verdict, Decide(system, code, walk));
        return verdict;
    }

    private Membership Decide(string? system, string code, Walk walk)
    {
        var verdict = Membership.Out;
        foreach (var part in includes)
            verdict = Either(verdict, Decide(part, system, code, walk));
        foreach (var part in excludes)
        {
            if (verdict != Membership.Out)
                verdict = Both(verdict, Not(Decide(part, system, code, walk)));
        }
        return verdict;
    }

    // Within one part everything must hold.
    private Membership Decide(Part part, string? system, string code, Walk walk)
    {
        var verdict = Membership.In;
        if (part.System is { } own)
        {
            if (own != system)
                return Membership.Out;
            verdict = DecideSystem(part, own, code);
        }
        foreach (var import in part.Imports)
        {
            if (verdict == Membership.Out)
                return verdict;
            verdict = Both(verdict, sets.Find(import) switch
            {
                null => Membership.CannotSay,
                ComposedSet composed => composed.Contains(system, code, walk),
                var other => other.Contains(system, code),
            });
        }
        return part.System is null && part.Imports.Length == 0 ? Membership.Out : verdict;
    }

    private Membership DecideSystem(Part part, string system, string code)
    {
        var list = sets.FindSystem(part.Version is null ? system : $"{system}|{part.Version}");
        var concept = list?.Find(code);
        if (!withInactive && concept is { IsInactive: true })
            return Membership.Out;
        if (part.Codes is { } codes)
            return codes.Contains(code, list?.Comparer ?? StringComparer.Ordinal) ? Membership.In : Membership.Out;
        if (list is null)
            return part.Version is null || sets.FindSystem(system) is null ? DecideUnlisted(part, system, code) : Membership.CannotSay;
        if (concept is null)
            return list.IsComplete ? Membership.Out : Membership.CannotSay;
        // A grouping is no code to choose, unless the value set names it.
        var verdict = concept.IsAbstract ? Membership.Out : Membership.In;
        foreach (var filter in part.Filters)
            verdict = Both(verdict, filter.Passes(list, concept));
        return verdict;
    }

    private Membership DecideUnlisted(Part part, string system, string code)
    {
        if (sets.IsCodeOf(system, code) is not { } defined)
            return Membership.CannotSay;
        var verdict = defined ? Membership.In : Membership.Out;
        foreach (var filter in part.Filters)
            verdict = Both(verdict, system == UcumUnit.System && UcumUnit.TryParse(code, out var unit, out _) ? filter.PassesUnit(unit) : Membership.CannotSay);
        return verdict;
    }

    private static Membership Either(Membership a, Membership b) =>
        a == Membership.In || b == Membership.In ? Membership.In
        : a == Membership.Out && b == Membership.Out ? Membership.Out
        : Membership.CannotSay;

    private static Membership Both(Membership a, Membership b) => Not(Either(Not(a), Not(b)));

    private static Membership Not(Membership verdict) => verdict switch
    {
        Membership.In => Membership.Out,
        Membership.Out => Membership.In,
        Membership.CannotSay => Membership.CannotSay,
    };

    private sealed class Walk
    {
        public HashSet<string> Entered { get; } = new(StringComparer.Ordinal);

        public int Imports { get; set; }
    }

    /// <summary>One include or exclude.</summary>
    private sealed record Part(string? System, string? Version, string[]? Codes, ConceptFilter[] Filters, string[] Imports)
    {
        public static Part Read(Element element)
        {
            var concepts = element.Children("concept");
            return new(
                element["system"].Text,
                element["version"].Text,
                concepts.Count == 0 ? null : [.. concepts.Select(concept => concept["code"].Text).OfType<string>()],
                [.. element.Children("filter").Select(ConceptFilter.Read)],
                [.. element.Children("valueSet").Select(import => import.Text).OfType<string>()]);
        }
    }

    /// <summary>The listed codes of an expansion; whether they are all of them is for the expansion to say.</summary>
    private sealed class Expansion
    {
        private const string Unclosed = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed";
        private const string TooCostly = "http://hl7.org/fhir/StructureDefinition/valueset-toocostly";

        private readonly HashSet<(string System, string Code)> concepts = [];
        private readonly HashSet<string> codes = new(StringComparer.Ordinal);
        private readonly bool isWhole;

        public Expansion(Element expansion)
        {
            var entries = Add(expansion);
            isWhole = !expansion.Children("extension").Any(extension => extension["url"].Text is Unclosed or TooCostly && extension["valueBoolean"].Boolean is true)
                && expansion["offset"].Decimal is null or 0
                && (expansion["total"].Decimal is not { } total || total <= entries)
                // A text filter, paging or a chosen language do not show in the codes.
                && !expansion.Children("parameter").Any(parameter => parameter["name"].Text is "filter" or "count" or "offset" or "limitedExpansion");
        }

        public IEnumerable<string> Codes => codes;

        public Membership Contains(string? system, string code) =>
            (system is null ? codes.Contains(code) : concepts.Contains((system, code))) ? Membership.In
            : isWhole ? Membership.Out
            : Membership.CannotSay;

        private int Add(Element parent)
        {
            var entries = 0;
            foreach (var entry in parent.Children("contains"))
            {
                entries++;
                if (entry["code"].Text is { } code && entry["abstract"].Boolean is not true)
                {
                    codes.Add(code);
                    concepts.Add((entry["system"].Text ?? "", code));
                }
                entries += Add(entry);
            }
            return entries;
        }
    }
}
