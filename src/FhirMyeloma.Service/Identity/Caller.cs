using System.Collections.Immutable;
using System.Diagnostics;
using FhirMyeloma.Service.Audit;

namespace FhirMyeloma.Service.Identity;

/// <summary>Who calls, and what they may do. Handlers of the route table take it as a parameter; <see cref="Admission"/> has let it in by then.</summary>
internal sealed record Caller
{
    /// <summary>By what the audit knows them: the subject of a token, or the id of an API key.</summary>
    public required string Name { get; init; }

    /// <summary>The centres that they may act in.</summary>
    public required ImmutableArray<string> Centres { get; init; }

    /// <summary>What they may do to which resource types.</summary>
    public required Scopes Scopes { get; init; }

    /// <summary>What else they are.</summary>
    public Roles Roles { get; init; }

    /// <summary>Nobody was asked who they are: there is neither an issuer of tokens nor a key.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>The one centre that this request acts in; null where it needs none.</summary>
    public string? ActsIn { get; init; }

    /// <summary>What they touch, for the audit.</summary>
    public AccessTrail Trail { get; init; } = AccessTrail.Nothing();

    /// <summary>The one centre that this request acts in.</summary>
    /// <exception cref="UnreachableException">The row of the route table asks for no centre.</exception>
    public string Centre => ActsIn ?? throw new UnreachableException("The route table lets a caller without a centre in.");

    /// <summary>Reads what several centres pool, de-identified, and no resource of any.</summary>
    public bool IsPooling => Roles.HasFlag(Roles.Pool);

    /// <summary>Reads the audit.</summary>
    public bool IsAuditor => Roles.HasFlag(Roles.Auditor);

    /// <summary>Runs the service: may purge, and sees the work of the whole store.</summary>
    public bool IsAdmin => Roles.HasFlag(Roles.Admin);

    /// <summary>Who asks for what everybody may know.</summary>
    public static Caller Anybody { get; } = new() { Name = "anybody", Centres = [], Scopes = Scopes.Nothing };

    /// <summary>Everybody, as long as nobody is asked who they are.</summary>
    /// <param name="centre">The centre that they all are.</param>
    public static Caller Development(string centre) => new()
    {
        Name = "development",
        Centres = [centre],
        Scopes = Scopes.Everything,
        Roles = Roles.Admin | Roles.Auditor,
        IsDevelopment = true,
        ActsIn = centre,
    };

    /// <summary>True when the scopes have all of the letters for a type; for every type when that is null.</summary>
    public bool May(Letters letters, string? type) => type is null ? Scopes.AllowAll(letters) : Scopes.Allow(letters, type);

    /// <summary>Gives a handler its caller.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(context.Features.Get<Caller>());
    }
}

/// <summary>What a caller is beside the centres and types that they work with.</summary>
[Flags]
internal enum Roles
{
    None = 0,

    /// <summary>Scope <c>fhirmyeloma/admin</c>.</summary>
    Admin = 1,

    /// <summary>Scope <c>fhirmyeloma/auditor</c>.</summary>
    Auditor = 2,

    /// <summary>Scope <c>fhirmyeloma/pool</c>.</summary>
    Pool = 4,
}
