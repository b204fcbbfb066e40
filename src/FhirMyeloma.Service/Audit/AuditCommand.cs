using System.CommandLine;
using FhirMyeloma.Store;
using FhirMyeloma.Store.Audit;

namespace FhirMyeloma.Service.Audit;

/// <summary>Follows the chain of the audit, also while the service runs.</summary>
internal static class AuditCommand
{
    public const int Whole = 0;
    public const int Broken = 1;

    /// <summary>The command <c>audit verify</c>.</summary>
    /// <param name="options">Options that say which store is meant.</param>
    /// <param name="open">Opens that store.</param>
    public static Command Command(IEnumerable<Option> options, Func<ParseResult, FhirStore> open)
    {
        var head = new Option<string>("--head") { Description = "A head that was printed before and written down elsewhere: shows rows that were cut off or written anew since.", HelpName = "NUMBER:HASH" };
        var verify = new Command("verify", "Follow the chain of the audit from its first row and print its head, or the first row that is not as it was written.") { head };
        foreach (var option in options)
            verify.Options.Add(option);
        verify.SetAction(parsed =>
        {
            try
            {
                using var store = open(parsed);
                return Verify(store, parsed.GetValue(head), Console.Out, Console.Error);
            }
            catch (Exception fault) when (fault is StoreException or IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"audit verify: {fault.Message}");
                return Broken;
            }
        });
        return new("audit", "Who did what: rows that are added and never changed, each with the hash of the one before.") { verify };
    }

    /// <summary>Prints the head, or the first broken row.</summary>
    public static int Verify(FhirStore store, string? head, TextWriter output, TextWriter errors)
    {
        AuditHead? known = null;
        if (head is not null && (known = AuditHead.Parse(head)) is null)
        {
            errors.WriteLine("audit verify: --head is a number, a colon and 64 hexadecimal digits, as this command prints it.");
            return Broken;
        }

        var verdict = store.Audit.Verify(known);
        if (verdict.Broken is { } broken)
        {
            errors.WriteLine($"audit verify: row {broken} is not as it was written, or is missing. All up to {verdict.Head} are.");
            return Broken;
        }

        output.WriteLine(verdict.Head);
        return Whole;
    }
}
