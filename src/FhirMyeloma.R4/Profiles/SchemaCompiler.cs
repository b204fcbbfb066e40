using System.Text;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Profiles;

/// <summary>Turns the lines of the definitions (see Definitions/README.md) into structures.</summary>
internal sealed class SchemaCompiler(SchemaCatalog catalog, byte[] text)
{
    private readonly Dictionary<string, StructSchema> structures = new(StringComparer.Ordinal);
    private ILookup<string, Constraint> constraints = Array.Empty<(string, Constraint)>().ToLookup(static line => line.Item1, static line => line.Item2, StringComparer.Ordinal);

    public StructSchema Compile(TypeEntry type)
    {
        var root = new StructSchema(type.TypeName, type.TypeName, type);
        structures.Add("", root);
        List<string[]> lines = [];
        List<(string Path, Constraint Constraint)> stated = [];
        for (var offset = NextLine(text, type.Offset); offset < text.Length && text[offset] is (byte)'E' or (byte)'I'; offset = NextLine(text, offset))
        {
            var fields = Fields(text, offset);
            if (text[offset] == 'E')
                lines.Add(fields);
            else
                stated.Add((fields[1], new(fields[2], fields[3] == "error" ? IssueSeverity.Error : IssueSeverity.Warning, fields[4].Length > 0, fields[5])));
        }
        constraints = stated.ToLookup(line => line.Path, line => line.Constraint, StringComparer.Ordinal);

        // Backbones first: an element may refer to one that is defined after it.
        foreach (var line in lines)
        {
            if (line[4] is "BackboneElement" or "Element" && !structures.ContainsKey(line[1]))
                structures.Add(line[1], new StructSchema($"{type.TypeName}.{line[1]}", line[4], type));
        }

        foreach (var group in lines.GroupBy(line => ParentOf(line[1]), StringComparer.Ordinal))
        {
            if (structures.TryGetValue(group.Key, out var structure))
                Fill(structure, [.. group]);
        }
        foreach (var structure in structures.Values.Where(structure => structure.Properties is null))
            structure.Properties = new([]);
        foreach (var (path, structure) in structures)
            structure.Constraints = [.. constraints[path]];
        if (type is { IsResource: true, BaseName: "DomainResource" })
            root.Constraints = [.. catalog.Find("DomainResource")!.Structure.Constraints, .. root.Constraints];
        return root;
    }

    private void Fill(StructSchema structure, string[][] lines)
    {
        var elements = new ElementSchema[lines.Length];
        var properties = new List<KeyValuePair<byte[], PropertySchema>>();
        for (var slot = 0; slot < lines.Length; slot++)
        {
            var element = elements[slot] = Element(lines[slot], slot);
            element.Properties = [.. Properties(lines[slot], element)];
            properties.AddRange(element.Properties.Select(property => KeyValuePair.Create(Encoding.UTF8.GetBytes(property.Name), property)));
            if (element.Min > 0)
                structure.Required |= 1UL << slot;
        }
        structure.Elements = elements;
        structure.Properties = new(properties);
    }

    private ElementSchema Element(string[] line, int slot)
    {
        var name = line[1][(line[1].LastIndexOf('.') + 1)..];
        var isChoice = name.EndsWith("[x]", StringComparison.Ordinal);
        return new(isChoice ? name[..^3] : name, isChoice, slot, int.Parse(line[2], System.Globalization.CultureInfo.InvariantCulture), line[3])
        {
            RequiredValueSet = Field(line, 5),
            Binding = Field(line, 5).Length == 0 ? null : catalog.FindValueSet(line[5]),
            ExtensibleValueSet = Field(line, 7),
            MaxValueSet = Field(line, 8),
            IsModifier = Field(line, 9).Contains('m', StringComparison.Ordinal),
            IsSummary = Field(line, 9).Contains('s', StringComparison.Ordinal),
            Constraints = structures.ContainsKey(line[1]) ? [] : [.. constraints[line[1]]],
        };
    }

    private IEnumerable<PropertySchema> Properties(string[] line, ElementSchema element)
    {
        if (Field(line, 6).Length > 0)
        {
            var referred = structures[line[6]];
            yield return new(element.Name, element, referred.Type, referred, referred.TypeName);
            yield break;
        }
        foreach (var typeText in line[4].Split('|'))
        {
            var parenthesis = typeText.IndexOf('(', StringComparison.Ordinal);
            var typeName = parenthesis < 0 ? typeText : typeText[..parenthesis];
            string[]? targets = parenthesis < 0 ? null : typeText[(parenthesis + 1)..^1].Split(',');
            var type = catalog.Find(typeName) ?? throw new InvalidOperationException($"The definitions name an unknown type '{typeName}'.");
            var jsonName = element.IsChoice ? element.Name + char.ToUpperInvariant(type.TypeName[0]) + type.TypeName[1..] : element.Name;
            yield return new(jsonName, element, type, structures.GetValueOrDefault(line[1]), type.TypeName)
            {
                Targets = targets is null || targets.Contains("Resource", StringComparer.Ordinal) ? null : targets,
            };
        }
    }

    public static ValueSet CompileValueSet(byte[] text, int offset, string url)
    {
        var concepts = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal);
        var codes = new Dictionary<string, KeyValuePair<byte[], string>>(StringComparer.Ordinal);
        for (offset = NextLine(text, offset); offset < text.Length && text[offset] == 'C'; offset = NextLine(text, offset))
        {
            var fields = Fields(text, offset);
            concepts.Add(fields[1], fields[2..]);
            foreach (var code in fields.Skip(2))
                codes.TryAdd(code, KeyValuePair.Create(Encoding.UTF8.GetBytes(code), code));
        }
        return new(url, new([.. codes.Values]), concepts);
    }

    public static PrimitiveKind PrimitiveOf(string name) => name switch
    {
        "base64Binary" => PrimitiveKind.Base64Binary,
        "boolean" => PrimitiveKind.Boolean,
        "canonical" => PrimitiveKind.Canonical,
        "code" => PrimitiveKind.Code,
        "date" => PrimitiveKind.Date,
        "dateTime" => PrimitiveKind.DateTime,
        "decimal" => PrimitiveKind.Decimal,
        "id" => PrimitiveKind.Id,
        "instant" => PrimitiveKind.Instant,
        "integer" => PrimitiveKind.Integer,
        "markdown" => PrimitiveKind.Markdown,
        "oid" => PrimitiveKind.Oid,
        "positiveInt" => PrimitiveKind.PositiveInt,
        "string" => PrimitiveKind.String,
        "time" => PrimitiveKind.Time,
        "unsignedInt" => PrimitiveKind.UnsignedInt,
        "uri" => PrimitiveKind.Uri,
        "url" => PrimitiveKind.Url,
        "uuid" => PrimitiveKind.Uuid,
        "xhtml" => PrimitiveKind.Xhtml,
        _ => PrimitiveKind.None,
    };

    public static int NextLine(byte[] text, int offset)
    {
        var end = text.AsSpan(offset).IndexOf((byte)'\n');
        return end < 0 ? text.Length : offset + end + 1;
    }

    public static string[] Fields(byte[] text, int offset)
    {
        var line = text.AsSpan(offset);
        var end = line.IndexOf((byte)'\n');
        return Encoding.UTF8.GetString(end < 0 ? line : line[..end]).Split('\t');
    }

    /// <summary>A field of a line; empty when the line ends before it.</summary>
    public static string Field(string[] fields, int index) => index < fields.Length ? fields[index] : "";

    private static string ParentOf(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot < 0 ? "" : path[..dot];
    }
}
