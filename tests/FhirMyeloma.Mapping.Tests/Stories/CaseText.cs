using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Outbound;

namespace FhirMyeloma.Mapping.Tests.Stories;

/// <summary>A case as a person reads it: one fact per line in time order, units in the names of their markers, what is unknown left out.</summary>
internal static class CaseText
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON with one list item per line.</summary>
    public static string Of(MyelomaCase patient)
    {
        var members = ((JsonObject)Node(patient)!).Select(member =>
        {
            var name = JsonSerializer.Serialize(member.Key, OneLine);
            return member.Value is JsonArray { Count: > 0 } list
                ? $"  {name}: [\n{string.Join(",\n", Sorted(list).Select(item => "    " + item))}\n  ]"
                : $"  {name}: {Text(member.Value)}";
        });
        return $"{{\n{string.Join(",\n", members)}\n}}\n";
    }

    private static IEnumerable<string> Sorted(JsonArray list) => list
        .OrderBy(item => (item as JsonObject)?["Date"]?.ToString() ?? (item as JsonObject)?["Start"]?.ToString() ?? "", StringComparer.Ordinal)
        .ThenBy(Text, StringComparer.Ordinal)
        .Select(Text);

    private static string Text(JsonNode? node) => node?.ToJsonString(OneLine) ?? "null";

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool yes => JsonValue.Create(yes),
        int number => JsonValue.Create(number),
        decimal number => JsonNode.Parse(Decimals.Text(number)),
        DateOnly day => JsonValue.Create(day.ToString("O", System.Globalization.CultureInfo.InvariantCulture)),
        Enum name => JsonValue.Create(name.ToString()),
        ClinicalDate date => JsonValue.Create(date.Text),
        SourceId source => JsonValue.Create(source.Value),
        Tri truth => JsonValue.Create(truth.ToString()),
        Reading reading => Node(reading),
        IEnumerable list => new JsonArray([.. list.Cast<object>().Select(Node)]),
        _ => Members(value),
    };

    private static JsonNode? Node(Reading reading) => reading switch
    {
        { Value: { } exact } => JsonNode.Parse(Decimals.Text(exact)),
        { High: null } => JsonValue.Create($"{(reading.LowIncluded ? ">=" : ">")}{Decimals.Text(reading.Low)}"),
        { IsBelowLimit: true, High: { } high } => JsonValue.Create($"{(reading.HighIncluded ? "<=" : "<")}{Decimals.Text(high)}"),
        _ => JsonValue.Create($"{Decimals.Text(reading.Low)}..{Decimals.Text(reading.High.Value)}"),
    };

    private static JsonObject Members(object value)
    {
        var node = new JsonObject();
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0))
        {
            var member = property.GetValue(value);
            if (!IsSilent(property, member))
                node[property.Name] = Node(member);
        }
        return node;
    }

    /// <summary>Enums whose first member is a meaning of its own, not "unknown".</summary>
    private static readonly HashSet<Type> Telling =
        [typeof(Marker), typeof(Drug), typeof(ExposureEvidence), typeof(StagingSystem), typeof(Abnormality), typeof(ImmunofixationSample), typeof(LesionMeasure), typeof(TherapyProcedureKind)];

    /// <summary>Unknown, empty and ordinary members say nothing.</summary>
    private static bool IsSilent(PropertyInfo property, object? member) => member switch
    {
        null => true,
        Tri or Reading => false,
        bool usual when property.Name == nameof(Measurement.HasUnit) => usual,
        int order when property.Name == nameof(StatedResponse.Order) => order == 0,
        Enum or bool when Nullable.GetUnderlyingType(property.PropertyType) is null =>
            !Telling.Contains(property.PropertyType) && member.Equals(Activator.CreateInstance(property.PropertyType)),
        IEnumerable list and not string => !list.GetEnumerator().MoveNext(),
        _ => false,
    };
}
