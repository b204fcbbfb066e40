using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;

namespace FhirMyeloma.R4.Json;

/// <summary>Bytes of FHIR JSON to elements, checked against the structure of R4 on the way, in one pass.</summary>
public static class FhirJsonReader
{
    /// <summary>
    /// Reads one resource. Never throws, whatever the bytes are, and never stops at the first fault: unreadable input gives
    /// no document and one fatal issue, anything else a document and every issue. The document keeps looking at
    /// <paramref name="utf8"/>, so the bytes must not change afterwards.
    /// </summary>
    public static ReadResult Read(ReadOnlyMemory<byte> utf8, ReadLimits? limits = null)
    {
        limits ??= ReadLimits.Default;
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (!Utf8.IsValid(utf8.Span))
            return Unreadable(utf8, FirstInvalid(utf8.Span), IssueCodes.NotUtf8, "The text is not UTF-8; send it in UTF-8 without any other encoding");
        if (LoneSurrogate(utf8.Span) is >= 0 and var lone)
            return Unreadable(utf8, lone, IssueCodes.NotUtf8, "A string escapes half of a surrogate pair, which is no character");

        var builder = new DocumentBuilder(utf8, limits);
        try
        {
            return builder.ReadDocument();
        }
        catch (UnreadableException fault)
        {
            return Unreadable(utf8, fault.Offset, fault.Code, fault.Message, fault.Expression);
        }
        catch (JsonException fault)
        {
            var offset = OffsetOf(utf8.Span, fault.LineNumber ?? 0, fault.BytePositionInLine ?? 0);
            return Unreadable(utf8, offset, IssueCodes.JsonSyntax, offset >= utf8.Length
                ? "The text ends before the JSON does"
                : "The text is not JSON: another character is expected");
        }
        finally
        {
            builder.Dispose();
        }
    }

    private static ReadResult Unreadable(ReadOnlyMemory<byte> utf8, int offset, string code, string text, string? expression = null)
    {
        var place = new PlaceFinder(utf8.Span).Find(offset);
        ImmutableArray<string> expressions = expression is null ? [] : [expression];
        var type = code == IssueCodes.TooDeep ? IssueType.TooCostly : IssueType.Structure;
        return new(null, [new Issue(IssueSeverity.Fatal, code, type, $"{text} (line {place.Line}, column {place.Column}).", expressions, place)]);
    }

    private static int OffsetOf(ReadOnlySpan<byte> utf8, long line, long byteInLine)
    {
        var start = 0;
        for (; line > 0 && utf8[start..].IndexOf((byte)'\n') is >= 0 and var end; line--)
            start += end + 1;
        return (int)Math.Min(utf8.Length, start + byteInLine);
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (at < utf8.Length && System.Text.Rune.DecodeFromUtf8(utf8[at..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            at += consumed;
        return at;
    }

    /// <summary>Offset of an escape such as <c>\ud83d</c> that is not half of a pair; -1 when there is none.</summary>
    private static int LoneSurrogate(ReadOnlySpan<byte> utf8)
    {
        for (var at = utf8.IndexOf((byte)'\\'); at >= 0 && at < utf8.Length;)
        {
            if (IsSurrogate(utf8, at, (byte)'8', (byte)'b'))
            {
                if (!IsSurrogate(utf8, at + 6, (byte)'c', (byte)'f'))
                    return at;
                at += 12;
            }
            else if (IsSurrogate(utf8, at, (byte)'c', (byte)'f'))
            {
                return at;
            }
            else
            {
                at += 2;
            }
            var next = at < utf8.Length ? utf8[at..].IndexOf((byte)'\\') : -1;
            at = next < 0 ? -1 : at + next;
        }
        return -1;
    }

    /// <summary>True for <c>\uDxYY</c> with x in the range, in either case.</summary>
    private static bool IsSurrogate(ReadOnlySpan<byte> utf8, int at, byte from, byte to) =>
        at + 6 <= utf8.Length && utf8[at] == '\\' && utf8[at + 1] == 'u' && (utf8[at + 2] | 0x20) == 'd'
        && (utf8[at + 3] | (utf8[at + 3] >= 'A' ? 0x20 : 0)) is var nibble && nibble >= from && nibble <= to;
}

/// <summary>Carries the reason why nothing can be read up to <see cref="FhirJsonReader"/>; never leaves it.</summary>
internal sealed class UnreadableException : Exception
{
    public UnreadableException()
    {
    }

    public UnreadableException(string message) : base(message)
    {
    }

    public UnreadableException(string message, Exception inner) : base(message, inner)
    {
    }

    public int Offset { get; init; }
    public string Code { get; init; } = IssueCodes.JsonSyntax;
    public string? Expression { get; init; }
}
