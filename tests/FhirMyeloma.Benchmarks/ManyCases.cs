using System.Diagnostics;
using FhirMyeloma.Clinical;

namespace FhirMyeloma.Benchmarks;

/// <summary>Derives many generated patients on all cores and says how long it took and what it kept in memory.</summary>
internal static class ManyCases
{
    private const int Tenths = 10;

    public static void Derive(int count)
    {
        for (var number = 0; number < 10_000; number++)
            Derivation.Derive(GeneratedCase.Make(-1 - number), DerivationPolicy.Default);

        Console.WriteLine($"{count:#,0} patients of {Facts(GeneratedCase.Make(0)):#,0} facts, {Environment.ProcessorCount} cores; making them is timed apart");
        var begin = Environment.CpuUsage.TotalTime;
        Parallel.For(0, count / Tenths, number => GeneratedCase.Make(number));
        var made = (Environment.CpuUsage.TotalTime - begin) * Tenths;

        var results = 0L;
        begin = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        for (var tenth = 0; tenth < Tenths; tenth++)
        {
            Parallel.For(tenth * count / Tenths, (tenth + 1) * count / Tenths, number =>
            {
                var derived = Derivation.Derive(GeneratedCase.Make(number), DerivationPolicy.Default);
                Interlocked.Add(ref results, derived.Lines.Length + derived.ByRuleset[0].Responses.Sum(response => response.Assessments.Length));
            });
            Console.WriteLine($"{(tenth + 1) * count / Tenths,10:#,0} after {watch.Elapsed.TotalSeconds,6:0.0} s, {GC.GetTotalMemory(true) / 1e6:0} MB live, {Environment.WorkingSet / 1e6:0} MB resident");
        }

        var derive = Environment.CpuUsage.TotalTime - begin - made;
        Console.WriteLine($"{results:#,0} lines and assessments; processor time of deriving alone {derive.TotalSeconds:0.0} s, {derive.TotalMilliseconds / count:0.000} ms a patient");
    }

    private static int Facts(Clinical.Cases.MyelomaCase patient) => patient.Measurements.Length + patient.Drugs.Length + patient.Immunofixations.Length;
}
