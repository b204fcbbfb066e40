using System.Collections;
using FhirMyeloma.R4.Elements;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>The environment variables of the specification (chapter 9) and of FHIR, those of the context, and those of <c>defineVariable</c>.</summary>
internal static class Variables
{
    private static readonly string[] Own = ["context", "resource", "rootResource", "ucum", "sct", "loinc"];

    public static bool IsReserved(string name) => Own.Contains(name, StringComparer.Ordinal);

    public static Collection Find(Variable variable, Evaluator evaluator, Frame frame)
    {
        switch (variable.Name)
        {
            case "resource":
                return new(Item.Of(evaluator.Resource));
            case "context":
                return new(evaluator.Focus);
            case "rootResource":
                return new(Item.Of(evaluator.RootResource));
            case "ucum":
                return Collection.Of("http://unitsofmeasure.org");
            case "sct":
                return Collection.Of("http://snomed.info/sct");
            case "loinc":
                return Collection.Of("http://loinc.org");
        }
        for (var defined = frame.Variables; defined is not null; defined = defined.Before)
        {
            if (defined.Name == variable.Name)
                return defined.Value;
        }
        if (evaluator.Context.Variables.TryGetValue(variable.Name, out var value))
            return Of(value, variable);
        if (variable.Name.StartsWith("vs-", StringComparison.Ordinal))
            return Collection.Of("http://hl7.org/fhir/ValueSet/" + variable.Name[3..]);
        if (variable.Name.StartsWith("ext-", StringComparison.Ordinal))
            return Collection.Of("http://hl7.org/fhir/StructureDefinition/" + variable.Name[4..]);
        if (variable.Name == Factory.VariableName)
            return new(Item.Of(Factory.Type));
        throw new FhirPathException($"There is no variable %{variable.Name}; known are {string.Join(", ", Own.Select(name => "%" + name))}, %vs-[name], %ext-[name] and those that the caller gives", variable.Position);
    }

    private static Collection Of(object? value, Variable variable)
    {
        if (value is not IEnumerable sequence || value is string)
            return new(ItemOf(value, variable));
        var items = new CollectionBuilder();
        foreach (var item in sequence)
            items.Add(ItemOf(item, variable));
        return items.Build();
    }

    private static Item ItemOf(object? value, Variable variable) => value switch
    {
        null => default,
        Element element => Item.Of(element),
        string text => Item.Of(text),
        bool truth => Item.Of(truth),
        int whole => Item.Of(whole),
        long whole => Item.OfLong(whole),
        decimal number => Item.Of(number),
        _ => throw new FhirPathException($"The variable %{variable.Name} has a value of a kind that FHIRPath does not know; give an Element, string, bool, int, long or decimal", variable.Position),
    };
}
