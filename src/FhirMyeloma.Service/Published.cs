using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirMyeloma.Service;

/// <summary>Files that travel with the service: operation definitions, and the stories that Swagger offers as examples.</summary>
internal sealed class Published
{
    /// <summary>The stories offered, the first one first; folders of <c>fhir-examples</c>.</summary>
    public static ImmutableArray<string> Shown { get; } =
    [
        "case-1-isatuximab-35-days-after-daratumumab",
        "case-5-reported-scr-contradicted",
        "case-4-reported-scr-not-derivable",
        "relapse-from-a-deep-nadir",
        "month-only-dates",
        "every-kind-of-fault",
    ];

    private readonly Lazy<ImmutableArray<Story>> _examples = new(static () => [.. Shown.Select(Read).OfType<Story>()]);

    /// <summary>OperationDefinition by id, as canonical bytes.</summary>
    public ImmutableSortedDictionary<string, byte[]> Operations { get; } = Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "profiles"), "OperationDefinition-*.json")
        .Select(static file => JsonNode.Parse(File.ReadAllBytes(file))!)
        .ToImmutableSortedDictionary(
            static definition => (string)definition["id"]!,
            static definition => JsonSerializer.SerializeToUtf8Bytes(definition),
            StringComparer.Ordinal);

    /// <summary>Read when somebody first opens Swagger.</summary>
    public ImmutableArray<Story> Examples => _examples.Value;

    /// <summary>The input of the first story; null when the service was deployed without its stories.</summary>
    public static byte[]? FirstInput() => Folder(Shown[0]) is { } folder ? File.ReadAllBytes(Input(folder)) : null;

    private static string? Folder(string name) => Path.Combine(AppContext.BaseDirectory, "fhir-examples", name) is var folder && Directory.Exists(folder) ? folder : null;

    private static string Input(string folder) => Directory.EnumerateFiles(folder, "input*.json").Order(StringComparer.Ordinal).First();

    private static Story? Read(string name)
    {
        if (Folder(name) is not { } folder)
            return null;
        var title = File.ReadLines(Path.Combine(folder, "README.md")).FirstOrDefault(static line => line.StartsWith("# ", StringComparison.Ordinal));
        return new(name, title?[2..] ?? name, JsonNode.Parse(File.ReadAllBytes(Input(folder)))!);
    }
}

/// <summary>A patient's story that can be sent as it is.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="Title">The heading of its README.</param>
/// <param name="Input">The Bundle that the hospital sends.</param>
internal sealed record Story(string Name, string Title, JsonNode Input);
