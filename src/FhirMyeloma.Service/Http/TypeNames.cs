using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.Service.Http;

/// <summary>A part of a path that is the name of a resource type, or was meant to be one.</summary>
internal sealed class TypeNames : IRouteConstraint
{
    /// <summary>As routes name it.</summary>
    public const string Name = "resourceType";

    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        values[routeKey] is string type && MayBeType(type);

    /// <summary>Begins like the name of a type, or is close to one.</summary>
    public static bool MayBeType(string text) => text.Length > 0 && (char.IsAsciiLetterUpper(text[0]) || ResourceTypes.Closest(text) is not null);
}
