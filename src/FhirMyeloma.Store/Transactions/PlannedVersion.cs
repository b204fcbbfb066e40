using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Store.Engines;
using FhirMyeloma.Store.Search;

namespace FhirMyeloma.Store.Transactions;

/// <summary>A version that is ready to be written but for its instant, which the writer gives so that time never runs back.</summary>
internal sealed class PlannedVersion
{
    // The same width for every instant: the writer puts it where this one stands.
    private const string NoInstant = "0000-00-00T00:00:00.000Z";
    private const int ContentBytes = 16;
    private readonly byte[] _body;
    private readonly int _instantAt;

    private PlannedVersion(byte[] body, int instantAt) => (_body, _instantAt) = (body, instantAt);

    public required Effect Effect { get; init; }

    public required int Centre { get; init; }

    public required int Type { get; init; }

    public required string Id { get; init; }

    /// <summary>What the store holds of the resource; null when it is new.</summary>
    public ResourceRow? Row { get; init; }

    public required int Number { get; init; }

    public required long Patient { get; init; }

    /// <summary>Logical id of that patient; null for none, and where the version that ends the resource does not say.</summary>
    public string? PatientId { get; init; }

    /// <summary>Hash of all but version and instant.</summary>
    public required byte[] Content { get; init; }

    public ReadOnlyMemory<byte> Body => _body;

    public required IndexRows Rows { get; init; }

    public DateTimeOffset Instant { get; private set; }

    public ChangeKind Change => Effect switch
    {
        Effect.Created => ChangeKind.Created,
        Effect.Deleted => ChangeKind.Deleted,
        _ => ChangeKind.Updated,
    };

    public static PlannedVersion Of(int centre, int type, string id, ResourceRow? row, Element resource, IReadOnlyDictionary<Element, string>? texts)
    {
        var number = (row?.Version ?? 0) + 1;
        var version = number.ToString(CultureInfo.InvariantCulture);
        var json = new CanonicalJson(resource.SourceBytes.Length + 128);
        var own = FhirJsonWriter.WriteStored(resource, id, version, NoInstant, texts, json);
        var body = json.ToArray();
        // What is indexed is what is kept: with ids and rewritten references.
        var kept = FhirJsonReader.Read(body, Trusting).Document!.Root;
        var entries = IndexEntries.Of(kept);
        var patient = kept.TypeName == "Patient" ? id : PatientIn(entries.Patient);
        return new(body, own.End.Value - 1 - NoInstant.Length)
        {
            Effect = row is { Deleted: false } ? Effect.Updated : Effect.Created,
            Centre = centre,
            Type = type,
            Id = id,
            Row = row,
            Number = number,
            Patient = patient is null ? 0 : IndexKey.OfPatient(centre, patient),
            PatientId = patient,
            Content = Hash(body.AsSpan(0, own.Start.Value), body.AsSpan(own.End.Value)),
            Rows = IndexRows.Of(centre, type, entries),
        };
    }

    /// <summary>The end of a resource.</summary>
    public static PlannedVersion Gone(ResourceRow row) => new([], 0)
    {
        Effect = Effect.Deleted,
        Centre = row.Centre,
        Type = row.Type,
        Id = row.Id,
        Row = row,
        Number = row.Version + 1,
        Patient = row.Patient,
        Content = [],
        Rows = IndexRows.None,
    };

    /// <summary>Resources were checked before they were kept.</summary>
    public static ReadLimits Trusting { get; } = new(MaxIssues: 1, Check: false);

    public void Stamp(DateTimeOffset instant)
    {
        Instant = instant;
        if (_body.Length > 0)
            Encoding.ASCII.GetBytes(instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), _body.AsSpan(_instantAt));
    }

    // In one go over a copy: to set up a hash that takes pieces costs more than to copy and hash a kilobyte.
    private static byte[] Hash(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var whole = ArrayPool<byte>.Shared.Rent(before.Length + after.Length);
        before.CopyTo(whole);
        after.CopyTo(whole.AsSpan(before.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(whole.AsSpan(0, before.Length + after.Length), hash);
        ArrayPool<byte>.Shared.Return(whole);
        return hash[..ContentBytes].ToArray();
    }

    private static string? PatientIn(string? literal) => literal?.Split('/') is ["Patient", { Length: > 0 } id, ..] ? id : null;
}
