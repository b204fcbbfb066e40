using System.Text;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.Profiles;

/// <summary>Writes the rules of a profile, one a line, so that a person can check what will be checked.</summary>
internal static class ProfilePrinter
{
    public static string Print(ProfileSchema schema)
    {
        var text = new StringBuilder();
        text.Append(schema.Canonical).Append(" of ").Append(schema.TypeName).Append('\n');
        foreach (var gap in schema.Gaps)
            text.Append("not checked: ").Append(gap.Text).Append('\n');
        Print(schema.Root, text);
        return text.ToString();
    }

    private static void Print(ElementRules rules, StringBuilder text)
    {
        void Line(string rule) => text.Append(rules.Id).Append(' ').Append(rule).Append('\n');

        if (rules.Min > 0 || rules.Max < int.MaxValue)
            Line($"{rules.Min}..{(rules.Max == int.MaxValue ? "*" : rules.Max)}");
        foreach (var type in rules.Types ?? [])
        {
            Line("type " + type.Code
                + (type.Profiles.Length > 0 ? $" that meets {string.Join(" or ", type.Profiles)}" : "")
                + (type.Targets.Length > 0 ? $" to {string.Join(" or ", type.Targets)}" : "")
                + (type.Aggregation.Length > 0 ? $", {string.Join(" or ", type.Aggregation)}" : ""));
        }
        if (rules.Fixed.Exists)
            Line("is " + Literal(rules.Fixed));
        if (rules.Pattern.Exists)
            Line("contains " + Literal(rules.Pattern));
        if (rules.MinValue.Exists)
            Line("at least " + Literal(rules.MinValue));
        if (rules.MaxValue.Exists)
            Line("at most " + Literal(rules.MaxValue));
        if (rules.MaxLength is { } length)
            Line($"at most {length} characters");
        if (rules.MustHaveValue)
            Line("has a value");
        if (rules.ValueAlternatives.Length > 0)
            Line($"has a value or {string.Join(" or ", rules.ValueAlternatives)}");
        if (rules.NarrativeLanguages.Length > 0)
            Line($"has language sections {string.Join(", ", rules.NarrativeLanguages)}");
        if (rules.Binding is { } binding)
        {
            if (binding.IsRequired || binding.IsExtensible)
                Line($"{(binding.IsRequired ? "must" : "should")} be in {binding.ValueSet}");
            foreach (var limit in binding.Limits)
                Line($"must be in {limit}");
        }
        foreach (var constraint in rules.Constraints)
            Line($"{constraint.Key} {(constraint.IsError ? "error" : "warning")}: {constraint.Expression.ReplaceLineEndings(" ")}");
        if (rules.Content is { } content)
            Line($"has the content of {content.Id}");
        foreach (var child in rules.Children)
            Print(child, text);
        if (rules.Slicing is { } slicing)
            Print(rules, slicing, text);
    }

    private static void Print(ElementRules rules, SlicingRules slicing, StringBuilder text)
    {
        text.Append(rules.Id).Append(" sliced by ")
            .Append(slicing.Discriminators.Count == 0 ? "everything" : string.Join(" and ", slicing.Discriminators.Select(discriminator => $"{discriminator.Kind.ToString().ToLowerInvariant()} of {discriminator.Path}")))
            .Append(slicing.Mode switch { SlicingMode.Open => ", open", SlicingMode.OpenAtEnd => ", open at the end", SlicingMode.Closed => ", closed" })
            .Append(slicing.IsOrdered ? ", ordered\n" : "\n");
        foreach (var slice in slicing.Slices)
            Print(slice, text);
    }

    private static string Literal(Element value) => value.Text is { } text ? $"'{text}'" : Encoding.UTF8.GetString(value.SourceBytes.Span).ReplaceLineEndings("");
}
