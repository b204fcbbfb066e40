namespace FhirMyeloma.R4.FhirPath;

internal static class TypeCheck
{
    public static IReadOnlyList<FhirPathFault> Check(Syntax root, string typeName) => [];
}
