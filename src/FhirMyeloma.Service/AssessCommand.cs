namespace FhirMyeloma.Service;

internal static class AssessCommand
{
    public static int Run(string[] files, System.Collections.Immutable.ImmutableArray<Said> said, bool summary, bool pretty) => files.Length + said.Length + (summary ? 1 : 0) + (pretty ? 1 : 0);
}
