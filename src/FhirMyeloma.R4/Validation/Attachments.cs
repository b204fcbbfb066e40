using System.Buffers.Text;
using System.Globalization;
using FhirMyeloma.R4.Elements;
using FhirMyeloma.R4.Issues;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.Validation;

/// <summary>Attachment.size counts the bytes of the data before they became base64.</summary>
internal static class Attachments
{
    private static readonly int Data = WrittenInvariants.Slot(SchemaCatalog.R4.Find("Attachment")!.Structure, "data");
    private static readonly int Size = WrittenInvariants.Slot(SchemaCatalog.R4.Find("Attachment")!.Structure, "size");

    public static void Check(ValidationScope scope, in FhirTape tape, int index)
    {
        var (data, size) = (tape.Child(index, Data), tape.Child(index, Size));
        if (data < 0 || size < 0 || !Utf8Parser.TryParse(tape.Bytes(size), out long stated, out var read) || read != tape.Nodes[size].Length)
            return;
        var held = Bytes(tape.Utf8(data));
        if (held < 0 || held == stated || !scope.Issues.Wants(IssueSeverity.Error))
            return;
        scope.Issues.Add(IssueSeverity.Error, IssueCodes.AttachmentSize, IssueType.Value, new Element(scope.Document, index), string.Create(CultureInfo.InvariantCulture, $"size says {stated} bytes, but data holds {held}: correct or leave out size."));
    }

    /// <summary>Bytes that base64 stands for; -1 when it is none.</summary>
    private static long Bytes(ReadOnlySpan<byte> base64)
    {
        long symbols = 0;
        var padding = 0;
        foreach (var symbol in base64)
        {
            if (symbol is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                continue;
            symbols++;
            padding += symbol == '=' ? 1 : 0;
        }
        return symbols == 0 || symbols % 4 != 0 ? -1 : symbols / 4 * 3 - padding;
    }
}
