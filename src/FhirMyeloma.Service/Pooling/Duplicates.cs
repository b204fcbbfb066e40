using System.Security.Cryptography;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Store;

namespace FhirMyeloma.Service.Pooling;

/// <summary>
/// Patients of different centres who are likely one person: the same identifier, or the same family name, day of birth and sex. Told by pooled ids, and never merged: whether they
/// are one is for the centres to find out.
/// </summary>
internal sealed class Duplicates(FhirStore store, PoolingKey key)
{
    private const string ByIdentifier = "identifier";
    private const string ByPerson = "name-birth-sex";
    private const int Batch = 500;

    /// <summary><c>GET /api/duplicates</c>.</summary>
    public IResult List(AccessTrail trail)
    {
        // What is compared is hashed: a store of all names of all centres is not built up in memory.
        Dictionary<string, List<(string Centre, string Id)>> known = new(StringComparer.Ordinal);
        foreach (var centre in store.Cases.Centres())
        {
            foreach (var places in store.Snapshot(centre, ["Patient"], ofPatients: true, null).Places.SelectMany(static one => one.Places).Chunk(Batch))
            {
                foreach (var version in store.At(centre, places))
                {
                    foreach (var trait in Traits(FhirJsonReader.Read(version.Body, new ReadLimits(MaxIssues: 1, Check: false)).Document!.Root).Distinct(StringComparer.Ordinal))
                    {
                        if (!known.TryGetValue(trait, out var patients))
                            known[trait] = patients = [];
                        patients.Add((centre, key.IdOf(centre, version.Id)));
                    }
                }
            }
        }

        var likely = known.Where(static one => one.Value.DistinctBy(static patient => patient.Centre, StringComparer.Ordinal).Skip(1).Any())
            .GroupBy(static one => string.Join(' ', one.Value.Select(static patient => patient.Id).Order(StringComparer.Ordinal)), static one => one.Key.Split('|')[0], StringComparer.Ordinal)
            .OrderBy(static one => one.Key, StringComparer.Ordinal);
        var json = new CanonicalJson();
        json.StartObject().Name("duplicates").StartArray();
        foreach (var group in likely)
        {
            json.StartObject().Name("patients").StartArray();
            foreach (var id in group.Key.Split(' '))
            {
                trail.SawPatient(id);
                json.String(id);
            }

            json.EndArray().Name("because").StartArray();
            foreach (var reason in group.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                json.String(reason);
            json.EndArray().EndObject();
        }

        return Results.Bytes(json.EndArray().EndObject().ToArray(), "application/json; charset=utf-8");
    }

    private static IEnumerable<string> Traits(Element patient)
    {
        foreach (var identifier in patient.Children("identifier"))
        {
            if (identifier["system"].Text is { Length: > 0 } system && identifier["value"].Text is { Length: > 0 } value)
                yield return Hash(ByIdentifier, $"{system}|{value}");
        }

        if (patient["birthDate"].Text is { Length: 10 } birth && patient["gender"].Text is { } sex)
        {
            foreach (var name in patient.Children("name"))
            {
                if (name["family"].Text is { Length: > 0 } family)
                    yield return Hash(ByPerson, $"{family.Trim().ToUpperInvariant().Normalize(NormalizationForm.FormKC)}|{birth}|{sex}");
            }
        }
    }

    private static string Hash(string kind, string text) => $"{kind}|{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
