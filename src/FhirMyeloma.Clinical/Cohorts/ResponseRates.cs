using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Clinical.Cohorts;

/// <summary>Response rates of a cohort (R-TTE-1 to R-TTE-3).</summary>
public enum ResponseRate
{
    /// <summary>Best response PR or better (R-TTE-1).</summary>
    Overall,
    /// <summary>Best response VGPR or better (R-TTE-2).</summary>
    VeryGoodPartialOrBetter,
    /// <summary>Best response CR or better (R-TTE-2).</summary>
    CompleteOrBetter,
    /// <summary>Clinical benefit: best response MR or better (R-TTE-3).</summary>
    ClinicalBenefit,
    /// <summary>Disease control as Mikhael 2021 has it: MR or better, or SD that was still there more than 8 weeks after the first dose (R-TTE-3).</summary>
    DiseaseControlOver8Weeks,
    /// <summary>Disease control of one trial: PR or better, or MR or SD on day 42 or later (R-TTE-3).</summary>
    DiseaseControlFrom42Days,
}

/// <summary>Whom a response rate counts (R-TTE-1).</summary>
public enum RateDenominator
{
    /// <summary>Lines with a baseline and at least one later assessment that could be evaluated.</summary>
    Evaluable,
    /// <summary>The intention variant: every line that was begun; who cannot be evaluated did not respond.</summary>
    AllTreated,
}

/// <summary>One line of one patient as a response rate reads it.</summary>
/// <param name="FirstDose">First dose of the line.</param>
/// <param name="Response">Its response.</param>
public readonly record struct TreatedLine(ClinicalDate FirstDose, LineResponse Response);

/// <summary>A response rate with its interval, and every choice that made it.</summary>
/// <param name="Rate">Which rate.</param>
/// <param name="Confirmed">Whether only responses count that two consecutive assessments hold.</param>
/// <param name="Denominator">Whom it counts.</param>
/// <param name="Proportion">Count, total and 95 % interval; null when it counts nobody.</param>
public sealed record RateFigure(ResponseRate Rate, bool Confirmed, RateDenominator Denominator, Proportion? Proportion);

/// <summary>
/// Response rates over one line per patient, both confirmed and unconfirmed. In the unconfirmed view the best category of the line counts, in the confirmed
/// one the deepest that a pair holds; SD at a date needs nothing further.
/// </summary>
public static class ResponseRates
{
    // "Longer than 8 weeks", strictly.
    private const int EightWeeks = 56;

    private const int SixWeeks = 42;

    /// <summary>The wire name, e.g. <c>overall-response</c>.</summary>
    public static string Code(this ResponseRate rate) => rate switch
    {
        ResponseRate.Overall => "overall-response",
        ResponseRate.VeryGoodPartialOrBetter => "vgpr-or-better",
        ResponseRate.CompleteOrBetter => "cr-or-better",
        ResponseRate.ClinicalBenefit => "clinical-benefit",
        ResponseRate.DiseaseControlOver8Weeks => "disease-control-over-8-weeks",
        ResponseRate.DiseaseControlFrom42Days => "disease-control-from-42-days",
    };

    /// <summary>The rate over lines of different patients.</summary>
    public static RateFigure Of(
        IEnumerable<TreatedLine> lines, ResponseRate rate, bool confirmed = false, RateDenominator denominator = RateDenominator.Evaluable,
        IntervalMethod method = IntervalMethod.Wilson)
    {
        var counted = lines.Where(line => denominator == RateDenominator.AllTreated || IsEvaluable(line.Response)).ToList();
        return new(rate, confirmed, denominator, Proportions.Of(counted.Count(line => Has(line, rate, confirmed)), counted.Count, method));
    }

    /// <summary>A baseline, and a later assessment that is not NE.</summary>
    public static bool IsEvaluable(LineResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.MeasurableBy != MeasurableBy.Unknown && response.Assessments.Any(at => at.Level != ResponseLevel.NotEvaluable);
    }

    /// <summary>Whether a line counts for a rate.</summary>
    public static bool Has(TreatedLine line, ResponseRate rate, bool confirmed)
    {
        var best = confirmed ? line.Response.BestConfirmed : line.Response.Best;
        return rate switch
        {
            ResponseRate.Overall => best >= ResponseLevel.Partial,
            ResponseRate.VeryGoodPartialOrBetter => best >= ResponseLevel.VeryGoodPartial,
            ResponseRate.CompleteOrBetter => best >= ResponseLevel.Complete,
            ResponseRate.ClinicalBenefit => best >= ResponseLevel.Minimal,
            ResponseRate.DiseaseControlOver8Weeks => best >= ResponseLevel.Minimal || (best == ResponseLevel.Stable && IsControlledFrom(line, EightWeeks + 1)),
            ResponseRate.DiseaseControlFrom42Days =>
                best >= ResponseLevel.Partial || (best >= ResponseLevel.Stable && IsControlledFrom(line, SixWeeks)),
        };
    }

    /// <summary>
    /// SD or better at a date so many days after the first dose, and no progression before it. A date that may lie earlier shows nothing; a PD that a later
    /// sample refuted is none.
    /// </summary>
    private static bool IsControlledFrom(TreatedLine line, int days)
    {
        foreach (var at in line.Response.Assessments)
        {
            if (at.Level == ResponseLevel.Progressive)
                return false;
            if (at.Level >= ResponseLevel.Stable && DaySpan.Between(line.FirstDose, at.Date).Min >= days)
                return true;
        }

        return false;
    }
}
