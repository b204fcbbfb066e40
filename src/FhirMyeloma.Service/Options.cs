using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using FhirMyeloma.Service.Identity;
using Microsoft.Extensions.Options;

namespace FhirMyeloma.Service;

/// <summary>What an operator may change (section <c>FhirMyeloma</c> of the configuration); checked when the service starts.</summary>
internal sealed partial class ServiceOptions : IValidatableObject
{
    public const string Section = "FhirMyeloma";

    /// <summary>Name of the store's file in the data folder.</summary>
    public const string StoreFile = "fhirmyeloma.db";

    /// <summary>Values of <see cref="Store"/>.</summary>
    public const string Sqlite = "sqlite";

    /// <inheritdoc cref="Sqlite"/>
    public const string Postgres = "postgres";

    private const string CentrePattern = "^[a-z0-9][a-z0-9-]{0,62}\\z";

    /// <summary>Largest request body in bytes, as sent and again after decompression; above it 413.</summary>
    [Range(1_024, 1_000_000_000)]
    public int MaxBodyBytes { get; set; } = 50_000_000;

    /// <summary>Most entries that one Bundle may hold; above it 413.</summary>
    [Range(1, 10_000_000)]
    public int MaxEntries { get; set; } = 100_000;

    /// <summary>Most JSON values (objects, arrays, members, items) that one body may hold; above it 413. Bounds the memory that reading takes.</summary>
    [Range(1, int.MaxValue)]
    public int MaxValues { get; set; } = 8_000_000;

    /// <summary>Seconds within which a request body must have arrived; after that 408.</summary>
    [Range(1, 3_600)]
    public int BodyTimeoutSeconds { get; set; } = 60;

    /// <summary>Folder in which the store keeps its file; relative to where the service is started. Made when it is not there.</summary>
    [Required]
    public string DataFolder { get; set; } = "data";

    /// <summary>What keeps the resources: <c>sqlite</c>, a file in the data folder, or <c>postgres</c>, the database of <see cref="Connection"/>.</summary>
    [RegularExpression("^(sqlite|postgres)$", ErrorMessage = "Store is sqlite or postgres.")]
    public string Store { get; set; } = Sqlite;

    /// <summary>Connection string of the PostgreSQL database, as Npgsql reads it. It may hold a password: it is never logged.</summary>
    public string? Connection { get; set; }

    /// <summary>
    /// The secret that pooled ids and dates are made with: at least 32 characters, the same for every process on one store. Empty to keep one in the data folder, made at the
    /// first start. It is never logged.
    /// </summary>
    [RegularExpression("^(.{32,})?$", ErrorMessage = "PoolingKey is at least 32 characters, or empty.")]
    public string PoolingKey { get; set; } = "";

    /// <summary>The centre of everybody, as long as callers are not told apart.</summary>
    [RegularExpression(CentrePattern)]
    public string Centre { get; set; } = "development";

    /// <summary>Who else is let in, and by what they are known.</summary>
    [ValidateObjectMembers]
    public IdentityOptions Identity { get; set; } = new();

    /// <summary>Requests that one client address may send in a minute; above it 429 with Retry-After.</summary>
    [Range(1, int.MaxValue)]
    public int RequestsPerMinute { get; set; } = 60_000;

    /// <summary>Requests that write, of one caller, that are carried out at a time; the others of that caller wait.</summary>
    [Range(1, 10_000)]
    public int WritesAtOnce { get; set; } = 64;

    /// <summary>Requests that write, of one caller, that may wait for its share; above it 429 with Retry-After.</summary>
    [Range(0, 10_000)]
    public int WritesWaiting { get; set; } = 256;

    /// <summary>Requests that write, of all callers, that are carried out at a time; above it 503 with Retry-After.</summary>
    [Range(1, 100_000)]
    public int WritesOfAll { get; set; } = 512;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Store == Postgres && string.IsNullOrWhiteSpace(Connection))
            yield return new("Store=postgres needs a Connection: Host=…;Database=…;Username=…;Password=…", [nameof(Connection)]);
        if (Store == Sqlite && !string.IsNullOrWhiteSpace(Connection))
            yield return new("A Connection is given and Store is sqlite. Say Store=postgres, or leave the Connection out.", [nameof(Connection)]);
    }

    /// <summary>True for text that can name a centre.</summary>
    public static bool IsCentre(string text) => Centres().IsMatch(text);

    [GeneratedRegex(CentrePattern, RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Centres();
}
