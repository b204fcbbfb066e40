using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace FhirMyeloma.R4.Ucum;

/// <summary>Whether a code is UCUM, and if not, why and what was probably meant. Immutable; verdicts on frequent codes are remembered.</summary>
public sealed class UcumVerdict
{
    private readonly UcumFault? fault;
    private readonly byte[] key;

    private UcumVerdict(string code, byte[] key)
    {
        Code = code;
        this.key = key;
        List<string> atoms = [];
        if (UcumParser.Parse(code, atoms, out fault) is { } term)
            Unit = new(code, term, [.. atoms]);
    }

    /// <summary>The code as written.</summary>
    public string Code { get; }

    /// <summary>The unit; null when the code is not UCUM.</summary>
    public UcumUnit? Unit { get; }

    /// <summary>True when the code is UCUM.</summary>
    [MemberNotNullWhen(true, nameof(Unit))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsValid => Unit is not null;

    /// <summary>What is wrong, as the end of a sentence; null when nothing is.</summary>
    public string? Reason => Unit is not null ? null : fault?.Reason ?? "not a unit of UCUM";

    /// <summary>The character of the code at which the fault shows, from 1; 0 when there is none.</summary>
    public int Position => fault?.Position ?? 0;

    /// <summary>The code that was probably meant: other case, a usual abbreviation, a misplaced bracket. Null when nothing can be guessed safely.</summary>
    public string? Suggestion => IsValid ? null : UcumSpelling.Repair(Code);

    /// <summary>The fault and its repair as one sentence, without its full stop; null when there is none.</summary>
    public string? Message
    {
        get
        {
            if (IsValid)
                return null;
            var shown = Issues.Suggestion.Shown(Code);
            return Suggestion is { } meant ? $"'{shown}' is not UCUM; did you mean '{meant}'?"
                : Code.Length is 0 or > UcumParser.MaxLength ? $"'{shown}' is not UCUM: {Reason}"
                : $"'{shown}' is not UCUM: {Reason} (at character {Position})";
        }
    }

    /// <summary>The verdict on a code.</summary>
    public static UcumVerdict Of(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (code.Length > UcumParser.MaxLength)
            return new(code, []);
        Span<byte> utf8 = stackalloc byte[UcumParser.MaxLength * 3];
        return Of(utf8[..Encoding.UTF8.GetBytes(code, utf8)]);
    }

    /// <summary>The verdict on a code in UTF-8. Allocates nothing for a code that was asked before and is still remembered.</summary>
    public static UcumVerdict Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > UcumParser.MaxLength)
            return new(Encoding.UTF8.GetString(utf8), []);
        var first = Slot(utf8);
        var free = -1;
        for (var way = 0; way < Ways; way++)
        {
            var at = (first + way) & (Slots - 1);
            var known = Volatile.Read(ref Remembered[at]);
            if (known is null)
                free = free < 0 ? at : free;
            else if (utf8.SequenceEqual(known.key))
                return known;
        }
        var verdict = new UcumVerdict(Encoding.UTF8.GetString(utf8), utf8.ToArray());
        // Full: the newest goes where the oldest of the four may be. Codes come from outside, so the table never grows.
        Volatile.Write(ref Remembered[free >= 0 ? free : (first + (Interlocked.Increment(ref replaced) & (Ways - 1))) & (Slots - 1)], verdict);
        return verdict;
    }

    private const int Slots = 4096;
    private const int Ways = 4;
    private static readonly UcumVerdict?[] Remembered = new UcumVerdict?[Slots];
    private static int replaced;

    private static int Slot(ReadOnlySpan<byte> utf8)
    {
        unchecked
        {
            var hash = (ulong)utf8.Length;
            for (; utf8.Length >= 8; utf8 = utf8[8..])
                hash = (hash ^ MemoryMarshal.Read<ulong>(utf8)) * 0x9E3779B97F4A7C15UL;
            foreach (var letter in utf8)
                hash = (hash ^ letter) * 0xC2B2AE3D27D4EB4FUL;
            return (int)(hash >> 40) & (Slots - 1);
        }
    }
}
