using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Keys;

namespace FhirMyeloma.Service.Identity;

/// <summary>Makes, lists and revokes API keys, also while the service runs: it looks each up when it is used.</summary>
/// <param name="output">Where the key goes, alone on its line.</param>
/// <param name="errors">Where everything else that is said goes.</param>
internal sealed class KeyCommand(TextWriter output, TextWriter errors)
{
    public const int Done = 0;
    public const int Refused = 1;

    private const string Everything = "system/*.cruds";

    /// <summary>The commands <c>key create</c>, <c>key list</c> and <c>key revoke</c>.</summary>
    /// <param name="options">Options that say which store is meant.</param>
    /// <param name="open">Opens that store.</param>
    public static Command Command(IEnumerable<Option> options, Func<ParseResult, FhirStore> open)
    {
        var centre = new Option<string[]>("--center") { Description = "Centre that the key opens; may repeat, and each request then names one by the header X-Center.", HelpName = "CENTER" };
        var scope = new Option<string[]>("--scope") { Description = "What it allows: system/Type.cruds, system/*.rs, fhirmyeloma/pool, fhirmyeloma/auditor, fhirmyeloma/admin; may repeat. Without it everything of the centre.", HelpName = "SCOPE" };
        var name = new Option<string>("--name") { Description = "Whose it is, for the list.", HelpName = "NAME" };
        var create = new Command("create", "Make a key and print it, this once: only its hash is kept.") { centre, scope, name };
        create.SetAction(parsed => With(parsed, open, (command, store) => command.CreateAsync(store, [.. parsed.GetValue(centre) ?? []], [.. parsed.GetValue(scope) ?? []], parsed.GetValue(name) ?? "")));
        var list = new Command("list", "List the keys, without the keys themselves.");
        list.SetAction(parsed => With(parsed, open, static (command, store) => Task.FromResult(command.List(store))));
        var id = new Argument<string>("ID") { Description = "The id of the key, as key list shows it." };
        var revoke = new Command("revoke", "End a key: from this moment on it opens nothing.") { id };
        revoke.SetAction(parsed => With(parsed, open, (command, store) => command.RevokeAsync(store, parsed.GetValue(id)!)));
        var key = new Command("key", "Keys by which the systems of a centre are let in. Once one was made, nobody is let in without.") { create, list, revoke };
        foreach (var each in key.Subcommands)
        {
            foreach (var option in options)
                each.Options.Add(option);
        }

        return key;
    }

    /// <summary>Makes a key.</summary>
    public async Task<int> CreateAsync(FhirStore store, ImmutableArray<string> centres, ImmutableArray<string> scopes, string name)
    {
        var said = scopes.IsEmpty ? Everything : string.Join(' ', scopes);
        var (granted, roles, unknown) = Scopes.Parse(said);
        var wrong = centres.FirstOrDefault(static centre => !ServiceOptions.IsCentre(centre)) is not null ? "The name of a centre is small letters, digits and hyphens, at most 63, and begins with no hyphen."
            : !unknown.IsEmpty ? $"No such scope: {string.Join(", ", unknown)}. A scope reads system/Type.cruds, with any of these letters in this order, or system/*.cruds."
            : centres.IsEmpty && (roles == Roles.None || granted.ToString().Length > 0) ? "Name the centre that the key is for: --center NAME."
            : !centres.IsEmpty && roles.HasFlag(Roles.Pool) ? "A pooling key belongs to no centre: leave --center out."
            : null;
        if (wrong is not null)
        {
            await errors.WriteLineAsync($"key create: {wrong}");
            return Refused;
        }

        var (key, secret) = await store.Keys.CreateAsync(name, [.. centres.Distinct(StringComparer.Ordinal)], said);
        await errors.WriteLineAsync($"Key {key.Id} for {Whose(key)}: {key.Scopes}. It is shown this once:");
        await output.WriteLineAsync(secret);
        return Done;
    }

    /// <summary>Lists the keys.</summary>
    public int List(FhirStore store)
    {
        foreach (var key in store.Keys.List())
            output.WriteLine(string.Join('\t', key.Id, Whose(key), key.Scopes, key.Name, $"made {Day(key.Created)}", key.Revoked is { } revoked ? $"revoked {Day(revoked)}" : "holds"));
        return Done;
    }

    /// <summary>Ends a key.</summary>
    public async Task<int> RevokeAsync(FhirStore store, string id)
    {
        if (await store.Keys.RevokeAsync(id) is not { } key)
        {
            await errors.WriteLineAsync("key revoke: there is no key with this id that holds.");
            return Refused;
        }

        await errors.WriteLineAsync($"Key {key.Id} of {Whose(key)} is revoked.");
        return Done;
    }

    private static int With(ParseResult parsed, Func<ParseResult, FhirStore> open, Func<KeyCommand, FhirStore, Task<int>> work)
    {
        try
        {
            using var store = open(parsed);
            return work(new(Console.Out, Console.Error), store).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is StoreException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"key: {fault.Message}");
            return Refused;
        }
    }

    private static string Whose(ApiKey key) => key.Centres.IsEmpty ? "no centre" : string.Join(',', key.Centres);

    private static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
