using System.Collections.Immutable;
using FhirMyeloma.Clinical.Cases;
using FhirMyeloma.Clinical.Evidence;
using FhirMyeloma.Clinical.Lines;
using FhirMyeloma.Clinical.Response;

namespace FhirMyeloma.Mapping.Outbound;

/// <summary>Gathers the components of one result in the order given; what is not known is left out.</summary>
internal sealed class ComponentList
{
    private readonly ImmutableArray<Component>.Builder components = ImmutableArray.CreateBuilder<Component>(16);

    public ImmutableArray<Component> Done() => components.DrainToImmutable();

    public ComponentList Add(string code, ResultValue? value)
    {
        if (value is not null)
            components.Add(new(code, value));
        return this;
    }

    /// <summary>A code of the system that is named after the component.</summary>
    public ComponentList Add(string code, string? value) => Add(code, value is null ? null : ResultValue.Of(Systems.Of(code), value));

    public ComponentList Add(string code, int? value) => Add(code, value is { } known ? new ResultValue.Count(known) : null);

    public ComponentList Add(string code, bool? value) => Add(code, value is { } known ? new ResultValue.YesNo(known) : null);

    public ComponentList Add(string code, ClinicalDate? value) => Add(code, value is { } known ? new ResultValue.Day(known) : null);

    public ComponentList Add(string code, Drug? value) => Add(code, value is { } known ? ResultValue.Of(Systems.Drug, known.Code()) : null);

    /// <summary>A response category.</summary>
    public ComponentList Add(string code, ResponseLevel? value) =>
        Add(code, value is { } known ? new ResultValue.Coded([new(Systems.Response, known.Code(), known.Display())]) : null);

    /// <summary>Repeats the component for each code once, sorted.</summary>
    public ComponentList AddEach(string code, IEnumerable<string> values) => AddEach(code, Systems.Of(code), values);

    /// <summary>Repeats the component for each code of a system once, sorted.</summary>
    public ComponentList AddEach(string code, string system, IEnumerable<string> values)
    {
        foreach (var value in values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            components.Add(new(code, ResultValue.Of(system, value)));
        return this;
    }

    /// <summary>Repeats the component for each date, in time order.</summary>
    public ComponentList AddEachDay(string code, IEnumerable<ClinicalDate> dates)
    {
        foreach (var date in dates.Distinct().Order())
            components.Add(new(code, new ResultValue.Day(date)));
        return this;
    }

    /// <summary>The phases of a planned sequence, in time order.</summary>
    public ComponentList AddPhases(IEnumerable<TherapyPhase> phases)
    {
        foreach (var phase in phases.OrderBy(phase => phase.Start).ThenBy(phase => phase.Phase).Distinct())
            components.Add(new("phase", ResultValue.Of(Systems.Of("phase"), ResultCodes.Kebab(phase.Phase))));
        return this;
    }

    public ComponentList AddAbnormalities(IEnumerable<Abnormality> abnormalities)
    {
        foreach (var abnormality in abnormalities.Distinct().OrderBy(abnormality => abnormality.Code(), StringComparer.Ordinal))
            components.Add(new("abnormality", new ResultValue.Coded([new(Systems.Of("abnormality"), abnormality.Code(), abnormality.Display())])));
        return this;
    }

    public ComponentList Flags(IEnumerable<Flag> flags) => AddEach("flag", flags.Select(flag => flag.Code()));

    public ComponentList Missing(IEnumerable<MissingInput> missing) => AddEach("missing-input", missing.Select(ResultCodes.Snake));
}
