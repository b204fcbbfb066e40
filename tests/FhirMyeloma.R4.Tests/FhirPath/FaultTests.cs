using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.FhirPath;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Tests.FhirPath;

/// <summary>What a fault says, and that hostile expressions end.</summary>
public class FaultTests
{
    private static readonly Element Patient = FhirJsonReader.Read("""{"resourceType":"Patient","name":[{"family":"Secret"},{"family":"Other"}]}"""u8.ToArray()).Document!.Root;

    private static readonly FhirPathContext Small = new() { Limits = new() { Steps = 200_000, CollectionSize = 10_000, StringLength = 100_000, RegexTime = TimeSpan.FromMilliseconds(200) } };

    [Theory]
    [InlineData("name.", 5)]
    [InlineData("name.where(use = )", 17)]
    [InlineData("name.frist()", 5)]
    [InlineData("(1 + 2", 6)]
    [InlineData("1 + 'a", 4)]
    [InlineData("name ? 1", 5)]
    [InlineData("name.where()", 5)]
    [InlineData("name is Nonsense", 8)]
    [InlineData("1 2", 2)]
    [InlineData("", 0)]
    public void A_fault_of_the_text_names_its_place(string expression, int position)
    {
        Assert.False(FhirPathExpression.TryCompile(expression, out _, out var fault));
        Assert.Equal(position, fault.Position);
        Assert.EndsWith($"(at character {position + 1}).", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name.single()", 5)]
    [InlineData("true and name", 9)]
    [InlineData("1 + name.family.first()", 2)]
    [InlineData("%unheard", 0)]
    [InlineData("now()", 0)]
    public void A_fault_of_evaluation_names_its_place_and_no_value(string expression, int position)
    {
        var fault = Assert.Throws<FhirPathException>(() => FhirPathExpression.Compile(expression).Evaluate(Patient));
        Assert.Equal(position, fault.Position);
        Assert.DoesNotContain("Secret", fault.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Hostile =>
    [
        "repeatAll(%context)",
        "(1).repeat($this + 1)",
        "(1 | 2).repeatAll($this)",
        "descendants().select(%resource.descendants().select(%resource.descendants().select(%resource.descendants().select(%resource.descendants().select(%resource.descendants().select(%resource.descendants().select(%resource.descendants().select(%resource.descendants()))))))))",
        "(1|2|3|4|5|6|7|8|9|10).select(%context.name).aggregate($total.combine($total).combine($this), 1)",
        "(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20).aggregate($total + $total, 'xxxxxxxx')",
        "(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20).aggregate($total & $total, 'xxxxxxxx')",
        "(1|2|3|4|5|6|7|8|9|10).aggregate($total.replace('x', 'xxxxxxxxxx'), 'x')",
        "(1|2|3|4|5|6|7|8|9|10).aggregate($total.replace('', 'xxxxxxxxxx'), 'x')",
        "(1|2|3|4|5|6|7|8|9|10).aggregate($total.replaceMatches('x', 'xxxxxxxxxx'), 'x')",
        "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'.aggregate($this & $this & $this & $this & $this).select(replaceMatches('x', '$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_$_'))",
        "(1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20).aggregate($total.combine($total).join(), 'xxxxxxxx')",
        "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(?=(a+)+$)')",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_expression_is_stopped_by_its_budget(string expression)
    {
        var compiled = FhirPathExpression.Compile(expression);
        var fault = Assert.Throws<FhirPathException>(() => compiled.Evaluate(Patient, Small));
        Assert.Matches("steps|items|characters|stopped after", fault.Message);
    }

    [Theory]
    [InlineData("repeat(%context)", 1)]
    [InlineData("repeat($this)", 1)]
    [InlineData("name.repeat($this | %context)", 3)]
    public void Going_round_in_a_circle_ends(string expression, int items) =>
        Assert.Equal(items, FhirPathExpression.Compile(expression).Evaluate(Patient, Small).Count);

    [Fact]
    public void Ten_thousand_terms_side_by_side_need_no_deep_stack()
    {
        var union = FhirPathExpression.Compile(string.Join(" | ", Enumerable.Range(0, 10_000)));
        var sum = FhirPathExpression.Compile(string.Join(" + ", Enumerable.Repeat("1", 10_000)));
        var both = FhirPathExpression.Compile(string.Join(" and ", Enumerable.Repeat("true", 10_000)));
        OnSmallStack(() =>
        {
            Assert.Equal("10000", sum.Evaluate(Patient).ToString());
            Assert.Equal("true", both.Evaluate(Patient).ToString());
            Assert.Equal(10_000, sum.ToString().Split('+').Length);
            Assert.Empty(sum.CheckTypes("Patient"));
            // A union is compared at every step; that costs more than most would pay.
            Assert.Throws<FhirPathException>(() => union.Evaluate(Patient, Small));
        });
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("-", "1", "")]
    [InlineData("name.where(", "true", ")")]
    [InlineData("iif(true, ", "1", ")")]
    [InlineData("", "name", ".first()")]
    [InlineData("", "name", "[0]")]
    [InlineData("", "name", " is HumanName")]
    [InlineData("1 + (", "1", ")")]
    [InlineData("{} | 1 = ", "1", "")]
    public void Deep_nesting_is_refused_and_what_is_accepted_fits_a_small_stack(string before, string middle, string after)
    {
        var deep = string.Concat(Enumerable.Repeat(before, 5_000)) + middle + string.Concat(Enumerable.Repeat(after, 5_000));
        var shallow = string.Concat(Enumerable.Repeat(before, 80)) + middle + string.Concat(Enumerable.Repeat(after, 80));
        OnSmallStack(() =>
        {
            if (FhirPathExpression.TryCompile(deep, out var accepted, out var fault))
                Try(accepted);
            else
                Assert.Contains("nests deeper", fault.Message, StringComparison.Ordinal);
            Try(FhirPathExpression.Compile(shallow));
        });

        static void Try(FhirPathExpression expression)
        {
            _ = expression.ToString();
            _ = expression.CheckTypes("Patient");
            try
            {
                _ = expression.Evaluate(Patient, Small);
            }
            catch (FhirPathException)
            {
                // A fault is an answer; a crash is none.
            }
        }
    }

    [Fact]
    public void One_expression_serves_many_threads()
    {
        var expression = FhirPathExpression.Compile("name.where(family.matches('^S')).select(family & '-' & $index).first() | name.family.distinct().count().toString()");
        var expected = expression.Evaluate(Patient).ToString();
        Parallel.For(0, 2_000, _ => Assert.Equal(expected, expression.Evaluate(Patient).ToString()));
    }

    [Fact]
    public void A_constraint_reads_types_as_R4_does()
    {
        var questionnaire = FhirJsonReader.Read("""{"resourceType":"Questionnaire","item":[{"enableWhen":[{"question":"1","operator":"exists","answerBoolean":true}]}]}"""u8.ToArray()).Document!.Root;
        var que7 = FhirPathExpression.Compile("operator = 'exists' implies (answer is Boolean)");
        var enableWhen = questionnaire["item"]["enableWhen"];
        Assert.True(que7.IsTrue(enableWhen));
        Assert.Equal("false", que7.Evaluate(enableWhen).ToString());
        Assert.Equal(2, FhirPathExpression.Compile("name.as(HumanName)").Evaluate(Patient, new() { Lenient = true }).Count);
        Assert.Null(FhirPathExpression.Compile("photo.title = 'x'").IsTrue(Patient));
        Assert.True(FhirPathExpression.Compile("name.first()").IsTrue(Patient));
    }

    [Fact]
    public void Terminology_profiles_variables_and_references_are_asked_of_the_caller()
    {
        var context = new FhirPathContext
        {
            MemberOf = (valueSet, system, code) => valueSet == "http://example.org/vs" && system is null ? code == "Secret" : null,
            ConformsTo = (element, profile) => profile == "http://example.org/p" ? element.TypeName == "Patient" : null,
            Resolve = (url, from) => url == "x" && from == Patient ? Patient : default,
            Variables = System.Collections.Immutable.ImmutableDictionary<string, object?>.Empty.Add("three", 3).Add("names", new object?[] { "a", null, true }),
        };
        Assert.Equal("true, false", Evaluate("name.family.select(memberOf('http://example.org/vs'))"));
        Assert.Equal("", Evaluate("name.family.first().memberOf('http://example.org/unknown')"));
        Assert.Equal("true", Evaluate("conformsTo('http://example.org/p')"));
        Assert.Equal("2", Evaluate("'x'.resolve().name.count()"));
        Assert.Equal("4, 'a', true", Evaluate("(%three + 1) | %names"));

        string Evaluate(string expression) => FhirPathExpression.Compile(expression).Evaluate(Patient, context).ToString();
    }

    [Theory]
    [InlineData("name.given", 0)]
    [InlineData("Patient.name.where(use = 'official').select(given.first())", 0)]
    [InlineData("name.given1", 1)]
    [InlineData("Encounter.name", 1)]
    [InlineData("deceasedBoolean", 1)]
    [InlineData("(deceased as dateTime).extension.value.unit", 0)]
    [InlineData("(multipleBirth as Period).unit", 1)]
    [InlineData("children().skip(1)", 1)]
    [InlineData("name.where('official').family", 1)]
    [InlineData("name.where(family1 = 'x' and given2 = 'y')", 2)]
    [InlineData("contained.anything", 0)]
    [InlineData("descendants().anything", 0)]
    public void Types_are_checked_without_data(string expression, int faults) =>
        Assert.Equal(faults, FhirPathExpression.Compile(expression).CheckTypes("Patient").Count);

    /// <summary>A quarter of what a thread usually has.</summary>
    private static void OnSmallStack(Action action)
    {
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception) when (exception is not StackOverflowException)
            {
                fault = exception;
            }
        }, 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(fault);
    }
}
