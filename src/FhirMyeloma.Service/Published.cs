using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Xml;
using FhirMyeloma.Service.Endpoints;

namespace FhirMyeloma.Service;

/// <summary>Files that travel with the service: the definitions that it publishes, and the examples that Swagger offers. Each is read when it is first asked for.</summary>
internal sealed class Published
{
    /// <summary>Types of the definitions that are published.</summary>
    public static ImmutableArray<string> Types { get; } = ["CodeSystem", "ConceptMap", "OperationDefinition", "StructureDefinition", "ValueSet"];

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

    private readonly FrozenDictionary<string, ImmutableSortedDictionary<string, string>> _files = Types.ToFrozenDictionary(
        static type => type,
        static type => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "profiles"), $"{type}-*.json")
            .ToImmutableSortedDictionary(file => Path.GetFileNameWithoutExtension(file)[(type.Length + 1)..], static file => file, StringComparer.Ordinal),
        StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, FhirDocument> _documents = new(StringComparer.Ordinal);
    private readonly Lazy<DefinitionSet> _definitions;
    private readonly Lazy<Verdicts> _verdicts;
    private readonly Lazy<ImmutableArray<Story>> _validations = new(static () =>
    [
        Example("validate-valid.json", "An M-protein result that is valid"),
        Example("validate-faulty.json", "The same with faults: no status, a misspelt element, a day that is none, a unit that is no UCUM"),
        Example("validate-with-profile.json", "In Parameters, with a profile and a mode"),
        Example("validate-valid.xml", "An M-protein result in XML"),
    ]);

    private readonly Lazy<ImmutableArray<Story>> _stories = new(static () => [.. Shown.Select(Read).OfType<Story>(), .. Shown.Take(1).Select(Read).OfType<Story>().Select(InXml)]);

    public Published()
    {
        _definitions = new(() => DefinitionSet.R4.With(Types.SelectMany(type => _files[type].Values).Select(Document)));
        _verdicts = new(() => new(Definitions));
    }

    /// <summary>R4 and everything that is published here.</summary>
    public DefinitionSet Definitions => _definitions.Value;

    /// <summary>Verdicts by R4 and everything that is published here.</summary>
    public Verdicts Verdicts => _verdicts.Value;

    /// <summary>Read when somebody first opens Swagger.</summary>
    public ImmutableArray<Story> Stories => _stories.Value;

    /// <summary>Bodies for <c>$validate</c>, read at the same time.</summary>
    public ImmutableArray<Story> Validations => _validations.Value;

    /// <summary>The bodies that Swagger offers for a call.</summary>
    public ImmutableArray<Story> Offered(ExampleSet examples) => examples switch
    {
        ExampleSet.None => [],
        ExampleSet.Stories => Stories,
        ExampleSet.Validation => Validations,
        ExampleSet.Transaction => [Example("keep-transaction.json", "A patient under an id of its own, and a result that refers to it by identifier")],
        ExampleSet.Patient => [Example("keep-patient.json", "A patient")],
        ExampleSet.Parameters => [Example("keep-parameters.json", "Nothing but the defaults")],
    };

    /// <summary>The ids of a type, sorted.</summary>
    public IEnumerable<string> Ids(string type) => _files[type].Keys;

    /// <summary>A published definition; the element that does not exist when there is none.</summary>
    public Element Find(string type, string id) => _files[type].TryGetValue(id, out var file) ? Document(file).Root : default;

    /// <summary>The input of the first story; null when the service was deployed without its stories.</summary>
    public static byte[]? FirstInput() => Folder(Shown[0]) is { } folder ? File.ReadAllBytes(Input(folder)) : null;

    private FhirDocument Document(string file) => _documents.GetOrAdd(file, static file => FhirJsonReader.Read(File.ReadAllBytes(file)).Document!);

    private static string? Folder(string name) => Path.Combine(AppContext.BaseDirectory, "fhir-examples", name) is var folder && Directory.Exists(folder) ? folder : null;

    private static string Input(string folder) => Directory.EnumerateFiles(folder, "input*.json").Order(StringComparer.Ordinal).First();

    private static Story Example(string file, string title)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "examples", file));
        var isXml = Path.GetExtension(file) == ".xml";
        return new(file.Replace('.', '-'), title, isXml ? JsonValue.Create(Encoding.UTF8.GetString(bytes)) : JsonNode.Parse(bytes)!);
    }

    private static Story InXml(Story story) =>
        new($"{story.Name}-xml", $"{story.Title} (XML)", JsonValue.Create(Encoding.UTF8.GetString(FhirXmlWriter.Write(FhirJsonReader.Read(File.ReadAllBytes(Input(Folder(story.Name)!))).Document!.Root))));

    private static Story? Read(string name)
    {
        if (Folder(name) is not { } folder)
            return null;
        var title = File.ReadLines(Path.Combine(folder, "README.md")).FirstOrDefault(static line => line.StartsWith("# ", StringComparison.Ordinal));
        return new(name, title?[2..] ?? name, JsonNode.Parse(File.ReadAllBytes(Input(folder)))!);
    }
}

/// <summary>A body that can be sent as it is.</summary>
/// <param name="Name">Unique among the examples.</param>
/// <param name="Title">One line.</param>
/// <param name="Input">The resource; a string when it is XML.</param>
internal sealed record Story(string Name, string Title, JsonNode Input)
{
    /// <summary>True when it is written in XML.</summary>
    public bool IsXml => Input is JsonValue;
}
