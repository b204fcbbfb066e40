using System.Text.RegularExpressions;

namespace FhirMyeloma.Service.Tests.House;

/// <summary>Below the door there is no clock, no chance, no environment, no file and no waiting.</summary>
public partial class Purity
{
    [Theory]
    [InlineData("src/FhirMyeloma.R4")]
    [InlineData("src/FhirMyeloma.Clinical")]
    [InlineData("src/FhirMyeloma.Mapping")]
    public void Nothing_from_outside_is_asked(string folder)
    {
        var found = Sources.Code(folder).SelectMany(static file => File.ReadLines(file)
            .Select(static (line, index) => (Line: Comment().Replace(line, ""), Number: index + 1))
            .Where(static line => Outside().IsMatch(line.Line))
            .Select(line => $"{Sources.Name(file)}:{line.Number}: {line.Line.Trim()}"));
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("return DateOnly.FromDateTime(DateTimeOffset.Now.Date);")]
    [InlineData("Id = Guid.NewGuid(),")]
    [InlineData("var text = File.ReadAllText(path);")]
    [InlineData("Environment.GetEnvironmentVariable(name)")]
    [InlineData("public async Task Map()")]
    [InlineData("Random.Shared.Next()")]
    public void The_scan_sees(string line) => Assert.Matches(Outside(), line);

    [GeneratedRegex(@"//.*$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(DateTime(Offset)?\.(Utc)?(Now|Today)|Guid\.(NewGuid|CreateVersion7)|Random(\.Shared|\()|RandomNumberGenerator|File(Info|Stream)?[.(]|Directory(Info)?[.(]|Environment\.|TimeProvider|Stopwatch|Console\.|HttpClient|IServiceProvider|async\s|await\s)", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Outside();
}
