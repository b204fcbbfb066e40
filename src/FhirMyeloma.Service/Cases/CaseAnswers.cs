using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using FhirMyeloma.Mapping.Outbound;
using FhirMyeloma.R4.Json;
using FhirMyeloma.Service.Audit;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Storing;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Cases;

namespace FhirMyeloma.Service.Cases;

/// <summary>Cases as JSON: what is kept of them, current to the last change that was acknowledged.</summary>
internal sealed class CaseAnswers(FhirStore store, CaseDerivation derivation)
{
    /// <summary>Cases on a page where nothing is said.</summary>
    public const int DefaultCount = 100;

    /// <summary>Cases that a page may hold.</summary>
    public const int MostCount = 1_000;

    // So many are derived before a list is answered; with more waiting the list says how many it lacks.
    private const int MostAwaited = 32;

    /// <summary><c>GET /api/cases</c>.</summary>
    public async Task<IResult> ListAsync(ImmutableArray<string> centres, AccessTrail trail, ImmutableArray<Said> said)
    {
        var (page, choice, filter, fault) = Read(said);
        if (fault is not null)
            return fault;
        ImmutableArray<string> asked = [.. centres.Where(centre => filter!.Centres.IsEmpty || filter.Centres.Contains(centre, StringComparer.Ordinal))];
        foreach (var centre in asked)
        {
            var stale = store.Cases.Stale(MostAwaited + 1, CaseDerivation.Rules, centre);
            foreach (var (_, patient) in stale.Length > MostAwaited ? [] : stale)
                await derivation.CurrentAsync(centre, patient);
        }

        var json = new CanonicalJson(16 * 1024);
        json.StartObject().Name("cases").StartArray();
        var after = page.After;
        string? next = null;
        // A filter may leave many out; without one the next page is one case away.
        var step = Math.Min(MostCount, Math.Max(page.Count + 1, DefaultCount));
        for (var found = 0; next is null;)
        {
            var batch = store.Cases.Page(asked, after, step);
            foreach (var kept in batch)
            {
                var shown = choice!.IsDefaultPolicy ? kept : Under(kept, choice);
                after = (kept.Centre, kept.Id);
                if (shown is null || !filter!.Means(kept.Centre, shown.Output.Summary))
                    continue;
                if (found == page.Count)
                {
                    next = page.Last;
                    break;
                }

                found++;
                trail.SawPatient(kept.Id);
                page.Last = Cursor(kept);
                Write(shown, json, whole: false);
                json.EndObject();
            }

            if (batch.Length < step)
                break;
        }

        json.EndArray().Name("pending").Number(asked.Sum(centre => store.Cases.CountStale(centre))).Member("next", next);
        return Json(json.EndObject().ToArray());
    }

    /// <summary><c>GET /api/cases/{id}</c>.</summary>
    public async Task<IResult> OneAsync(string centre, string patient, AccessTrail trail, ImmutableArray<Said> said)
    {
        var (choice, issues) = AssessChoice.Read(said);
        if (choice is null)
            return Faults.Of(issues);
        if (await derivation.CurrentAsync(centre, patient) is not { } kept)
            return StoreFaults.NotFound("Patient");
        var shown = choice.IsDefaultPolicy && choice.Language == Language.English ? kept : Under(kept, choice);
        if (shown is null)
            return StoreFaults.NotFound("Patient");
        trail.SawPatient(patient);
        var json = new CanonicalJson(shown.Output.Bundle.Length + 4096);
        Write(shown, json, whole: true);
        return Json(json.EndObject().ToArray());
    }

    /// <summary>The case under another choice, derived from the record as it is now.</summary>
    private KeptCase? Under(KeptCase kept, AssessChoice choice)
    {
        if (store.Cases.Input(kept.Centre, kept.Id) is not { Versions.IsEmpty: false } input)
            return null;
        var answer = derivation.Under(input, choice);
        return answer.Fault is null
            ? kept with { AsOf = input.AsOf, Output = kept.Output with { Summary = CaseSummary.Render(answer.Patients[0]), Bundle = answer.Bundle } }
            : kept;
    }

    private void Write(KeptCase kept, CanonicalJson json, bool whole)
    {
        json.StartObject().Member("id", kept.Id).Member("center", kept.Centre).Member("patient", $"Patient/{kept.Id}")
            .Member("derived", kept.Instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture))
            .Member("rules", kept.Output.Rules).Member("stale", kept.IsStale).Member("refused", kept.Output.IsRefused)
            .Name("summary").Raw(kept.Output.Summary.Span);
        if (!whole)
            return;
        json.Name("inputs").StartArray();
        foreach (var reference in store.Cases.References(kept.Inputs))
            json.String(reference);
        json.EndArray().Name(kept.Output.IsRefused ? "outcome" : "bundle").Raw(kept.Output.Bundle.Span);
    }

    private static (PageAsked Page, AssessChoice? Choice, CaseFilter? Filter, FhirFault? Fault) Read(ImmutableArray<Said> said)
    {
        var page = new PageAsked();
        foreach (var one in said)
        {
            if (one.Name == "count" && (!int.TryParse(one.Value, System.Globalization.CultureInfo.InvariantCulture, out var count) || count is < 1 or > MostCount))
                return (page, null, null, Faults.Of(Faults.ParameterValue, $"count is a number from 1 to {MostCount}.", one.Where));
            if (one.Name == "count")
                page.Count = int.Parse(one.Value!, System.Globalization.CultureInfo.InvariantCulture);
            if (one.Name == "page" && (page.After = Place(one.Value)) is null)
                return (page, null, null, Faults.Of(Faults.ParameterValue, "page is the next of the page before, as it was given.", one.Where));
        }

        var (choice, issues) = AssessChoice.Read([.. said.Where(static one => AssessChoice.Parameters.Any(parameter => parameter.Name == one.Name))]);
        if (choice is null)
            return (page, null, null, Faults.Of(issues));
        var (filter, fault) = CaseFilter.Read(said, choice.HighRiskDefinition);
        return (page, choice, filter, fault);
    }

    private static string Cursor(KeptCase last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{last.Centre}/{last.Id}"));

    private static (string Centre, string Patient)? Place(string? text)
    {
        try
        {
            return text is not null && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('/') is [var centre, var patient] ? (centre, patient) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static IResult Json(byte[] json) => Results.Bytes(json, "application/json; charset=utf-8");

    private sealed class PageAsked
    {
        public int Count { get; set; } = DefaultCount;

        public (string Centre, string Patient)? After { get; set; }

        public string? Last { get; set; }
    }
}
