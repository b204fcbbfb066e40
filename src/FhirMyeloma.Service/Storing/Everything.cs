using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Json;
using FhirMyeloma.R4.Search;
using FhirMyeloma.Service.Http;
using FhirMyeloma.Service.Identity;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Search;

namespace FhirMyeloma.Service.Storing;

/// <summary><c>$everything</c> of one patient or of all of a centre (R4 patient-operation-everything.html).</summary>
internal sealed class Everything(FhirStore store)
{
    public const string Types = "_type";
    public const string Since = "_since";
    public const string Count = "_count";
    public const string Start = "start";
    public const string End = "end";

    private const int PatientsAtATime = 50;
    private static readonly string[] _allowed = [Types, Since, Count, Start, End, Searching.Page];

    /// <summary>Everything about a patient, or about all where <paramref name="id"/> is null.</summary>
    public async Task<IResult> AnswerAsync(HttpContext context, Caller caller, string? id)
    {
        var (said, fault) = await PatientRecord.SaidAsync(context);
        if (fault is not null)
            return fault;
        var (wanted, wrong) = Read(said, isOfAll: id is null);
        if (wanted is null)
            return wrong!;
        if ((caller.Refuse(Letters.Read, wanted.Types.IsEmpty ? (string?[])[null] : wanted.Types) ?? (id is null ? null : PatientRecord.Missing(store, caller.Centre, id))) is { } refused)
            return refused;

        List<StoredVersion> page = [];
        Place? next = null;
        int? total = null;
        foreach (var patient in id is null ? PatientsFrom(caller.Centre, wanted.From?.Patient ?? "") : [id])
        {
            var found = store.Everything(caller.Centre, patient).Where(wanted.Holds).ToList();
            total = id is null ? null : found.Count;
            var first = wanted.From is { } from && from.Patient == patient ? from.In(found) : 0;
            var taken = found.Skip(first).Take(wanted.Count - page.Count).ToList();
            if (taken.Count > 0)
                caller.Trail.SawPatient(patient);
            taken.ForEach(caller.Trail.Saw);
            page.AddRange(taken);
            if (first + taken.Count == found.Count)
                continue;
            next = new(patient, taken.Count > 0 ? NameOf(taken[^1]) : "", first + taken.Count);
            break;
        }

        var server = $"{context.Request.Scheme}://{context.Request.Host}{Endpoints.RouteTable.Base}";
        return new FhirResource(Render(page, total, next, said, $"{server}/Patient{(id is null ? "" : "/" + id)}/$everything", server));
    }

    private IEnumerable<string> PatientsFrom(string centre, string from)
    {
        for (var isLast = false; !isLast;)
        {
            var patients = store.Patients(centre, from, PatientsAtATime);
            foreach (var patient in patients)
                yield return patient;
            isLast = patients.Length < PatientsAtATime;
            // The first id that is greater: no id has this character.
            from = isLast ? "" : patients[^1] + "\u0001";
        }
    }

    private static byte[] Render(List<StoredVersion> page, int? total, Place? next, ImmutableArray<Said> said, string url, string server)
    {
        var kept = said.Where(static one => one.Name != Searching.Page).Select(static one => $"{one.Name}={Uri.EscapeDataString(one.Value ?? "")}").ToList();
        var json = new CanonicalJson(page.Sum(static version => version.Body.Length + 128) + 512);
        json.StartObject().Member("resourceType", "Bundle").Member("type", "searchset");
        if (total is { } known)
            json.Name("total").Number(known);
        json.Name("link").StartArray();
        Link("self", kept);
        if (next is { } place)
            Link("next", [.. kept, $"{Searching.Page}={place}"]);
        json.EndArray();
        if (page.Count > 0)
        {
            json.Name("entry").StartArray();
            foreach (var version in page)
            {
                json.StartObject().Member("fullUrl", $"{server}/{version.Type}/{version.Id}").Name("resource").Raw(version.Body.Span)
                    .Name("search").StartObject().Member("mode", "match").EndObject().EndObject();
            }

            json.EndArray();
        }

        return json.EndObject().ToArray();

        void Link(string relation, List<string> parameters) =>
            json.StartObject().Member("relation", relation).Member("url", parameters.Count == 0 ? url : $"{url}?{string.Join('&', parameters)}").EndObject();
    }

    private static (Wanted? Wanted, FhirFault? Fault) Read(ImmutableArray<Said> said, bool isOfAll)
    {
        var wanted = new Wanted { Count = isOfAll ? SearchPage.DefaultCount : int.MaxValue };
        foreach (var one in said)
        {
            var value = one.Value ?? "";
            switch (one.Name)
            {
                case Types:
                    wanted.Types = wanted.Types.AddRange(value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
                    if (!wanted.Types.All(R4.Profiles.ResourceTypes.IsKnown))
                        return Wrong("_type is a list of resource types, separated by commas.");
                    break;
                case Since when FhirDate.Parse(value)?.Instant is { } instant:
                    wanted.Since = instant;
                    break;
                case Since:
                    return Wrong("_since is an instant, for instance 2024-03-05T10:00:00Z.");
                case Count when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= SearchQuery.MaxCount:
                    wanted.Count = count;
                    break;
                case Count:
                    return Wrong($"_count is a number of resources, from 1 to {SearchQuery.MaxCount}.");
                case Start when DateRange.TryParse(value, out var start):
                    wanted.Low = start.Low;
                    break;
                case End when DateRange.TryParse(value, out var end):
                    wanted.High = end.High;
                    break;
                case Start or End:
                    return Wrong($"{one.Name} is a date, for instance 2024-03-05.");
                case Searching.Page when Place.Parse(value) is { } place:
                    wanted.From = place;
                    break;
                case Searching.Page:
                    return Wrong("_page is copied from a next link as it stands there.");
                default:
                    return (null, Faults.Of(Faults.UnknownParameter, $"There is no such parameter. Allowed: {string.Join(", ", _allowed[..^1])}.", one.Where));
            }

            (Wanted?, FhirFault?) Wrong(string text) => (null, Faults.Of(Faults.ParameterValue, text, one.Where));
        }

        return (wanted, null);
    }

    private static string NameOf(StoredVersion version) => $"{version.Type}/{version.Id}";

    /// <summary>What of a record is asked for.</summary>
    private sealed class Wanted
    {
        public ImmutableArray<string> Types { get; set; } = [];

        public DateTimeOffset? Since { get; set; }

        public int Count { get; set; }

        public long? Low { get; set; }

        public long? High { get; set; }

        public Place? From { get; set; }

        public bool Holds(StoredVersion version) =>
            (Types.IsEmpty || Types.Contains(version.Type, StringComparer.Ordinal)) && (Since is not { } earliest || version.Instant >= earliest) && IsOfThen(version);

        /// <summary>Dates of care, not of keeping; what has none belongs to every time.</summary>
        private bool IsOfThen(StoredVersion version)
        {
            if ((Low ?? High) is null)
                return true;
            var dates = IndexEntries.Of(FhirJsonReader.Read(version.Body, new ReadLimits(MaxIssues: 1, Check: false)).Document!.Root).Moments;
            return dates.IsEmpty || dates.Any(date => (Low is not { } low || date.High >= low) && (High is not { } high || date.Low <= high));
        }
    }

    /// <summary>Where a page ends: after a resource of a patient. Should that be gone by then, so many were given before.</summary>
    private readonly record struct Place(string Patient, string Last, int Given)
    {
        public static Place? Parse(string text)
        {
            Span<byte> bytes = stackalloc byte[512];
            return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length)
                && Encoding.UTF8.GetString(bytes[..length]).Split('|') is [var patient, var last, var given] && int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? new(patient, last, count)
                : null;
        }

        public int In(List<StoredVersion> found)
        {
            var last = Last;
            var at = found.FindIndex(version => NameOf(version) == last);
            return at >= 0 ? at + 1 : Math.Min(Given, found.Count);
        }

        public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Patient}|{Last}|{Given}")));
    }
}
