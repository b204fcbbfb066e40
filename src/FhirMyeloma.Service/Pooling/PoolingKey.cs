using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service.Pooling;

/// <summary>
/// The secret of this installation, and what is made with it: ids that nobody can compute who does not have it, and by how many weeks the dates of a patient move. The same
/// patient always gets the same. Whoever has the secret and the ids of a centre can tell who is who, so that it stays with the store.
/// </summary>
internal sealed class PoolingKey
{
    /// <summary>Its file in the data folder.</summary>
    public const string FileName = "pooling.key";

    private const int Furthest = 52;
    private readonly byte[] _secret;

    public PoolingKey(IOptions<ServiceOptions> options) => _secret = options.Value.PoolingKey is { Length: > 0 } given ? Encoding.UTF8.GetBytes(given) : Kept(options.Value.DataFolder);

    /// <summary>By what a patient of a centre is known to those who pool; a FHIR id.</summary>
    public string IdOf(string centre, string patient) => Convert.ToHexStringLower(Hash("id", centre, patient).AsSpan(0, 16));

    /// <summary>By how many weeks the dates of a patient may move, the first choice first: from -52 to 52, never 0.</summary>
    public IEnumerable<int> WeeksOf(string centre, string patient) => Enumerable.Range(1, Furthest).SelectMany(static week => new[] { -week, week })
        .OrderBy(week => Convert.ToHexString(Hash(string.Create(CultureInfo.InvariantCulture, $"weeks {week}"), centre, patient)), StringComparer.Ordinal);

    private byte[] Hash(string purpose, string centre, string patient) => HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{purpose}|{centre}|{patient}"));

    private static byte[] Kept(string folder)
    {
        var file = Path.Combine(folder, FileName);
        Directory.CreateDirectory(folder);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var stream = new FileStream(file, options);
            stream.Write(RandomNumberGenerator.GetBytes(32));
            stream.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Made at an earlier start.
        }

        var secret = File.ReadAllBytes(file);
        return secret.Length >= 32 ? secret : throw new InvalidDataException($"The file {FileName} in the data folder is shorter than 32 bytes. Take it from a backup; without it pooled ids change.");
    }
}
