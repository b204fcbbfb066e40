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
        var (writer, drafts) = Draft(patient, policy, responseOf);
        return writer.WriteAll(drafts, responseOf);
    }

    /// <summary>The lines as their responses see them: where they stand, when they begin and end. Drugs, names, counts and reasons are left out.</summary>
    internal static ImmutableArray<LineOfTherapy> Outline(MyelomaCase patient, DerivationPolicy policy, Func<LineOfTherapy, LineResponse> responseOf)
    {
        var (_, drafts) = Draft(patient, LinePolicy.Of(policy.LineRuleset), responseOf);
        return [.. drafts.Select((_, index) => LineWriter.Outline(drafts, index, index + 1 < drafts.Count ? drafts[index + 1].Earliest : null))];
    }

    private static (LineWriter Writer, List<LineDraft> Drafts) Draft(MyelomaCase patient, LinePolicy policy, Func<LineOfTherapy, LineResponse> responseOf)
    {
        var course = new Course(patient, policy);
        var writer = new LineWriter(patient, course);
        return (writer, new Transitions(patient, policy, course, writer, responseOf).Drafts());
    }
}
