using System.Globalization;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Profiles;

/// <summary>
/// Turns a StructureDefinition into rules: those of the profile that it is derived from, and on top of them its differential.
/// Where the parent is not known, its snapshot says everything. Rules of the base types are not repeated: reading checks them.
/// </summary>
internal sealed class ProfileCompiler
{
    private const int MaxParents = 32;

    private readonly DefinitionSet definitions;
    private readonly List<ProfileGap> gaps = [];
    private readonly RuleTree tree;

    private ProfileCompiler(DefinitionSet definitions, string typeName)
    {
        this.definitions = definitions;
        tree = new(typeName, gaps);
    }

    public static ProfileSchema Compile(Element definition, DefinitionSet definitions)
    {
        var typeName = definition["type"].Text ?? "";
        var compiler = new ProfileCompiler(definitions, typeName);
        if (definition["kind"].Text == "logical" || SchemaCatalog.R4.Find(typeName) is null)
            compiler.gaps.Add(new(definition, "it is a logical model, or it constrains a type that R4 does not have", IsFault: false));
        else
            compiler.Apply(definition, depth: 0);
        compiler.tree.Root.Seal();
        return new(definition, definition["url"].Text!, definition["version"].Text, typeName, compiler.tree.Root) { Gaps = compiler.gaps };
    }

    private void Apply(Element definition, int depth)
    {
        if (depth == MaxParents)
        {
            gaps.Add(new(definition, $"its chain of base definitions is longer than {MaxParents} or leads back to itself", IsFault: true));
            return;
        }
        var differential = definition["differential"];
        if (definition["derivation"].Text != "specialization" && definition["baseDefinition"].Text is { } parentUrl && DefinitionSet.BaseType(parentUrl) is null)
        {
            var parent = definitions.FindStructureDefinition(parentUrl);
            if (parent.Exists)
            {
                Apply(parent, depth + 1);
            }
            else if (definition["snapshot"].Exists)
            {
                differential = definition["snapshot"];
            }
            else
            {
                gaps.Add(new(definition["baseDefinition"], $"its base definition {parentUrl} is not known", IsFault: false));
            }
        }
        if (!differential.Exists)
            differential = definition["snapshot"];
        var isSnapshot = differential.Name == "snapshot";
        tree.Begin();
        foreach (var element in differential.Children("element"))
        {
            if (tree.Find(element) is { } rules)
                Apply(element, rules, isSnapshot);
        }
    }

    private void Apply(Element element, ElementRules rules, bool isSnapshot)
    {
        var isRoot = rules == tree.Root;
        if (element["slicing"] is { Exists: true } slicing && !isRoot)
            Slicing(slicing, rules);
        foreach (var part in element.Children())
        {
            switch (part.Node.Property?.Element.Name)
            {
                case "min" when !isRoot:
                    rules.Min = int.TryParse(part.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var min) ? min : rules.Min;
                    break;
                case "max" when !isRoot:
                    rules.Max = part.Text == "*" ? int.MaxValue : int.TryParse(part.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var max) ? max : rules.Max;
                    break;
                case "maxLength":
                    rules.MaxLength = int.TryParse(part.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : rules.MaxLength;
                    break;
                case "fixed":
                    rules.Fixed = part;
                    break;
                case "pattern":
                    rules.Pattern = part;
                    break;
                case "minValue":
                    rules.MinValue = part;
                    break;
                case "maxValue":
                    rules.MaxValue = part;
                    break;
                case "binding":
                    rules.Binding = Binding(part) ?? rules.Binding;
                    break;
                case "constraint" when !isSnapshot || IsOwn(part):
                    Constraint(part, rules);
                    break;
                case "contentReference" when !isSnapshot:
                    ContentReference(part.Text ?? "", rules);
                    break;
                case "extension":
                    Extension(part, rules);
                    break;
                default:
                    break;
            }
        }
        if (element["type"].Exists)
            rules.Types = Types(element) ?? rules.Types;
    }

    private static void Slicing(Element slicing, ElementRules rules)
    {
        var into = rules.Slicing ??= new();
        into.IsOrdered |= slicing["ordered"].Boolean == true;
        into.Mode = slicing["rules"].Text switch
        {
            "closed" => SlicingMode.Closed,
            "openAtEnd" => SlicingMode.OpenAtEnd,
            _ => into.Mode,
        };
        List<Discriminator> discriminators = [];
        foreach (var discriminator in slicing.Children("discriminator"))
        {
            var kind = discriminator["type"].Text switch
            {
                "exists" => DiscriminatorKind.Exists,
                "type" => DiscriminatorKind.Type,
                "profile" => DiscriminatorKind.Profile,
                _ => DiscriminatorKind.Value,
            };
            discriminators.Add(new(kind, discriminator["path"].Text ?? "$this"));
        }
        if (discriminators.Count > 0)
            into.Discriminators = discriminators;
    }

    private static BindingRule? Binding(Element binding)
    {
        var strength = binding["strength"].Text;
        List<string> limits = [];
        foreach (var extension in binding.Children("extension"))
        {
            if (extension["url"].TextEquals("http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet"u8) && extension.Choice("value").Text is { } max)
                limits.Add(max);
            else if (extension["url"].TextEquals("http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.binding.additional"u8) && AdditionalLimit(extension) is { } additional)
                limits.Add(additional);
        }
        var valueSet = binding["valueSet"].Text ?? "";
        if (limits.Count == 0 && (valueSet.Length == 0 || strength is not ("required" or "extensible")))
            return null;
        return new(strength == "required" && valueSet.Length > 0, strength == "extensible" && valueSet.Length > 0, valueSet, [.. limits]);
    }

    /// <summary>R5's additional binding, where it limits the codes under all circumstances.</summary>
    private static string? AdditionalLimit(Element additional)
    {
        string? valueSet = null;
        var isLimit = false;
        foreach (var part in additional.Children("extension"))
        {
            switch (part["url"].Text)
            {
                case "purpose":
                    isLimit = part.Choice("value").Text is "required" or "maximum";
                    break;
                case "valueSet":
                    valueSet = part.Choice("value").Text;
                    break;
                case "usage" or "any":
                    return null;
                default:
                    break;
            }
        }
        return isLimit ? valueSet : null;
    }

    /// <summary>In a snapshot the constraints of the base types are repeated; their source says so, or their key does.</summary>
    private static bool IsOwn(Element constraint) =>
        constraint["source"].Text is { } source
            ? DefinitionSet.BaseType(source) is null
            : constraint["key"].Text is { } key && !(key.StartsWith("ele-", StringComparison.Ordinal) || key.StartsWith("ext-", StringComparison.Ordinal) || key.StartsWith("dom-", StringComparison.Ordinal));

    private static void Constraint(Element constraint, ElementRules rules)
    {
        if (constraint["expression"].Text is not { Length: > 0 } expression || constraint["key"].Text is not { } key)
            return;
        var isBestPractice = constraint.Children("extension").Any(extension =>
            extension["url"].TextEquals("http://hl7.org/fhir/StructureDefinition/elementdefinition-bestpractice"u8) && extension["valueBoolean"].Boolean == true);
        rules.Constraints.RemoveAll(known => known.Key == key);
        rules.Constraints.Add(new(key, constraint["severity"].Text != "warning", isBestPractice, expression, constraint["human"].Text));
    }

    /// <summary>A reference inside the profile carries its rules over; one to the base type (an absolute one) is the base type's business.</summary>
    private void ContentReference(string reference, ElementRules rules)
    {
        if (reference.StartsWith('#') && tree.FindById(reference[1..]) is { } referred && referred != rules)
            rules.Content = referred;
    }

    private static void Extension(Element extension, ElementRules rules)
    {
        switch (extension["url"].Text)
        {
            case "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue":
                rules.MustHaveValue = extension["valueBoolean"].Boolean == true;
                break;
            case "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.valueAlternatives" when extension["valueCanonical"].Text is { } canonical:
                rules.ValueAlternatives = [.. rules.ValueAlternatives, canonical];
                break;
            case "http://hl7.org/fhir/StructureDefinition/narrative-language-control" when extension.Choice("value").Text is { } control:
                rules.NarrativeLanguages = [.. rules.NarrativeLanguages, control];
                break;
            default:
                break;
        }
    }

    /// <summary>Null when they leave everything open.</summary>
    private static TypeRule[]? Types(Element element)
    {
        List<TypeRule> types = [];
        foreach (var type in element.Children("type"))
        {
            // Ids and urls are declared as FHIRPath strings; that is no restriction.
            if (type["code"].Text is not { Length: > 0 } code || code.StartsWith("http://hl7.org/fhirpath/", StringComparison.Ordinal))
                continue;
            var rule = new TypeRule(code, Profiles(type), Texts(type, "targetProfile"), Texts(type, "aggregation"));
            var same = types.FindIndex(other => other.Code == code);
            if (same < 0)
                types.Add(rule);
            else
                types[same] = new(code, Union(types[same].Profiles, rule.Profiles), Union(types[same].Targets, rule.Targets), Union(types[same].Aggregation, rule.Aggregation));
        }
        return types.Count == 0 ? null : [.. types];
    }

    /// <summary>One that is open makes both open.</summary>
    private static string[] Union(string[] left, string[] right) => left.Length == 0 || right.Length == 0 ? [] : [.. left.Union(right, StringComparer.Ordinal)];

    /// <summary>A profile, or one element of a profile (elementdefinition-profile-element), written as url#id.</summary>
    private static string[] Profiles(Element type)
    {
        List<string> profiles = [];
        foreach (var profile in type.Children("profile"))
        {
            if (profile.Text is not { Length: > 0 } canonical)
                continue;
            var element = profile.Children("extension").FirstOrDefault(extension => extension["url"].TextEquals("http://hl7.org/fhir/StructureDefinition/elementdefinition-profile-element"u8));
            profiles.Add(element.Exists ? $"{canonical}#{element.Choice("value").Text}" : canonical);
        }
        return [.. profiles];
    }

    private static string[] Texts(Element type, string name) => [.. type.Children(name).Select(item => item.Text ?? "").Where(text => text.Length > 0)];
}
