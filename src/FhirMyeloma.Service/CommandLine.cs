using System.CommandLine;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Endpoints;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Sqlite;

namespace FhirMyeloma.Service;

/// <summary>Deriving and validating without a server, keys, and copies of the store.</summary>
internal static class CommandLine
{
    /// <summary>The option that listens beyond this machine.</summary>
    public const string Open = "--open";

    /// <summary>True when the arguments are a command, an unknown one included, and not the configuration of the server.</summary>
    public static bool Claims(string[] args) => args is ["--help" or "-h" or "-?" or "--version", ..]
        || (args is [{ Length: > 0 } word, ..] && word[0] is not ('-' or '/') && !word.Contains('=', StringComparison.Ordinal));

    /// <summary>Answers a command.</summary>
    public static int Run(string[] args) => Root().Parse(args).Invoke();

    private static RootCommand Root()
    {
        var files = new Argument<string[]>("FILE|FOLDER") { Arity = ArgumentArity.OneOrMore, Description = "Bundles; of a folder all input*.json below it." };
        var summary = new Option<bool>("--summary") { Description = "Print a table with one column a patient instead of the Bundle." };
        var pretty = new Option<bool>("--pretty") { Description = "Indent the Bundle." };
        var assess = new Command("assess", "Derive, and print the derived Bundle: one line a file. Problems go to stderr; exit code 1 if any file was refused.") { files, summary, pretty };
        var choices = AssessChoice.Parameters.Select(static parameter => new Option<string[]>($"--{parameter.Name}")
        {
            Description = $"{parameter.Meaning} {string.Join(", ", parameter.Values)}.",
            HelpName = parameter.Name,
            AllowMultipleArgumentsPerToken = false,
        }).ToList();
        choices.ForEach(assess.Options.Add);
        assess.SetAction(parsed => new AssessCommand(Console.OpenStandardOutput(), Console.Error).Run(
            parsed.GetValue(files)!,
            [.. choices.SelectMany(choice => (parsed.GetValue(choice) ?? []).Select(value => new Said(choice.Name[2..], value, choice.Name)))],
            parsed.GetValue(summary),
            parsed.GetValue(pretty)));
        return new RootCommand($"FhirMyeloma. {MetadataEndpoints.ResearchOnly}. Without a command it serves; {Open} listens beyond this machine.") { assess, Validate(), Keys(), Audits(), Copying("backup", "Copy the store into a new file; the service may be running.", SqliteBackup.Write, isFrom: true), Copying("restore", "Make the store of a backup; there must be none in the data folder.", SqliteBackup.Restore, isFrom: false) };
    }

    private static Command Copying(string name, string meaning, Action<string, string> copy, bool isFrom)
    {
        var file = new Argument<string>("FILE") { Description = "The backup." };
        var command = new Command(name, meaning) { file, Folder, Kind };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(Kind) == ServiceOptions.Postgres)
            {
                Console.Error.WriteLine($"{name}: PostgreSQL has its own tools. Use pg_dump and pg_restore, or pg_basebackup with an archive of the write-ahead log.");
                return 1;
            }

            var store = Path.Combine(parsed.GetValue(Folder)!, ServiceOptions.StoreFile);
            try
            {
                copy(isFrom ? store : parsed.GetValue(file)!, isFrom ? parsed.GetValue(file)! : store);
                return 0;
            }
            catch (Exception fault) when (fault is StoreException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"{name}: {fault.Message}");
                return 1;
            }
        });
        return command;
    }

    private static Command Keys() => KeyCommand.Command(StoreOptions, OpenStore);

    private static Command Audits() => AuditCommand.Command(StoreOptions, OpenStore);

    private static Option<string> Folder { get; } = new("--data") { Description = "The data folder of the service.", HelpName = "FOLDER", DefaultValueFactory = static _ => Configured(nameof(ServiceOptions.DataFolder)) ?? new ServiceOptions().DataFolder };

    private static Option<string> Kind { get; } = new("--store") { Description = "The store of the service, where the configuration does not say it.", HelpName = "sqlite|postgres", DefaultValueFactory = static _ => Configured(nameof(ServiceOptions.Store)) ?? ServiceOptions.Sqlite };

    private static Option<string> Connection { get; } = new("--connection") { Description = "Connection string of PostgreSQL, where the configuration does not say it.", HelpName = "TEXT", DefaultValueFactory = static _ => Configured(nameof(ServiceOptions.Connection)) ?? "" };

    private static Option[] StoreOptions => [Folder, Kind, Connection];

    private static FhirStore OpenStore(ParseResult parsed) =>
        StoreOpening.Open(new() { DataFolder = parsed.GetValue(Folder)!, Store = parsed.GetValue(Kind)!, Connection = parsed.GetValue(Connection) }, TimeProvider.System);

    private static string? Configured(string name) => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().Build()
        [$"{ServiceOptions.Section}:{name}"];

    private static Command Validate()
    {
        var files = new Argument<string[]>("FILE|FOLDER") { Arity = ArgumentArity.OneOrMore, Description = "Resources or Bundles in JSON or XML; of a folder all of both below it." };
        var profile = new Option<string[]>("--profile") { Description = "Canonical of a profile that each must meet beside those that it claims; may repeat." };
        var definitions = new Option<string[]>("--definitions") { Description = "File or folder with further profiles, value sets and code systems; may repeat.", HelpName = "FILE|FOLDER" };
        var outcome = new Option<bool>("--outcome") { Description = "Print an OperationOutcome a file instead of one issue a line." };
        var validate = new Command("validate", "Validate by the rules of R4 and the profiles claimed; prints one issue a line as file:line:column. Exit code 1 if any file has an error.") { files, profile, definitions, outcome };
        validate.SetAction(parsed => new ValidateCommand(Console.Out, Console.Error).Run(parsed.GetValue(files)!, [.. parsed.GetValue(profile) ?? []], parsed.GetValue(definitions) ?? [], parsed.GetValue(outcome)));
        return validate;
    }
}
