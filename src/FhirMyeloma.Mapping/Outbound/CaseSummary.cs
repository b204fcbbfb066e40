using System.Collections.Immutable;
using FhirMyeloma.Clinical;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Washout;
using FhirMyeloma.R4.Json;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>
/// One patient in short, as JSON for lists and tables: disease, stages, risk, lines with their responses, washout, refractoriness, what contradicts. The codes are those of the
/// derived Bundle; dates stand as the hospital wrote them. Of several response rulesets the first counts.
/// </summary>
public static class CaseSummary
{
    /// <summary>Renders the summary.</summary>
    /// <returns>A JSON object, UTF-8.</returns>
    public static byte[] Render(PatientResults patient)
    {
        ArgumentNullException.ThrowIfNull(patient);
        var json = new CanonicalJson(2048);
        var (record, results) = (patient.Case, patient.Results);
        json.StartObject().Member("patientKey", record.PatientKey).Member("myeloma", record.HasMyelomaEvidence);
        json.Member("sex", record.Sex).Member("birth", record.Birth?.Text).Member("death", record.Death?.Text).Member("lastContact", record.LastContact?.Text);
        if (record.HasMyelomaEvidence)
        {
            WriteDisease(record.Diagnosis, results, json);
            WriteLines(results, json);
            WriteWashout(results.Switches, json);
            WriteRefractoriness(results.ByRuleset[0].ClassRefractoriness, json);
            WriteReported(results.ByRuleset[0].ReportedChecks, json);
            Strings("contradictions", results.Contradictions.Select(static one => ResultCodes.Kebab(one.Kind)).Distinct(StringComparer.Ordinal), json);
        }

        return json.EndObject().ToArray();
    }

    private static void WriteDisease(Diagnosis diagnosis, DerivedCase results, CanonicalJson json)
    {
        json.Name("diagnosis").StartObject().Member("date", diagnosis.Date?.Text)
            .Member("heavyChain", diagnosis.HeavyChain == HeavyChain.Unknown ? null : diagnosis.HeavyChain is HeavyChain.LightChainOnly or HeavyChain.NonSecretory ? ResultCodes.Kebab(diagnosis.HeavyChain) : diagnosis.HeavyChain.ToString())
            .Member("lightChain", diagnosis.LightChain == LightChain.Unknown ? null : ResultCodes.Kebab(diagnosis.LightChain));
        Strings("cytogenetics", diagnosis.Cytogenetics.Where(static finding => finding.Present.IsMet).Select(static finding => finding.Abnormality.Code()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), json);
        json.EndObject();
        json.Name("stages").StartObject();
        foreach (var stage in results.Stages.Where(static stage => stage.Stage is not null))
            json.Member(stage.System.Code(), ResultCodes.Roman(stage.Stage!.Value));
        json.EndObject().Name("risk").StartObject();
        foreach (var risk in results.Risks)
            json.Member(risk.Definition.Code(), ResultCodes.Kebab(risk.Level));
        json.EndObject();
    }

    private static void WriteLines(DerivedCase results, CanonicalJson json)
    {
        json.Name("lines").StartArray();
        foreach (var line in results.Lines)
        {
            json.StartObject().Member("number", (decimal?)line.Number).Member("regimen", line.Regimen);
            Strings("drugs", line.Drugs.Select(static period => period.Drug.Code()), json);
            json.Member("start", line.First.Text).Member("end", line.Last.Text).Member("cycles", (decimal?)(line.CyclesStarted ?? line.CyclesDocumented)).Member("confidence", ResultCodes.Kebab(line.Confidence));
            Strings("transplants", line.Transplants.Select(static date => date.Text), json);
            if (results.ByRuleset[0].Responses.FirstOrDefault(response => response.Line == line.Number) is { } response)
                WriteResponse(response, json);
            json.EndObject();
        }

        json.EndArray();
        if (results.Lines.SelectMany(static line => line.Drugs.Where(static period => period.Drug == Drug.Isatuximab).Select(period => (line, period))).FirstOrDefault() is ({ } isatuximab, { } doses))
            json.Name("isatuximab").StartObject().Member("line", (decimal?)isatuximab.Number).Member("regimen", isatuximab.Regimen).Member("start", doses.First.Text).EndObject();
    }

    private static void WriteResponse(LineResponse response, CanonicalJson json) => json.Name("response").StartObject()
        .Member("best", response.Best.Code()).Member("status", response.IsFinal ? "final" : "preliminary").Member("confirmed", response.BestConfirmed.Code())
        .Member("worst", response.BoundWorst.Code()).Member("bestPossible", response.BoundBest.Code())
        .Member("measurableBy", ResultCodes.Kebab(response.MeasurableBy))
        .Member("firstResponse", response.FirstResponse?.Text).Member("bestResponse", response.BestResponse?.Text)
        .Member("progression", response.Progression?.Date.Text).Member("progressionConfirmed", response.Progression?.Confirmed)
        .Member("ifDrugBand", response.IfDrugBand?.Code())
        .EndObject();

    private static void WriteWashout(ImmutableArray<AntibodySwitch> switches, CanonicalJson json)
    {
        var change = switches.FirstOrDefault(static one => one.Primary) ?? switches.FirstOrDefault(static one => one.Ordinal == 0);
        if (change is null)
            return;
        json.Name("washout").StartObject();
        if (change.Days is { } days)
            json.Member("minDays", (decimal?)days.Min).Member("maxDays", days.Max == int.MaxValue ? null : (decimal?)days.Max).Member("category", change.Category.Code());
        json.Member("from", change.LastDose?.Text).Member("to", change.FirstDose?.Text).Member("reason", change.Reason is { } reason ? ResultCodes.Kebab(reason) : null)
            .Member("overlap", change.Overlap ? true : null).EndObject();
    }

    private static void WriteRefractoriness(ClassRefractoriness classes, CanonicalJson json)
    {
        json.Name("refractory").StartObject().Member("classes", ResultCodes.Kebab(classes.Label));
        Strings("drugs", classes.Drugs.Select(static drug => drug.Code()), json);
        json.EndObject();
    }

    private static void WriteReported(ImmutableArray<ReportedResponseCheck> checks, CanonicalJson json)
    {
        if (checks.IsEmpty)
            return;
        json.Name("reported").StartArray();
        foreach (var check in checks)
        {
            json.StartObject().Member("line", (decimal?)check.Line).Member("date", check.Date?.Text).Member("reported", check.Reported.Code()).Member("derived", check.Derived?.Code())
                .Member("verdict", ResultCodes.Kebab(check.Verdict)).EndObject();
        }

        json.EndArray();
    }

    private static void Strings(string name, IEnumerable<string> values, CanonicalJson json)
    {
        ImmutableArray<string> all = [.. values];
        if (all.IsEmpty)
            return;
        json.Name(name).StartArray();
        foreach (var value in all)
            json.String(value);
        json.EndArray();
    }
}
