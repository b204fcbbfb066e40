namespace FhirMyeloma.Store.Engines;

/// <summary>What holds of a resource.</summary>
/// <param name="Pk">Its number; resources that were kept later have larger ones.</param>
/// <param name="Centre">Number of the centre whose it is.</param>
/// <param name="Type">Number of its type.</param>
/// <param name="Id">Its logical id.</param>
/// <param name="Patient">The patient in whose compartment it lies; 0 for none.</param>
/// <param name="At">Place of its newest version.</param>
/// <param name="Version">Number of that version.</param>
/// <param name="Deleted">That version is its end.</param>
/// <param name="Home">With which rows its own lie in a distributed database; of no meaning in one file.</param>
internal readonly record struct ResourceRow(long Pk, int Centre, int Type, string Id, long Patient, long At, int Version, bool Deleted, long Home = 0);

/// <summary>A version.</summary>
internal sealed record VersionRow(long At, long Resource, int Number, long Instant, ChangeKind Change, byte[] Content, byte[]? Body)
{
    public StoredVersion ToStored(string type, string id) => new()
    {
        Type = type,
        Id = id,
        Number = Number,
        Instant = DateTimeOffset.FromUnixTimeMilliseconds(Instant),
        Change = Change,
        Body = Body,
        At = At,
    };
}

/// <summary>What was answered to a transaction.</summary>
internal sealed record AnswerRow(byte[] Content, long Instant, long First, long Last, int Written, byte[] Outcome);
