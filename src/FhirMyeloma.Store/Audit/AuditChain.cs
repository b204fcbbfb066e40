using System.Globalization;
using System.Security.Cryptography;

namespace FhirMyeloma.Store.Audit;

/// <summary>The newest row of the audit. Written down elsewhere it shows later that nothing up to it was changed or cut off.</summary>
/// <param name="Number">Its number; 0 while the audit is empty.</param>
/// <param name="Hash">Its hash, in hexadecimal.</param>
public readonly record struct AuditHead(long Number, string Hash)
{
    /// <summary>The number and the hash, as they are printed and written down.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}:{Hash}");

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static AuditHead? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':') is [var number, { Length: 2 * SHA256.HashSizeInBytes } hash] && hash.All(char.IsAsciiHexDigit)
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? new(parsed, hash.ToLowerInvariant()) : null;
    }
}

/// <summary>What following the chain came to.</summary>
/// <param name="Head">The last row that is as it was written.</param>
/// <param name="Broken">Number of the first row that is not, or is missing; null when all are as they were written.</param>
public readonly record struct AuditVerdict(AuditHead Head, long? Broken);

/// <summary>The hashes that hold the rows together.</summary>
internal static class AuditChain
{
    /// <summary>What stands before the first row.</summary>
    public static byte[] Beginning { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>The hash of a row.</summary>
    /// <param name="before">The hash of the row before.</param>
    /// <param name="content">What the row says.</param>
    public static byte[] Next(byte[] before, byte[] content) => SHA256.HashData([.. before, .. content]);
}
