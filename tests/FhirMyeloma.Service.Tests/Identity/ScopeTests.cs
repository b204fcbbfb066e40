using FhirMyeloma.Service.Identity;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>What each scope grants: SMART App Launch 2.2, and the older form.</summary>
public class ScopeTests
{
    [Theory]
    [InlineData("system/Patient.r", "Patient", "r")]
    [InlineData("system/Patient.rs", "Patient", "rs")]
    [InlineData("system/Patient.cruds", "Patient", "cruds")]
    [InlineData("system/*.cud", "Observation", "cud")]
    [InlineData("system/*.s system/Patient.r", "Patient", "rs")]
    [InlineData("system/*.s system/Patient.r", "Observation", "s")]
    [InlineData("system/Patient.c system/Patient.d", "Patient", "cd")]
    [InlineData("system/Patient.read", "Patient", "rs")]
    [InlineData("system/Patient.write", "Patient", "cud")]
    [InlineData("system/*.*", "Condition", "cruds")]
    [InlineData("system/Patient.rs", "Observation", "")]
    [InlineData("system/Patient.sr", "Patient", "")]
    [InlineData("system/Patient.rr", "Patient", "")]
    [InlineData("system/Patient.", "Patient", "")]
    [InlineData("system/Patient.rx", "Patient", "")]
    [InlineData("system/Patient", "Patient", "")]
    [InlineData("system/patient.rs", "Patient", "")]
    [InlineData("System/Patient.rs", "Patient", "")]
    [InlineData("system/Patient.RS", "Patient", "")]
    [InlineData("patient/Patient.rs", "Patient", "")]
    [InlineData("user/*.cruds", "Patient", "")]
    [InlineData("system/Observation.rs?category=laboratory", "Observation", "")]
    [InlineData("openid", "Patient", "")]
    [InlineData("", "Patient", "")]
    public void A_scope_grants_what_it_says_and_nothing_else(string text, string type, string letters)
    {
        var scopes = Scopes.Parse(text).Scopes;
        var granted = string.Concat("cruds".Where((_, place) => scopes.Allow((Letters)(1 << place), type)));
        Assert.Equal(letters, granted);
    }

    [Theory]
    [InlineData("fhirmyeloma/admin", (int)Roles.Admin)]
    [InlineData("fhirmyeloma/auditor fhirmyeloma/pool", (int)(Roles.Auditor | Roles.Pool))]
    [InlineData("fhirmyeloma/Admin fhirmyeloma/*", (int)Roles.None)]
    public void Roles_are_scopes(string text, int roles) => Assert.Equal((Roles)roles, Scopes.Parse(text).Roles);

    [Fact]
    public void What_grants_nothing_is_named() => Assert.Equal(["openid", "system/Patient.sr"], Scopes.Parse("openid system/*.r system/Patient.sr").Unknown, StringComparer.Ordinal);

    [Fact]
    public void Every_type_takes_the_star()
    {
        Assert.True(Scopes.Parse("system/*.rs").Scopes.AllowAll(Letters.Read));
        Assert.False(Scopes.Parse("system/Patient.rs system/Observation.rs").Scopes.AllowAll(Letters.Read));
    }

    [Theory]
    [InlineData("system/*.cruds", "system/Patient.rs", true)]
    [InlineData("system/*.rs", "system/*.r", true)]
    [InlineData("system/Patient.rs", "system/*.r", false)]
    [InlineData("system/Patient.rs", "system/Patient.cruds", false)]
    [InlineData("system/*.r system/Patient.s", "system/Patient.rs", true)]
    [InlineData("", "", true)]
    public void Some_cover_others(string these, string others, bool cover) => Assert.Equal(cover, Scopes.Parse(these).Scopes.Cover(Scopes.Parse(others).Scopes));

    [Fact]
    public void What_they_say_reads_back_as_the_same()
    {
        var text = Scopes.Parse("system/Patient.write system/*.rs system/Patient.r").Scopes.ToString();
        Assert.Equal("system/*.rs system/Patient.crud", text);
        Assert.Equal(text, Scopes.Parse(text).Scopes.ToString());
    }
}
