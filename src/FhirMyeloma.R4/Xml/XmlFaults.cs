using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Xml;

/// <summary>Faults that only XML can have, up to a limit. Their paths are made at the end, when every element has its number.</summary>
internal sealed class XmlFaults(XmlTree tree, int limit)
{
    private readonly List<(Issue Issue, int Node, string? Child)> found = [];

    public int LeftOut { get; private set; }

    /// <param name="code">One of <see cref="IssueCodes"/>.</param>
    /// <param name="text">What is wrong and what to do.</param>
    /// <param name="place">Where in the XML.</param>
    /// <param name="node">The element that is broken.</param>
    /// <param name="child">The element name of a child of it that is broken and has no node of its own.</param>
    public void Add(string code, string text, SourcePlace place, int node, string? child = null)
    {
        if (found.Count == limit)
            LeftOut++;
        else
            found.Add((new Issue(IssueSeverity.Error, code, IssueType.Structure, text, [], place), node, child));
    }

    public Issue[] Issues() =>
        [.. found.Select(fault => fault.Issue with { Expressions = [fault.Child is { } child ? $"{tree.Path(fault.Node)}.{child}" : tree.Path(fault.Node)] })];
}

/// <summary>What the JSON reader has to know about the XML that its JSON was made from.</summary>
/// <param name="Places">Where the parts of the JSON stood in the XML.</param>
/// <param name="Issues">What was wrong with the XML itself, with places.</param>
/// <param name="IssuesLeftOut">How many more.</param>
internal sealed record XmlOrigin(PlaceMap Places, Issue[] Issues, int IssuesLeftOut)
{
    /// <summary>In the order of the XML, which the JSON need not have.</summary>
    public IEnumerable<T> InOrder<T>(IEnumerable<T> issues, Func<T, (Issue Issue, int Offset)> of) =>
        issues.OrderBy(one => of(one) is var (issue, offset) && (issue.Place ?? Places.Find(offset)) is var place ? (place.Line, place.Column) : default);
}
