using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;
using FhirMyeloma.Clinical.Tests.Evidence;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Response;

/// <summary>
/// The case tables of this folder. <c>expect</c> names what is checked: <c>best=VGPR confirmed=PR final=no bounds=PR..sCR flags=A+B missing=BMPC+…</c> for the
/// line, <c>d28=PR</c>, <c>d28.confirmed=yes</c>, <c>d28.bounds=…</c> for a date; <c>d28=-</c> says that there is no assessment. <c>has=A+B</c> and
/// <c>hasnot=A</c> look for flags among others. Why a category is not a better one: <c>next=PR why=Fall/SerumM/1.6/46.67/50 lacks=URINE</c>, a reason as what,
/// marker, value, fall in per cent and limit; <c>d28.plain=…</c> the sources of a date that needs no search; <c>rise=SerumM/0.49/163.33/0.5/amount</c> a rise that is no progression, and which condition it falls short of.
/// </summary>
public class ResponseTableTests
{
    private const string Folder = "tests/FhirMyeloma.Clinical.Tests/Response/";

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var table in Directory.GetFiles(Path.Combine(Repo.Root, Folder), "*.csv").Select(Path.GetFileName).Order(StringComparer.Ordinal))
        {
            foreach (var row in Table.Read(Folder + table))
                rows.Add(table!, row["id"]);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Row_of_a_case_table_holds(string table, string id)
    {
        var row = Table.Read(Folder + table).Single(candidate => candidate["id"] == id);
        var patient = LineStory.Case(row["clone"], row["samples"], row["antibody"]);
        var response = GivenLine.Derive(patient, LineStory.LineOf(row["next"]), LineStory.Ruleset(row["ruleset"]), LineStory.Policy(row["policy"]));

        var residual = MinimalResidualDisease.Derive(patient, [response], LineStory.Policy(row["policy"]));
        var wrong = row["expect"].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => (Name: pair[..pair.IndexOf('=')], Expected: pair[(pair.IndexOf('=') + 1)..]))
            .Select(pair => (pair.Name, pair.Expected, Actual: pair.Name.StartsWith("mrd@", StringComparison.Ordinal) ? Residual(residual, pair.Name) : Actual(response, pair.Name, pair.Expected)))
            .Where(pair => Sorted(pair.Expected) != Sorted(pair.Actual))
            .Select(pair => $"{pair.Name}: expected {pair.Expected}, was {pair.Actual}");
        var differences = string.Join("; ", wrong);
        Assert.True(differences.Length == 0, differences);
    }

    [Fact]
    public void Every_row_names_what_the_rules_state()
    {
        var rules = File.ReadAllText(Path.Combine(Repo.Root, "docs/rules.md"));
        Assert.Empty(Directory.GetFiles(Path.Combine(Repo.Root, Folder), "*.csv").SelectMany(table => Table.Read(Folder + Path.GetFileName(table)))
            .SelectMany(row => row["rule"].Split('+')).Where(rule => !IsStated(rule)).Distinct(StringComparer.Ordinal));

        // The categories of the other rulesets stand in the rules under the ids of the default one.
        bool IsStated(string rule) => rule.Length > 0
            && rules.Contains(rule.Replace("IMWG-2006/", "IMWG-2016/", StringComparison.Ordinal).Replace("IMWG-2026-PROVISIONAL/", "IMWG-2016/", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Ids_of_rows_are_unique_in_their_table() =>
        Assert.All(Directory.GetFiles(Path.Combine(Repo.Root, Folder), "*.csv"), table =>
            Assert.DoesNotContain(Table.Read(Folder + Path.GetFileName(table)).GroupBy(row => row["id"], StringComparer.Ordinal), group => group.Skip(1).Any()));

    private static string Actual(LineResponse response, string name, string expected)
    {
        if (name.Length > 1 && name[0] is 'd' or 'm' && char.IsDigit(name.TrimStart('d', 'm', '-')[0]))
        {
            var (day, field) = name.Split('.') is [var d, var f] ? (d, f) : (name, "level");
            var date = response.Assessments.FirstOrDefault(at => at.Date == LineStory.DateOf(day));
            return date is null ? "-" : field switch
            {
                "level" => date.Level.Code(),
                "confirmed" => YesNo(date.Confirmed),
                "final" => YesNo(date.IsFinal),
                "strict" => date.Strict.Code(),
                "relaxed" => date.Relaxed.Code(),
                "bounds" => Bounds(date.BoundWorst, date.BoundBest),
                "marker" => date.Marker?.ToString() ?? "-",
                "criterion" => date.Criterion ?? "-",
                "change" => date.PercentChange?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-",
                "nadir" => date.Nadir?.Value.Value?.ToString(CultureInfo.InvariantCulture) ?? "-",
                "missing" => Joined(date.Missing.Select(Code)),
                "policies" => Joined(date.Policies),
                "sources" => Joined(date.Sources.Select(source => source.Value)),
                "plain" => Joined(date.Plain.Sources.Select(source => source.Value)),
                "next" or "why" or "lacks" or "rise" => Why(date.Withheld, field),
                _ => FlagField(date.Flags, field, expected),
            };
        }

        return name switch
        {
            "best" => response.Best.Code(),
            "confirmed" => response.BestConfirmed.Code(),
            "final" => YesNo(response.IsFinal),
            "strict" => response.Strict.Code(),
            "relaxed" => response.Relaxed.Code(),
            "bounds" => Bounds(response.BoundWorst, response.BoundBest),
            "set" => response.MeasurableBy.ToString(),
            "marker" => response.Marker?.ToString() ?? "-",
            "criterion" => response.Criterion ?? "-",
            "change" => response.PercentChange?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-",
            "baseline" => response.Baseline?.Value.Value?.ToString(CultureInfo.InvariantCulture) ?? "-",
            "nadir" => response.Nadir?.Value.Value?.ToString(CultureInfo.InvariantCulture) ?? "-",
            "nadiron" => response.Nadir is { } lowest ? Day(lowest.Date) : "-",
            "last" => response.Last?.Value.Value?.ToString(CultureInfo.InvariantCulture) ?? "-",
            "pd" => response.Progression is { } pd ? Day(pd.Date) + (pd.Confirmed ? "+" : "?") : "-",
            "pdon" => response.Progression?.ConfirmedDate is { } on ? Day(on) : "-",
            "crit" => response.Progression?.Criterion ?? "-",
            "first" => response.FirstResponse is { } first ? Day(first) : "-",
            "on" => response.BestResponse is { } on ? Day(on) : "-",
            "from" => response.PeriodStart is { } from ? Day(from) : "-",
            "to" => response.PeriodEnd is { } to ? Day(to) : "-",
            "relapse" => response.RelapseFromCr is { } relapse ? Day(relapse) : "-",
            "mrdrelapse" => response.RelapseFromMrdNegative is { } lost ? Day(lost) : "-",
            "clinical" => response.ClinicalRelapse is { } clinical ? Day(clinical) : "-",
            "ifdrug" => response.IfDrugBand?.Code() ?? "-",
            "ifbase" => response.IfDrugAtBaseline is { } less ? $"{less.Best.Code()}/{less.PercentChange?.ToString("0.00", CultureInfo.InvariantCulture)}" : "-",
            "strength" => response.Interference?.ToString() ?? "-",
            "missing" => Joined(response.Missing.Select(Code)),
            "sources" => Joined(response.Sources.Select(source => source.Value)),
            "policies" => Joined(response.Policies),
            "dates" => Joined(response.Assessments.Select(at => Day(at.Date))),
            "next" or "why" or "lacks" or "rise" => Why(response.Withheld, name),
            _ => FlagField(response.Flags, name, expected),
        };
    }

    private static string Why(Withheld? withheld, string field) => withheld is null ? "none" : field switch
    {
        "next" => withheld.Level?.Code() ?? "-",
        "why" => Joined(withheld.Reasons.Select(reason => Parts(reason.By.ToString(), reason.Marker?.ToString(), Value(reason.Value), Fixed(reason.Fall), Text(reason.Limit)))),
        "lacks" => Joined(withheld.Missing.Select(Code)),
        "rise" => withheld.Rise is { } rise ? Parts(rise.Marker.ToString(), Text(rise.Amount), Fixed(rise.Percent), Text(rise.Limit), rise.ShortOfAmount ? "amount" : "percent") : "-",
        _ => throw new InvalidDataException("field " + field),
    };

    // What is absent at the end is left out.
    private static string Parts(params string?[] parts) => string.Join('/', parts.Select(part => part ?? "-")).TrimEnd('/', '-');

    private static string? Value(Reading? value) => value is { } reading ? Text(reading.Value) ?? "range" : null;

    private static string? Fixed(decimal? number) => number?.ToString("0.00", CultureInfo.InvariantCulture);

    private static string? Text(decimal? number) => number?.ToString(CultureInfo.InvariantCulture);

    // mrd@d30:flow=negative, mrd@d30:flow.flags=…, mrd@d30:flow.criterion=…
    private static string Residual(IEnumerable<MrdStatus> residual, string name)
    {
        var (asked, field) = name[4..].Split('.') is [var a, var f] ? (a, f) : (name[4..], "status");
        var (day, method) = asked.Split(':') is [var d, var m] ? (d, m) : (asked, "");
        var status = residual.FirstOrDefault(result => result.Date == LineStory.DateOf(day)
            && result.Method == method switch { "flow" => MrdMethod.Flow, "ngs" => MrdMethod.Sequencing, "pet" => MrdMethod.Imaging, _ => MrdMethod.Unknown });
        return status is null ? "-" : field switch
        {
            "status" => status.Status.ToString(),
            "criterion" => status.Criterion,
            "flags" => Joined(status.Flags.Select(flag => flag.Code())),
            "sources" => Joined(status.Sources.Select(source => source.Value)),
            _ => throw new InvalidDataException("field " + field),
        };
    }

    private static string FlagField(IEnumerable<Flag> flags, string field, string expected)
    {
        var codes = flags.Select(flag => flag.Code()).ToHashSet(StringComparer.Ordinal);
        var asked = expected.Split('+');
        return field switch
        {
            "flags" => Joined(codes.Order(StringComparer.Ordinal)),
            "has" => Array.TrueForAll(asked, codes.Contains) ? expected : Joined(codes),
            "hasnot" => Array.Exists(asked, codes.Contains) ? "flags " + Joined(codes) : expected,
            _ => throw new InvalidDataException("field " + field),
        };
    }

    private static string Sorted(string codes) => string.Join('+', codes.Split('+').Order(StringComparer.Ordinal));

    private static string Joined(IEnumerable<string> codes) => string.Join('+', codes) is { Length: > 0 } joined ? joined : "-";

    private static string Code(MissingInput input) => input switch
    {
        MissingInput.IfeSerum => "IFE_SERUM",
        MissingInput.IfeUrine => "IFE_URINE",
        MissingInput.FlcRatio => "FLC_RATIO",
        _ => input.ToString().ToUpperInvariant(),
    };

    private static string Bounds(ResponseLevel worst, ResponseLevel best) => $"{worst.Code()}..{best.Code()}";

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Day(ClinicalDate date) =>
        date.Day is { } day ? "d" + (day.DayNumber - LineStory.FirstDose.DayNumber).ToString(CultureInfo.InvariantCulture) : "m" + date.Text;
}
