using System.Collections.Immutable;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.Service.Http;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service;

/// <summary>Derives files without a server, with the same pipeline.</summary>
/// <param name="output">Where the derived Bundles, or the table, go.</param>
/// <param name="errors">Where it is said what was refused.</param>
internal sealed class AssessCommand(Stream output, TextWriter errors)
{
    /// <summary>Every file was derived.</summary>
    public const int Done = 0;

    /// <summary>Some file was refused or is not there; the others were derived.</summary>
    public const int Refused = 1;

    /// <summary>Nothing was done, because the command itself is wrong.</summary>
    public const int Misused = 2;

    /// <summary>Derives every file.</summary>
    /// <param name="paths">Files, or folders of which all <c>input*.json</c> below count.</param>
    /// <param name="said">Parameters of <c>$assess</c>.</param>
    /// <param name="summary">One table over all patients instead of one Bundle a file.</param>
    /// <param name="pretty">Indents the Bundles.</param>
    /// <returns>The exit code.</returns>
    public int Run(IEnumerable<string> paths, ImmutableArray<Said> said, bool summary, bool pretty)
    {
        var (choice, issues) = AssessChoice.Read(said);
        if (choice is null)
        {
            foreach (var issue in issues)
                errors.WriteLine($"{string.Join(", ", issue.Expressions)}: {issue.Text}");
            return Misused;
        }

        var pipeline = new Pipeline(Options.Create(new ServiceOptions { MaxEntries = int.MaxValue }), TimeProvider.System);
        List<PatientResults> patients = [];
        var code = Done;
        foreach (var path in paths)
        {
            var files = Files(path);
            if (files.IsEmpty)
            {
                errors.WriteLine($"{path}: no such file, and no folder with input*.json below it");
                code = Refused;
            }

            foreach (var file in files)
            {
                byte[] input;
                try
                {
                    input = File.ReadAllBytes(file);
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
                {
                    errors.WriteLine($"{file}: cannot be read: {fault.Message}");
                    code = Refused;
                    continue;
                }

                var answer = pipeline.Assess(input, WireFormats.Of(input), said);
                if (answer.Fault is { } refusal)
                {
                    errors.WriteLine($"{file}: refused ({refusal.Status})");
                    foreach (var issue in refusal.Issues.Where(static issue => issue.IsError))
                        errors.WriteLine($"  {issue.Severity.ToCode()} {issue.Code}{string.Concat(issue.Expressions.Select(static expression => $" {expression}"))}: {issue.Text}");
                    code = Refused;
                }
                else if (summary)
                {
                    var fresh = answer.Patients.ExceptBy(patients.Select(static patient => patient.Case.PatientKey), static patient => patient.Case.PatientKey, StringComparer.Ordinal).ToList();
                    if (fresh.Count < answer.Patients.Length)
                        errors.WriteLine($"{file}: {answer.Patients.Length - fresh.Count} of its patients stand in the table already, from another file");
                    patients.AddRange(fresh);
                }
                else
                {
                    output.Write((pretty ? FhirResource.Indent(answer.Bundle) : answer.Bundle).Span);
                    output.WriteByte((byte)'\n');
                }
            }
        }

        if (summary)
            output.Write(System.Text.Encoding.UTF8.GetBytes(SummaryTable.Render(patients, choice.Language)));
        output.Flush();
        return code;
    }

    private static ImmutableArray<string> Files(string path) => File.Exists(path)
        ? [path]
        : Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, "input*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
}
