using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Service;

/// <summary>Validates files without a server, by the same rules.</summary>
/// <param name="output">Where the issues go.</param>
/// <param name="errors">Where it is said what is not there.</param>
internal sealed class ValidateCommand(TextWriter output, TextWriter errors)
{
    /// <summary>No file has an error.</summary>
    public const int Valid = 0;

    /// <summary>Some file has an error or cannot be read.</summary>
    public const int Invalid = 1;

    private bool failed;

    /// <summary>Validates every file.</summary>
    /// <param name="paths">Files in JSON or XML, or folders of which all of both count.</param>
    /// <param name="profiles">Canonicals that each resource must meet beside those that it claims.</param>
    /// <param name="definitions">Files or folders with further profiles, value sets and code systems.</param>
    /// <param name="asOutcomes">One OperationOutcome a line instead of one issue a line.</param>
    /// <returns>The exit code.</returns>
    public int Run(IEnumerable<string> paths, ImmutableArray<string> profiles, IReadOnlyCollection<string> definitions, bool asOutcomes)
    {
        failed = false;
        var known = new List<FhirDocument>();
        foreach (var (file, read) in definitions.SelectMany(Read))
        {
            if (read.Document is { } document)
                known.Add(document);
            else
                Judge(file, read.Issues, asOutcomes);
        }

        var published = new Published();
        var verdicts = known.Count > 0 ? new Verdicts(published.Definitions.With(known)) : published.Verdicts;
        foreach (var (file, read) in paths.SelectMany(Read))
            Judge(file, verdicts.On(read, profiles), asOutcomes);

        output.Flush();
        return failed ? Invalid : Valid;
    }

    private void Judge(string file, ImmutableArray<Issue> issues, bool asOutcomes)
    {
        failed |= issues.Any(static issue => issue.IsError);
        Write(file, issues, asOutcomes);
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

    /// <summary>What is read at a path; what cannot be is said, and the rest goes on.</summary>
    private IEnumerable<(string File, ReadResult Result)> Read(string path)
    {
        var files = Files(path);
        if (files.IsEmpty)
            Missing($"{path}: no such file, and no folder with *.json or *.xml below it");
        foreach (var file in files)
        {
            if (Bytes(file) is { } bytes)
                yield return (file, WireFormats.Of(bytes).Read(bytes));
        }
    }

    private byte[]? Bytes(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Missing($"{file}: cannot be read: {fault.Message}");
            return null;
        }
    }

    private void Missing(string why)
    {
        errors.WriteLine(why);
        failed = true;
    }

    private static ImmutableArray<string> Files(string path) => File.Exists(path)
        ? [path]
        : Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(static file => file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)]
            : [];
}
