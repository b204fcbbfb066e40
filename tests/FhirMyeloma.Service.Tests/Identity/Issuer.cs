using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FhirMyeloma.Service.Tests.Identity;

/// <summary>An issuer of tokens with keys of its own, and with those that a thief would use.</summary>
internal sealed class Issuer : IDisposable
{
    public const string Name = "https://issuer.example.org";
    public const string Audience = "https://fhirmyeloma.example.org/fhir";

    private readonly ECDsa _ec384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly ECDsa _ec256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _foreign = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _small = RSA.Create(1024);
    private readonly byte[] _shared = RandomNumberGenerator.GetBytes(64);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fhirmyeloma-issuer-");

    public Issuer() => Publish("ec384", "ec256", "rsa", "small", "shared");

    /// <summary>Where its public keys are.</summary>
    public string File => Path.Combine(_folder.FullName, "jwks.json");

    /// <summary>The options of a service that takes its tokens.</summary>
    public Dictionary<string, string?> Settings => new(StringComparer.Ordinal)
    {
        ["Identity:Issuer"] = Name,
        ["Identity:Audience"] = Audience,
        ["Identity:Keys"] = File,
        ["Identity:TokenEndpoint"] = $"{Name}/token",
    };

    /// <summary>Writes some of the keys where the service finds them.</summary>
    public void Publish(params string[] ids) => System.IO.File.WriteAllText(File, $$"""{"keys":[{{string.Join(',', ids.Select(Key))}}]}""");

    /// <summary>A token with the claims of a good one, save for what is said.</summary>
    /// <param name="algorithm">As the header says it.</param>
    /// <param name="key">The key that signs, and that the header names unless <paramref name="kid"/> does; null for that of the algorithm.</param>
    /// <param name="kid">The key that the header names.</param>
    /// <param name="claims">Claims that differ; null leaves one out.</param>
    public string Token(string algorithm = "ES384", string? key = null, string? kid = null, params (string Name, object? Value)[] claims)
    {
        var now = DateTimeOffset.UtcNow;
        Dictionary<string, object?> all = new(StringComparer.Ordinal)
        {
            ["iss"] = Name,
            ["aud"] = Audience,
            ["sub"] = "lab-alcala",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
            ["scope"] = "system/*.cruds",
            ["center"] = "alcala",
        };
        foreach (var (name, value) in claims)
            all[name] = value;
        key ??= algorithm switch { "ES384" => "ec384", "ES256" => "ec256", "HS256" or "HS384" => "shared", _ => "rsa" };
        var signed = $"{Part(new Dictionary<string, object?>(StringComparer.Ordinal) { ["alg"] = algorithm, ["typ"] = "at+jwt", ["kid"] = kid ?? key })}.{Part(all.Where(static claim => claim.Value is not null).ToDictionary(StringComparer.Ordinal))}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(algorithm, key, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>What the oldest attack on tokens does: the public key, which everybody has, taken as a shared secret.</summary>
    public string TokenByPublicKey()
    {
        var signed = Token("HS256").Split('.')[..2];
        signed[0] = Part(new Dictionary<string, object?>(StringComparer.Ordinal) { ["alg"] = "HS256", ["typ"] = "JWT", ["kid"] = "rsa" });
        return $"{string.Join('.', signed)}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(string.Join('.', signed))))}";
    }

    public void Dispose()
    {
        foreach (var key in (AsymmetricAlgorithm[])[_ec384, _ec256, _foreign, _rsa, _small])
            key.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Part(Dictionary<string, object?> members) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(members));

    private byte[] Sign(string algorithm, string key, byte[] text) => (algorithm, key) switch
    {
        ("none", _) => [],
        ("ES384", "foreign") => _foreign.SignData(text, HashAlgorithmName.SHA384),
        ("ES384", _) => _ec384.SignData(text, HashAlgorithmName.SHA384),
        ("ES256", _) => _ec256.SignData(text, HashAlgorithmName.SHA256),
        ("RS384", "small") => _small.SignData(text, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        ("RS384", _) => _rsa.SignData(text, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        ("PS384", _) => _rsa.SignData(text, HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        ("RS256", _) => _rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ("HS256", _) => HMACSHA256.HashData(_shared, text),
        ("HS384", _) => HMACSHA384.HashData(_shared, text),
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    private string Key(string id) => id switch
    {
        "ec384" => Curve(_ec384, "P-384", id),
        "ec256" => Curve(_ec256, "P-256", id),
        "rsa" => Rsa(_rsa, id),
        "small" => Rsa(_small, id),
        "shared" => $$"""{"kty":"oct","kid":"shared","k":"{{Base64Url.EncodeToString(_shared)}}"}""",
        _ => throw new ArgumentOutOfRangeException(nameof(id)),
    };

    private static string Curve(ECDsa key, string curve, string id)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","use":"sig","kid":"{{id}}","crv":"{{curve}}","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
    }

    private static string Rsa(RSA key, string id)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"RSA","use":"sig","kid":"{{id}}","n":"{{Base64Url.EncodeToString(parameters.Modulus)}}","e":"{{Base64Url.EncodeToString(parameters.Exponent)}}"}""";
    }
}
