using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace FhirMyeloma.Service;

/// <summary>One patient of a derived Bundle with the results about them.</summary>
internal sealed class DerivedPatient
{
    private readonly JsonElement _patient;
    private readonly ImmutableArray<DerivedResult> _results;

    private DerivedPatient(JsonElement patient, ImmutableArray<DerivedResult> results) => (_patient, _results) = (patient, results);

    /// <summary>The first line in which isatuximab was given.</summary>
    public DerivedResult? IsatuximabLine => All("line-of-therapy").FirstOrDefault(static line => line.Has("drug", "isatuximab"));

    /// <summary>The response to that line.</summary>
    public DerivedResult? IsatuximabResponse => IsatuximabLine is { } line ? All("imwg-response").FirstOrDefault(response => response.Focus == line.FullUrl) : null;

    /// <summary>The first switch from daratumumab to isatuximab.</summary>
    public DerivedResult? Primary => All("anti-cd38-washout").FirstOrDefault(static washout => washout.Component("primary") == "yes");

    /// <summary>The check of the last category that the hospital stated.</summary>
    public DerivedResult? Reported => All("reported-response-check").LastOrDefault();

    /// <summary>The patients in their order.</summary>
    public static IEnumerable<DerivedPatient> Of(JsonElement bundle)
    {
        var entries = bundle.GetProperty("entry").EnumerateArray().Select(static entry => (Url: entry.GetProperty("fullUrl").GetString()!, Resource: entry.GetProperty("resource"))).ToList();
        var results = entries.Where(static entry => Type(entry.Resource) == "Observation").Select(static entry => new DerivedResult(entry.Url, entry.Resource)).ToLookup(static result => result.Subject, StringComparer.Ordinal);
        return entries.Where(static entry => Type(entry.Resource) == "Patient").Select(entry => new DerivedPatient(entry.Resource, [.. results[entry.Url]]));
    }

    public string? Text(string member) => _patient.TryGetProperty(member, out var value) ? value.GetString() : null;

    public DerivedResult? First(string code) => All(code).FirstOrDefault();

    public IEnumerable<DerivedResult> All(string code) => _results.Where(result => result.Code == code);

    /// <summary>Whole years; marked when a date is known to the year or month only.</summary>
    public string? AgeAt(string? date)
    {
        if (Text("birthDate") is not { Length: >= 4 } birth || date is not { Length: >= 4 })
            return null;
        if (birth.Length < 10 || date.Length < 10)
            return $"about {(Year(date) - Year(birth)).ToString(CultureInfo.InvariantCulture)}";
        var hadBirthday = string.CompareOrdinal(date, 5, birth, 5, 5) >= 0;
        return (Year(date) - Year(birth) - (hadBirthday ? 0 : 1)).ToString(CultureInfo.InvariantCulture);

        static int Year(string text) => int.Parse(text.AsSpan(0, 4), CultureInfo.InvariantCulture);
    }

    private static string? Type(JsonElement resource) => resource.GetProperty("resourceType").GetString();
}

/// <summary>One derived Observation, as text.</summary>
/// <param name="FullUrl">Of its entry.</param>
/// <param name="Resource">The Observation.</param>
internal sealed record DerivedResult(string FullUrl, JsonElement Resource)
{
    public string Code => Resource.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!;

    public string Subject => Resource.GetProperty("subject").GetProperty("reference").GetString()!;

    public string? Status => Resource.GetProperty("status").GetString();

    public string? Focus => Resource.TryGetProperty("focus", out var focus) ? focus[0].GetProperty("reference").GetString() : null;

    public string? Value => ValueOf(Resource);

    /// <summary>The quantity's number, when it has one.</summary>
    public decimal? Days => Resource.TryGetProperty("valueQuantity", out var quantity) ? quantity.GetProperty("value").GetDecimal() : null;

    /// <summary>An end of the effective period, or the date itself.</summary>
    public string? Effective(string end) => Resource.TryGetProperty("effectivePeriod", out var period)
        ? period.TryGetProperty(end, out var date) ? date.GetString() : null
        : Resource.TryGetProperty("effectiveDateTime", out var moment) ? moment.GetString() : null;

    public string? Component(string code) => Parts(code).Select(ValueOf).FirstOrDefault();

    /// <summary>A repeated component, one value a line.</summary>
    public string? Components(string code) => Parts(code).Select(ValueOf).OfType<string>().ToList() is { Count: > 0 } values ? string.Join('\n', values) : null;

    public bool Has(string code, string value) => Parts(code).Any(part => ValueOf(part) == value);

    private IEnumerable<JsonElement> Parts(string code) => Resource.TryGetProperty("component", out var components)
        ? components.EnumerateArray().Where(part => part.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString() == code)
        : [];

    private static string? ValueOf(JsonElement holder)
    {
        foreach (var member in holder.EnumerateObject())
        {
            switch (member.Name)
            {
                case "valueCodeableConcept":
                    return member.Value.GetProperty("coding")[0].GetProperty("code").GetString();
                case "valueQuantity":
                    return Quantity(member.Value);
                case "valueRange":
                    return $"{(member.Value.TryGetProperty("low", out var low) ? Quantity(low) : "?")} to {(member.Value.TryGetProperty("high", out var high) ? Quantity(high) : "?")}";
                case "valueBoolean":
                    return member.Value.GetBoolean() ? "yes" : "no";
                case "valueInteger":
                    return member.Value.GetRawText();
                case "valueDateTime" or "valueString":
                    return member.Value.GetString();
            }
        }

        return null;
    }

    // Days and percent stand in the label of their row.
    private static string Quantity(JsonElement quantity) =>
        quantity.GetProperty("value").GetRawText() + (quantity.TryGetProperty("code", out var code) && code.GetString() is { } unit and not ("d" or "%") ? $" {unit}" : "");
}
