using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Lines;

/// <summary>Exposures to lines of therapy (section d).</summary>
public static class LineBuilder
{
    /// <summary>
    /// Builds the lines. Whether a transition was planned depends on the response before it (d.1), so the builder asks <paramref name="responseOf"/>
    /// for the response of a line as it stands up to the transition: its number, its first day, that of the line before and the transition's first dose as
    /// <see cref="LineOfTherapy.NewTherapy"/>; drugs and name are not known yet.
    /// </summary>
    public static ImmutableArray<LineOfTherapy> Build(MyelomaCase patient, DerivationPolicy policy, Func<LineOfTherapy, LineResponse> responseOf)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(responseOf);
        return Build(patient, LinePolicy.Of(policy.LineRuleset), responseOf);
    }

    /// <summary>The same under the numbers of one study.</summary>
    internal static ImmutableArray<LineOfTherapy> Build(MyelomaCase patient, LinePolicy policy, Func<LineOfTherapy, LineResponse> responseOf)
    {
        var course = new Course(patient, policy);
        var writer = new LineWriter(patient, course);
        var transitions = new Transitions(patient, policy, course, writer, responseOf);
        return writer.WriteAll(transitions.Drafts(), responseOf);
    }
}
