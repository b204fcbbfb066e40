using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>A conclusion of a derived Bundle that another one does not draw in the same way.</summary>
/// <param name="Result">Code of the result, such as <c>imwg-response</c>.</param>
/// <param name="About">What it is about within the patient: its date or period; empty without.</param>
/// <param name="Before">The value before, with its status unless that is final; null where there was none.</param>
/// <param name="After">The value after; null where there is none any more.</param>
public sealed record ChangedConclusion(string Result, string About, string? Before, string? After);

/// <summary>Compares what was concluded, not how it is worded or cited: ids name a result, its value and status are the conclusion.</summary>
public static class BundleDifference
{
    /// <summary>The conclusions that differ, in the order of the later Bundle, then those that are gone.</summary>
    /// <param name="before">A derived Bundle.</param>
    /// <param name="after">A later one of the same patients.</param>
    public static ImmutableArray<ChangedConclusion> Between(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        var (old, now) = (Conclusions(before), Conclusions(after));
        var gone = old.Keys.Where(id => !now.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. now.Where(one => !old.TryGetValue(one.Key, out var was) || was.Value != one.Value.Value)
                .Select(one => new ChangedConclusion(one.Value.Result, one.Value.About, old.TryGetValue(one.Key, out var was) ? was.Value : null, one.Value.Value)),
            .. old.Where(one => gone.Contains(one.Key)).Select(static one => new ChangedConclusion(one.Value.Result, one.Value.About, one.Value.Value, null)),
        ];
    }

    private static OrderedDictionary<string, (string Result, string About, string Value)> Conclusions(ReadOnlyMemory<byte> bundle)
    {
        OrderedDictionary<string, (string, string, string)> found = new(StringComparer.Ordinal);
        if (FhirJsonReader.Read(bundle, new ReadLimits(MaxIssues: 1, Check: false)).Document is not { ResourceType: "Bundle" } document)
            return found;
        foreach (var entry in document.Root.Children("entry"))
        {
            var resource = entry["resource"];
            if (resource.TypeName == "Observation" && resource["id"].Text is { } id)
                found[id] = (resource["code"].Children("coding")[0]["code"].Text ?? "", About(resource), Value(resource));
        }

        return found;
    }

    private static string About(Element observation)
    {
        var effective = observation.Choice("effective");
        return effective.Text ?? (effective.Exists ? $"{effective["start"].Text}/{effective["end"].Text}" : "");
    }

    private static string Value(Element observation)
    {
        var value = observation.Choice("value");
        var text = value.TypeName switch
        {
            "CodeableConcept" => value.Children("coding")[0]["code"].Text,
            "Quantity" => Amount(value),
            "Range" => $"{Amount(value["low"])} - {Amount(value["high"])}",
            _ => value.Text ?? observation["dataAbsentReason"].Children("coding").Select(static coding => coding["code"].Text).FirstOrDefault(),
        };
        return observation["status"].Text is "final" or null ? text ?? "" : string.Create(CultureInfo.InvariantCulture, $"{text} ({observation["status"].Text})");
    }

    private static string Amount(Element quantity) => $"{quantity["comparator"].Text}{quantity["value"].Text} {quantity["unit"].Text ?? quantity["code"].Text}".Trim();
}
