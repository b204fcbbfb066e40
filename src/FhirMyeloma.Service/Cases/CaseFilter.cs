using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Http;

namespace FhirMyeloma.Service.Cases;

/// <summary>Which cases are meant. A filter that repeats is an "or", several filters are an "and".</summary>
internal sealed class CaseFilter
{
    private const string From = "from";
    private const string To = "to";
    private readonly ImmutableArray<Said> _said;
    private readonly DateOnly? _from;
    private readonly DateOnly? _to;
    private readonly string _definition;

    private CaseFilter(ImmutableArray<Said> said, DateOnly? from, DateOnly? to, string definition) => (_said, _from, _to, _definition) = (said, from, to, definition);

    /// <summary>The parameters of every call over several cases.</summary>
    public static ImmutableArray<RouteParameter> Parameters { get; } =
    [
        new("center", "Cases of this centre.", [], Repeats: true),
        new("first-line-regimen", "Canonical name of the regimen of the first line, such as D-VTd.", [], Repeats: true),
        new("isatuximab-regimen", "Canonical name of the first regimen with isatuximab, such as Isa-Kd.", [], Repeats: true),
        new("washout", "Category of the first change from daratumumab to isatuximab.", ["lt-3-months", "3-to-6-months", "ge-6-months", "indeterminate", "none"], Repeats: true),
        new("risk", "Cytogenetic risk by the definition of high-risk-definition.", ["high", "standard", "not-determinable"], Repeats: true),
        new(From, "First dose of isatuximab on or after this date; a dose of which only month or year is known counts when all of it fits.", []),
        new(To, "First dose of isatuximab on or before this date.", []),
    ];

    /// <summary>The centres asked for; empty for all.</summary>
    public ImmutableArray<string> Centres => [.. _said.Where(static one => one.Name == "center").Select(static one => one.Value!)];

    /// <summary>Reads the filters among what was said; anything else is somebody else's.</summary>
    public static (CaseFilter? Filter, FhirFault? Fault) Read(ImmutableArray<Said> said, string highRiskDefinition)
    {
        var issues = ImmutableArray.CreateBuilder<Issue>();
        ImmutableArray<Said> own = [.. said.Where(static one => Parameters.Any(parameter => parameter.Name == one.Name))];
        foreach (var one in own)
        {
            var parameter = Parameters.Single(parameter => parameter.Name == one.Name);
            if (string.IsNullOrEmpty(one.Value) || (!parameter.Values.IsEmpty && !parameter.Values.Contains(one.Value, StringComparer.Ordinal)))
                issues.Add(Faults.IssueOf(Faults.ParameterValue, parameter.Values.IsEmpty ? $"{one.Name} needs a value." : $"This value is not allowed for {one.Name}. Allowed: {string.Join(", ", parameter.Values)}.", one.Where));
        }

        var (from, to) = (Day(From), Day(To));
        return issues.Count > 0 ? (null, Faults.Of(issues.ToImmutable())) : (new(own, from, to, highRiskDefinition), null);

        DateOnly? Day(string name)
        {
            ImmutableArray<Said> dates = [.. own.Where(one => one.Name == name)];
            if (dates.IsEmpty || string.IsNullOrEmpty(dates[0].Value))
                return null;
            if (dates is [var only] && DateOnly.TryParseExact(only.Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
            issues.Add(Faults.IssueOf(Faults.ParameterValue, $"{name} is given once, as a date: YYYY-MM-DD.", dates[0].Where));
            return null;
        }
    }

    /// <summary>True when a case is meant.</summary>
    /// <param name="centre">Its centre.</param>
    /// <param name="summary">Its summary.</param>
    public bool Means(string centre, ReadOnlyMemory<byte> summary)
    {
        if (_said.IsEmpty)
            return true;
        using var document = JsonDocument.Parse(summary);
        var root = document.RootElement;
        var isatuximab = Of(root, "isatuximab");
        return Any("center", centre)
            && Any("first-line-regimen", Of(root, "lines") is { ValueKind: JsonValueKind.Array } lines && lines.GetArrayLength() > 0 ? Text(lines[0], "regimen") : null)
            && Any("isatuximab-regimen", Text(isatuximab, "regimen"))
            && Any("washout", Text(Of(root, "washout"), "category") ?? "none")
            && Any("risk", Text(Of(root, "risk"), _definition))
            && Between(Text(isatuximab, "start"));
    }

    private bool Any(string name, string? value)
    {
        ImmutableArray<Said> asked = [.. _said.Where(one => one.Name == name)];
        return asked.IsEmpty || asked.Any(one => one.Value == value);
    }

    private bool Between(string? date)
    {
        if (_from is null && _to is null)
            return true;
        if (date is null)
            return false;
        var dose = ClinicalDate.Parse(date);
        return (_from is not { } from || dose.First >= from) && (_to is not { } to || dose.Last <= to);
    }

    private static JsonElement Of(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) ? child : default;

    private static string? Text(JsonElement element, string name) => Of(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
