namespace FhirMyeloma.R4.Profiles;

/// <summary>Is a code in a value set? <c>default</c> is "cannot say": not knowing a terminology is no verdict.</summary>
internal enum Membership : byte
{
    CannotSay,
    In,
    Out,
}
