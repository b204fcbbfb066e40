using System.Text;
using FhirMyeloma.R4.Ucum;

namespace FhirMyeloma.R4.Profiles;

/// <summary>A value set that can be asked; see <see cref="ValueSets"/> for the kinds.</summary>
internal abstract class CodeSet
{
    /// <summary>Is the code in it? A null system means a bare code, as an element of type <c>code</c> has it.</summary>
    public abstract Membership Contains(string? system, string code);

    /// <summary>Codes to choose a suggestion from; empty when there is no list, and not always all of them.</summary>
    public virtual IEnumerable<string> Listed => [];
}

/// <summary>A set that the core definitions enumerate.</summary>
internal sealed class EnumeratedSet(ValueSet valueSet) : CodeSet
{
    public override Membership Contains(string? system, string code) =>
        (system is null ? valueSet.Codes.Find(Encoding.UTF8.GetBytes(code)) is not null : valueSet.Contains(system, code)) ? Membership.In : Membership.Out;

    public override IEnumerable<string> Listed => valueSet.AllCodes;
}

/// <summary>All codes of one system that another standard defines; a code is judged by syntax or by that standard's list.</summary>
internal sealed class SystemSet(string system, Func<string, bool> isCode) : CodeSet
{
    public override Membership Contains(string? codeSystem, string code) =>
        (codeSystem is null || codeSystem == system) && isCode(code) ? Membership.In : Membership.Out;

    public static SystemSet Languages { get; } = new(LanguageTags.System, LanguageTags.IsWellFormed);

    public static SystemSet MediaTypes { get; } = new(Profiles.MediaTypes.System, code => Profiles.MediaTypes.IsWellFormed(code));

    /// <summary>CapabilityStatement.format: "'xml', 'json' and 'ttl' are allowed" beside media types.</summary>
    public static SystemSet MediaTypesAndFormats { get; } =
        new(Profiles.MediaTypes.System, code => code is "json" or "xml" or "ttl" || Profiles.MediaTypes.IsWellFormed(code));

    public static SystemSet Currencies { get; } = new(Profiles.Currencies.System, code => Profiles.Currencies.Codes.Contains(code));

    public static SystemSet TimeZones { get; } = new(Profiles.TimeZones.System, code => Profiles.TimeZones.Names.Contains(code));

    public static SystemSet Units { get; } = new(UcumUnit.System, code => UcumUnit.TryParse(code, out _, out _));

    /// <summary>UCUM units of the dimension of one unit.</summary>
    public static SystemSet UnitsLike(string unit) =>
        new(UcumUnit.System, code => UcumUnit.TryParse(code, out var parsed, out _) && parsed.IsCommensurableWith(UcumUnit.Parse(unit)));

    /// <summary>The system's codes, where it is one of those that need no list; null for others.</summary>
    public static SystemSet? Of(string system) => system switch
    {
        LanguageTags.System => Languages,
        Profiles.MediaTypes.System => MediaTypes,
        Profiles.Currencies.System => Currencies,
        Profiles.TimeZones.System => TimeZones,
        UcumUnit.System => Units,
        _ => null,
    };

    /// <summary>The value sets of R4 that hold a whole such system; null for others.</summary>
    public static SystemSet? OfValueSet(string url) => url switch
    {
        "http://hl7.org/fhir/ValueSet/all-languages" => Languages,
        "http://hl7.org/fhir/ValueSet/mimetypes" => MediaTypesAndFormats,
        "http://www.rfc-editor.org/bcp/bcp13.txt" => MediaTypes,
        "http://hl7.org/fhir/ValueSet/currencies" => Currencies,
        "http://hl7.org/fhir/ValueSet/timezones" => TimeZones,
        "http://hl7.org/fhir/ValueSet/ucum-units" => Units,
        "http://hl7.org/fhir/ValueSet/all-time-units" => TimeUnits,
        "http://hl7.org/fhir/ValueSet/all-distance-units" => DistanceUnits,
        _ => null,
    };

    private static SystemSet TimeUnits { get; } = UnitsLike("s");

    private static SystemSet DistanceUnits { get; } = UnitsLike("m");
}
