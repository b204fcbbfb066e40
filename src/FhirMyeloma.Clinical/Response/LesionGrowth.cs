using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Response;

/// <summary>Whether lesions grew (R-PD-6), and the imaging that shows it.</summary>
/// <param name="Holds">Met, NotMet, or Unknown where ranges leave it open.</param>
/// <param name="Sources">The findings compared; empty when nothing grew.</param>
internal readonly record struct LesionGrowth(Tri Holds, ImmutableArray<SourceId> Sources)
{
    public static LesionGrowth No { get; } = new(Tri.NotMet, []);

    /// <summary>
    /// A new lesion; the sum of products of more than one lesion 50 % above its lowest; or a longest diameter 50 % above its lowest, of a lesion that was above 1 cm.
    /// Lesions with a name are compared each with itself. A rise from nothing is any rise: what had disappeared and is back is new.
    /// </summary>
    /// <param name="now">The imaging of the date.</param>
    /// <param name="earlier">Baseline and the imaging of the line before the date.</param>
    /// <param name="known">Names of the lesions that were there when the line began: none of them is new, whatever the record calls it.</param>
    public static LesionGrowth Of(Lesions now, IReadOnlyList<Lesions> earlier, ImmutableHashSet<string> known)
    {
        if (now.IsEmpty)
            return No;
        if (now.New.FirstOrDefault(finding => finding.Lesion is not { } name || !known.Contains(name)) is { } appeared)
            return new(Tri.Met, [appeared.Source]);
        var best = now.MayBeNew ? new LesionGrowth(Tri.Unknown, now.Sources) : No;
        foreach (var before in earlier)
        {
            best = Worse(best, SumGrew(now, before));
            foreach (var (name, product, _) in now.Named)
            {
                if (product is not null && before.Named.FirstOrDefault(lesion => lesion.Name == name)?.Spd is { } gone && gone.Value.IsAtMost(0).IsMet)
                    best = Worse(best, Grew(product, gone));
            }
        }

        foreach (var lesion in now.Named)
        {
            best = Worse(best, DiameterGrew(lesion.LongestDiameter,
                [.. earlier.SelectMany(before => before.Named).Where(other => other.Name == lesion.Name).Select(other => other.LongestDiameter).OfType<Sample>()]));
        }

        return now.IsByName ? best : Worse(best, DiameterGrew(now.LongestDiameter, [.. earlier.Select(before => before.LongestDiameter).OfType<Sample>()]));
    }

    // As sent, a sum is of all lesions. Lesion by lesion only those measured both times are compared, and one alone is no sum.
    private static LesionGrowth SumGrew(Lesions now, Lesions before)
    {
        if (!now.IsByName || !before.IsByName)
            return now.Spd is { } sum && before.Spd is { } lower ? Grew(sum, lower) : No;
        List<(Sample Now, Sample Before)> both =
        [
            .. from lesion in now.Named
               from other in before.Named
               where string.Equals(lesion.Name, other.Name, StringComparison.Ordinal) && lesion.Spd is not null && other.Spd is not null
               select (lesion.Spd, other.Spd),
        ];
        return both.Count < 2 ? No : Grew(Sum(both.Select(pair => pair.Now)), Sum(both.Select(pair => pair.Before)));
    }

    private static LesionGrowth DiameterGrew(Sample? now, ImmutableArray<Sample> earlier)
    {
        var measurable = earlier.FirstOrDefault(before => before.Value.IsAbove(10).IsMet);
        if (now is not null && measurable is null && earlier.Any(before => before.IsBlank))
            return new(Tri.Unknown, now.Sources);
        return now is null || measurable is null ? No
            : earlier.Aggregate(No, (grown, before) => Worse(grown, Grew(now, before, measurable.Sources)));
    }

    private static LesionGrowth Grew(Sample now, Sample before, ImmutableArray<SourceId> others = default)
    {
        var holds = now.Value.RoseBy(50, before.Value) & now.Value.RiseFrom(before.Value).IsAbove(0);
        return holds.IsNotMet ? No : new(holds, [.. now.Sources.Concat(before.Sources).Concat(others.IsDefault ? [] : others).Distinct().Order()]);
    }

    private static LesionGrowth Worse(LesionGrowth a, LesionGrowth b) => (a.Holds | b.Holds) == a.Holds ? a : b;

    private static Sample Sum(IEnumerable<Sample> samples) => samples.Aggregate((a, b) => a with { Value = a.Value + b.Value, Sources = [.. a.Sources.Concat(b.Sources)] });
}
