using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>
/// The functions with regular expressions (5.6.9 to 5.6.11). Patterns run without backtracking, in time linear to the text; the few
/// that need it (look-around, back references) run with a limit of time. A dot matches a line end too, as the specification asks.
/// </summary>
internal static class Patterns
{
    // Patterns stand in expressions, but may also come from data; the cache is bounded.
    private const int MostCached = 1_000;
    private const int LongestPattern = 20_000;

    private static readonly ConcurrentDictionary<(string Pattern, RegexOptions Options, TimeSpan Time), Regex> Cache = new();

    public static Collection Matches(in Invocation call, bool whole)
    {
        var (text, pattern) = (call.Text(), call.Text(0));
        if (text is null || pattern is null)
            return Collection.Empty;
        var regex = Compile(call, whole ? $@"\A(?:{pattern})\z" : pattern, call.Text(1));
        call.Evaluator.Charge((text.Length / 64) + 4);
        try
        {
            return Collection.Of(regex.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooSlow(call);
        }
    }

    public static Collection Replace(in Invocation call)
    {
        var (text, pattern, substitution) = (call.Text(), call.Text(0), call.Text(1));
        if (text is null || pattern is null || substitution is null)
            return Collection.Empty;
        // Nothing to look for: nothing to replace.
        if (pattern.Length == 0)
            return Collection.Of(text);
        var regex = Compile(call, pattern, call.Text(2));
        call.Evaluator.Charge((text.Length / 16) + 4);
        // A group can bring back the whole text each time.
        var (evaluator, position) = (call.Evaluator, call.Syntax.Position);
        evaluator.CheckLength(substitution.Length + ((long)substitution.AsSpan().Count('$') * text.Length), position);
        long length = text.Length;
        try
        {
            return Collection.Of(evaluator.Sized(regex.Replace(text, match =>
            {
                var replaced = match.Result(substitution);
                evaluator.Charge(1);
                evaluator.CheckLength(length += replaced.Length, position);
                return replaced;
            }), call.Syntax));
        }
        catch (ArgumentException)
        {
            throw call.Fault("cannot read the substitution; groups are $1, $2 or ${name}");
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooSlow(call);
        }
    }

    private static Regex Compile(in Invocation call, string pattern, string? flags)
    {
        var options = RegexOptions.CultureInvariant | RegexOptions.Singleline;
        foreach (var flag in flags ?? "")
        {
            options |= flag switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                _ => throw call.Fault($"knows the flags i and m, not '{flag}'"),
            };
        }
        if (pattern.Length > LongestPattern)
            throw call.Fault($"takes patterns of at most {LongestPattern} characters");
        var key = (pattern, options, call.Evaluator.Context.Limits.RegexTime);
        if (Cache.TryGetValue(key, out var known))
            return known;
        var regex = Build(call, pattern, options, key.RegexTime);
        if (Cache.Count < MostCached)
            Cache.TryAdd(key, regex);
        return regex;
    }

    private static Regex Build(in Invocation call, string pattern, RegexOptions options, TimeSpan time)
    {
        try
        {
            return new(pattern, options | RegexOptions.NonBacktracking, time);
        }
        catch (NotSupportedException)
        {
            return new(pattern, options, time);
        }
        catch (ArgumentException fault)
        {
            throw call.Fault($"cannot read the pattern: {fault.Message}");
        }
    }

    private static FhirPathException TooSlow(in Invocation call) =>
        call.Fault($"was stopped after {call.Evaluator.Context.Limits.RegexTime.TotalMilliseconds:0} ms; simplify the pattern");
}
