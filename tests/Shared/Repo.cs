namespace FhirMyeloma.Testing;

/// <summary>Where the repository and the third-party corpora lie, seen from a running test.</summary>
internal static class Repo
{
    /// <summary>The folder that holds <c>FhirMyeloma.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The corpora folder: <c>FHIR_CORPORA</c>, else <c>../shared/corpora</c> beside the repository; null when absent.</summary>
    public static string? Corpora { get; } = FindCorpora();

    /// <summary>True when <c>FHIR_CORPORA</c> names the folder: then cases are counted, not asserted one by one.</summary>
    public static bool CorporaNamed { get; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FHIR_CORPORA"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "FhirMyeloma.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("FhirMyeloma.sln not found above the test binaries.");
    }

    private static string? FindCorpora()
    {
        var named = Environment.GetEnvironmentVariable("FHIR_CORPORA");
        var folder = string.IsNullOrEmpty(named) ? Path.Combine(Root, "..", "shared", "corpora") : named;
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }
}

/// <summary>A fact that needs the third-party corpora and is reported as skipped where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorporaFactAttribute : FactAttribute
{
    public CorporaFactAttribute()
    {
        if (Repo.Corpora is null)
            Skip = "third-party corpora absent: set FHIR_CORPORA";
    }
}
