using System.Text.Json;

namespace FhirMyeloma.R4.Tests.Json;

/// <summary>The same JSON with the members of every object in another order.</summary>
internal static class Shuffled
{
    public static byte[] Members(byte[] json, int seed)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Write(document.RootElement, writer, new Random(seed));
        return stream.ToArray();
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer, Random dice)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(_ => dice.Next()))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer, dice);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item, writer, dice);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
