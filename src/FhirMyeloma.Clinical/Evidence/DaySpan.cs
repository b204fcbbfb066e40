namespace FhirMyeloma.Clinical.Evidence;

/// <summary>A number of calendar days between two dates, both ends included; exact when the ends are equal.</summary>
/// <param name="Min">The fewest days that the dates allow.</param>
/// <param name="Max">The most days that the dates allow.</param>
public readonly record struct DaySpan(int Min, int Max)
{
    /// <summary>The days from one date to another: the second's date minus the first's (R-WO-1), as a range when either is partial.</summary>
    public static DaySpan Between(ClinicalDate from, ClinicalDate to) =>
        new(to.First.DayNumber - from.Last.DayNumber, to.Last.DayNumber - from.First.DayNumber);

    /// <summary>The one number, when there is only one.</summary>
    public int? Days => Min == Max ? Min : null;
}
