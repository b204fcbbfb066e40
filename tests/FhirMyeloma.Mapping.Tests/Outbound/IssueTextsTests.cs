using System.Text.RegularExpressions;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.Mapping.Tests.Stories;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Mapping.Tests.Outbound;

public sealed partial class IssueTextsTests
{
    [Theory]
    [InlineData(
        "http://loinc.org|11050-2 is not used: it is total kappa and not free kappa (R-CODE-3).",
        "No se usa http://loinc.org|11050-2: es kappa total y no kappa libre (R-CODE-3).")]
    [InlineData(
        "The unit 'mg/24.h' cannot be converted to mg/(24.h), so the urine M-protein cannot be used: in UCUM this multiplies by 24 h; write 'mg/(24.h)'.",
        "La unidad 'mg/24.h' no se puede convertir a mg/(24.h); no se puede usar: proteína M en orina (en UCUM esto multiplica por 24 h; escriba 'mg/(24.h)').")]
    [InlineData(
        "The unit 'U.arb.' is neither UCUM nor a known spelling, so the serum M-protein cannot be used.",
        "La unidad 'U.arb.' no es UCUM ni una grafía conocida; no se puede usar: proteína M en suero.")]
    [InlineData(
        "No map knows the code https://lab.example|PX-17; the record is kept as not understood. Send a standard code, or ask for a map.",
        "Ningún mapa conoce el código https://lab.example|PX-17; el registro se conserva como no entendido. Envíe un código estándar o pida un mapa.")]
    [InlineData(
        "Creatinine in 'umol/L' is converted to mg/dL by its molar mass.",
        "Convertido de 'umol/L' a mg/dL por su masa molar: creatinina.")]
    [InlineData(
        "Observation.specimen refers to a Specimen that is not in the Bundle.",
        "Observation.specimen se refiere a un Specimen, que no está en el Bundle.")]
    public void A_text_with_codes_and_units_is_translated_around_them(string english, string spanish) =>
        Assert.Equal(spanish, IssueTexts.Spanish(english));

    [Fact]
    public void What_the_table_does_not_know_has_no_Spanish() =>
        Assert.Null(IssueTexts.Spanish("Something that nobody wrote."));

    [Fact]
    public void Every_sentence_of_the_readers_is_in_the_table()
    {
        var spoken = Directory.EnumerateFiles(Path.Combine(Repo.Root, "src", "FhirMyeloma.Mapping", "Inbound"), "*.cs")
            .SelectMany(file => Spoken().Matches(File.ReadAllText(file)))
            .Select(match => Places().Replace(match.Groups["text"].Value, "something"))
            .ToList();
        Assert.True(spoken.Count > 50, $"only {spoken.Count} texts found in the source");
        Assert.DoesNotContain(spoken, text => IssueTexts.Spanish(text) is null);
    }

    [Theory]
    [InlineData("two-centres-pooled")]
    [InlineData("mapping-traps")]
    [InlineData("month-only-dates")]
    public void In_Spanish_no_text_stays_English(string story)
    {
        var english = Texts(Story.Of(story));
        var spanish = Texts(Story.Of(Story.Input(story), Language.Spanish));
        Assert.Empty(english.Intersect(spanish, StringComparer.Ordinal));
        Assert.Equal(english.Count, spanish.Count);
    }

    private static List<string> Texts(Story story) =>
        [.. story.Root.Resources()[^1].Children("issue").ToArray().Select(issue => issue["details"]["text"].Text!)];

    /// <summary>The first text after the call that reports an issue; one that nests texts in its places is left to the examples above.</summary>
    [GeneratedRegex("""(?:\bWarn|\bInform)\((?:[^";{])*?\$?"(?<text>(?:[^"\\{]|\{(?:[^{}"]|"[^"{}]*")*\})*)"[,)]""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Spoken();

    [GeneratedRegex("""\{[^{}]*\}""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Places();
}
