using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;

namespace FhirMyeloma.Clinical.Staging;

/// <summary>
/// What the record says of each abnormality. Found in any result: found. Tested and absent, or not named by a report of the whole result: absent.
/// Otherwise unknown.
/// </summary>
internal sealed class Cytogenetics
{
    private readonly ImmutableArray<CytogeneticFinding> _findings;
    private readonly ImmutableArray<CytogeneticReport> _reports;

    /// <param name="diagnosis">The record's findings.</param>
    /// <param name="window">When given, only results of the window and undated ones count; a later clone is not the disease at diagnosis.</param>
    public Cytogenetics(Diagnosis diagnosis, DiagnosisWindow? window = null)
    {
        bool Counts(ClinicalDate? date) => window is null || date is not { } day || window.Holds(day);
        _findings = [.. diagnosis.Cytogenetics.Where(finding => Counts(finding.Date))];
        _reports = [.. diagnosis.CytogeneticReports.Where(report => Counts(report.Date))];
    }

    /// <summary>Is any of these abnormalities there?</summary>
    public Tri Has(params ReadOnlySpan<Abnormality> any)
    {
        var result = Tri.NotMet;
        foreach (var abnormality in any)
            result |= HasOne(abnormality);
        return result;
    }

    /// <summary>Does a result say that this very abnormality is absent?</summary>
    public bool RulesOut(Abnormality abnormality) => Stated(abnormality) is { IsNotMet: true };

    /// <summary>The results that speak of any of these abnormalities, the reports of a whole result included.</summary>
    public ImmutableArray<Fact> Facts(params ReadOnlySpan<Abnormality> any)
    {
        var facts = ImmutableArray.CreateBuilder<Fact>();
        foreach (var finding in _findings)
        {
            if (any.Contains(finding.Abnormality))
                facts.Add(new(finding.Source, finding.Date));
        }
        if (!Has(any).IsMet)
            facts.AddRange(_reports.Select(report => new Fact(report.Source, report.Date)));
        return facts.ToImmutable();
    }

    /// <summary>The abnormalities found among these, in the order of the enumeration.</summary>
    public ImmutableArray<Abnormality> Found(IReadOnlyCollection<Abnormality> among) =>
        [.. _findings.Where(finding => finding.Present.IsMet && among.Contains(finding.Abnormality)).Select(finding => finding.Abnormality).Distinct().Order()];

    /// <summary>Do at least so many per cent of the cells carry the abnormality? A result without fraction yields to one with it.</summary>
    public Tri InAtLeast(decimal percent, Abnormality abnormality) =>
        _findings
            .Where(finding => finding.Abnormality == abnormality && finding.Present.IsMet)
            .Select(finding => finding.ClonalFraction)
            .OfType<Reading>()
            .Select(fraction => fraction.IsAtLeast(percent))
            .Aggregate((Tri?)null, (any, one) => any is { } before ? before | one : one) ?? Tri.Unknown;

    private Tri HasOne(Abnormality abnormality)
    {
        var stated = Stated(abnormality);
        return stated is { } result ? result : _reports.IsEmpty ? Implied(abnormality) : Tri.NotMet;
    }

    private Tri? Stated(Abnormality abnormality) =>
        _findings
            .Where(finding => finding.Abnormality == abnormality)
            .Select(finding => finding.Present)
            .Aggregate((Tri?)null, (any, one) => any is { } before ? before | one : one);

    /// <summary>What another probe's result says: without a gain there is no amplification, without a deletion none of a part or of both alleles.</summary>
    private Tri Implied(Abnormality abnormality) => abnormality switch
    {
        Abnormality.Amp1q when Stated(Abnormality.Gain1q) is { IsNotMet: true } => Tri.NotMet,
        Abnormality.Del1p32 when Stated(Abnormality.Del1pUnspecified) is { IsNotMet: true } => Tri.NotMet,
        Abnormality.Del1p32Biallelic when HasOne(Abnormality.Del1p32).IsNotMet => Tri.NotMet,
        Abnormality.NonHyperdiploid when Stated(Abnormality.Hyperdiploid) is { IsMet: true } => Tri.NotMet,
        _ => Tri.Unknown,
    };
}
