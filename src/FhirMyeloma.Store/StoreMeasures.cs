using System.Diagnostics.Metrics;

namespace FhirMyeloma.Store;

/// <summary>What the store measures of itself (meter <c>FhirMyeloma.Store</c>); nothing of it names a resource, a patient or a centre.</summary>
internal static class StoreMeasures
{
    private static readonly Meter _meter = new("FhirMyeloma.Store");

    /// <summary>Transactions by what became of them: <c>kept</c>, <c>repeated</c>, <c>refused</c>.</summary>
    public static Counter<long> Transactions { get; } = _meter.CreateCounter<long>("fhirmyeloma.store.transactions", null, "Transactions by what became of them");

    /// <summary>Versions that were written.</summary>
    public static Counter<long> Versions { get; } = _meter.CreateCounter<long>("fhirmyeloma.store.versions", null, "Versions of resources that were written");

    /// <summary>Plans that no longer held in their turn and were made again.</summary>
    public static Counter<long> PlannedAgain { get; } = _meter.CreateCounter<long>("fhirmyeloma.store.planned_again", null, "Plans that another change overtook, made again in their turn");

    /// <summary>Changes that wait for the writer, or that it is writing.</summary>
    public static UpDownCounter<long> Waiting { get; } = _meter.CreateUpDownCounter<long>("fhirmyeloma.store.waiting", null, "Changes that wait for the writer or are being written");

    /// <summary>How long a group of changes takes, its commit included.</summary>
    public static Histogram<double> Group { get; } = _meter.CreateHistogram<double>("fhirmyeloma.store.group.duration", "s", "Time to write a group of changes and to commit it");
}
