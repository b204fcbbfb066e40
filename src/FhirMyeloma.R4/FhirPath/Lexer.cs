using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace FhirMyeloma.R4.FhirPath;

internal enum TokenKind
{
    End,
    Identifier,

    /// <summary>An identifier in backticks: never a keyword.</summary>
    Delimited,
    Symbol,
    String,
    Number,
    Long,
    Date,
    DateTime,
    Time,

    /// <summary><c>%name</c>; the text is the name.</summary>
    Variable,

    /// <summary><c>$this</c>, <c>$index</c>, <c>$total</c>; the text is without the dollar.</summary>
    Special,
}

/// <summary>A token; of strings and names the text is without quotes and escapes.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, Temporal? Temporal = null)
{
    public bool IsSymbol(string text) => Kind == TokenKind.Symbol && Text == text;

    public override string ToString() => Kind == TokenKind.End ? "the end" : $"'{Text}'";
}

/// <summary>Text to tokens (the grammar of FHIRPath 2.0 and the additions of 3.0).</summary>
internal sealed class Lexer(string text)
{
    /// <summary>Longer expressions do not occur; a limit spares us the proof that they do no harm.</summary>
    public const int LongestText = 262_144;

    private static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet(["div", "mod", "in", "contains", "is", "as", "and", "or", "xor", "implies", "true", "false"], StringComparer.Ordinal);

    private int at;

    /// <summary>Words that need backticks to be a name everywhere.</summary>
    public static bool IsReserved(string word) => Reserved.Contains(word);

    public List<Token> Read()
    {
        if (text.Length > LongestText)
            throw Fault($"The expression is longer than {LongestText} characters", 0);
        var tokens = new List<Token>();
        do
        {
            SkipBlanks();
            tokens.Add(Next());
        }
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        var start = at;
        if (at >= text.Length)
            return new(TokenKind.End, "", start);
        var character = text[at];
        if (char.IsAsciiLetter(character) || character == '_')
            return new(TokenKind.Identifier, Word(), start);
        if (char.IsAsciiDigit(character))
            return Number();
        switch (character)
        {
            case '\'':
                return new(TokenKind.String, Quoted('\'', "string"), start);
            case '`':
                return new(TokenKind.Delimited, Quoted('`', "name"), start);
            case '@':
                return DateOrTime();
            case '%':
                return VariableName();
            case '$':
                at++;
                return Word() is "this" or "index" or "total" ? new(TokenKind.Special, text[(start + 1)..at], start) : throw Fault("After $ only this, index and total are known", start);
        }
        var length = text.AsSpan(at) switch
        {
            ['<' or '>' or '!', '=', ..] => 2,
            ['!', '~', ..] => 2,
            _ when "()[]{}.,+-*/|&=~<>".Contains(character, StringComparison.Ordinal) => 1,
            _ => throw Fault($"The character '{character}' is not expected here", start),
        };
        at += length;
        return new(TokenKind.Symbol, text[start..at], start);
    }

    private void SkipBlanks()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (text.AsSpan(at).StartsWith("//"))
            {
                var end = text.AsSpan(at).IndexOfAny('\r', '\n');
                at = end < 0 ? text.Length : at + end;
            }
            else if (text.AsSpan(at).StartsWith("/*"))
            {
                var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end < 0 ? throw Fault("The comment is not closed; end it with */", at) : end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private string Word()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
            at++;
        return text[start..at];
    }

    private Token Number()
    {
        var start = at;
        Digits();
        var isWhole = true;
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit(text[at + 1]))
        {
            isWhole = false;
            at++;
            Digits();
        }
        var digits = text[start..at];
        if (isWhole && at < text.Length && text[at] == 'L' && (at + 1 == text.Length || !char.IsAsciiLetterOrDigit(text[at + 1])))
        {
            at++;
            return new(TokenKind.Long, digits, start);
        }
        return new(TokenKind.Number, digits, start);

        void Digits()
        {
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
        }
    }

    private Token DateOrTime()
    {
        var start = at++;
        var isTime = at < text.Length && text[at] == 'T';
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '-' or ':' or '+' or 'T' or 'Z' || text[at] == '.' && IsFraction()) && !IsOperator())
            at++;
        var literal = text.AsSpan(start + 1, at - start - 1);
        var (kind, value) = isTime ? (TokenKind.Time, Temporal.ParseTime(literal))
            : literal.Contains('T') ? (TokenKind.DateTime, Temporal.ParseDateTime(literal))
            : (TokenKind.Date, Temporal.ParseDate(literal));
        // The seconds of a literal end at 59.
        if (value is null || literal.Contains(":60", StringComparison.Ordinal))
            throw Fault(isTime ? "This is no time; write @Thh, @Thh:mm or @Thh:mm:ss" : "This is no date or dateTime; write @YYYY, @YYYY-MM, @YYYY-MM-DD or @YYYY-MM-DDThh:mm:ss with or without an offset", start);
        return new(kind, literal.ToString(), start, value);

        bool IsFraction() => text.AsSpan(start, at - start).Contains(':') && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]);

        // A sign belongs to a literal inside the date and before the hours of an offset.
        bool IsOperator() => text[at] is '+' or '-' && !(at + 2 < text.Length && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2])
            && (text.AsSpan(start, at - start).Contains('T') ? at + 3 < text.Length && text[at + 3] == ':' : text[at] == '-' && at - start is 5 or 8));
    }

    private Token VariableName()
    {
        var start = at++;
        if (at < text.Length && text[at] is '`' or '\'' or '"')
            return new(TokenKind.Variable, Quoted(text[at], "name"), start);
        var name = Word();
        if (name.Length == 0)
            throw Fault("After % the name of a variable is expected", start);
        // FHIR writes %vs-name and %ext-name, with hyphens and without quotes.
        if (name is "vs" or "ext" && at < text.Length && text[at] == '-')
        {
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_'))
                at++;
            name = text[(start + 1)..at];
        }
        return new(TokenKind.Variable, name, start);
    }

    private string Quoted(char quote, string what)
    {
        var start = at++;
        var value = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                Escape(value);
            else
                value.Append(text[at++]);
        }
        if (at >= text.Length)
            throw Fault($"The {what} is not closed; end it with {quote}", start);
        at++;
        return value.ToString();
    }

    /// <summary>An escape that the language does not know stands for its character, as patterns of R4's own invariants need it.</summary>
    private void Escape(StringBuilder value)
    {
        var character = text[at + 1];
        at += 2;
        if (character == 'u' && at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            value.Append((char)code);
            at += 4;
            return;
        }
        value.Append(character switch { 'r' => '\r', 'n' => '\n', 't' => '\t', 'f' => '\f', _ => character });
    }

    private static FhirPathException Fault(string message, int position) => new(message, position);
}
