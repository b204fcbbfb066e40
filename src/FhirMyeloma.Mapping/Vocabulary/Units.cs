using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.Mapping.Vocabulary;

/// <summary>Why a unit cannot be used.</summary>
internal enum UnitFault
{
    /// <summary>It can.</summary>
    None,
    /// <summary>None was sent (R-UNIT-3).</summary>
    Missing,
    /// <summary>Not UCUM and not in the table of spellings.</summary>
    Unknown,
    /// <summary>UCUM, but of another kind of quantity.</summary>
    NotCommensurable,
}

/// <summary>A unit as it applies to a marker.</summary>
/// <param name="Factor">Multiplies a value to give the marker's unit.</param>
/// <param name="Fault">Why it cannot be used; then Factor is 1.</param>
/// <param name="Ucum">The UCUM code that was understood; null when none.</param>
/// <param name="FromSpelling">True when the unit was understood from its spelling, not from a UCUM code.</param>
/// <param name="ByMolarMass">True when moles were turned into grams.</param>
/// <param name="Hint">What the sender probably meant, or what is wrong; null for none.</param>
internal sealed record UnitUse(Ratio Factor, UnitFault Fault, string? Ucum, bool FromSpelling = false, bool ByMolarMass = false, string? Hint = null);

/// <summary>The markers' units (R-UNIT-1) and the way to them.</summary>
internal static class Units
{
    /// <summary>Grams per mole where moles are accepted. Creatinine C4H7N3O, calcium; albumin by its mean mass.</summary>
    private static decimal? MolarMass(Marker marker) => marker switch
    {
        Marker.Creatinine => 113.12m,
        Marker.Calcium or Marker.CalciumCorrected => 40.078m,
        Marker.Albumin => 66_437m,
        _ => null,
    };

    /// <summary>The unit of a marker as UCUM code; <c>1</c> for the ratio.</summary>
    public static string Of(Marker marker) => marker switch
    {
        Marker.SerumMProtein or Marker.Albumin or Marker.Hemoglobin or Marker.TotalProtein => "g/dL",
        Marker.UrineMProtein or Marker.UrineTotalProtein => "mg/(24.h)",
        Marker.FlcKappa or Marker.FlcLambda or Marker.Beta2Microglobulin => "mg/L",
        Marker.FlcRatio => "1",
        Marker.MarrowPlasmaCells or Marker.AberrantPlasmaCellsByFlow => "%",
        Marker.CirculatingPlasmaCells => "/uL",
        Marker.Ldh => "U/L",
        Marker.Creatinine or Marker.Calcium or Marker.CalciumCorrected or Marker.IgG or Marker.IgA or Marker.IgM => "mg/dL",
    };

    /// <summary>How a value of a marker is brought to the marker's unit.</summary>
    /// <param name="marker">The marker.</param>
    /// <param name="system">System of the coded unit, null when none.</param>
    /// <param name="code">Coded unit, null when none.</param>
    /// <param name="text">Unit as written for people, null when none.</param>
    public static UnitUse Use(Marker marker, string? system, string? code, string? text) =>
        Use(Of(marker), MolarMass(marker), marker == Marker.Ldh, system, code, text);

    /// <summary>As <see cref="Use(Marker, string?, string?, string?)"/> for a length or an area.</summary>
    public static UnitUse Use(string target, string? system, string? code, string? text) => Use(target, null, isEnzyme: false, system, code, text);

    private static UnitUse Use(string target, decimal? molarMass, bool isEnzyme, string? system, string? code, string? text)
    {
        var isUcum = code is not null && (system is null || CodeSystems.Key(system) is CodeSystems.Ucum);
        if (isUcum && string.Equals(code, target, StringComparison.Ordinal))
            return new(Ratio.One, UnitFault.None, target);
        if (string.IsNullOrWhiteSpace(isUcum ? code : text ?? code))
            return target is "1" ? new(Ratio.One, UnitFault.None, "1") : new(Ratio.One, UnitFault.Missing, null);
        return isUcum ? OfCode(code!, target, molarMass, isEnzyme) : OfText((text ?? code)!, target, molarMass, isEnzyme);
    }

    private static UnitUse OfCode(string code, string target, decimal? molarMass, bool isEnzyme)
    {
        if (UcumUnit.TryParse(code, out var unit, out var reason))
            return Convert(unit, target, molarMass, isEnzyme, fromSpelling: false);
        // "mg/24h" is no UCUM, but can mean only one thing.
        return UnitSpelling.Find(code) is { } spelled ? Convert(UcumUnit.Parse(spelled), target, molarMass, isEnzyme, fromSpelling: true)
            : new(Ratio.One, UnitFault.Unknown, null, Hint: reason);
    }

    private static UnitUse OfText(string text, string target, decimal? molarMass, bool isEnzyme)
    {
        var trimmed = text.Trim();
        if (UcumUnit.TryParse(trimmed, out var unit, out _) && Convert(unit, target, molarMass, isEnzyme, fromSpelling: true) is { Fault: UnitFault.None } use)
            return use with { FromSpelling = true };
        if (UnitSpelling.Find(trimmed) is { } spelled)
            return Convert(UcumUnit.Parse(spelled), target, molarMass, isEnzyme, fromSpelling: true);
        return unit is not null ? Convert(unit, target, molarMass, isEnzyme, fromSpelling: true) : new(Ratio.One, UnitFault.Unknown, null);
    }

    private static UnitUse Convert(UcumUnit unit, string target, decimal? molarMass, bool isEnzyme, bool fromSpelling)
    {
        var wanted = UcumUnit.Parse(target);
        if (unit.FactorTo(wanted) is { } factor)
            return new(factor, UnitFault.None, unit.Code, fromSpelling);
        if (molarMass is { } mass && unit.Atoms.Contains("mol", StringComparer.Ordinal) && unit.FactorTo(UcumUnit.Parse("mol/dL")) is { } moles)
        {
            var grams = moles * Ratio.Of(mass) * UcumUnit.Parse("g/dL").FactorTo(wanted)!.Value;
            return new(grams, UnitFault.None, unit.Code, fromSpelling, ByMolarMass: true);
        }
        // An international unit of an enzyme is 1 umol/min by definition; UCUM keeps it apart because of all other international units.
        if (isEnzyme && unit.FactorTo(UcumUnit.Parse("[iU]/L")) is { } units)
            return new(units, UnitFault.None, unit.Code, FromSpelling: true);
        return new(Ratio.One, UnitFault.NotCommensurable, unit.Code, fromSpelling, Hint: Hint(unit, target));
    }

    private static string? Hint(UcumUnit unit, string target) => target switch
    {
        "mg/(24.h)" when unit.Code.Contains("24.h", StringComparison.Ordinal) =>
            $"in UCUM this multiplies by 24 h; write '{unit.Code.Replace("/24.h", "/(24.h)", StringComparison.Ordinal)}'",
        "mg/(24.h)" when unit.IsCommensurableWith(UcumUnit.Parse("g/L")) => "a concentration needs the volume of the 24-hour collection",
        _ when unit.Atoms.Contains("mol", StringComparer.Ordinal) => "moles are converted for creatinine, calcium and albumin only",
        _ when UnitSpelling.Find(unit.Code) is { } meant && UcumUnit.Parse(meant).IsCommensurableWith(UcumUnit.Parse(target)) => $"UCUM distinguishes capitals; write '{meant}'",
        _ => null,
    };
}
