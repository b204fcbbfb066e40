using System.Collections.Immutable;
using System.Globalization;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Cases;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;

namespace FhirMyeloma.Service.Pooling;

/// <summary>
/// The cases of all centres for those who may not know whom they are about. Each is de-identified and derived when it is asked for, from the record as it then is; the order is that
/// of the pooled ids, so that nothing tells which come from one centre.
/// </summary>
internal sealed class PooledCases(FhirStore store, CaseDerivation derivation, PoolingKey key)
{
    /// <summary><c>GET /api/cases</c>.</summary>
    public IResult List(AccessTrail trail, ImmutableArray<Said> said)
    {
        if (said.FirstOrDefault(static one => one.Name == "center") is { Name: not null } centre)
            return Faults.Of(Faults.ParameterValue, "Pooled cases do not say which centre they are from, and are not found by it.", centre.Where);
        var (count, after, fault) = Page(said);
        if (fault is not null)
            return fault;
        var (choice, issues) = AssessChoice.Read([.. said.Where(static one => AssessChoice.Parameters.Any(parameter => parameter.Name == one.Name))]);
        if (choice is null)
            return Faults.Of(issues);
        var (filter, wrong) = CaseFilter.Read(said, choice.HighRiskDefinition);
        if (wrong is not null)
            return wrong;

        var json = new CanonicalJson(16 * 1024);
        json.StartObject().Name("cases").StartArray();
        string? next = null;
        var (found, last) = (0, "");
        foreach (var (id, of, patient) in Ids().Where(one => string.CompareOrdinal(one.Id, after) > 0).OrderBy(static one => one.Id, StringComparer.Ordinal))
        {
            // Filters are held against what is shown: against the record they would tell its dates.
            if (Derive(of, patient, id, choice) is not { } pooled || !filter!.Means("", pooled.Summary))
                continue;
            if (found++ == count)
            {
                next = last;
                break;
            }

            last = id;
            trail.SawPatient(id);
            json.StartObject().Member("id", id).Member("rules", CaseDerivation.Rules).Name("summary").Raw(pooled.Summary).EndObject();
        }

        json.EndArray().Name("pending").Number(store.Cases.CountStale()).Member("next", next);
        return Json(json.EndObject().ToArray());
    }

    /// <summary><c>GET /api/cases/{id}</c>, by the pooled id.</summary>
    public IResult One(string id, AccessTrail trail, ImmutableArray<Said> said)
    {
        var (choice, issues) = AssessChoice.Read(said);
        if (choice is null)
            return Faults.Of(issues);
        var meant = Ids().FirstOrDefault(one => one.Id == id);
        if (meant.Id is null || Derive(meant.Centre, meant.Patient, id, choice) is not { } pooled)
            return StoreFaults.NotFound("Patient");
        trail.SawPatient(id);
        var json = new CanonicalJson(pooled.Bundle.Length + 4096);
        json.StartObject().Member("id", id).Member("rules", CaseDerivation.Rules).Name("summary").Raw(pooled.Summary).Name("bundle").Raw(pooled.Bundle.Span);
        return Json(json.EndObject().ToArray());
    }

    private IEnumerable<(string Id, string Centre, string Patient)> Ids() => store.Cases.All().Select(one => (key.IdOf(one.Centre, one.Patient), one.Centre, one.Patient));

    /// <summary>Null for a record that contradicts itself so that nothing can be derived, and for one that no number of weeks leaves as it was: they are left out.</summary>
    private (ReadOnlyMemory<byte> Bundle, byte[] Summary)? Derive(string centre, string patient, string id, AssessChoice choice)
    {
        if (store.Cases.Input(centre, patient) is not { Versions.IsEmpty: false } input)
            return null;
        var answer = derivation.Pooled(input, choice, id, key.WeeksOf(centre, patient));
        return answer is { Fault: null, Patients: [var only] } ? (answer.Bundle, CaseSummary.Render(only)) : null;
    }

    private static (int Count, string After, FhirFault? Fault) Page(ImmutableArray<Said> said)
    {
        var (count, after) = (CaseAnswers.DefaultCount, "");
        foreach (var one in said)
        {
            if (one.Name == "count" && (!int.TryParse(one.Value, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > CaseAnswers.MostCount))
                return (0, "", Faults.Of(Faults.ParameterValue, $"count is a number from 1 to {CaseAnswers.MostCount}.", one.Where));
            if (one.Name == "page")
                after = one.Value ?? "";
        }

        return (count, after, null);
    }

    private static IResult Json(byte[] json) => Results.Bytes(json, "application/json; charset=utf-8");
}
