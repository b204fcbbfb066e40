using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.Service.Identity;

/// <summary>What a row of the route table asks of its caller, before its handler sees the request.</summary>
internal sealed record Need
{
    private const string OfThePath = "{type}";

    private Need()
    {
    }

    /// <summary>Nothing: what everybody may know, and probes.</summary>
    public static Need Nothing { get; } = new() { IsOpen = true };

    /// <summary>To be known, nothing more: what keeps nothing and reads nothing that is kept.</summary>
    public static Need ToBeKnown { get; } = new();

    /// <summary>To act in a centre; the handler checks the rest by what it finds in the request.</summary>
    public static Need ACentre { get; } = new() { Centre = true };

    /// <summary>The letters for the type that the path names.</summary>
    public static Need Of(Letters letters) => Of(letters, OfThePath);

    /// <summary>The letters for a type.</summary>
    public static Need Of(Letters letters, string type) => new() { Centre = true, Letters = letters, Type = type };

    /// <summary>The letters for every type at once: an answer that draws on whatever is kept.</summary>
    public static Need OfAll(Letters letters) => new() { Centre = true, Letters = letters };

    /// <summary>The letters for a type, save for what this service publishes itself.</summary>
    public static Need UnlessPublished(Letters letters, string type) => Of(letters, type) with { OrPublished = true };

    /// <summary>The same, or the role that pools: it acts in no centre and gets what does not say whom it is about.</summary>
    public Need OrPooling => this with { TakesPooling = true };

    /// <summary>A role.</summary>
    public static Need Of(Roles role) => new() { Role = role };

    /// <summary>Nobody is asked who they are.</summary>
    public bool IsOpen { get; private init; }

    /// <summary>A pooling caller need act in no centre.</summary>
    public bool TakesPooling { get; private init; }

    /// <summary>The caller acts in one centre.</summary>
    public bool Centre { get; private init; }

    /// <summary>Letters that the scopes must have.</summary>
    public Letters Letters { get; private init; }

    /// <summary>For which type; null for every type.</summary>
    public string? Type { get; private init; }

    /// <summary>What the caller must be.</summary>
    public Roles Role { get; private init; }

    /// <summary>What the service publishes is everybody's.</summary>
    public bool OrPublished { get; private init; }

    /// <summary>The type that a request is about; null when it is about every type.</summary>
    public string? TypeOf(HttpContext context) => Type == OfThePath ? context.GetRouteValue("type") as string : Type;

    /// <summary>True when nobody need be asked for this request.</summary>
    public bool LetsAnybodyIn(HttpContext context, Published published) =>
        IsOpen || (OrPublished && context.GetRouteValue("id") is string id && published.Find(Type!, id).Exists);

    /// <summary>Null when a caller meets it, else the scope that is missing.</summary>
    public string? Misses(Caller caller, HttpContext context)
    {
        if (Letters == Letters.None)
            return null;
        var type = TypeOf(context);
        return caller.May(Letters, type) || (type is not null && !ResourceTypes.IsKnown(type)) ? null : Scopes.Name(Letters, type);
    }
}
