using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>Which tokens are taken.</summary>
public sealed class TokenTests : IDisposable
{
    private static readonly string[] _two = ["alcala", "vitoria"];
    private static readonly string[] _list = ["system/Patient.r", "system/Observation.r"];
    private readonly Issuer _issuer = new();
    private readonly Server _server;

    public TokenTests() => _server = new() { Settings = _issuer.Settings };

    public void Dispose()
    {
        _server.Dispose();
        _issuer.Dispose();
    }

    private async Task<HttpResponseMessage> ReadAsync(string token, string path = "/fhir/Patient/nobody")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _server.CreateClient().SendAsync(request);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, string type, string code)
    {
        var issue = Assert.Single(await answer.OutcomeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal((type, code), (issue.Type, issue.Code));
        Assert.Equal("Bearer realm=\"fhirmyeloma\", error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS384")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    public async Task A_token_with_a_signature_of_the_list_is_taken(string algorithm) =>
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(_issuer.Token(algorithm))).StatusCode);

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("RS256")]
    public async Task Another_signature_is_not(string algorithm) => await RefusedAsync(await ReadAsync(_issuer.Token(algorithm)), "login", "token-invalid");

    [Fact]
    public async Task The_public_key_is_no_shared_secret() => await RefusedAsync(await ReadAsync(_issuer.TokenByPublicKey()), "login", "token-invalid");

    [Fact]
    public async Task A_key_that_the_issuer_does_not_have_is_none() => await RefusedAsync(await ReadAsync(_issuer.Token(key: "foreign")), "login", "token-invalid");

    [Fact]
    public async Task A_foreign_key_under_a_known_name_is_none() => await RefusedAsync(await ReadAsync(_issuer.Token(key: "foreign", kid: "ec384")), "login", "token-invalid");

    [Fact]
    public async Task An_RSA_key_that_is_too_small_is_none() => await RefusedAsync(await ReadAsync(_issuer.Token("RS384", key: "small")), "login", "token-invalid");

    public static TheoryData<string, string?> Wrong => new()
    {
        { "iss", "\"https://another.example.org\"" },
        { "iss", null },
        { "aud", "\"https://another.example.org\"" },
        { "aud", null },
        { "exp", null },
        { "sub", null },
        { "nbf", "99999999999" },
        { "center", "\"Alcalá de Henares\"" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_claim_that_does_not_fit_is_a_401(string claim, string? json)
    {
        var value = json is null ? (object?)null : JsonDocument.Parse(json).RootElement;
        await RefusedAsync(await ReadAsync(_issuer.Token(claims: (claim, value))), "login", "token-invalid");
    }

    [Fact]
    public async Task An_expired_token_says_so() =>
        await RefusedAsync(await ReadAsync(_issuer.Token(claims: ("exp", DateTimeOffset.UtcNow.AddSeconds(-90).ToUnixTimeSeconds()))), "expired", "token-expired");

    [Fact]
    public async Task An_expired_token_with_a_foreign_signature_does_not_say_so() =>
        await RefusedAsync(await ReadAsync(_issuer.Token(key: "foreign", kid: "ec384", claims: ("exp", 1))), "login", "token-invalid");

    [Theory]
    [InlineData("exp", -30)]
    [InlineData("nbf", 30)]
    public async Task Clocks_may_be_half_a_minute_apart(string claim, int seconds) =>
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(_issuer.Token(claims: (claim, DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds())))).StatusCode);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    [InlineData("....")]
    public async Task What_is_no_token_is_a_401(string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/fhir/Patient/nobody", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {text}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await _server.CreateClient().SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_token_without_a_centre_reads_no_resource()
    {
        var issue = Assert.Single(await (await ReadAsync(_issuer.Token(claims: ("center", null)))).OutcomeAsync(HttpStatusCode.Forbidden));
        Assert.Equal(("forbidden", "center-missing"), (issue.Type, issue.Code));
    }

    [Fact]
    public async Task A_token_of_several_centres_names_one()
    {
        var token = _issuer.Token(claims: ("center", _two));
        var issue = Assert.Single(await (await ReadAsync(token)).OutcomeAsync(HttpStatusCode.BadRequest));
        Assert.Equal("center-ambiguous", issue.Code);
        Assert.Contains("alcala, vitoria", issue.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scopes_may_come_as_a_list()
    {
        var token = _issuer.Token(claims: [("scope", null), ("scp", _list)]);
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await ReadAsync(token, "/fhir/Condition/nobody")).StatusCode);
    }

    [Fact]
    public async Task Keys_that_cannot_be_had_are_a_503()
    {
        File.Delete(_issuer.File);
        var issue = Assert.Single(await (await ReadAsync(_issuer.Token())).OutcomeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(("transient", "identity-unavailable"), (issue.Type, issue.Code));
    }

    [Fact]
    public async Task No_token_is_ever_logged()
    {
        var token = _issuer.Token(key: "foreign");
        await ReadAsync(token);
        Assert.DoesNotContain(_server.Log, line => line.Contains(token.Split('.')[2], StringComparison.Ordinal) || line.Contains("lab-alcala", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Discovery_and_statement_say_what_is_taken()
    {
        using var discovery = JsonDocument.Parse(await _server.CreateClient().GetStringAsync(new Uri("/fhir/.well-known/smart-configuration", UriKind.Relative)));
        Assert.Equal("https://issuer.example.org/token", discovery.RootElement.GetProperty("token_endpoint").GetString());
        Assert.Contains("permission-v2", discovery.RootElement.GetProperty("capabilities").EnumerateArray().Select(static one => one.GetString()), StringComparer.Ordinal);
        var statement = await (await _server.CreateClient().GetAsync(new Uri("/fhir/metadata", UriKind.Relative))).ResourceAsync("CapabilityStatement");
        Assert.Equal("SMART-on-FHIR", statement.GetProperty("rest")[0].GetProperty("security").GetProperty("service")[0].GetProperty("coding")[0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("Identity:Audience", "")]
    [InlineData("Identity:Keys", "")]
    [InlineData("Identity:Keys", "http://keys.example.org/jwks")]
    [InlineData("Identity:Issuer", "")]
    public void Half_a_configuration_does_not_start(string setting, string value)
    {
        var settings = _issuer.Settings;
        settings[setting] = value;
        using var server = new Server { Settings = settings };
        Assert.ThrowsAny<Exception>(() => server.CreateClient());
    }
}
