using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FhirMyeloma.Store.Keys;

/// <summary>
/// The text of a key: 256 random bits behind a prefix by which a scanner for leaked secrets can know it. Nobody guesses it, however fast they hash, so that SHA-256 is enough:
/// a slow hash protects passwords, which people choose, and would cost every request tens of milliseconds.
/// </summary>
public static class KeySecret
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "fm_";

    private const int Bytes = 32;

    /// <summary>A new key.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>True for what has the form of a key.</summary>
    public static bool Is(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>What is kept of a key.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
