using System.Text;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Service.Tests;

/// <summary>Deriving on the command line.</summary>
public class CommandLines
{
    private static readonly string _stories = Path.Combine(Repo.Root, "fhir-examples");

    private static (int Code, string Output, string Errors) Run(string[] paths, Said[]? said = null, bool summary = false, bool pretty = false)
    {
        using var output = new MemoryStream();
        using var errors = new StringWriter();
        var code = new AssessCommand(output, errors).Run(paths, [.. said ?? []], summary, pretty);
        return (code, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }

    [Fact]
    public void A_folder_gives_one_Bundle_a_line_for_every_input_below_it()
    {
        var folders = Directory.GetDirectories(_stories, "case-*");
        var (code, output, errors) = Run(folders);
        Assert.Equal((AssessCommand.Done, ""), (code, errors));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(folders.Sum(static folder => Directory.GetFiles(folder, "input*.json").Length), lines.Length);
        Assert.All(lines, static line => Assert.StartsWith("{\"resourceType\":\"Bundle\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_there_is_said_and_the_rest_is_derived()
    {
        var (code, output, errors) = Run([Path.Combine(_stories, "nowhere"), Path.Combine(_stories, Published.Shown[0])]);
        Assert.Equal(AssessCommand.Refused, code);
        Assert.Contains("nowhere", errors, StringComparison.Ordinal);
        Assert.StartsWith("{\"resourceType\":\"Bundle\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    public void A_store_in_PostgreSQL_is_copied_by_its_own_tools(string command) => Assert.Equal(1, CommandLine.Run([command, "file", "--store", "postgres"]));

    [Fact]
    public async Task A_backup_is_of_the_store_that_the_configuration_names()
    {
        var folder = Directory.CreateTempSubdirectory("fhirmyeloma-backup-").FullName;
        try
        {
            using (var store = FhirMyeloma.Store.FhirStore.OpenSqlite(Path.Combine(folder, ServiceOptions.StoreFile), TimeProvider.System))
                Assert.True(store.IsAlive());
            var start = new System.Diagnostics.ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, "backup", Path.Combine(folder, "copy")]) { WorkingDirectory = folder };
            start.Environment[$"{ServiceOptions.Section}__{nameof(ServiceOptions.DataFolder)}"] = folder;
            using var backup = System.Diagnostics.Process.Start(start)!;
            await backup.WaitForExitAsync();
            Assert.Equal(0, backup.ExitCode);
            Assert.True(new FileInfo(Path.Combine(folder, "copy")).Length > 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_parameter_that_may_not_be_said_stops_everything()
    {
        var (code, output, errors) = Run([_stories], [new("ruleset", "imwg-1999", "--ruleset")]);
        Assert.Equal((AssessCommand.Misused, ""), (code, output));
        Assert.Contains("imwg-2016", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_of_the_five_cases_is_Table_1()
    {
        var (_, table, _) = Run([.. Directory.GetDirectories(_stories, "case-*").Where(static folder => !folder.Contains("twin", StringComparison.Ordinal)).Order(StringComparer.Ordinal)], summary: true);
        Assert.Equal(["Washout (days)", "35", "35", "42", "5", "10"], Row(table, "Washout (days)"), StringComparer.Ordinal);
        Assert.Equal(["Isatuximab regimen", "Isa-Kd", "Isa-Kd", "Isa-Kd", "Isa-Kd", "Isa-Kd"], Row(table, "Isatuximab regimen"), StringComparer.Ordinal);
        Assert.Contains("median 35, quartiles 10 and 35 (type-7)", table, StringComparison.Ordinal);
        Assert.Contains("not for patient care", table, StringComparison.Ordinal);
    }

    private static (int Code, string[] Lines, string Errors) Validate(string[] paths, string[]? profiles = null, string[]? definitions = null, bool asOutcomes = false)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = new ValidateCommand(output, errors).Run(paths, [.. profiles ?? []], definitions ?? [], asOutcomes);
        return (code, output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), errors.ToString());
    }

    private static string Example(string name) => Path.Combine(AppContext.BaseDirectory, "examples", name);

    [Theory]
    [InlineData("validate-valid.json")]
    [InlineData("validate-valid.xml")]
    public void What_is_valid_is_All_OK(string file)
    {
        var (code, lines, errors) = Validate([Example(file)]);
        Assert.Equal((ValidateCommand.Valid, ""), (code, errors));
        Assert.Equal([$"{Example(file)}: All OK"], lines, StringComparer.Ordinal);
    }

    [Fact]
    public void Each_issue_is_a_line_with_its_place()
    {
        var (code, lines, _) = Validate([Example("validate-faulty.json")]);
        Assert.Equal(ValidateCommand.Invalid, code);
        Assert.Contains(lines, static line => line.StartsWith($"{Example("validate-faulty.json")}:7:3: error unknown-element Observation.valueQuantiy", StringComparison.Ordinal));
    }

    [Fact]
    public void Profiles_may_be_named_and_brought_along()
    {
        var (code, lines, _) = Validate([Example("validate-valid.json")], ["https://fhirmyeloma.org/fhir/StructureDefinition/imwg-response"]);
        Assert.Equal(ValidateCommand.Invalid, code);
        Assert.Contains(lines, static line => line.Contains("imwg-response", StringComparison.Ordinal));

        var own = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        File.WriteAllText(own, """{"resourceType":"StructureDefinition","url":"https://example.org/own","name":"Own","status":"active","kind":"resource","abstract":false,"type":"Observation","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","derivation":"constraint","differential":{"element":[{"id":"Observation","path":"Observation"},{"id":"Observation.note","path":"Observation.note","min":1}]}}""");
        try
        {
            Assert.Contains(Validate([Example("validate-valid.json")], ["https://example.org/own"], [own]).Lines, static line => line.Contains("note", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(own);
        }
    }

    [Fact]
    public void Outcomes_are_one_a_line()
    {
        var (_, lines, _) = Validate([Example("validate-faulty.json"), Example("validate-valid.json")], asOutcomes: true);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, static line => Assert.StartsWith("{\"resourceType\":\"OperationOutcome\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_and_the_rest_is_validated()
    {
        var (code, lines, errors) = Validate(["nowhere.json", Example("validate-valid.json")]);
        Assert.Equal(ValidateCommand.Invalid, code);
        Assert.Contains("nowhere.json", errors, StringComparison.Ordinal);
        Assert.Single(lines);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_said_and_the_rest_is_validated()
    {
        var locked = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        using (new FileStream(locked, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
            var (code, lines, errors) = Validate([locked, Example("validate-valid.json")]);
            Assert.Equal(ValidateCommand.Invalid, code);
            Assert.StartsWith($"{locked}: cannot be read", errors, StringComparison.Ordinal);
            Assert.Single(lines);
        }
    }

    [Fact]
    public void Definitions_that_are_not_there_are_said()
    {
        var (code, lines, errors) = Validate([Example("validate-valid.json")], definitions: ["nowhere.json"]);
        Assert.Equal(ValidateCommand.Invalid, code);
        Assert.StartsWith("nowhere.json", errors, StringComparison.Ordinal);
        Assert.Single(lines);
    }

    [Theory]
    [InlineData("valdiate", true)]
    [InlineData("validate", true)]
    [InlineData("--help", true)]
    [InlineData("--urls", false)]
    [InlineData("--open", false)]
    [InlineData("urls=http://localhost:5080", false)]
    public void A_word_is_a_command_known_or_not_and_never_starts_the_server(string word, bool claimed) => Assert.Equal(claimed, CommandLine.Claims([word]));

    [Theory]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://hospital.example:80", false)]
    public void Only_loopback_is_this_machine(string address, bool loopback) => Assert.Equal(loopback, Listening.IsLoopback(address));

    private static string[] Row(string table, string label) =>
        table.Split('\n').Single(line => line.StartsWith(label, StringComparison.Ordinal)).Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
