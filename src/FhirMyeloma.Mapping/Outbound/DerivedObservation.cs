using System.Collections.Immutable;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>One derived Observation before it becomes JSON: everything but the patient.</summary>
internal sealed record DerivedObservation
{
    public required ResultKind Kind { get; init; }

    /// <summary>The ruleset that decided and, for results of a line, the line ruleset; the first is part of the id.</summary>
    public required ImmutableArray<string> Rulesets { get; init; }

    /// <summary>Policies that decided it, as <c>name=value</c>; they stand in its Provenance.</summary>
    public ImmutableArray<string> Policies { get; init; } = [];

    /// <summary>What distinguishes it from others of its kind and ruleset; empty for one per patient.</summary>
    public required string RowKey { get; init; }

    /// <summary>The line that it belongs to; its <c>focus</c> unless it is that line itself. Null when none.</summary>
    public int? Line { get; init; }

    /// <summary>Drug or definition code: the last sorting key.</summary>
    public string SortKey { get; init; } = "";

    public bool Preliminary { get; init; }

    /// <summary>A single date; otherwise <see cref="Start"/> and <see cref="End"/> are a period.</summary>
    public ClinicalDate? Date { get; init; }

    public ClinicalDate? Start { get; init; }

    public ClinicalDate? End { get; init; }

    public required ResultValue Value { get; init; }

    public required ImmutableArray<Component> Components { get; init; }

    public required string Note { get; init; }

    public required ImmutableArray<SourceId> Sources { get; init; }
}

/// <summary>A component of a derived Observation.</summary>
internal readonly record struct Component(string Code, ResultValue Value);

/// <summary>A coding with the display that our tables give it.</summary>
internal sealed record CodedValue(string System, string Code, string? Display = null);

/// <summary>What an Observation or a component says.</summary>
internal abstract record ResultValue
{
    private ResultValue() { }

    public sealed record Coded(ImmutableArray<CodedValue> Codings) : ResultValue;

    public sealed record Amount(decimal Value, string Unit, string? Comparator = null) : ResultValue;

    public sealed record Between(decimal Low, decimal? High, string Unit) : ResultValue;

    public sealed record Count(int Value) : ResultValue;

    public sealed record YesNo(bool Value) : ResultValue;

    public sealed record Day(ClinicalDate Value) : ResultValue;

    public sealed record Absent(string Reason) : ResultValue;

    public static Absent Unknown { get; } = new("unknown");

    public static Absent NotApplicable { get; } = new("not-applicable");

    public static Coded Of(string system, string code) => new([new(system, code)]);

    /// <summary>A category with its NCI Thesaurus code beside it, for the value of a result.</summary>
    public static Coded Of(ResponseLevel level) =>
        new(level.Ncit() is { } ncit
            ? [new(Systems.Response, level.Code(), level.Display()), ncit]
            : [new(Systems.Response, level.Code(), level.Display())]);

    /// <summary>A measured value: exact, with a comparator, or a range.</summary>
    public static ResultValue Of(Reading reading, string unit) => reading switch
    {
        { Value: { } value } => new Amount(value, unit),
        { High: null } => new Amount(reading.Low, unit, reading.LowIncluded ? ">=" : ">"),
        { IsBelowLimit: true, High: { } high } => new Amount(high, unit, reading.HighIncluded ? "<=" : "<"),
        _ => new Between(reading.Low, reading.High, unit),
    };

    /// <summary>Days: one number when there is only one.</summary>
    public static ResultValue Of(DaySpan span) =>
        span.Days is { } days ? new Amount(days, "d") : new Between(span.Min, span.Max, "d");
}
