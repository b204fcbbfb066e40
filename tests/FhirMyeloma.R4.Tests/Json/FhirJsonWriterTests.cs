using System.Globalization;
using System.Text;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.R4.Tests.Json;

public class FhirJsonWriterTests
{
    public static IEnumerable<object[]> Decimals => Cases.Read("Json/decimals.csv");

    private static string Canonical(string json) => Encoding.UTF8.GetString(FhirJsonWriter.WriteCanonical(FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)).Document!.Root));

    private static string AsRead(string json) => Encoding.UTF8.GetString(FhirJsonWriter.WriteAsRead(FhirJsonReader.Read(Encoding.UTF8.GetBytes(json)).Document!.Root));

    [Theory]
    [MemberData(nameof(Decimals))]
    public void A_decimal_has_one_spelling(string written, string canonical)
    {
        Assert.Equal(canonical, CanonicalJson.Decimal(written));
        var json = $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":{{{written}}}}}""";
        Assert.Contains($"\"value\":{canonical}}}", Canonical(json), StringComparison.Ordinal);
        Assert.Contains($"\"value\":{written}}}", AsRead(json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.500", "1.5")]
    [InlineData("0.0", "0")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    public void A_computed_decimal_is_spelt_the_same_way(string value, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(new CanonicalJson().Number(decimal.Parse(value, CultureInfo.InvariantCulture)).ToArray()));

    [Fact]
    public void Members_come_in_the_order_of_the_definition_with_companions_behind_their_values() =>
        Assert.Equal(
            """{"resourceType":"Patient","id":"p","name":[{"family":"F","given":["A",null],"_given":[null,{"id":"b"}]}],"gender":"male","_birthDate":{"id":"d"}}""",
            Canonical("""{"_birthDate":{"id":"d"}, "gender":"male", "name":[{"_given":[null,{"id":"b"}],"given":["A",null],"family":"F"}], "id":"p", "resourceType":"Patient"}"""));

    [Fact]
    public void Only_required_escapes_are_written() =>
        Assert.Equal(
            """{"resourceType":"Basic","code":{"text":"a\"\\\n\t\u000bñ😀<&+/\u007f"}}""".Replace("\\u007f", "\u007f", StringComparison.Ordinal).Replace("\\u000b", "", StringComparison.Ordinal),
            Canonical("""{"resourceType":"Basic","code":{"text":"a\u0022\\\u000a\t\u00f1\ud83d\ude00\u003c\u0026\u002B\/\u007f"}}"""));

    [Fact]
    public void As_read_keeps_order_digits_and_what_R4_does_not_know() =>
        Assert.Equal(
            """{"resourceType":"Patient","gender":"male","x":{"b":1.0,"a":[null,"é"]},"name":[{"given":["A"]}]}""",
            AsRead("""{ "resourceType":"Patient", "gender":"male", "x":{"b":1.0,"a":[null,"\u00e9"]}, "name":[{"given":["A"]}] }"""));

    [Theory]
    [InlineData("""{"resourceType":"Patient","name":[{"_given":[null,null,{"id":"c"}],"given":["A","B"]}]}""", """{"given":["A","B"],"_given":[null,null,{"id":"c"}]}""")]
    [InlineData("""{"resourceType":"Patient","name":[{"given":["A"],"family":"F","_given":[null,{"id":"b"}]}]}""", """{"family":"F","given":["A"],"_given":[null,{"id":"b"}]}""")]
    public void Companions_beyond_the_values_keep_their_positions(string json, string name) => Assert.Contains(name, Canonical(json), StringComparison.Ordinal);

    [Fact]
    public void A_part_can_be_written_into_a_larger_text()
    {
        var patient = FhirJsonReader.Read("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"id":"p","resourceType":"Patient"}}]}"""u8.ToArray()).Document!.Root["entry"]["resource"];
        var json = new CanonicalJson().StartObject().Name("a").StartArray().Boolean(true).Null();
        FhirJsonWriter.WriteCanonical(patient, json);
        json.EndArray().Member("b", (string?)null).Member("c", 1.0m).Member("d", (bool?)false).EndObject();
        Assert.Equal("""{"a":[true,null,{"resourceType":"Patient","id":"p"}],"c":1,"d":false}""", Encoding.UTF8.GetString(json.Written.Span));
    }
}
