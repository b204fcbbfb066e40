using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.Service;

/// <summary>Validates files without a server, by the same rules.</summary>
/// <param name="output">Where the issues go.</param>
/// <param name="errors">Where it is said what is not there.</param>
internal sealed class ValidateCommand(TextWriter output, TextWriter errors)
{
    /// <summary>No file has an error.</summary>
    public const int Valid = 0;

    /// <summary>Some file has an error or is not there.</summary>
    public const int Invalid = 1;

    /// <summary>Validates every file.</summary>
    /// <param name="paths">Files in JSON or XML, or folders of which all of both count.</param>
    /// <param name="profiles">Canonicals that each resource must meet beside those that it claims.</param>
    /// <param name="definitions">Files or folders with further profiles, value sets and code systems.</param>
    /// <param name="asOutcomes">One OperationOutcome a line instead of one issue a line.</param>
    /// <returns>The exit code.</returns>
    public int Run(IEnumerable<string> paths, ImmutableArray<string> profiles, IReadOnlyCollection<string> definitions, bool asOutcomes)
    {
        var code = Valid;
        var known = new List<FhirDocument>();
        foreach (var path in definitions)
        {
            foreach (var file in Files(path))
                known.AddRange(Read(file).Document is { } document ? [document] : []);
        }

        var published = new Published();
        var verdicts = known.Count > 0 ? new Verdicts(published.Definitions.With(known)) : published.Verdicts;
        foreach (var path in paths)
        {
            var files = Files(path);
            if (files.IsEmpty)
            {
                errors.WriteLine($"{path}: no such file, and no folder with *.json or *.xml below it");
                code = Invalid;
            }

            foreach (var file in files)
            {
                var issues = verdicts.On(Read(file), profiles);
                if (issues.Any(static issue => issue.IsError))
                    code = Invalid;
                Write(file, issues, asOutcomes);
            }
        }

        output.Flush();
        return code;
    }

    private void Write(string file, ImmutableArray<Issue> issues, bool asOutcomes)
    {
        if (asOutcomes)
        {
            output.WriteLine(System.Text.Encoding.UTF8.GetString(OperationOutcomes.Render(issues)));
            return;
        }

        foreach (var issue in issues)
        {
            var place = issue.Place is { } at ? string.Create(CultureInfo.InvariantCulture, $":{at.Line}:{at.Column}") : "";
            output.WriteLine($"{file}{place}: {issue.Severity.ToCode()} {issue.Code}{string.Concat(issue.Expressions.Select(static expression => $" {expression}"))}: {issue.Text}");
        }

        if (issues.IsEmpty)
            output.WriteLine($"{file}: All OK");
    }

    private static R4.Json.ReadResult Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return WireFormats.Of(bytes).Read(bytes);
    }

    private static ImmutableArray<string> Files(string path) => File.Exists(path)
        ? [path]
        : Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(static file => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)]
            : [];
}
