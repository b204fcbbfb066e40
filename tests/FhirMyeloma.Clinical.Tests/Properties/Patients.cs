using System.Globalization;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Testing;

namespace FhirMyeloma.Clinical.Tests.Properties;

/// <summary>
/// Rolled patients from diagnosis to the last sample: every kind of disease, one to four lines with doses, remissions and relapses, values exactly on
/// thresholds, and everything that makes a record untidy (gaps, ranges, preliminary and repeated results, dates without day, urine on another day).
/// </summary>
internal static class Patients
{
    /// <summary>The same dice roll the same patient.</summary>
    public static MyelomaCase Roll(Dice dice) => new PatientStory(dice).Tell();

    /// <summary>
    /// So many by default, as many as <c>PATIENTS</c> says (10,000 before a release), and those that <paramref name="once"/> failed; the seed repeats a patient.
    /// </summary>
    public static IEnumerable<(ulong Seed, MyelomaCase Patient)> Many(int byDefault, params ulong[] once)
    {
        var count = Environment.GetEnvironmentVariable("PATIENTS") is { Length: > 0 } asked ? int.Parse(asked, CultureInfo.InvariantCulture) : byDefault;
        for (ulong seed = 1; seed <= (ulong)count; seed++)
            yield return (seed, Roll(new(seed)));
        foreach (var seed in once.Where(seed => seed > (ulong)count))
            yield return (seed, Roll(new(seed)));
    }
}

/// <summary>What is followed in a patient.</summary>
internal enum Followed { Serum, Urine, Both, LightChains, Marrow, Lesion, Nothing }

/// <summary>Tells one patient.</summary>
internal sealed class PatientStory(Dice dice)
{
    private static readonly DateOnly Diagnosed = new(2019, 3, 4);

    private static readonly Drug[][] Regimens =
    [
        [Drug.Bortezomib, Drug.Lenalidomide, Drug.Dexamethasone],
        [Drug.Daratumumab, Drug.Bortezomib, Drug.Lenalidomide, Drug.Dexamethasone],
        [Drug.Daratumumab, Drug.Lenalidomide, Drug.Dexamethasone],
        [Drug.Isatuximab, Drug.Carfilzomib, Drug.Dexamethasone],
        [Drug.Isatuximab, Drug.Pomalidomide, Drug.Dexamethasone],
        [Drug.Carfilzomib, Drug.Dexamethasone],
        [Drug.Pomalidomide, Drug.Cyclophosphamide, Drug.Dexamethasone],
        [Drug.Teclistamab],
    ];

    private readonly List<Measurement> _measurements = [];
    private readonly List<Immunofixation> _fixations = [];
    private readonly List<MarrowClonality> _clonality = [];
    private readonly List<LesionFinding> _lesions = [];
    private readonly List<DrugBandAssay> _assays = [];
    private readonly List<DrugExposure> _doses = [];
    private readonly List<int> _lineStarts = [];

    private Followed _followed;
    private HeavyChain _heavy;
    private LightChain _light;
    private bool _kappa;
    private bool _untidy;
    private int _sources;
    private Course _serum = null!;
    private Course _urine = null!;
    private Course _chain = null!;
    private Course _marrow = null!;
    private Course _spd = null!;

    public MyelomaCase Tell()
    {
        Choose();
        var end = Treat();
        Follow(end);
        return new()
        {
            PatientKey = dice.ToString(),
            HasMyelomaEvidence = true,
            Diagnosis = new() { Date = DayOf(0), HeavyChain = _heavy, LightChain = _light, Plasmacytoma = _followed != Followed.Lesion && dice.Chance(2) },
            LastContact = DayOf(end + 100),
            Measurements = [.. _measurements],
            Immunofixations = [.. _fixations],
            Clonality = [.. _clonality],
            Lesions = [.. _lesions],
            DrugBandAssays = [.. _assays],
            Drugs = [.. _doses],
        };
    }

    private void Choose()
    {
        _followed = dice.Pick(
            Followed.Serum, Followed.Serum, Followed.Serum, Followed.Serum, Followed.Urine, Followed.Both, Followed.Both,
            Followed.LightChains, Followed.LightChains, Followed.LightChains, Followed.Marrow, Followed.Lesion, Followed.Nothing);
        _heavy = _followed switch
        {
            Followed.LightChains => dice.Pick(HeavyChain.LightChainOnly, HeavyChain.LightChainOnly, HeavyChain.Unknown, HeavyChain.IgG),
            Followed.Marrow or Followed.Lesion => dice.Pick(HeavyChain.NonSecretory, HeavyChain.IgA),
            _ => dice.Pick(HeavyChain.IgG, HeavyChain.IgG, HeavyChain.IgA, HeavyChain.IgM, HeavyChain.IgD, HeavyChain.Unknown),
        };
        _kappa = dice.Chance(60);
        _light = dice.Chance(80) ? _kappa ? LightChain.Kappa : LightChain.Lambda : LightChain.Unknown;
        _untidy = dice.Chance(60);
        _serum = new(dice, 2, 0.5m, 1m, _followed is Followed.Serum or Followed.Both ? dice.Pick(1m, 0.99m, dice.Amount(1, 4, 2), dice.Amount(3, 9, 2)) : dice.Amount(0, 0.9m, 2));
        _urine = new(dice, 0, 200, 200, _followed is Followed.Urine or Followed.Both ? dice.Pick(200m, 199m, dice.Amount(200, 900, 0), dice.Amount(500, 5000, 0)) : dice.Pick(0m, dice.Amount(0, 99, 0), dice.Amount(0, 199, 0)));
        _chain = new(dice, 1, 100, 100.1m, _followed == Followed.LightChains ? dice.Pick(100m, 99.9m, dice.Amount(100, 900, 1), dice.Amount(500, 6000, 1)) : dice.Amount(3, 95, 1));
        _marrow = new(dice, 0, 10, 10, _followed == Followed.Marrow ? dice.Pick(30m, 29m, dice.Amount(30, 90, 0)) : dice.Amount(4, 60, 0));
        _spd = new(dice, 0, 100, 200, dice.Amount(100, 1600, 0));
    }

    // ---- treatment ----

    private int Treat()
    {
        var day = dice.Roll(2, 40);
        var lines = dice.Pick(1, 1, 2, 2, 3, 4);
        Drug[] before = [];
        for (var line = 0; line < lines; line++)
        {
            _lineStarts.Add(day);
            var regimen = dice.Pick(Regimens);
            while (regimen == before)
                regimen = dice.Pick(Regimens);
            before = regimen;
            day = Give(regimen, day, dice.Roll(40, 260));
            if (line < lines - 1)
                day += dice.Pick(1, dice.Roll(1, 20), dice.Roll(10, 200));
        }

        return day;
    }

    private int Give(Drug[] regimen, int from, int days)
    {
        var last = from;
        if (dice.Chance(8))
        {
            foreach (var drug in regimen)
                _doses.Add(new() { Drug = drug, Evidence = ExposureEvidence.Statement, Start = DayOf(from), End = DayOf(from + days), Source = Source("statement") });
            return from + days;
        }

        var step = dice.Pick(7, 14, 28);
        foreach (var drug in regimen)
        {
            for (var day = from; day <= from + days; day += step)
            {
                _doses.Add(new() { Drug = drug, Evidence = ExposureEvidence.Administration, Start = DayOf(day), Source = Source("dose") });
                last = Math.Max(last, day);
            }
        }

        return last;
    }

    // ---- samples ----

    private void Follow(int end)
    {
        var hasSerum = _followed is Followed.Serum or Followed.Both || dice.Chance(75);
        var hasUrine = _followed is Followed.Urine or Followed.Both || dice.Chance(60);
        var hasChains = _followed == Followed.LightChains || dice.Chance(55);
        var hasImaging = _followed == Followed.Lesion || dice.Chance(8);
        var day = dice.Chance(8) ? _lineStarts[0] + dice.Roll(1, 30) : dice.Chance(10) ? _lineStarts[0] - dice.Roll(43, 120) : Math.Max(0, _lineStarts[0] - dice.Roll(0, 30));
        var first = true;
        while (day <= end + 60)
        {
            var deep = _serum.IsDeep || _chain.IsDeep || _urine.IsDeep;
            if (_lineStarts.Contains(day) || _lineStarts.Exists(start => day < start && day > start - 10))
                Restart();
            if (hasSerum && dice.Chance(first ? 97 : 88))
                AddSerum(day);
            if (hasUrine && dice.Chance(first ? 92 : 60))
                Add(Marker.UrineMProtein, Off(day, 25, -6, 9), _urine.Value);
            if (hasChains && dice.Chance(first ? 97 : 80))
                AddChains(Off(day, 6, -3, 4));
            if (dice.Chance(first ? _followed == Followed.Marrow ? 97 : 50 : _followed == Followed.Marrow ? 60 : deep ? 45 : 8))
                AddMarrow(Off(day, 40, -10, 70), deep);
            AddFixations(day, deep);
            if (hasImaging && dice.Chance(first ? 90 : 50))
                AddImaging(Off(day, 30, -20, 30), first);
            if (hasSerum && deep && dice.Chance(5) && _serum.Value < 0.3m)
                _assays.Add(new(Tri.Of(dice.Chance(60)), DayOf(day), Source("assay")));

            first = false;
            day += dice.Pick(dice.Roll(1, 12), dice.Roll(14, 35), dice.Roll(20, 50));
            if (dice.Chance(6))
                day += dice.Roll(40, 150);
            Step();
        }
    }

    private void Restart()
    {
        foreach (var course in Courses)
            course.Restart();
    }

    private void Step()
    {
        var mood = dice.Pick("stay", "stay", "fall", "fall", "fall", "rise", "edge", "edge");
        foreach (var course in Courses)
            course.Step(dice.Chance(80) ? mood : dice.Pick("stay", "fall", "rise", "edge"));
    }

    private IEnumerable<Course> Courses => [_serum, _urine, _chain, _marrow, _spd];

    private void AddSerum(int day)
    {
        var value = _serum.Value;
        if (_untidy && dice.Chance(4))
        {
            AddText(Marker.SerumMProtein, day, dice.Chance(50));
        }
        else if (_untidy && value >= 0.2m && dice.Chance(4))
        {
            var part = Math.Round(value / 3, 2);
            _measurements.Add(Measured(Marker.SerumMProtein, day, Reading.Exact(value - part)) with { Band = 1, BandHeavyChain = dice.Pick(_heavy, HeavyChain.Unknown) is var h && h is HeavyChain.IgG or HeavyChain.IgA or HeavyChain.IgM or HeavyChain.IgD ? h : HeavyChain.Unknown });
            _measurements.Add(Measured(Marker.SerumMProtein, day, Reading.Exact(part)) with { Band = 2, BandHeavyChain = dice.Pick(HeavyChain.Unknown, HeavyChain.IgG), BandLightChain = dice.Pick(LightChain.Unknown, LightChain.Kappa) });
        }
        else
        {
            Add(Marker.SerumMProtein, day, value);
        }
    }

    private void AddChains(int day)
    {
        var involved = Math.Max(0.3m, _chain.Value);
        var other = dice.Amount(2, 30, 1);
        var unitless = _untidy && dice.Chance(2);
        var gap = _untidy && dice.Chance(5);
        if (!(gap && dice.Chance(50)))
            AddChain(_kappa ? Marker.FlcKappa : Marker.FlcLambda, day, involved, unitless);
        if (!gap)
            AddChain(_kappa ? Marker.FlcLambda : Marker.FlcKappa, day, other, unitless);
        if (gap || dice.Chance(10))
        {
            var ratio = Measured(Marker.FlcRatio, day, Reading.Exact(Math.Round(_kappa ? involved / other : other / involved, 2)));
            _measurements.Add(dice.Chance(30) ? ratio with { ReferenceLow = 0.59m, ReferenceHigh = 1.46m } : ratio);
        }
    }

    private void AddChain(Marker marker, int day, decimal value, bool unitless)
    {
        if (unitless)
            _measurements.Add(Measured(marker, day, Reading.Exact(value)) with { HasUnit = false, Report = string.Create(CultureInfo.InvariantCulture, $"report/{day}") });
        else
            Add(marker, day, value);
    }

    private void AddMarrow(int day, bool deep)
    {
        Add(Marker.MarrowPlasmaCells, day, deep && dice.Chance(70) ? dice.Pick(0m, 1m, 2m, 4m, 4.9m, 5m) : _marrow.Value);
        if (dice.Chance(50))
            _clonality.Add(new(Tri.Of(dice.Chance(35)), DayOf(Off(day, 10, 0, 5)), Source("clonality")));
    }

    private void AddFixations(int day, bool deep)
    {
        foreach (var sample in Enum.GetValues<ImmunofixationSample>())
        {
            if (!dice.Chance(deep ? 75 : 12))
                continue;
            var positive = dice.Chance(deep ? 25 : 70);
            var typed = positive ? dice.Pick("", "", "own", "IgGk") : "";
            _fixations.Add(new(sample, dice.Chance(2) ? Tri.Unknown : Tri.Of(positive), DayOf(Off(day, 25, -4, 8)), Source("ife"))
            {
                BandHeavyChain = typed == "IgGk" ? HeavyChain.IgG : typed == "own" && _heavy is HeavyChain.IgG or HeavyChain.IgA or HeavyChain.IgM ? _heavy : HeavyChain.Unknown,
                BandLightChain = typed == "IgGk" ? LightChain.Kappa : typed == "own" ? _light : LightChain.Unknown,
                Status = _untidy && dice.Chance(4) ? ResultStatus.Preliminary : ResultStatus.Final,
            });
            if (_untidy && dice.Chance(3))
                _fixations.Add(new(sample, Tri.Of(dice.Chance(50)), _fixations[^1].Date, Source("ife")));
        }
    }

    private void AddImaging(int day, bool first)
    {
        if (first)
            _lesions.Add(new(LesionMeasure.LongestDiameter, Reading.Exact(dice.Pick(10m, 11m, 25m)), DayOf(day), Source("diameter")));
        if (_spd.Value == 0 && dice.Chance(50))
            _lesions.Add(new(LesionMeasure.Gone, Reading.Exact(1), DayOf(day), Source("gone")));
        else
            _lesions.Add(new(LesionMeasure.Spd, Reading.Exact(_spd.Value), DayOf(day), Source("spd")));
        if (!first && dice.Chance(8))
            _lesions.Add(new(LesionMeasure.NewLesion, Reading.Exact(dice.Pick(0m, 1m)), DayOf(day), Source("new")));
    }

    private void Add(Marker marker, int day, decimal value)
    {
        var reading = !_untidy ? Reading.Exact(value) : dice.Roll(1, 100) switch
        {
            <= 4 when value > 0 => Reading.LessThan(value),
            <= 5 when value > 0 => Reading.MoreThan(value),
            <= 6 when value > 0 => Reading.AtLeast(value),
            <= 9 when value == 0 => Reading.LessThan(marker == Marker.SerumMProtein ? 0.1m : 10m),
            _ => Reading.Exact(value),
        };
        var measured = Measured(marker, day, reading);
        _measurements.Add(measured);
        if (!_untidy)
            return;
        switch (dice.Roll(1, 100))
        {
            case <= 3:
                _measurements.Add(Measured(marker, day, Reading.Exact(value + dice.Amount(0, 1, 2))));
                break;
            case 4:
                _measurements.Add(Measured(marker, day, reading));
                break;
            case 5:
                _measurements.Add(Measured(marker, day, Reading.Exact(value * 2)) with { Status = ResultStatus.Preliminary });
                break;
            case 6:
                _measurements[^1] = measured with { Status = ResultStatus.Preliminary };
                break;
            case 7:
                _measurements[^1] = measured with { Spurious = true };
                break;
            case 8 when dice.Chance(40):
                _measurements[^1] = measured with { Date = ClinicalDate.OfMonth(measured.Date.First.Year, measured.Date.First.Month) };
                break;
        }
    }

    private void AddText(Marker marker, int day, bool present) =>
        _measurements.Add(Measured(marker, day, Reading.Exact(0)) with { FromText = true, PresentNotQuantifiable = present });

    private Measurement Measured(Marker marker, int day, Reading value) =>
        new() { Marker = marker, Value = value, Date = DayOf(day), Source = Source(marker.ToString()) };

    private int Off(int day, int percent, int low, int high) => dice.Chance(percent) ? Math.Max(0, day + dice.Roll(low, high)) : day;

    private SourceId Source(string name) => new(string.Create(CultureInfo.InvariantCulture, $"{name}/{++_sources:00000}"));

    private static ClinicalDate DayOf(int day) => ClinicalDate.Of(Diagnosed.AddDays(day));
}

/// <summary>One marker through time; it likes to stop exactly on a threshold.</summary>
internal sealed class Course(Dice dice, int places, decimal rise, decimal single, decimal start)
{
    private decimal _baseline = start;
    private decimal _lowest = start;

    public decimal Value { get; private set; } = start;

    public bool IsDeep => Value <= 0.12m * _baseline;

    public void Restart() => (_baseline, _lowest) = (Value, Value);

    public void Step(string mood)
    {
        Value = Math.Max(0, Math.Round(Next(mood), places));
        _lowest = Math.Min(_lowest, Value);
    }

    private decimal Next(string mood)
    {
        var unit = 1m / (decimal)Math.Pow(10, places);
        return mood switch
        {
            "fall" => Value * dice.Pick(0m, 0.05m, 0.2m, 0.4m, 0.6m, 0.8m),
            "rise" => dice.Pick(Value + (Value * dice.Amount(0, 1, 2)) + rise, Value * 1.3m, _lowest + rise + dice.Pick(-unit, 0m, unit), _baseline * 1.25m),
            "edge" => dice.Pick(
                (_baseline * dice.Pick(0.75m, 0.5m, 0.1m)) + dice.Pick(-unit, 0m, 0m, unit),
                _lowest + dice.Pick(rise, single) + dice.Pick(-unit, 0m, unit),
                (_lowest * 1.25m) + dice.Pick(-unit, 0m, unit),
                dice.Pick(0m, rise / 2, rise)),
            _ => Value,
        };
    }
}
