using System.Net;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;
using Microsoft.Extensions.DependencyInjection;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>API keys: made, used, revoked; and a service that has none.</summary>
public sealed class KeyTests : IDisposable
{
    private readonly Centres _server = new();

    public void Dispose() => _server.Dispose();

    private FhirStore Store => _server.Services.GetRequiredService<FhirStore>();

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client) => (await client.CallAsync("GET", "/fhir/Patient/nobody")).StatusCode;

    [Fact]
    public async Task Without_any_key_everybody_is_the_development_centre() => Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_server.CreateClient()));

    [Fact]
    public async Task From_the_first_key_on_nobody_is_let_in_without()
    {
        var unknown = _server.CreateClient();
        await unknown.CallAsync("PUT", "/fhir/Patient/p", Centres.Patient("p"));
        await Store.Keys.CreateAsync("lab", ["alcala"], "system/*.cruds");
        var answer = await unknown.CallAsync("GET", "/fhir/Patient/p");
        var issue = Assert.Single(await answer.OutcomeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal(("login", "login-required"), (issue.Type, issue.Code));
        Assert.Equal("Bearer realm=\"fhirmyeloma\"", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_key_opens_its_centre() => Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(await _server.OfAsync(Centres.Alcala)));

    [Fact]
    public async Task A_revoked_key_opens_nothing_from_that_moment_on()
    {
        var (key, secret) = await Store.Keys.CreateAsync("lab", ["alcala"], "system/*.cruds");
        var client = _server.Knowing(secret);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client));
        await Store.Keys.RevokeAsync(key.Id);
        var issue = Assert.Single(await (await client.CallAsync("GET", "/fhir/Patient/nobody")).OutcomeAsync(HttpStatusCode.Unauthorized));
        Assert.Equal("api-key-invalid", issue.Code);
    }

    [Fact]
    public async Task Revoking_the_last_key_does_not_open_the_service()
    {
        var (key, _) = await Store.Keys.CreateAsync("lab", ["alcala"], "system/*.cruds");
        await Store.Keys.RevokeAsync(key.Id);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(_server.CreateClient()));
    }

    [Fact]
    public async Task A_key_that_was_never_made_and_a_revoked_one_get_the_same_answer()
    {
        var (key, secret) = await Store.Keys.CreateAsync("lab", ["alcala"], "system/*.cruds");
        await Store.Keys.RevokeAsync(key.Id);
        var revoked = await (await _server.Knowing(secret).CallAsync("GET", "/fhir/Patient/nobody")).Content.ReadAsStringAsync();
        Assert.Equal(revoked, await (await _server.Knowing("fm_never").CallAsync("GET", "/fhir/Patient/nobody")).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Where_no_issuer_is_configured_no_token_is_taken()
    {
        await _server.OfAsync(Centres.Alcala);
        using var issuer = new Issuer();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(_server.Knowing(issuer.Token())));
    }

    [Fact]
    public async Task Key_create_prints_the_key_and_nothing_else()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.Equal(KeyCommand.Done, await new KeyCommand(output, errors).CreateAsync(Store, ["alcala"], [], "lab"));
        var secret = output.ToString().TrimEnd();
        Assert.Matches("^fm_[A-Za-z0-9_-]{43}$", secret);
        Assert.DoesNotContain(secret, errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(_server.Knowing(secret)));
    }

    [Fact]
    public async Task The_list_shows_no_key()
    {
        var (key, secret) = await Store.Keys.CreateAsync("lab", ["alcala"], "system/*.cruds");
        using var output = new StringWriter();
        new KeyCommand(output, TextWriter.Null).List(Store);
        Assert.Contains(key.Id, output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret[3..], output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "--center")]
    [InlineData("", "system/*.rs", "--center")]
    [InlineData("", "fhirmyeloma/pool system/*.rs", "--center")]
    [InlineData("Alcalá", "", "small letters")]
    [InlineData("alcala", "system/patient.rs", "system/patient.rs")]
    [InlineData("alcala", "fhirmyeloma/pool", "no centre")]
    public async Task Key_create_refuses_what_would_open_nothing_or_too_much(string centre, string scope, string because)
    {
        using var errors = new StringWriter();
        var code = await new KeyCommand(TextWriter.Null, errors).CreateAsync(Store, centre.Length == 0 ? [] : [centre], scope.Length == 0 ? [] : [scope], "");
        Assert.Equal(KeyCommand.Refused, code);
        Assert.Contains(because, errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(Store.Keys.List());
    }

    [Fact]
    public async Task Revoking_what_is_not_there_says_so()
    {
        using var errors = new StringWriter();
        Assert.Equal(KeyCommand.Refused, await new KeyCommand(TextWriter.Null, errors).RevokeAsync(Store, "000000000000"));
    }

    [Fact]
    public void The_command_line_makes_keys_for_a_service_that_runs()
    {
        var folder = Directory.CreateTempSubdirectory("fhirmyeloma-keys-");
        try
        {
            Assert.Equal(KeyCommand.Done, CommandLine.Run(["key", "create", "--center", "alcala", "--data", folder.FullName]));
            Assert.Equal(KeyCommand.Done, CommandLine.Run(["key", "list", "--data", folder.FullName]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_pages_say_that_nobody_is_asked_until_somebody_is()
    {
        var client = _server.CreateClient();
        foreach (var page in (string[])["/", "/index.html", "/swagger/v1/swagger.json", "/swagger/v1/swagger.json"])
            Assert.Equal(2, (await client.GetStringAsync(new Uri(page, UriKind.Relative))).Split(Notice.Text).Length);
        await Store.Keys.CreateAsync("lab", ["alcala"], "system/*.cruds");
        foreach (var page in (string[])["/", "/index.html", "/swagger/v1/swagger.json"])
            Assert.DoesNotContain(Notice.Text, await client.GetStringAsync(new Uri(page, UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_of_several_centres_names_one()
    {
        var client = await _server.WithAsync("system/*.cruds", Centres.Alcala, Centres.Vitoria);
        var issue = Assert.Single(await (await client.CallAsync("GET", "/fhir/Patient/p")).OutcomeAsync(HttpStatusCode.BadRequest));
        Assert.Equal("center-ambiguous", issue.Code);
        await client.CallAsync("PUT", "/fhir/Patient/p", Centres.Patient("p"), (Admission.Header, Centres.Vitoria));
        Assert.Equal(HttpStatusCode.OK, (await client.CallAsync("GET", "/fhir/Patient/p", headers: (Admission.Header, Centres.Vitoria))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.CallAsync("GET", "/fhir/Patient/p", headers: (Admission.Header, Centres.Alcala))).StatusCode);
    }

    [Theory]
    [InlineData("vitoria")]
    [InlineData("nowhere")]
    [InlineData("alcala,vitoria")]
    public async Task A_centre_that_is_not_the_callers_is_a_403_whether_or_not_it_exists(string centre)
    {
        await (await _server.OfAsync(Centres.Vitoria)).CallAsync("PUT", "/fhir/Patient/p", Centres.Patient("p"));
        var answer = await (await _server.OfAsync(Centres.Alcala)).CallAsync("GET", "/fhir/Patient/p", headers: (Admission.Header, centre));
        Assert.Equal("center-foreign", Assert.Single(await answer.OutcomeAsync(HttpStatusCode.Forbidden)).Code);
    }
}
