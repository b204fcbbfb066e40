using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Testing;

namespace FhirMyeloma.R4.Tests.FhirPath;

/// <summary>Whatever the expression is, it gives a result or a fault: nothing else is ever thrown.</summary>
public class MutationTests
{
    private const string Folder = "tests/FhirMyeloma.R4.Tests/FhirPath";

    private static readonly FhirPathContext Context = new()
    {
        Now = new(2024, 6, 1, 8, 0, 0, TimeSpan.FromHours(2)),
        Limits = new() { Steps = 20_000, CollectionSize = 2_000, StringLength = 20_000, RegexTime = TimeSpan.FromMilliseconds(100) },
    };

    private static readonly Element Subject = FhirJsonReader.Read(File.ReadAllBytes(Path.Combine(Repo.Root, Folder, "subject.json"))).Document!.Root;

    [Theory]
    [InlineData(1)]
    [InlineData(20_26)]
    [InlineData(987_654_321)]
    public void Mutated_expressions_give_a_result_or_a_fault(int seed)
    {
        var dice = new Dice((ulong)seed);
        string[] expressions = [.. Directory.EnumerateFiles(Path.Combine(Repo.Root, Folder), "*.cases").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines).Where(line => line.Contains('⇶', StringComparison.Ordinal) && line[0] != '#').Select(line => line.Split('⇶')[0].Trim())];
        Element[] focuses = [Subject, Subject["entry"]["resource"], Subject["entry"]["resource"]["name"], Subject["entry"]["resource"]["active"], default];
        for (var roll = 0; roll < 4_000; roll++)
        {
            var expression = Mutate(dice, expressions);
            var focus = dice.Pick(focuses);
            try
            {
                if (!FhirPathExpression.TryCompile(expression, out var compiled, out _))
                    continue;
                _ = compiled.CheckTypes("Patient");
                Assert.Equal(compiled.ToString(), FhirPathExpression.Compile(compiled.ToString()).ToString());
                _ = compiled.Evaluate(focus, Context).ToString();
            }
            catch (FhirPathException)
            {
                // A fault is an answer.
            }
            catch (Exception fault) when (fault is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{dice}, roll {roll}: {expression}\n{fault}");
            }
        }
    }

    private static string Mutate(Dice dice, string[] expressions)
    {
        var expression = dice.Pick(expressions);
        for (var times = dice.Roll(1, 3); times > 0; times--)
        {
            var other = dice.Pick(expressions);
            expression = dice.Roll(1, 9) switch
            {
                1 => $"({expression}).{Last(other)}",
                2 => $"({expression}) {dice.Pick("+", "-", "*", "/", "div", "mod", "&", "|", "=", "~", "!=", "!~", "<", ">", "<=", ">=", "in", "contains", "and", "or", "xor", "implies")} ({other})",
                3 => $"({expression}).{dice.Pick("where", "select", "all", "exists", "repeat", "aggregate", "sort", "skip", "take", "subsetOf", "power", "round", "log", "lowBoundary", "highBoundary", "substring", "split", "join", "matches", "combine", "extension", "toQuantity", "trace", "comparable", "iif")}({other})",
                4 => $"({expression}).{dice.Pick("first", "last", "single", "tail", "children", "descendants", "distinct", "isDistinct", "toString", "toInteger", "toDecimal", "toQuantity", "toDateTime", "toTime", "abs", "ceiling", "exp", "ln", "sqrt", "truncate", "precision", "type", "sum", "avg", "min", "max", "length", "toChars", "upper", "resolve", "hasValue", "htmlChecks", "yearOf", "timezoneOffsetOf", "dateOf", "timeOf", "not")}()",
                5 => $"-({expression})",
                6 => expression.Length < 2 ? other : expression.Remove(dice.Roll(0, expression.Length - 1), 1),
                7 => expression.Insert(dice.Roll(0, expression.Length), dice.Pick(".", "(", ")", "'", "@", "%", "$", "1", "é", "{}", "[0]", "\\", "`", "/*", "99999999999", " is ", "T")),
                8 => expression.Replace(dice.Pick("1", "2", "3", "0"), dice.Pick("2147483647", "-1", "79228162514264337593543950335", "0.0000000000000000000000000001", "{}", "@0001-01-01", "@9999-12-31T23:59:59.999+14:00", "@T00", "99999 years", "1 'Cel'", "1 'nonsense'"), StringComparison.Ordinal),
                _ => $"iif({other}, {expression}, {other})",
            };
        }
        return expression.Length > 2_000 ? expression[..2_000] : expression;
    }

    private static string Last(string expression) => expression[(expression.LastIndexOf('.') + 1)..];
}
