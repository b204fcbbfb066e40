using System.Text;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Elements;

/// <summary>The parts of a literal reference (<c>Reference.reference</c>).</summary>
/// <param name="Form">What kind it is.</param>
/// <param name="TypeName">The resource type that it implies; null when it implies none.</param>
/// <param name="Id">The logical id, or the id of a contained resource.</param>
/// <param name="Version">The version id, when there is one.</param>
/// <param name="BaseUrl">The server of an absolute reference, with its last slash.</param>
internal readonly record struct LiteralReference(ReferenceForm Form, string? TypeName = null, string? Id = null, string? Version = null, string? BaseUrl = null)
{
    /// <summary>Where the parts of a reference lie in its bytes.</summary>
    /// <param name="Type">The resource type that it implies; null when it implies none.</param>
    /// <param name="TypeAt">Where the type begins: what stands before is the server.</param>
    /// <param name="IdAt">Where the id begins; 0 without.</param>
    /// <param name="IdLength">How long it is.</param>
    /// <param name="VersionAt">Where the version id begins; 0 without.</param>
    /// <param name="IsConditional">A search, not an id.</param>
    public readonly record struct Parts(TypeEntry? Type, int TypeAt = 0, int IdAt = 0, int IdLength = 0, int VersionAt = 0, bool IsConditional = false);

    public static LiteralReference Parse(string reference)
    {
        if (reference.StartsWith('#'))
            return new(ReferenceForm.Contained, Id: reference[1..]);
        if (reference.StartsWith("urn:", StringComparison.Ordinal))
            return new(ReferenceForm.Urn);

        var utf8 = Encoding.UTF8.GetBytes(reference);
        var parts = Split(utf8);
        if (parts.Type is null)
            return new(ReferenceForm.Other);
        var server = parts.TypeAt == 0 ? null : Encoding.UTF8.GetString(utf8, 0, parts.TypeAt);
        if (parts.IsConditional)
            return server is null ? new(ReferenceForm.Conditional, parts.Type.Name) : new(ReferenceForm.Other);
        return new(server is null ? ReferenceForm.Relative : ReferenceForm.Absolute, parts.Type.Name, Encoding.UTF8.GetString(utf8, parts.IdAt, parts.IdLength),
            parts.VersionAt == 0 ? null : Encoding.UTF8.GetString(PathOf(utf8)[parts.VersionAt..]), server);
    }

    /// <summary>The resource type that the reference implies (<c>Patient/1</c>, <c>https://…/Patient/1/_history/2</c>, <c>Patient?…</c>), else null.</summary>
    public static TypeEntry? ImpliedType(ReadOnlySpan<byte> reference)
    {
        if (reference.Length == 0 || reference[0] == '#' || reference.StartsWith("urn:"u8))
            return null;
        return Split(reference).Type;
    }

    /// <summary>Looks at anything but <c>#id</c> and <c>urn:</c>.</summary>
    public static Parts Split(ReadOnlySpan<byte> reference)
    {
        var query = reference.IndexOf((byte)'?');
        if (query >= 0)
        {
            var slash = reference[..query].LastIndexOf((byte)'/');
            return new(Resource(reference[(slash + 1)..query]), slash + 1, IsConditional: true);
        }
        var path = PathOf(reference);
        var versionAt = 0;
        if (path.LastIndexOf("/_history/"u8) is > 0 and var history)
        {
            versionAt = history + 10;
            path = path[..history];
        }
        var idAt = path.LastIndexOf((byte)'/') + 1;
        if (idAt < 2 || idAt == path.Length)
            return default;
        var typeAt = path[..(idAt - 1)].LastIndexOf((byte)'/') + 1;
        var isAbsolute = path.IndexOf("://"u8) > 0;
        if (typeAt > 0 && !isAbsolute)
            return default;
        return new(Resource(path[typeAt..(idAt - 1)]), typeAt, idAt, path.Length - idAt, versionAt);
    }

    private static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> reference) => reference.IndexOf((byte)'#') is >= 0 and var fragment ? reference[..fragment] : reference;

    private static TypeEntry? Resource(ReadOnlySpan<byte> name) =>
        SchemaCatalog.R4.Find(name) is { IsResource: true, IsAbstract: false } type ? type : null;
}

/// <summary>The kinds of literal reference.</summary>
internal enum ReferenceForm
{
    /// <summary><c>#id</c></summary>
    Contained,

    /// <summary><c>urn:uuid:…</c>, <c>urn:oid:…</c></summary>
    Urn,

    /// <summary><c>Patient/1</c></summary>
    Relative,

    /// <summary><c>https://server/Patient/1</c></summary>
    Absolute,

    /// <summary><c>Patient?identifier=…</c></summary>
    Conditional,

    /// <summary>Anything else, for instance another URL.</summary>
    Other,
}
