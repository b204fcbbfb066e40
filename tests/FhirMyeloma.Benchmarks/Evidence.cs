using FhirMyeloma.Clinical;

namespace FhirMyeloma.Benchmarks;

/// <summary>Reads what the results of each kind cite, which is looked for only then.</summary>
internal static class Evidence
{
    public static (string Kind, Func<DerivedCase, int> Count)[] Kinds { get; } =
    [
        ("lines", derived => derived.Lines.Sum(line => line.Sources.Length)),
        ("washout", derived => derived.Switches.Sum(change => change.Sources.Length)),
        ("responses", derived => derived.ByRuleset[0].Responses.Sum(response => response.Sources.Length)),
        ("dates", derived => derived.ByRuleset[0].Responses.SelectMany(response => response.Assessments).Sum(at => at.Sources.Length)),
        ("refractoriness", derived => derived.ByRuleset[0].Refractoriness.Sum(drug => drug.Sources.Length)),
        ("classes", derived => derived.ByRuleset[0].ClassRefractoriness.Sources.Length),
        ("stages", derived => derived.Stages.Sum(stage => stage.Sources.Length)),
        ("risks", derived => derived.Risks.Sum(risk => risk.Sources.Length)),
    ];
}
