using System.Collections.Frozen;
using FhirMyeloma.R4.Profiles;
using FhirMyeloma.Store.Engines;

namespace FhirMyeloma.Store;

/// <summary>The numbers under which this store keeps the resource types.</summary>
internal sealed class TypeNumbers
{
    private readonly FrozenDictionary<string, int> _numbers;
    private readonly FrozenDictionary<int, string> _names;

    private TypeNumbers(Dictionary<string, int> numbers)
    {
        _numbers = numbers.ToFrozenDictionary(StringComparer.Ordinal);
        _names = numbers.ToFrozenDictionary(static pair => pair.Value, static pair => pair.Key);
    }

    public int this[string type] => _numbers[type];

    public string this[int number] => _names[number];

    /// <summary>Gives numbers to the types that have none.</summary>
    public static TypeNumbers Register(StoreSession session) => new(ResourceTypes.All.ToDictionary(static type => type, type => session.Register("type:" + type), StringComparer.Ordinal));
}
