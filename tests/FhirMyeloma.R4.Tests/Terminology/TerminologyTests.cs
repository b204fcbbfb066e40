using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Tests.Terminology;

/// <summary>Codes that are judged by syntax or by a list, without any definition from outside.</summary>
public sealed class TerminologyTests
{
    public static IEnumerable<object[]> LanguageTagCases => Cases.Read("Terminology/language-tags.csv");

    public static IEnumerable<object[]> MediaTypeCases => Cases.Read("Terminology/media-types.csv");

    public static IEnumerable<object[]> OpenValueSetCases => Cases.Read("Terminology/open-value-sets.csv");

    public static IEnumerable<object[]> CodeSystemCases => Cases.Read("Terminology/code-systems.csv");

    [Theory]
    [MemberData(nameof(LanguageTagCases))]
    public void A_language_tag_is_judged_by_its_grammar(string tag, string wellFormed) => Assert.Equal(wellFormed == "yes", LanguageTags.IsWellFormed(tag));

    [Theory]
    [InlineData("ES-es", "es-ES")]
    [InlineData("ZH-HANT-tw", "zh-Hant-TW")]
    [InlineData("EN-X-US-us", "en-x-us-us")]
    public void A_language_tag_has_a_usual_spelling(string tag, string usual) => Assert.Equal(usual, LanguageTags.Usual(tag));

    [Theory]
    [MemberData(nameof(MediaTypeCases))]
    public void A_media_type_is_judged_by_its_grammar(string type, string wellFormed) => Assert.Equal(wellFormed == "yes", MediaTypes.IsWellFormed(type));

    [Theory]
    [MemberData(nameof(OpenValueSetCases))]
    public void A_value_set_without_a_list_is_judged_by_syntax(string canonical, string system, string code, string verdict) =>
        Assert.Equal(Enum.Parse<Membership>(verdict), ValueSets.Core.Contains(canonical, system.Length == 0 ? null : system, code));

    [Theory]
    [MemberData(nameof(CodeSystemCases))]
    public void A_code_belongs_to_a_system_whose_codes_are_all_known(string system, string code, string verdict) =>
        Assert.Equal(verdict switch { "yes" => true, "no" => false, _ => (bool?)null }, ValueSets.Core.IsCodeOf(system, code));

    [Fact]
    public void Every_currency_has_three_capitals()
    {
        Assert.All(Currencies.Codes, code => Assert.Matches("^[A-Z]{3}$", code));
        Assert.InRange(Currencies.Codes.Count, 200, 280);
    }
}
