using System.Text;
using FhirMyeloma.R4.Profiles;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>The operators, named as section 6 names them.</summary>
internal enum Operator
{
    Multiply,
    Divide,
    Div,
    Mod,
    Plus,
    Minus,
    Concatenate,
    Union,
    LessThan,
    LessOrEqual,
    GreaterThan,
    GreaterOrEqual,
    Equal,
    Equivalent,
    NotEqual,
    NotEquivalent,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}

/// <summary>A parsed expression: a tree of records that print themselves as the language writes them.</summary>
/// <param name="Position">Zero-based position in the text.</param>
internal abstract record Syntax(int Position)
{
    /// <summary>Binds tighter the higher it is.</summary>
    protected virtual int Precedence => 100;

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Print(text);
        return text.ToString();
    }

    public abstract void Print(StringBuilder text);

    /// <summary>A string as a literal.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder("'");
        foreach (var character in value)
        {
            _ = character switch
            {
                '\'' => text.Append("\\'"),
                '\\' => text.Append("\\\\"),
                '\r' => text.Append("\\r"),
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }
        return text.Append('\'').ToString();
    }

    protected static void PrintInside(StringBuilder text, Syntax inner, int least)
    {
        if (inner.Precedence >= least)
        {
            inner.Print(text);
            return;
        }
        text.Append('(');
        inner.Print(text);
        text.Append(')');
    }

    protected static string Shown(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_') && !Lexer.IsReserved(name) ? name : $"`{name.Replace("`", "\\`", StringComparison.Ordinal)}`";
}

/// <summary>A constant, or <c>{}</c>.</summary>
internal sealed record Literal(int Position, Collection Value) : Syntax(Position)
{
    public override void Print(StringBuilder text) => text.Append(Value.IsEmpty ? "{}" : Value[0].ToString());
}

/// <summary><c>$this</c>.</summary>
internal sealed record This(int Position) : Syntax(Position)
{
    public override void Print(StringBuilder text) => text.Append("$this");
}

/// <summary><c>$index</c>.</summary>
internal sealed record Index(int Position) : Syntax(Position)
{
    public override void Print(StringBuilder text) => text.Append("$index");
}

/// <summary><c>$total</c>.</summary>
internal sealed record Total(int Position) : Syntax(Position)
{
    public override void Print(StringBuilder text) => text.Append("$total");
}

/// <summary><c>%name</c>.</summary>
internal sealed record Variable(int Position, string Name) : Syntax(Position)
{
    public override void Print(StringBuilder text) => text.Append('%').Append(Shown(Name));
}

/// <summary>The children of a name; without target those of the focus.</summary>
internal sealed record Member(int Position, Syntax? Target, string Name) : Syntax(Position)
{
    /// <summary>It may be the type of the focus: <c>Patient.name</c>.</summary>
    public bool MayBeType { get; } = Target is null && Name.Length > 0 && char.IsAsciiLetterUpper(Name[0]);

    /// <summary>The type of that name.</summary>
    public TypeEntry? Type { get; } = Target is null ? SchemaCatalog.R4.Find(Name) : null;

    public override void Print(StringBuilder text)
    {
        if (Target is not null)
        {
            PrintInside(text, Target, Precedence);
            text.Append('.');
        }
        text.Append(Shown(Name));
    }
}

/// <summary><c>target[index]</c>.</summary>
internal sealed record Indexer(int Position, Syntax Target, Syntax At) : Syntax(Position)
{
    public override void Print(StringBuilder text)
    {
        PrintInside(text, Target, Precedence);
        text.Append('[');
        At.Print(text);
        text.Append(']');
    }
}

/// <summary>A function of the target; without target of the focus.</summary>
internal sealed record Call(int Position, Syntax? Target, Function Function, Syntax[] Arguments) : Syntax(Position)
{
    /// <summary>The type that <c>is</c>, <c>as</c> and <c>ofType</c> name in place of an argument.</summary>
    public TypeName? Type { get; init; }

    public override void Print(StringBuilder text)
    {
        if (Target is not null)
        {
            PrintInside(text, Target, Precedence);
            text.Append('.');
        }
        text.Append(Function.Name).Append('(').Append(Type);
        for (var i = 0; i < Arguments.Length; i++)
        {
            if (i > 0)
                text.Append(", ");
            Arguments[i].Print(text);
        }
        text.Append(')');
    }
}

/// <summary><c>-operand</c>; a plus sign changes nothing but demands a number.</summary>
internal sealed record Polarity(int Position, bool IsMinus, Syntax Operand) : Syntax(Position)
{
    protected override int Precedence => 12;

    public override void Print(StringBuilder text)
    {
        text.Append(IsMinus ? '-' : '+');
        PrintInside(text, Operand, Precedence);
    }
}

/// <summary><c>operand is Type</c> and <c>operand as Type</c>.</summary>
internal sealed record TypeOperation(int Position, Syntax Operand, bool IsAs, TypeName Type) : Syntax(Position)
{
    protected override int Precedence => 9;

    public override void Print(StringBuilder text)
    {
        PrintInside(text, Operand, Precedence);
        text.Append(IsAs ? " as " : " is ").Append(Type);
    }
}

/// <summary>Two operands. A chain such as <c>a | b | c</c> leans to the left and may be long.</summary>
internal sealed record Binary(int Position, Operator Operator, Syntax Left, Syntax Right) : Syntax(Position)
{
    /// <summary>How far the chain reaches to the left.</summary>
    public int Chain { get; } = Left is Binary left ? left.Chain + 1 : 1;

    protected override int Precedence => PrecedenceOf(Operator);

    public override void Print(StringBuilder text)
    {
        var chain = new Stack<Binary>();
        Syntax first = this;
        while (first is Binary binary && (chain.Count == 0 || binary.Precedence >= chain.Peek().Precedence))
        {
            chain.Push(binary);
            first = binary.Left;
        }
        PrintInside(text, first, chain.Peek().Precedence);
        foreach (var binary in chain)
        {
            text.Append(' ').Append(Symbol(binary.Operator)).Append(' ');
            PrintInside(text, binary.Right, binary.Precedence + 1);
        }
    }

    public static string Symbol(Operator value) => value switch
    {
        Operator.Multiply => "*",
        Operator.Divide => "/",
        Operator.Div => "div",
        Operator.Mod => "mod",
        Operator.Plus => "+",
        Operator.Minus => "-",
        Operator.Concatenate => "&",
        Operator.Union => "|",
        Operator.LessThan => "<",
        Operator.LessOrEqual => "<=",
        Operator.GreaterThan => ">",
        Operator.GreaterOrEqual => ">=",
        Operator.Equal => "=",
        Operator.Equivalent => "~",
        Operator.NotEqual => "!=",
        Operator.NotEquivalent => "!~",
        Operator.In => "in",
        Operator.Contains => "contains",
        Operator.And => "and",
        Operator.Or => "or",
        Operator.Xor => "xor",
        Operator.Implies => "implies",
    };

    /// <summary>Section 6.8.</summary>
    public static int PrecedenceOf(Operator value) => value switch
    {
        Operator.Multiply or Operator.Divide or Operator.Div or Operator.Mod => 11,
        Operator.Plus or Operator.Minus or Operator.Concatenate => 10,
        Operator.Union => 8,
        Operator.LessThan or Operator.LessOrEqual or Operator.GreaterThan or Operator.GreaterOrEqual => 7,
        Operator.Equal or Operator.Equivalent or Operator.NotEqual or Operator.NotEquivalent => 6,
        Operator.In or Operator.Contains => 5,
        Operator.And => 4,
        Operator.Or or Operator.Xor => 3,
        Operator.Implies => 2,
    };
}
