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
    public static LiteralReference Parse(string reference)
    {
        if (reference.StartsWith('#'))
            return new(ReferenceForm.Contained, Id: reference[1..]);
        if (reference.StartsWith("urn:", StringComparison.Ordinal))
            return new(ReferenceForm.Urn);

        var parts = Split(Encoding.UTF8.GetBytes(reference), out var conditional);
        if (parts.Type is null)
            return new(ReferenceForm.Other);
        var server = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(reference)[..parts.TypeAt]);
        if (conditional)
            return server.Length == 0 ? new(ReferenceForm.Conditional, parts.Type.Name) : new(ReferenceForm.Other);
        return new(server.Length == 0 ? ReferenceForm.Relative : ReferenceForm.Absolute, parts.Type.Name, parts.Id, parts.Version, server.Length == 0 ? null : server);
    }

    /// <summary>The resource type that the reference implies (<c>Patient/1</c>, <c>https://…/Patient/1/_history/2</c>, <c>Patient?…</c>), else null.</summary>
    public static TypeEntry? ImpliedType(ReadOnlySpan<byte> reference)
    {
        if (reference.Length == 0 || reference[0] == '#' || reference.StartsWith("urn:"u8))
            return null;
        return Split(reference, out _).Type;
    }

    private static (TypeEntry? Type, int TypeAt, string? Id, string? Version) Split(ReadOnlySpan<byte> reference, out bool conditional)
    {
        conditional = false;
        var query = reference.IndexOf((byte)'?');
        if (query >= 0)
        {
            conditional = true;
            var slash = reference[..query].LastIndexOf((byte)'/');
            return (Resource(reference[(slash + 1)..query]), slash + 1, null, null);
        }
        var path = reference.IndexOf((byte)'#') is >= 0 and var fragment ? reference[..fragment] : reference;
        string? version = null;
        if (path.LastIndexOf("/_history/"u8) is > 0 and var history)
        {
            version = Encoding.UTF8.GetString(path[(history + 10)..]);
            path = path[..history];
        }
        var idAt = path.LastIndexOf((byte)'/') + 1;
        if (idAt < 2 || idAt == path.Length)
            return default;
        var typeAt = path[..(idAt - 1)].LastIndexOf((byte)'/') + 1;
        var isAbsolute = path.IndexOf("://"u8) > 0;
        if (typeAt > 0 && !isAbsolute)
            return default;
        return (Resource(path[typeAt..(idAt - 1)]), typeAt, Encoding.UTF8.GetString(path[idAt..]), version);
    }

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
