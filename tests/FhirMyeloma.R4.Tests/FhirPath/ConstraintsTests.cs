using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Tests.FhirPath;

/// <summary>The constraints that R4 defines, as expressions.</summary>
public class ConstraintsTests
{
    /// <summary>Faults of the definitions themselves.</summary>
    private static readonly Dictionary<string, string> KnownBad = new(StringComparer.Ordinal)
    {
        ["cid-0"] = "asks a ChargeItemDefinition for a name, which it does not have (it has a title)",
    };

    [Fact]
    public void Every_constraint_of_R4_compiles_and_fits_the_types_of_R4()
    {
        List<string> faults = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var (path, constraint) in SchemaCatalog.R4.ById.SelectMany(type => Of(type.Structure, [])))
        {
            if (!seen.Add($"{path} {constraint.Key}"))
                continue;
            count++;
            if (!FhirPathExpression.TryCompile(constraint.Expression, out var expression, out var fault))
            {
                faults.Add($"{constraint.Key} at {path}: {fault}");
                continue;
            }
            if (FhirPathExpression.Compile(expression.ToString()).ToString() != expression.ToString())
                faults.Add($"{constraint.Key} at {path} prints as another expression: {expression}");
            var typed = expression.CheckTypes(path);
            if (typed.Count > 0 != KnownBad.ContainsKey(constraint.Key))
                faults.Add($"{constraint.Key} at {path}: {string.Join("; ", typed)}");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(count > 200, $"only {count} constraints");
    }

    private static IEnumerable<(string Path, Constraint Constraint)> Of(StructSchema structure, HashSet<StructSchema> walked)
    {
        if (!walked.Add(structure))
            yield break;
        foreach (var constraint in structure.Constraints)
            yield return (structure.Path, constraint);
        foreach (var element in structure.Elements)
        {
            foreach (var constraint in element.Constraints)
                yield return ($"{structure.Path}.{element.DefinedName}", constraint);
            foreach (var inner in element.Properties.Where(property => property.Kind == PropertyKind.Complex && property.Structure.Path.StartsWith(structure.Path + ".", StringComparison.Ordinal)).SelectMany(property => Of(property.Structure, walked)))
                yield return inner;
        }
    }
}
