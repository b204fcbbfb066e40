using System.Collections.Immutable;
using System.Data.Common;
using System.Security.Cryptography;
using FhirMyeloma.Store.Audit;
using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store.Keys;

/// <summary>The keys of a store. Each is looked up when it is used, so that a revoked one opens nothing from that moment on, in every process.</summary>
public sealed class KeyTable
{
    /// <summary>The interaction of the row of the audit that a new key leaves.</summary>
    public const string Created = "key-create";

    /// <summary>The interaction of the row of the audit that the end of a key leaves.</summary>
    public const string Ended = "key-revoke";

    private const string Columns = "select id, name, centres, scopes, created, revoked from api_key";
    private readonly StoreEngine _engine;
    private readonly TimeProvider _clock;

    internal KeyTable(StoreEngine engine, TimeProvider clock) => (_engine, _clock) = (engine, clock);

    /// <summary>Makes a key.</summary>
    /// <param name="name">Whose it is.</param>
    /// <param name="centres">The centres that it opens.</param>
    /// <param name="scopes">What it allows, separated by blanks.</param>
    /// <returns>What is kept of it, and its text, which cannot be had again.</returns>
    public async Task<(ApiKey Key, string Secret)> CreateAsync(string name, ImmutableArray<string> centres, string scopes)
    {
        var secret = KeySecret.New();
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var created = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var key = await _engine.WriteAsync(session =>
        {
            session.Execute(
                "insert into api_key (id, hash, name, centres, scopes, created) values ($0, $1, $2, $3, $4, $5)",
                id, KeySecret.Hash(secret), name, string.Join(' ', centres), scopes, created);
            Tell(session, Created, id, centres);
            return session.Rows($"{Columns} where id = $0", Read, id).Single();
        }).ConfigureAwait(false);
        return (key, secret);
    }

    /// <summary>The key of this text, also a revoked one; null when there is none.</summary>
    public ApiKey? Find(string secret)
    {
        var hash = KeySecret.Hash(secret);
        return _engine.Read(session => session.Rows($"{Columns} where hash = $0", Read, hash).FirstOrDefault());
    }

    /// <summary>True when a key was ever made: from then on nobody is let in without one, also when all were revoked.</summary>
    public bool WereMade() => _engine.Read(static session => session.Scalar("select exists (select 1 from api_key)") == 1);

    /// <summary>Every key, the oldest first.</summary>
    public ImmutableArray<ApiKey> List() => _engine.Read<ImmutableArray<ApiKey>>(static session => [.. session.Rows($"{Columns} order by pk", Read)]);

    /// <summary>Ends a key.</summary>
    /// <returns>The key; null when there is none of this id that holds.</returns>
    public Task<ApiKey?> RevokeAsync(string id)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        return _engine.WriteAsync(session =>
        {
            if (session.Scalar("select pk from api_key where id = $0 and revoked is null", id) is not { } number)
                return null;
            session.Execute("update api_key set revoked = $1 where pk = $0", number, now);
            var key = session.Rows($"{Columns} where pk = $0", Read, number).Single();
            Tell(session, Ended, id, key.Centres);
            return key;
        });
    }

    /// <summary>Keys are made and ended by whoever runs the service, at its command line.</summary>
    private void Tell(StoreSession session, string interaction, string id, ImmutableArray<string> centres) => AuditTable.Append(session, _clock,
        new AuditEntry { Interaction = interaction, Action = interaction == Created ? 'C' : 'U', Agent = "operator", Query = $"key:{id}", Centre = centres is [var only] ? only : "" });

    private static ApiKey Read(DbDataReader reader) => new()
    {
        Id = reader.GetString(0),
        Name = reader.GetString(1),
        Centres = [.. reader.GetString(2).Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        Scopes = reader.GetString(3),
        Created = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)),
        Revoked = reader.IsDBNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)),
    };
}
