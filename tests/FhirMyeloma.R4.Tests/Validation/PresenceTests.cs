using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.R4.Validation;

namespace FhirMyeloma.R4.Tests.Validation;

/// <summary>What the presence of children decides is decided as FHIRPath decides it, for every constraint of R4 and every combination of the children that it names.</summary>
public class PresenceTests
{
    [Fact]
    public void Every_combination_of_children_is_decided_as_FHIRPath_decides_it()
    {
        List<string> differences = [];
        var decided = 0;
        var broken = 0;
        HashSet<string> rules = new(StringComparer.Ordinal);
        foreach (var (schema, path) in Places())
        {
            foreach (var invariant in schema.Rules.Invariants)
            {
                var terms = schema.Rules.Terms.Where(term => term.Invariant == invariant).ToArray();
                if (terms.Length == 0)
                    continue;
                foreach (var mask in Combinations(terms.Aggregate(0UL, static (care, term) => care | term.Care)))
                {
                    var fitting = terms.Where(term => (mask & term.Care) == term.Want).ToArray();
                    if (fitting.Length > 0 && !fitting.Any(term => term.IsBroken))
                        continue;
                    var element = Build(schema, path, mask);
                    Assert.Equal(mask, ValidationWalk.Presence(element.Document!.Tape, element.Index) & terms.Aggregate(0UL, static (care, term) => care | term.Care));
                    var ours = fitting.Length == 0;
                    var theirs = invariant.Expression.IsTrue(element, new ValidationScope(element.Document, DefinitionSet.R4, new()).FhirPath(element)) != false;
                    decided++;
                    broken += ours ? 0 : 1;
                    rules.Add($"{schema.Path} {invariant.Constraint.Key}");
                    if (ours != theirs)
                        differences.Add($"{schema.Path} {invariant.Constraint.Key}: compiled {ours}, FHIRPath {theirs}: {Encoding.UTF8.GetString(element.Document.Source.Span)}");
                }
            }
        }
        Assert.True(differences.Count == 0, $"{differences.Count} of {decided} differ:\n{string.Join('\n', differences.Take(20))}");
        Assert.True(rules.Count > 600 && decided > 1_000 && broken > 100, $"{rules.Count} rules, {decided} combinations, {broken} broken");
    }

    [Theory]
    [InlineData("Observation", "obs-6", 1)]
    [InlineData("Extension", "ext-1", 2)]
    [InlineData("Quantity", "qty-3", 1)]
    [InlineData("Attachment", "att-1", 1)]
    public void A_constraint_about_presence_alone_never_asks_its_expression(string type, string key, int terms)
    {
        var of = SchemaCatalog.R4.Find(type)!.Structure.Rules.Terms.Where(term => term.Invariant.Constraint.Key == key).ToArray();
        Assert.Equal(terms, of.Length);
        Assert.All(of, term => Assert.True(term.IsBroken));
    }

    [Fact]
    public void Every_constraint_of_R4_compiles()
    {
        var count = 0;
        foreach (var (schema, _) in Places())
            count += schema.Rules.Invariants.Length + schema.Elements.Sum(element => element.Invariants.Length);
        Assert.True(count > 700, $"only {count}");
    }

    /// <summary>Every structure with one way from a resource to it.</summary>
    private static IEnumerable<(StructSchema Schema, PropertySchema[] Path)> Places()
    {
        HashSet<StructSchema> seen = [];
        var open = new Queue<(StructSchema, PropertySchema[])>();
        foreach (var type in SchemaCatalog.R4.ById.Where(type => type is { IsResource: true, IsAbstract: false }))
        {
            seen.Add(type.Structure);
            open.Enqueue((type.Structure, []));
        }
        while (open.TryDequeue(out var place))
        {
            yield return place;
            foreach (var property in place.Item1.Elements.SelectMany(element => element.Properties).Where(property => property.Kind == PropertyKind.Complex && seen.Add(property.Structure)))
                open.Enqueue((property.Structure, [.. place.Item2, property]));
        }
    }

    private static IEnumerable<ulong> Combinations(ulong care)
    {
        var slots = Enumerable.Range(0, 64).Where(slot => (care >> slot & 1) == 1).ToArray();
        Assert.True(slots.Length <= 12, "too many children for all their combinations");
        for (var combination = 0u; combination < 1u << slots.Length; combination++)
        {
            ulong mask = 0;
            for (var at = 0; at < slots.Length; at++)
                mask |= (combination >> at & 1) == 1 ? 1UL << slots[at] : 0;
            yield return mask;
        }
    }

    private static Element Build(StructSchema schema, PropertySchema[] path, ulong mask)
    {
        var json = string.Join(',', Enumerable.Range(0, 64).Where(slot => (mask >> slot & 1) == 1).Select(slot => Member(schema.Elements[slot].Properties[0], Sample(schema.Elements[slot].Properties[0]))));
        if (path.Length > 0)
            json = "{" + json + "}";
        for (var at = path.Length - 1; at >= 0; at--)
            json = at == 0 ? Member(path[0], json) : "{" + Member(path[at], json) + "}";
        var root = path.Length > 0 ? Root(path[0]) : schema.Type;
        var document = FhirJsonReader.Read(Encoding.UTF8.GetBytes("{\"resourceType\":\"" + root.Name + "\"" + (json.Length > 0 ? "," : "") + json + "}")).Document!;
        return path.Aggregate(document.Root, static (element, property) => element[property.Name]);
    }

    private static TypeEntry Root(PropertySchema property) =>
        SchemaCatalog.R4.ById.First(type => type is { IsResource: true, IsAbstract: false } && type.Structure.Elements.Contains(property.Element));

    private static string Member(PropertySchema property, string value) => $"\"{property.Name}\":{(property.Repeats ? $"[{value}]" : value)}";

    private static string Sample(PropertySchema property) => property.Kind switch
    {
        PropertyKind.Resource => "{\"resourceType\":\"Basic\",\"id\":\"x\"}",
        PropertyKind.Complex => "{\"id\":\"x\"}",
        _ => property.Primitive switch
        {
            PrimitiveKind.Boolean => "true",
            PrimitiveKind.Decimal or PrimitiveKind.Integer or PrimitiveKind.PositiveInt or PrimitiveKind.UnsignedInt => "3",
            PrimitiveKind.Date or PrimitiveKind.DateTime => "\"2024-01-01\"",
            _ => "\"x\"",
        },
    };
}
