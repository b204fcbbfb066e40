using System.Globalization;
using FhirMyeloma.Clinical.Lines;

namespace FhirMyeloma.Clinical.Tests.Lines;

/// <summary>A line ruleset by name, with the numbers of one study: <c>rwd-28-90 gap=60 window=35</c>; empty is the default.</summary>
internal static class CoursePolicy
{
    public static LinePolicy Read(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var policy = LinePolicy.Of(words is [] or ["rrs-2015", ..] ? LineRuleset.Rrs2015 : words[0] switch
        {
            "rwd-28-90" => LineRuleset.Rwd28_90,
            "cibmtr" => LineRuleset.Cibmtr,
            _ => throw new FormatException(text),
        });
        foreach (var number in words.Skip(1).Select(word => word.Split('=')))
        {
            var days = int.Parse(number[1], CultureInfo.InvariantCulture);
            policy = number[0] switch
            {
                "gap" => policy with { SameRegimenGapDays = days },
                "window" => policy with { RegimenWindowDays = days },
                _ => throw new FormatException(text),
            };
        }
        return policy;
    }
}
