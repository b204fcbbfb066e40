using FhirMyeloma.Clinical.Cases;

namespace FhirMyeloma.Clinical;

/// <summary>Runs all derivations on one case, in order. It cannot fail: "cannot say" is a result.</summary>
public static class Derivation
{
    /// <summary>Derives everything for one patient.</summary>
    public static DerivedCase Derive(MyelomaCase patient, DerivationPolicy policy) => throw new NotSupportedException();
}
