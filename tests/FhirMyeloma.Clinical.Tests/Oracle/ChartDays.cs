using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Tests.Oracle;

/// <summary>What all results of one marker on one day say (a.10, same day).</summary>
/// <param name="Span">Every value that they allow.</param>
/// <param name="None">Each is 0 or sent as below a limit, and no word says that a band is there.</param>
/// <param name="BandByText">Some result is the text of R-UNIT-7.</param>
/// <param name="Spurious">All are marked spurious.</param>
/// <param name="NotIgGKappa">The band was typed, and not as an antibody's.</param>
internal sealed record Result(Span Span, bool None, bool BandByText, bool Spurious, bool NotIgGKappa);

/// <summary>An immunofixation of one day.</summary>
internal enum Ife { Negative, Positive, ForeignIgGKappa }

/// <summary>Everything about the disease under one date as written; later also what other days lend to it.</summary>
internal sealed class ChartDay(ClinicalDate date)
{
    public ClinicalDate Date { get; } = date;

    public Result? Serum { get; set; }

    public Result? Urine { get; set; }

    public Result? Kappa { get; set; }

    public Result? Lambda { get; set; }

    public Result? Marrow { get; set; }

    /// <summary>Met normal, NotMet abnormal, Unknown where a range allows both; null when no ratio can be formed.</summary>
    public Tri? RatioNormal { get; set; }

    /// <summary>The chain whose excess makes the ratio abnormal.</summary>
    public LightChain Excess { get; set; }

    public Ife? SerumIfe { get; set; }

    /// <summary>The band may be an antibody's: IgG kappa or not typed.</summary>
    public bool SerumIfeMaybeDrug { get; set; }

    public Ife? UrineIfe { get; set; }

    public bool? Free { get; set; }

    /// <summary>An assay of R-INT-7 was done.</summary>
    public bool HasAssay { get; set; }

    /// <summary>It has said what the band is.</summary>
    public bool BandResolved { get; set; }

    public Span? Spd { get; set; }

    public Span? Diameter { get; set; }

    public bool NewLesion { get; set; }

    public bool? GoneStated { get; set; }

    public bool HasSerum => Serum is not null || Kappa is not null || Lambda is not null || RatioNormal is not null || SerumIfe is not null;

    public bool HasImaging => Spd is not null || Diameter is not null || GoneStated is not null || NewLesion;

    public bool HasAnything =>
        HasSerum || HasImaging || Urine is not null || UrineIfe is not null || Marrow is not null || Free is not null || HasAssay;

    public Result? Difference(LightChain involved)
    {
        if (Kappa is null || Lambda is null || involved == LightChain.Unknown)
            return null;
        var (own, other) = involved == LightChain.Kappa ? (Kappa, Lambda) : (Lambda, Kappa);
        return new(own.Span - other.Span, false, false, own.Spurious || other.Spurious, true);
    }
}

/// <summary>Reads a case day by day (section 0 and "same day" of a.10).</summary>
internal static class ChartDays
{
    public static List<ChartDay> Of(MyelomaCase patient)
    {
        IEnumerable<ClinicalDate> dates =
        [
            .. patient.Measurements.Where(m => m.HasUnit || m.Marker is Marker.FlcKappa or Marker.FlcLambda).Where(m => IsOfDisease(m.Marker)).Select(m => m.Date),
            .. patient.Immunofixations.Where(f => !f.Positive.IsUnknown).Select(f => f.Date),
            .. patient.Clonality.Select(c => c.Date),
            .. patient.Lesions.Select(l => l.Date),
            .. patient.DrugBandAssays.Select(a => a.Date),
        ];
        return [.. dates.Distinct().Order().Select(date => Read(patient, date)).Where(day => day.HasAnything)];
    }

    /// <summary>A date without day stands for an assessment only where its place among all others is certain.</summary>
    public static bool HasItsPlace(ChartDay day, List<ChartDay> all) =>
        day.Date.IsExact || !all.Exists(other => other != day && other.Date.First <= day.Date.Last && other.Date.Last >= day.Date.First);

    private static bool IsOfDisease(Marker marker) =>
        marker is Marker.SerumMProtein or Marker.UrineMProtein or Marker.FlcKappa or Marker.FlcLambda or Marker.FlcRatio or Marker.MarrowPlasmaCells;

    private static ChartDay Read(MyelomaCase patient, ClinicalDate date)
    {
        List<Measurement> measured = [.. patient.Measurements.Where(m => m.Date == date)];
        var day = new ChartDay(date)
        {
            Serum = Join(Of(Marker.SerumMProtein), patient.Diagnosis),
            Urine = Join(Of(Marker.UrineMProtein), patient.Diagnosis),
            Kappa = Join(Of(Marker.FlcKappa), patient.Diagnosis),
            Lambda = Join(Of(Marker.FlcLambda), patient.Diagnosis),
            Marrow = Join(Of(Marker.MarrowPlasmaCells), patient.Diagnosis),
        };
        ReadRatio(day, Of(Marker.FlcKappa), Of(Marker.FlcLambda), Of(Marker.FlcRatio), patient.Diagnosis);
        (day.SerumIfe, day.SerumIfeMaybeDrug) = Fixation(patient, ImmunofixationSample.Serum, date);
        (day.UrineIfe, _) = Fixation(patient, ImmunofixationSample.Urine, date);
        if (day.Serum is { BandByText: true } && day.SerumIfe != Ife.Positive)
            (day.SerumIfe, day.SerumIfeMaybeDrug) = (Ife.Positive, true);
        if (day.Urine is { BandByText: true })
            day.UrineIfe = Ife.Positive;

        // Clonal cells found win over none found.
        List<MarrowClonality> clonality = [.. patient.Clonality.Where(c => c.Date == date && !c.Clonal.IsUnknown)];
        day.Free = clonality.Count == 0 ? null : clonality.TrueForAll(c => c.Clonal.IsNotMet);
        day.HasAssay = patient.DrugBandAssays.Any(a => a.Date == date);
        foreach (var lesion in patient.Lesions.Where(l => l.Date == date))
            ReadLesion(day, lesion);
        return day;

        List<Measurement> Of(Marker marker) => measured.FindAll(m => m.Marker == marker);
    }

    /// <summary>R-UNIT-8 (a final result replaces preliminary ones), R-UNIT-11 (bands of the clone are summed), same day (different values are a range).</summary>
    private static Result? Join(List<Measurement> results, Diagnosis clone)
    {
        List<Measurement> used = results.FindAll(m => m.HasUnit);
        if (used.Exists(m => m.Status == ResultStatus.Final))
            used.RemoveAll(m => m.Status != ResultStatus.Final);
        if (used.Count == 0)
            return null;
        if (used.Exists(m => m.Band is not null) && used.Exists(m => !IsForeign(m.BandHeavyChain, m.BandLightChain, clone)))
            used.RemoveAll(m => m.Band is not null && IsForeign(m.BandHeavyChain, m.BandLightChain, clone));
        var bands = used.GroupBy(m => m.Band).Select(band => band.Select(m => Span.Of(m.Value)).Aggregate(Span.Either));
        return new(
            bands.Aggregate((a, b) => a + b),
            used.TrueForAll(m => !m.PresentNotQuantifiable && (m.Value is { Low: 0, High: 0 } || m.Value is { Low: 0, LowIncluded: true, High: not null })),
            used.Exists(m => m.PresentNotQuantifiable),
            used.TrueForAll(m => m.Spurious),
            used.Exists(m => m.BandHeavyChain is not (HeavyChain.Unknown or HeavyChain.IgG) || m.BandLightChain == LightChain.Lambda));
    }

    private static bool IsForeign(HeavyChain heavy, LightChain light, Diagnosis clone) =>
        (heavy != HeavyChain.Unknown && clone.HeavyChain != HeavyChain.Unknown && heavy != clone.HeavyChain)
        || (light != LightChain.Unknown && clone.LightChain != LightChain.Unknown && light != clone.LightChain);

    /// <summary>kappa over lambda of this day, also without unit from one report (R-UNIT-3), else the ratio as sent; normal by the laboratory's range (R-UNIT-9).</summary>
    private static void ReadRatio(ChartDay day, List<Measurement> kappas, List<Measurement> lambdas, List<Measurement> sent, Diagnosis clone)
    {
        var low = sent.Find(m => m.ReferenceLow is not null)?.ReferenceLow ?? 0.26m;
        var high = sent.Find(m => m.ReferenceHigh is not null)?.ReferenceHigh ?? 1.65m;
        var pair = (Kappa: day.Kappa?.Span, Lambda: day.Lambda?.Span);
        if (pair is not { Kappa: not null, Lambda: not null })
        {
            pair = (from k in kappas
                    from l in lambdas
                    where !k.HasUnit && !l.HasUnit && k.Report is not null && k.Report == l.Report && k.UnitAsSent == l.UnitAsSent
                    select ((Span?)Span.Of(k.Value), (Span?)Span.Of(l.Value))).FirstOrDefault();
        }

        if (pair is ({ } kappa, { } lambda))
        {
            var (mostKappa, leastKappa) = ((Over: kappa.High, Under: lambda.Low), (Over: kappa.Low, Under: lambda.High));
            Judge(leastKappa.Over > high * leastKappa.Under, mostKappa.Over < low * mostKappa.Under,
                leastKappa.Over >= low * leastKappa.Under && mostKappa.Over <= high * mostKappa.Under);
        }
        else if (Join(sent, clone) is { } ratio)
        {
            Judge(ratio.Span.Low > high, ratio.Span.High < low, ratio.Span.Low >= low && ratio.Span.High <= high);
        }

        void Judge(bool above, bool below, bool normal)
        {
            day.RatioNormal = normal ? Tri.Met : above || below ? Tri.NotMet : Tri.Unknown;
            day.Excess = above ? LightChain.Kappa : below ? LightChain.Lambda : LightChain.Unknown;
        }
    }

    /// <summary>Positive if any band may be the clone's; a band that the clone cannot make does not count, IgG kappa apart (a.7, section b).</summary>
    private static (Ife? Result, bool MaybeDrug) Fixation(MyelomaCase patient, ImmunofixationSample sample, ClinicalDate date)
    {
        List<Immunofixation> used = [.. patient.Immunofixations.Where(f => f.Sample == sample && f.Date == date && !f.Positive.IsUnknown)];
        if (used.Exists(f => f.Status == ResultStatus.Final))
            used.RemoveAll(f => f.Status != ResultStatus.Final);
        if (used.Count == 0)
            return (null, false);
        List<Immunofixation> bands = used.FindAll(f => f.Positive.IsMet);
        var maybeDrug = bands.Count > 0 && bands.TrueForAll(f => IsIgGKappa(f) || f is { BandHeavyChain: HeavyChain.Unknown, BandLightChain: LightChain.Unknown });
        return bands.Exists(f => !IsForeign(f.BandHeavyChain, f.BandLightChain, patient.Diagnosis)) ? (Ife.Positive, maybeDrug)
            : bands.Exists(IsIgGKappa) ? (Ife.ForeignIgGKappa, maybeDrug)
            : (Ife.Negative, false);
    }

    private static bool IsIgGKappa(Immunofixation band) => band is { BandHeavyChain: HeavyChain.IgG, BandLightChain: LightChain.Kappa };

    private static void ReadLesion(ChartDay day, LesionFinding lesion)
    {
        var value = Span.Of(lesion.Value);
        switch (lesion.Measure)
        {
            case LesionMeasure.Spd:
                day.Spd = day.Spd is { } spd ? Span.Either(spd, value) : value;
                break;
            case LesionMeasure.LongestDiameter:
                day.Diameter = day.Diameter is { } diameter ? Span.Either(diameter, value) : value;
                break;
            case LesionMeasure.NewLesion:
                day.NewLesion |= value.Low > 0m;
                break;
            case LesionMeasure.Gone:
                day.GoneStated = (day.GoneStated ?? true) && value.Low > 0m;
                break;
        }
    }
}
