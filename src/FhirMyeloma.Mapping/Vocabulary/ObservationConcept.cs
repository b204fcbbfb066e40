using System.Collections.Frozen;
using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>What an Observation, or a component of one, is about; the words of lab-codes.csv and lab-names.csv.</summary>
internal enum ObservationConcept
{
    SerumMProtein, SerumMProteinBand1, SerumMProteinBand2, SerumMProteinBand3, SerumMProteinUnspecified,
    UrineMProtein24h, UrineMProteinConcentration, UrineVolume24h, UrineTotalProtein24h,
    FlcKappa, FlcLambda, FlcRatio,
    MarrowPlasmaCells, AberrantPlasmaCellsByFlow, CirculatingPlasmaCells,
    Beta2Microglobulin, Albumin, Ldh, Creatinine, Calcium, CalciumCorrected, Hemoglobin, IgG, IgA, IgM, TotalProtein,
    ImmunofixationSerum, ImmunofixationUrine, Immunofixation,
    MarrowClonality, Cytogenetics, GeneticVariant, Iss, RIss, R2Iss, StageGroup, Subtype,
    Mrd, MrdFlow, MrdSequencing, MrdMethod, MrdSensitivity,
    StatedResponse, DiseaseStatus, CyclesDocumented, LineStated, WashoutStated,
    LesionSpd, LesionLongestDiameter, NewLesion, Plasmacytoma, DrugBandResolution, Spurious,
    CauseOfDeath, DateOfDeath,
    /// <summary>Known, and read by no rule.</summary>
    KnownUnused,
    /// <summary>Looks like something that a rule reads and is not.</summary>
    Trap,
}

/// <summary>How a concept is measured.</summary>
internal static class ObservationConcepts
{
    private static readonly FrozenDictionary<ObservationConcept, Marker> Markers = new Dictionary<ObservationConcept, Marker>
    {
        [ObservationConcept.SerumMProtein] = Marker.SerumMProtein,
        [ObservationConcept.SerumMProteinBand1] = Marker.SerumMProtein,
        [ObservationConcept.SerumMProteinBand2] = Marker.SerumMProtein,
        [ObservationConcept.SerumMProteinBand3] = Marker.SerumMProtein,
        [ObservationConcept.SerumMProteinUnspecified] = Marker.SerumMProtein,
        [ObservationConcept.UrineMProtein24h] = Marker.UrineMProtein,
        [ObservationConcept.UrineTotalProtein24h] = Marker.UrineTotalProtein,
        [ObservationConcept.FlcKappa] = Marker.FlcKappa,
        [ObservationConcept.FlcLambda] = Marker.FlcLambda,
        [ObservationConcept.FlcRatio] = Marker.FlcRatio,
        [ObservationConcept.MarrowPlasmaCells] = Marker.MarrowPlasmaCells,
        [ObservationConcept.AberrantPlasmaCellsByFlow] = Marker.AberrantPlasmaCellsByFlow,
        [ObservationConcept.CirculatingPlasmaCells] = Marker.CirculatingPlasmaCells,
        [ObservationConcept.Beta2Microglobulin] = Marker.Beta2Microglobulin,
        [ObservationConcept.Albumin] = Marker.Albumin,
        [ObservationConcept.Ldh] = Marker.Ldh,
        [ObservationConcept.Creatinine] = Marker.Creatinine,
        [ObservationConcept.Calcium] = Marker.Calcium,
        [ObservationConcept.CalciumCorrected] = Marker.CalciumCorrected,
        [ObservationConcept.Hemoglobin] = Marker.Hemoglobin,
        [ObservationConcept.IgG] = Marker.IgG,
        [ObservationConcept.IgA] = Marker.IgA,
        [ObservationConcept.IgM] = Marker.IgM,
        [ObservationConcept.TotalProtein] = Marker.TotalProtein,
    }.ToFrozenDictionary();

    /// <summary>The marker that the concept measures; null when it is not a number.</summary>
    public static Marker? MarkerOf(this ObservationConcept concept) => Markers.TryGetValue(concept, out var marker) ? marker : null;

    /// <summary>Number of the band; null when the concept is no single band.</summary>
    public static int? Band(this ObservationConcept concept) => concept switch
    {
        ObservationConcept.SerumMProteinBand1 => 1,
        ObservationConcept.SerumMProteinBand2 => 2,
        ObservationConcept.SerumMProteinBand3 => 3,
        _ => null,
    };

    /// <summary>A result of the monoclonal protein, light chains or immunofixation is evidence of myeloma (contract section 3).</summary>
    public static bool IsMyelomaEvidence(this ObservationConcept concept) => concept is
        ObservationConcept.SerumMProtein or ObservationConcept.SerumMProteinBand1 or ObservationConcept.SerumMProteinBand2
        or ObservationConcept.SerumMProteinBand3 or ObservationConcept.SerumMProteinUnspecified
        or ObservationConcept.UrineMProtein24h or ObservationConcept.UrineMProteinConcentration
        or ObservationConcept.FlcKappa or ObservationConcept.FlcLambda or ObservationConcept.FlcRatio
        or ObservationConcept.ImmunofixationSerum or ObservationConcept.ImmunofixationUrine or ObservationConcept.Immunofixation;
}
