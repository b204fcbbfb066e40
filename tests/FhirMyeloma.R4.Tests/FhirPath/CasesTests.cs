using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.FhirPath;

/// <summary>The reviewed tables: <c>expression ⇶ expression</c>, or <c>⇶ fault: part of its message</c>; one file per section of the specification.</summary>
public class CasesTests
{
    private const string Folder = "tests/FhirMyeloma.R4.Tests/FhirPath";

    private static readonly FhirPathContext Context = new() { Now = new(2024, 6, 1, 8, 0, 0, TimeSpan.FromHours(2)) };

    private static readonly Element Subject = FhirJsonReader.Read(File.ReadAllBytes(Path.Combine(Repo.Root, Folder, "subject.json"))).Document!.Root;

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(Repo.Root, Folder), "*.cases").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_case_gives_what_it_says(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        List<string> differences = [];
        var focus = Subject;
        var cases = 0;
        foreach (var line in File.ReadLines(Path.Combine(Repo.Root, Folder, file)).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.StartsWith("focus:", StringComparison.Ordinal))
            {
                focus = FhirPathExpression.Compile(line[6..].Trim()).Evaluate(Subject).Elements.Single();
                continue;
            }
            var parts = line.Split('⇶', StringSplitOptions.TrimEntries);
            Assert.True(parts.Length == 2, $"{file}: '{line}' is no case");
            cases++;
            if (Difference(parts[0], parts[1], focus) is { } difference)
                differences.Add($"{parts[0]}: {difference}");
        }
        Assert.True(cases > 0);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static string? Difference(string expression, string expected, Element focus)
    {
        string given;
        try
        {
            var compiled = FhirPathExpression.Compile(expression);
            given = Text(compiled.Evaluate(focus, Context));
            // Printed and read again it is the same expression.
            var printed = FhirPathExpression.Compile(compiled.ToString());
            if (printed.ToString() != compiled.ToString() || Text(printed.Evaluate(focus, Context)) != given)
                return $"prints as {compiled}, which is another expression";
        }
        catch (FhirPathException fault)
        {
            given = $"fault: {fault.Message}";
            if (expected.StartsWith("fault: ", StringComparison.Ordinal))
                return given.Contains(expected[7..], StringComparison.Ordinal) ? null : given;
        }
        var wanted = expected.StartsWith("fault: ", StringComparison.Ordinal) ? expected : Text(FhirPathExpression.Compile(expected).Evaluate(focus, Context));
        return given == wanted ? null : $"gave {given} instead of {wanted}";
    }

    /// <summary>Values as literals, primitives of the data too.</summary>
    private static string Text(FhirPathResult result) =>
        result.IsEmpty ? "{}" : string.Join(", ", result.Select(item => item.Item.Value is { IsNone: false } value ? value.ToString() : item.ToString()));
}
