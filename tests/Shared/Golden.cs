using System.Text;
using System.Text.Json;

namespace FhirMyeloma.Testing;

/// <summary>
/// Files that hold what a run is expected to give. A difference fails and leaves the run's result beside the file as <c>name.received.ext</c>;
/// <c>ACCEPT_GOLDENS=1 ./test.sh</c> takes the results instead, for a person to review as a diff.
/// </summary>
internal static class Golden
{
    private static readonly bool Accepts = Environment.GetEnvironmentVariable("ACCEPT_GOLDENS") is "1" or "true";

    /// <summary>The file, relative to the repository, holds exactly this text.</summary>
    public static void Check(string path, string text)
    {
        var file = Path.Combine(Repo.Root, path);
        var received = Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.received{Path.GetExtension(file)}");
        var expected = File.Exists(file) ? File.ReadAllText(file) : null;
        if (expected == text || Accepts)
        {
            File.Delete(received);
            if (expected != text)
                File.WriteAllText(file, text);
            return;
        }
        File.WriteAllText(received, text);
        Assert.Fail($"{path} {(expected is null ? "does not exist" : $"differs in line {FirstDifference(expected, text)}")}: see {Path.GetFileName(received)}; ACCEPT_GOLDENS=1 accepts it.");
    }

    /// <summary>A Bundle with one entry per line, so that a change shows as the resources that it touches; without the line ends it is the Bundle to the byte.</summary>
    public static string Lines(ReadOnlySpan<byte> bundle)
    {
        var text = new StringBuilder();
        var reader = new Utf8JsonReader(bundle);
        var written = 0;
        var inEntries = false;
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                inEntries = reader.ValueTextEquals("entry"u8);
            else if (inEntries && (reader is { TokenType: JsonTokenType.StartObject, CurrentDepth: 2 } or { TokenType: JsonTokenType.EndArray, CurrentDepth: 1 }))
                Break(bundle, (int)reader.TokenStartIndex);
        }
        Break(bundle, bundle.Length);
        return text.ToString();

        void Break(ReadOnlySpan<byte> all, int at)
        {
            text.Append(Encoding.UTF8.GetString(all[written..at])).Append('\n');
            written = at;
        }
    }

    private static int FirstDifference(string expected, string text)
    {
        var pairs = expected.Split('\n').Zip(text.Split('\n')).TakeWhile(pair => pair.First == pair.Second);
        return pairs.Count() + 1;
    }
}
