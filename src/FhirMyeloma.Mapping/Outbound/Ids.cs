using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>Name-based ids: the same patient, result, ruleset and row give the same id everywhere and for ever.</summary>
public static class Ids
{
    /// <summary>The namespace of every id of a derived resource.</summary>
    public static Guid Namespace { get; } = new("6f1d6f0e-6c1c-5a52-9c0b-1d7d5b1f4a10");

    /// <summary>UUID version 5 of RFC 4122: SHA-1 over the namespace in network order and the name in UTF-8.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 4122 prescribes SHA-1 for version 5; nothing is protected by it.")]
    public static Guid Version5(Guid space, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var length = Encoding.UTF8.GetByteCount(name);
        Span<byte> input = length <= 240 ? stackalloc byte[16 + length] : new byte[16 + length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input[16..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, hash);
        hash[6] = (byte)(hash[6] & 0x0F | 0x50);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new(hash[..16], bigEndian: true);
    }

    /// <summary>The id of a derived Observation.</summary>
    /// <param name="patientKey"><c>system|value</c> of the patient, else its id or fullUrl.</param>
    /// <param name="code">Code of the result, e.g. <c>imwg-response</c>.</param>
    /// <param name="ruleset">The ruleset that decided, as <c>method</c> names it first.</param>
    /// <param name="rowKey">What distinguishes it from others of this code and ruleset; empty when there is one per patient.</param>
    public static Guid OfResult(string patientKey, string code, string ruleset, string rowKey) =>
        Version5(Namespace, $"{patientKey}|{code}|{ruleset}|{rowKey}");

    /// <summary>The id of the Provenance of a derived Observation.</summary>
    public static Guid OfProvenance(Guid target) => Version5(Namespace, $"provenance|{target}");

    /// <summary>The id of the OperationOutcome about these patients, given in the order of the Bundle.</summary>
    public static Guid OfOutcome(IEnumerable<string> patientKeys) => Version5(Namespace, $"operation-outcome|{string.Join('|', patientKeys)}");

    /// <summary>The fullUrl of a Patient entry that came without an absolute one.</summary>
    public static string UrlOfPatient(string patientKey) => Url(Version5(Namespace, patientKey));

    /// <summary>The fullUrl of a derived resource.</summary>
    public static string Url(Guid id) => $"urn:uuid:{id}";
}
