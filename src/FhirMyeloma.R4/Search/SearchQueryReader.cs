using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Search;

/// <summary>Reads one query: what limits or shapes the result here, what selects resources in <see cref="CriterionReader"/>.</summary>
internal sealed class SearchQueryReader(string? resourceType, bool lenient, string? baseUrl)
{
    private readonly SearchIssues issues = new(lenient);
    private readonly List<Criterion> criteria = [];
    private readonly List<SortOrder> sort = [];
    private readonly List<SearchInclude> includes = [];
    private readonly List<SearchInclude> revIncludes = [];
    private readonly List<string> elements = [];
    private readonly List<KeyValuePair<string, string>> self = [];
    private int? count;
    private SummaryMode summary;
    private TotalMode total;

    public ParsedSearch Read(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var read = 0;
        foreach (var (name, value) in parameters)
        {
            if (++read > SearchQuery.MaxParameters)
            {
                issues.Invalid(string.Create(CultureInfo.InvariantCulture, $"A query may have {SearchQuery.MaxParameters} parameters."));
                break;
            }
            var given = KeyValuePair.Create(name, value);
            if (ReadOne(name, ref given))
                self.Add(given);
        }
        if (issues.HasErrors)
            return new(null, issues.ToImmutable());
        return new(
            new()
            {
                ResourceType = resourceType,
                Criteria = [.. criteria],
                Count = count,
                Sort = [.. sort],
                Includes = [.. includes],
                RevIncludes = [.. revIncludes],
                Summary = summary,
                Elements = [.. elements.Distinct(StringComparer.Ordinal)],
                Total = total,
                SelfParameters = [.. self],
            },
            issues.ToImmutable());
    }

    /// <summary>True when it belongs into the self link.</summary>
    private bool ReadOne(string name, ref KeyValuePair<string, string> given)
    {
        var value = given.Value;
        switch (name)
        {
            case "_format" or "_pretty":
                return false;
            case "_count":
                return ReadCount(ref given);
            case "_sort":
                return ReadSort(value);
            case "_include" or "_include:iterate":
                return ReadInclude(name, value, includes);
            case "_revinclude" or "_revinclude:iterate":
                return ReadInclude(name, value, revIncludes);
            case "_summary":
                return ReadWord(name, value, out summary, ["false", "true", "text", "data", "count"]);
            case "_total":
                return ReadWord(name, value, out total, ["", "none", "estimate", "accurate"]);
            case "_elements":
                return ReadElements(value);
            default:
                var criterion = new CriterionReader(issues, baseUrl).Read(resourceType, name, value);
                if (criterion is null)
                    return false;
                criteria.Add(criterion);
                return true;
        }
    }

    private bool ReadCount(ref KeyValuePair<string, string> given)
    {
        if (given.Value.Length is 0 or > 9 || !int.TryParse(given.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted))
        {
            issues.Invalid("The value of '_count' is no whole number of 0 or more.");
            return false;
        }
        count = Math.Min(wanted, SearchQuery.MaxCount);
        given = KeyValuePair.Create(given.Key, count.Value.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    private bool ReadSort(string value)
    {
        var understood = true;
        foreach (var key in value.Split(','))
        {
            var descending = key.StartsWith('-');
            var code = descending ? key[1..] : key;
            if (SearchParameters.Find(resourceType, code) is not { } parameter)
            {
                issues.Unknown(resourceType, code);
                understood = false;
            }
            else if (parameter.Type == SearchType.Composite)
            {
                issues.Invalid($"The parameter '{parameter.Code}' has several parts, which have no order; sort by one of them.");
                understood = false;
            }
            else
            {
                sort.Add(new(parameter, descending));
            }
        }
        return understood;
    }

    private bool ReadInclude(string name, string value, List<SearchInclude> into)
    {
        var iterate = name.EndsWith(":iterate", StringComparison.Ordinal);
        if (value == "*")
        {
            into.Add(new(null, null, null, iterate));
            return true;
        }
        var parts = value.Split(':');
        if (parts.Length is not (2 or 3) || !SchemaCatalog.R4.IsConcreteResource(parts[0]) || parts.Length == 3 && !SchemaCatalog.R4.IsConcreteResource(parts[2]))
        {
            issues.Invalid($"The value of '{name}' is neither Type:parameter nor Type:parameter:TargetType with types of R4, nor an asterisk.");
            return false;
        }
        var target = parts.Length == 3 ? parts[2] : null;
        if (parts[1] == "*")
        {
            into.Add(new(parts[0], null, target, iterate));
            return true;
        }
        if (SearchParameters.Find(parts[0], parts[1]) is not { Type: SearchType.Reference } parameter)
        {
            issues.Unknown(parts[0], parts[1], SearchType.Reference);
            return false;
        }
        if (target is not null && !parameter.MayTarget(target))
        {
            issues.Invalid($"'{parameter.Code}' of {Suggestion.WithArticle(parts[0])} does not refer to {Suggestion.WithArticle(target)}; it may refer to {string.Join(", ", parameter.Targets)}.");
            return false;
        }
        into.Add(new(parts[0], parameter, target, iterate));
        return true;
    }

    private bool ReadElements(string value)
    {
        var understood = true;
        foreach (var name in value.Split(','))
        {
            var type = resourceType ?? "DomainResource";
            if (SchemaCatalog.R4.Find(type)?.Structure.Elements.Any(element => element.Name == name) == true || resourceType is null && name.All(char.IsAsciiLetterOrDigit) && name.Length > 0)
            {
                elements.Add(name);
                continue;
            }
            issues.Unknown($"{type} has no element '{Suggestion.Shown(name)}' for '_elements'.");
            understood = false;
        }
        return understood;
    }

    /// <summary>The words stand in the order of the enumeration.</summary>
    private bool ReadWord<T>(string name, string value, out T read, ReadOnlySpan<string> words) where T : struct, Enum
    {
        read = default;
        var at = value.Length == 0 ? -1 : words.IndexOf(value);
        if (at >= 0)
        {
            read = Enum.GetValues<T>()[at];
            return true;
        }
        issues.Invalid($"The value of '{name}' is none of {string.Join(", ", words.ToArray().Where(static word => word.Length > 0))}.");
        return false;
    }
}
