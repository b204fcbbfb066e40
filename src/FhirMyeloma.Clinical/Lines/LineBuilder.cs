using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Exposures to lines of therapy (section d).</summary>
public static class LineBuilder
{
    /// <summary>
    /// Builds the lines. Whether a transition was planned depends on the response before it (d.1), so the builder asks <paramref name="responseOf"/>
    /// for the response of a line as it stands up to the transition (<see cref="LineOfTherapy.NewTherapy"/> set to the transition's first dose).
    /// </summary>
    public static ImmutableArray<LineOfTherapy> Build(MyelomaCase patient, DerivationPolicy policy, Func<LineOfTherapy, LineResponse> responseOf)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(responseOf);

        var linePolicy = LinePolicy.Of(policy.LineRuleset);
        var course = new Course(patient, linePolicy);
        var writer = new LineWriter(patient, course);
        var transitions = new Transitions(patient, linePolicy, course, writer, responseOf);
        return writer.WriteAll(transitions.Drafts(), responseOf);
    }
}
