using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Mapping.Vocabulary;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.Mapping.Inbound;

/// <summary>A number as sent: a range in the sender's unit.</summary>
/// <param name="Value">Value or range before conversion.</param>
/// <param name="System">System of the coded unit.</param>
/// <param name="Code">Coded unit.</param>
/// <param name="Unit">Unit for people.</param>
/// <param name="Remark">Text behind the unit.</param>
internal readonly record struct SentNumber(Reading Value, string? System, string? Code, string? Unit, string Remark = "");

/// <summary>A number in the unit of its marker.</summary>
internal readonly record struct MarkerNumber(Reading Value, bool HasUnit, string? UnitAsSent, string Remark);

/// <summary>Numbers of results: quantity, text, integer, range or ratio, with their units brought to the marker's (R-UNIT-1 to R-UNIT-6).</summary>
internal static class NumberReadings
{
    // No unit is longer; looking for one at every blank of a long text would cost the square of its length.
    private const int LongestUnit = 64;

    /// <summary>The number of a value; null when it is none, or cannot be used, which is then reported unless the value is words.</summary>
    /// <param name="intake">Where to report.</param>
    /// <param name="value">An element value[x].</param>
    /// <param name="isWords">True when the value is text without a number.</param>
    public static SentNumber? Sent(Intake intake, Element value, out bool isWords)
    {
        isWords = false;
        switch (value.TypeName)
        {
            case "Quantity" or "SimpleQuantity" or "Age" or "Count" or "Duration":
                if (value["value"].Decimal is not { } number)
                {
                    intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, "The quantity has no number that can be used.", value);
                    return null;
                }
                return new(Range(value["comparator"].Text, number), value["system"].Text, value["code"].Text, value["unit"].Text);
            case "integer" or "decimal" or "positiveInt" or "unsignedInt":
                return value.Decimal is { } plain ? new(Reading.Exact(plain), null, null, null) : null;
            case "string":
                return OfText(intake, value, value.Text ?? "", out isWords);
            case "CodeableConcept":
                isWords = true;
                return value["coding"].Exists || value["text"].Text is not { } text ? null : OfText(intake, value, text, out isWords);
            case "Range":
                return OfRange(intake, value);
            case "Ratio":
                var (above, below) = (value["numerator"]["value"].Decimal, value["denominator"]["value"].Decimal);
                var sameUnit = string.Equals(value["numerator"]["code"].Text ?? value["numerator"]["unit"].Text, value["denominator"]["code"].Text ?? value["denominator"]["unit"].Text, StringComparison.Ordinal);
                if (above is { } top && below is > 0 and var bottom && sameUnit && (Ratio.Of(top) / Ratio.Of(bottom)).ToDecimal() is { } ratio)
                    return new(Reading.Exact(ratio), null, "1", null);
                intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, "The ratio cannot be used as a value.", value);
                return null;
            default:
                intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, $"A value of type {value.TypeName} is not understood here.", value);
                return null;
        }
    }

    /// <summary>Brings a number to the unit of a marker; null when the unit forbids it, which is reported.</summary>
    public static MarkerNumber? ToMarker(Intake intake, Marker marker, SentNumber sent, Element at)
    {
        var use = Units.Use(marker, sent.System, sent.Code, sent.Unit);
        var remark = sent.Remark;
        if (use.Fault == UnitFault.Unknown && sent.Code is null && sent.Unit is { } text && SplitUnit(marker, text) is { } split)
            (use, remark) = split;
        var shown = sent.Code ?? sent.Unit;
        var isFlc = marker is Marker.FlcKappa or Marker.FlcLambda;
        switch (use.Fault)
        {
            case UnitFault.Missing:
                intake.Warn(MappingIssues.UnitMissing, IssueType.Required,
                    isFlc ? "A free light chain without unit serves only a ratio of its own report (R-UNIT-3)." : $"A {Name(marker)} without unit cannot be used (R-UNIT-3).", at);
                return isFlc ? new(sent.Value, false, null, remark) : null;
            case UnitFault.Unknown:
                intake.Warn(MappingIssues.UnmappedUnit, IssueType.CodeInvalid, $"The unit '{Short(shown)}' is neither UCUM nor a known spelling, so the {Name(marker)} cannot be used{(use.Hint is null ? "" : $": {use.Hint}")}.", at, $"{sent.System}|{shown}");
                return isFlc ? new(sent.Value, false, shown, remark) : null;
            case UnitFault.NotCommensurable:
                intake.Warn(MappingIssues.UnitNotConvertible, IssueType.BusinessRule, $"The unit '{Short(shown)}' cannot be converted to {Units.Of(marker)}, so the {Name(marker)} cannot be used{(use.Hint is null ? "" : $": {use.Hint}")}.", at, $"{sent.System}|{shown}");
                return null;
            case UnitFault.None:
                break;
        }
        if (Convert(sent.Value, use.Factor) is not { } value)
        {
            intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, "The number is too large to be converted.", at);
            return null;
        }
        if (value.Low < 0 || (value.High is { } high && high < 0) || (Units.Of(marker) is "%" && value.Low > 100))
        {
            intake.Warn(MappingIssues.ValueImplausible, IssueType.Value, $"The {Name(marker)} cannot have this value; it is not used.", at);
            return null;
        }
        if (use.FromSpelling)
            intake.Inform(MappingIssues.UnitBySpelling, $"The unit '{Short(shown)}' is read as {use.Ucum}; send the UCUM code.", at, $"{sent.System}|{shown}");
        if (use.ByMolarMass)
            intake.Inform(MappingIssues.UnitByMolarMass, $"{Capital(Name(marker))} in '{Short(shown)}' is converted to {Units.Of(marker)} by its molar mass.", at);
        return new(value, true, shown, remark);
    }

    /// <summary>Multiplies both ends exactly; null when a decimal cannot hold the result. Trailing zeros fall off, so that the unit of the sender leaves no trace.</summary>
    public static Reading? Convert(Reading value, Ratio factor)
    {
        if (factor == Ratio.One)
            return value with { Low = Plain(value.Low), High = value.High is { } end ? Plain(end) : null };
        if ((Ratio.Of(value.Low) * factor).ToDecimal() is not { } low)
            return null;
        if (value.High is not { } high)
            return value with { Low = low };
        return (Ratio.Of(high) * factor).ToDecimal() is { } top ? value with { Low = low, High = top } : null;
    }

    // Division by 1.000… drops trailing zeros and nothing else.
    private static decimal Plain(decimal value) => value / 1.0000000000000000000000000000m;

    /// <summary>The interval of a comparator (R-UNIT-6).</summary>
    public static Reading Range(string? comparator, decimal number) => comparator switch
    {
        "<" => Reading.LessThan(number),
        "<=" => Reading.AtMost(number),
        ">" => Reading.MoreThan(number),
        ">=" => Reading.AtLeast(number),
        _ => Reading.Exact(number),
    };

    /// <summary>The marker in words, for issues.</summary>
    public static string Name(Marker marker) => marker switch
    {
        Marker.SerumMProtein => "serum M-protein",
        Marker.UrineMProtein => "urine M-protein",
        Marker.FlcKappa => "free kappa",
        Marker.FlcLambda => "free lambda",
        Marker.FlcRatio => "free light chain ratio",
        Marker.MarrowPlasmaCells => "marrow plasma cell percentage",
        Marker.AberrantPlasmaCellsByFlow => "aberrant plasma cell percentage",
        Marker.CirculatingPlasmaCells => "count of circulating plasma cells",
        Marker.Beta2Microglobulin => "beta-2 microglobulin",
        Marker.Albumin => "albumin",
        Marker.Ldh => "LDH",
        Marker.Creatinine => "creatinine",
        Marker.Calcium => "calcium",
        Marker.CalciumCorrected => "corrected calcium",
        Marker.Hemoglobin => "haemoglobin",
        Marker.IgG => "IgG",
        Marker.IgA => "IgA",
        Marker.IgM => "IgM",
        Marker.TotalProtein => "total protein",
        Marker.UrineTotalProtein => "urine total protein",
    };

    private static SentNumber? OfText(Intake intake, Element value, string text, out bool isWords)
    {
        var written = NumberText.Read(text);
        isWords = written.Reading == NumberReading.None;
        if (written.Reading == NumberReading.Ambiguous)
            intake.Warn(MappingIssues.NumberAmbiguous, IssueType.Value, "One separator before three digits may group or mark the decimals; the number is not guessed (R-UNIT-4). Send a Quantity.", value);
        return written.Reading != NumberReading.Clear ? null
            : new(Range(written.Comparator, written.Value), null, null, written.Rest.Length == 0 ? null : written.Rest);
    }

    private static SentNumber? OfRange(Intake intake, Element value)
    {
        var (low, high) = (value["low"], value["high"]);
        var unit = low["code"].Exists || low["unit"].Exists ? low : high;
        var mixed = low.Exists && high.Exists && !string.Equals(low["code"].Text ?? low["unit"].Text, high["code"].Text ?? high["unit"].Text, StringComparison.Ordinal);
        if (mixed || (low["value"].Decimal is null && high["value"].Decimal is null) || low["value"].Decimal > high["value"].Decimal)
        {
            intake.Warn(MappingIssues.ValueNotUnderstood, IssueType.Value, "The range cannot be used: its ends are missing, reversed or in different units.", value);
            return null;
        }
        return new(new(low["value"].Decimal ?? 0, true, high["value"].Decimal, high["value"].Decimal is not null), unit["system"].Text, unit["code"].Text, unit["unit"].Text);
    }

    // "g/dL (IgG kappa)", "g/dL, banda IgG kappa": the unit is what stands before the remark.
    private static (UnitUse Use, string Remark)? SplitUnit(Marker marker, string text)
    {
        for (var at = Math.Min(text.Length - 1, LongestUnit); at > 0; at--)
        {
            if (text[at] is not (' ' or '(' or ',' or ';' or '.'))
                continue;
            var use = Units.Use(marker, null, null, text[..at].TrimEnd(' ', '(', ',', ';', '.'));
            if (use.Fault == UnitFault.None && use.Ucum is not "1")
                return (use, text[at..].Trim(' ', '(', ')', ',', ';', '.'));
        }
        return null;
    }

    private static string Short(string? unit) => unit is null ? "" : unit.Length > 30 ? unit[..30] + "…" : unit;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
