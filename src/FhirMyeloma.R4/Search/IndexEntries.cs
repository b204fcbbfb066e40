using System.Collections.Immutable;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Search;

/// <summary>One row of the index: a resource has this key for that parameter.</summary>
/// <param name="Parameter">Code of the parameter.</param>
/// <param name="Key">
/// What is looked up, at most <see cref="IndexKeys.MaxLength"/> characters: of a token the code without its system, of a reference <c>Type/id</c> (with the server in front when
/// absolute) or the literal as it is, of a text three folded letters, of a URI itself.
/// </param>
public readonly record struct Posting(string Parameter, string Key);

/// <summary>One row of the index: a resource has this stretch of time for that parameter, see <see cref="DateRange"/>.</summary>
/// <param name="Parameter">Code of the parameter.</param>
/// <param name="Low">Its first microsecond, or <see cref="long.MinValue"/>.</param>
/// <param name="High">Its last microsecond, or <see cref="long.MaxValue"/>.</param>
public readonly record struct Moment(string Parameter, long Low, long High);

/// <summary>
/// What a store writes down of a resource, so that a search need not read all of them: few rows, which find at least the matches of a
/// criterion (<see cref="Criterion.Candidates"/>), which <see cref="Criterion.Matches"/> then decides about. What is written is the table of
/// <see cref="IndexPlan"/>. Of <c>_id</c> and <c>_lastUpdated</c>, which a store has anyway, there are no rows.
/// </summary>
/// <param name="Postings">Without repetition.</param>
/// <param name="Moments">The main clinical date of the type.</param>
/// <param name="Patient">The patient whose compartment it belongs to, as <c>Patient/id</c>: itself, or the target of its <c>patient</c> parameter; null without.</param>
public sealed record IndexEntries(ImmutableArray<Posting> Postings, ImmutableArray<Moment> Moments, string? Patient)
{
    /// <summary>The rows of a resource; none of a type that is not searched by its content.</summary>
    public static IndexEntries Of(Element resource)
    {
        var rows = new IndexRows(resource);
        foreach (var parameter in IndexPlan.For(resource.TypeName))
            rows.Add(parameter);
        return rows.ToEntries();
    }
}

/// <summary>Collects the rows of one resource.</summary>
internal sealed class IndexRows(Element resource)
{
    /// <summary>Beyond so many a list is not searched for repetition by walking it.</summary>
    private const int Few = 24;

    private readonly ImmutableArray<Posting>.Builder postings = ImmutableArray.CreateBuilder<Posting>();
    private readonly ImmutableArray<Moment>.Builder moments = ImmutableArray.CreateBuilder<Moment>(1);
    private readonly List<Element> found = [];
    private HashSet<Posting>? seen;
    private string? patient;

    public void Add(SearchParameter parameter)
    {
        found.Clear();
        parameter.Path.Collect(resource, found);
        foreach (var element in found)
        {
            switch (parameter.Type)
            {
                case SearchType.Token: AddToken(parameter.Code, element); break;
                case SearchType.Reference: AddReference(parameter, element); break;
                case SearchType.String: AddString(parameter.Code, element); break;
                case SearchType.Uri: AddKey(parameter.Code, element.Text); break;
                case SearchType.Date when DateRange.Of(element) is { } range: moments.Add(new(parameter.Code, range.Low, range.High)); break;
                case SearchType.Date or SearchType.Quantity or SearchType.Number or SearchType.Composite: break;
            }
        }
    }

    public IndexEntries ToEntries()
    {
        if (resource.TypeName == "Patient" && resource["id"].Text is { } id)
            patient = "Patient/" + id;
        return new(postings.DrainToImmutable(), moments.DrainToImmutable(), patient);
    }

    private void AddToken(string code, Element element)
    {
        switch (element.TypeName)
        {
            case "CodeableConcept":
                foreach (var coding in element.Children("coding"))
                    AddKey(code, coding["code"].Text);
                break;
            case "Coding": AddKey(code, element["code"].Text); break;
            case "Identifier": AddKey(code, element["value"].Text); break;
            default: AddKey(code, element.Text); break;
        }
    }

    private void AddReference(SearchParameter parameter, Element element)
    {
        if (element.TypeName != "Reference")
        {
            if (element.Text is { } canonical)
                AddKey(parameter.Code, canonical.Split('|')[0]);
            return;
        }
        if (parameter.Narrower is { } narrower && References.TargetType(element)?.Name == narrower.NarrowedTo)
            return;
        if (element["reference"].Text is not { } literal || IndexKeys.OfReference(literal) is not { } key)
            return;
        if (parameter.Code == "patient" && key.StartsWith("Patient/", StringComparison.Ordinal))
            patient ??= key;
        AddKey(parameter.Code, key);
    }

    private void AddString(string code, Element element)
    {
        if (element.TypeName is not ("HumanName" or "Address"))
        {
            if (element.Text is { } text)
                AddKey(code, IndexKeys.Beginning(Folding.Fold(text), 0));
            return;
        }
        foreach (var part in element.Children())
        {
            if (part.TypeName != "string" || part.Text is not { } text)
                continue;
            var folded = Folding.Fold(text);
            for (var at = 0; at >= 0 && at < folded.Length; at = folded.IndexOf(' ', at) is >= 0 and var blank ? blank + 1 : -1)
                AddKey(code, IndexKeys.Beginning(folded, at));
        }
    }

    private void AddKey(string code, string? key)
    {
        if (string.IsNullOrEmpty(key))
            return;
        var posting = new Posting(code, IndexKeys.Of(key));
        if (seen is null && postings.Count >= Few)
            seen = [.. postings];
        if (seen is not null ? seen.Add(posting) : !postings.Contains(posting))
            postings.Add(posting);
    }
}

/// <summary>How keys are written and looked up.</summary>
public static class IndexKeys
{
    /// <summary>A longer key is cut: it finds too much, never too little.</summary>
    public const int MaxLength = 200;

    /// <summary>Letters of a text that the index knows.</summary>
    internal const int Letters = 3;

    /// <summary>A key fit for a store: no longer than <see cref="MaxLength"/>, no half of a surrogate pair, nothing from a NUL on.</summary>
    internal static string Of(string text)
    {
        var end = text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var nul ? Math.Min(nul, MaxLength) : Math.Min(text.Length, MaxLength);
        if (end == text.Length)
            return text;
        return end > 0 && char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end];
    }

    /// <summary>The first folded letters from a place on.</summary>
    internal static string Beginning(string folded, int at) => folded.Substring(at, Math.Min(Letters, folded.Length - at));

    /// <summary>The key of a literal reference, without its version; null for what is found by no other resource (<c>#id</c>, a search).</summary>
    internal static string? OfReference(string literal)
    {
        var parsed = LiteralReference.Parse(literal);
        return parsed.Form switch
        {
            ReferenceForm.Relative => literal.Length == parsed.TypeName!.Length + parsed.Id!.Length + 1 ? literal : $"{parsed.TypeName}/{parsed.Id}",
            ReferenceForm.Absolute => $"{parsed.BaseUrl}{parsed.TypeName}/{parsed.Id}",
            ReferenceForm.Urn or ReferenceForm.Other => literal,
            ReferenceForm.Contained or ReferenceForm.Conditional => null,
        };
    }
}
