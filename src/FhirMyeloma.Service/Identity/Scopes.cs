using System.Collections.Frozen;
using System.Collections.Immutable;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.Service.Identity;

/// <summary>The letters of a scope (SMART App Launch 2.2, scopes for FHIR resources).</summary>
[Flags]
internal enum Letters
{
    None = 0,
    Create = 1,

    /// <summary>Read, version read, history of one resource.</summary>
    Read = 2,

    /// <summary>Update, also where it makes the resource.</summary>
    Update = 4,
    Delete = 8,

    /// <summary>Search of a type, history of a type, and every condition that is a search.</summary>
    Search = 16,
    All = Create | Read | Update | Delete | Search,
}

/// <summary>
/// What a caller may do to which resource types, by <c>system/Type.cruds</c>, <c>system/*.cruds</c> and the older <c>.read</c>, <c>.write</c> and <c>.*</c>. What is no such
/// scope grants nothing; one that is narrowed by a search (<c>?category=…</c>) neither, since it would have to be enforced on every answer.
/// </summary>
internal sealed class Scopes
{
    private const string Prefix = "system/";
    private const string Any = "*";
    private readonly FrozenDictionary<string, Letters> _granted;

    private Scopes(FrozenDictionary<string, Letters> granted) => _granted = granted;

    /// <summary>Everything of every type.</summary>
    public static Scopes Everything { get; } = Parse("system/*.cruds").Scopes;

    /// <summary>Nothing.</summary>
    public static Scopes Nothing { get; } = Parse("").Scopes;

    /// <summary>Reads what stands in a token or was given to a key.</summary>
    /// <param name="text">Scopes, separated by blanks.</param>
    /// <returns>What they grant, the roles among them, and those that grant nothing here.</returns>
    public static (Scopes Scopes, Roles Roles, ImmutableArray<string> Unknown) Parse(string text)
    {
        Dictionary<string, Letters> granted = new(StringComparer.Ordinal);
        var roles = Roles.None;
        var unknown = ImmutableArray.CreateBuilder<string>();
        foreach (var scope in text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Role(scope) is not Roles.None and var role)
                roles |= role;
            else if (Grant(scope) is ({ } type, not Letters.None and var letters))
                granted[type] = granted.GetValueOrDefault(type) | letters;
            else
                unknown.Add(scope);
        }

        return (new(granted.ToFrozenDictionary(StringComparer.Ordinal)), roles, unknown.ToImmutable());
    }

    /// <summary>True when all of the letters are granted for a type.</summary>
    public bool Allow(Letters letters, string type) => ((_granted.GetValueOrDefault(Any) | _granted.GetValueOrDefault(type)) & letters) == letters;

    /// <summary>True when all of the letters are granted for every type at once, those to come included.</summary>
    public bool AllowAll(Letters letters) => (_granted.GetValueOrDefault(Any) & letters) == letters;

    /// <summary>True when these grant at least what others grant.</summary>
    public bool Cover(Scopes others) => others._granted.All(other => other.Key == Any ? AllowAll(other.Value) : Allow(other.Value, other.Key));

    /// <summary>The scope that letters for a type are; for every type when that is null.</summary>
    public static string Name(Letters letters, string? type) => $"{Prefix}{type ?? Any}.{string.Concat("cruds".Where((_, place) => letters.HasFlag((Letters)(1 << place))))}";

    /// <summary>Sorted, so that equal scopes are equal texts.</summary>
    public override string ToString() => string.Join(' ', _granted.Select(static one => Name(one.Value, one.Key)).Order(StringComparer.Ordinal));

    private static Roles Role(string scope) => scope switch
    {
        "fhirmyeloma/admin" => Roles.Admin,
        "fhirmyeloma/auditor" => Roles.Auditor,
        "fhirmyeloma/pool" => Roles.Pool,
        _ => Roles.None,
    };

    private static (string? Type, Letters Letters) Grant(string scope) =>
        scope.StartsWith(Prefix, StringComparison.Ordinal) && scope[Prefix.Length..].Split('.', 2) is [var type, var letters] && (type == Any || ResourceTypes.IsKnown(type))
            ? (type, Read(letters))
            : default;

    private static Letters Read(string letters)
    {
        switch (letters)
        {
            case "read":
                return Letters.Read | Letters.Search;
            case "write":
                return Letters.Create | Letters.Update | Letters.Delete;
            case Any:
                return Letters.All;
        }

        var read = Letters.None;
        foreach (var letter in letters)
        {
            // SMART allows each once and in this order only.
            if ("cruds".IndexOf(letter, StringComparison.Ordinal) is not (>= 0 and var place) || (Letters)(1 << place) is var one && one <= read)
                return Letters.None;
            read |= one;
        }

        return read;
    }
}
