using System.Globalization;
using System.Runtime.CompilerServices;

namespace FhirMyeloma.R4.FhirPath;

/// <summary>Tokens to syntax, by precedence climbing (section 6.8). Names of functions and types are bound here, once.</summary>
internal sealed class Parser
{
    /// <summary>Parentheses, arguments and steps of a path inside each other; operators side by side are not counted.</summary>
    public const int DeepestNesting = 250;

    private readonly List<Token> tokens;
    private int at;
    private int depth;

    private Parser(string text) => tokens = new Lexer(text).Read();

    private Token Current => tokens[at];

    public static Syntax Parse(string text)
    {
        var parser = new Parser(text);
        var root = parser.Expression(0);
        if (parser.Current.Kind != TokenKind.End)
            throw parser.Unexpected("an operator or the end");
        return root;
    }

    private Syntax Expression(int least)
    {
        Enter();
        var before = depth;
        var left = Prefix();
        while (true)
        {
            var token = Current;
            if (token.Kind == TokenKind.Identifier && token.Text is "is" or "as" && least <= 9)
            {
                at++;
                Enter();
                left = new TypeOperation(token.Position, left, token.Text == "as", TypeSpecifier());
                continue;
            }
            if (OperatorOf(token) is not { } value || Binary.PrecedenceOf(value) is var precedence && precedence < least)
                break;
            at++;
            left = new Binary(token.Position, value, left, Expression(precedence + 1));
        }
        depth = before - 1;
        return left;
    }

    private Syntax Prefix()
    {
        var token = Current;
        if (!token.IsSymbol("-") && !token.IsSymbol("+"))
            return Steps(Term());
        at++;
        Enter();
        var operand = Prefix();
        depth--;
        return new Polarity(token.Position, token.Text == "-", operand);
    }

    /// <summary>What follows a term: members, calls and indexers.</summary>
    private Syntax Steps(Syntax target)
    {
        var before = depth;
        while (true)
        {
            var token = Current;
            if (token.IsSymbol("."))
            {
                at++;
                Enter();
                target = Invocation(target);
            }
            else if (token.IsSymbol("["))
            {
                at++;
                Enter();
                var index = Expression(0);
                Expect("]");
                target = new Indexer(token.Position, target, index);
            }
            else
            {
                depth = before;
                return target;
            }
        }
    }

    private Syntax Term()
    {
        var token = Current;
        at++;
        switch (token.Kind)
        {
            case TokenKind.String:
                return new Literal(token.Position, new(Item.Of(token.Text)));
            case TokenKind.Date or TokenKind.DateTime or TokenKind.Time:
                return new Literal(token.Position, new(Item.Of(token.Temporal!)));
            case TokenKind.Long:
                return new Literal(token.Position, new(Item.OfLong(long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole : throw new FhirPathException("The number is too large for a Long", token.Position))));
            case TokenKind.Number:
                return NumberOrQuantity(token);
            case TokenKind.Variable:
                return new Variable(token.Position, token.Text);
            case TokenKind.Identifier when token.Text is "true" or "false" && !Current.IsSymbol("("):
                return new Literal(token.Position, Collection.Of(token.Text == "true"));
            case TokenKind.Symbol when token.Text == "(":
                var inner = Expression(0);
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "{":
                Expect("}");
                return new Literal(token.Position, Collection.Empty);
            default:
                at--;
                return Invocation(null);
        }
    }

    private Literal NumberOrQuantity(Token token)
    {
        var isWhole = !token.Text.Contains('.', StringComparison.Ordinal);
        var next = Current;
        if (next.Kind == TokenKind.String || next.Kind == TokenKind.Identifier && CalendarUnits.Find(next.Text) is not null)
        {
            at++;
            return new(token.Position, new(Item.Of(new Quantity(Decimal(token), next.Text, next.Kind == TokenKind.String ? UnitKind.Ucum : UnitKind.Calendar))));
        }
        if (!isWhole)
            return new(token.Position, new(Item.Of(Decimal(token))));
        return int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            ? new(token.Position, Collection.Of(whole))
            // One more than the largest integer can only be meant negative; as a decimal it stays exact.
            : new(token.Position, new(Item.Of(Decimal(token))));
    }

    private static decimal Decimal(Token token) =>
        decimal.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : throw new FhirPathException("The number has more digits than a decimal holds", token.Position);

    private Syntax Invocation(Syntax? target)
    {
        var token = Current;
        at++;
        switch (token.Kind)
        {
            case TokenKind.Special:
                return token.Text switch
                {
                    "this" => target is null ? new This(token.Position) : throw new FhirPathException("$this cannot follow a dot", token.Position),
                    "index" => new Index(token.Position),
                    _ => new Total(token.Position),
                };
            case TokenKind.Identifier when Current.IsSymbol("("):
                return Function(target, token);
            case TokenKind.Identifier when target is not null || !Lexer.IsReserved(token.Text) || token.Text is "as" or "is" or "in" or "contains":
            case TokenKind.Delimited:
                return new Member(token.Position, target, string.Intern(token.Text));
            default:
                at--;
                throw Unexpected(target is null ? "a value, a name or a parenthesis" : "a name after the dot");
        }
    }

    private Call Function(Syntax? target, Token name)
    {
        var function = target is Variable { Name: Factory.VariableName } ? Factory.Find(name.Text) : Functions.Find(name.Text);
        if (function is null)
            throw new FhirPathException(target is Variable { Name: Factory.VariableName } ? $"%factory does not make '{name.Text}'" : Functions.Unknown(name.Text), name.Position);
        at++;
        if (function.TakesType)
        {
            var type = TypeSpecifier();
            Expect(")");
            return new(name.Position, target, function, []) { Type = type };
        }
        List<Syntax> arguments = [];
        if (!Current.IsSymbol(")"))
        {
            arguments.Add(Argument(function));
            while (Current.IsSymbol(","))
            {
                at++;
                arguments.Add(Argument(function));
            }
        }
        Expect(")");
        if (arguments.Count < function.Least || arguments.Count > function.Most)
        {
            var expected = function.Least == function.Most ? $"{function.Most}" : $"{function.Least} to {function.Most}";
            throw new FhirPathException($"{function.Name}() takes {expected} argument{(function.Most == 1 ? "" : "s")}, not {arguments.Count}", name.Position);
        }
        return new(name.Position, target, function, [.. arguments]);
    }

    /// <summary>The keys of sort() may say <c>asc</c> or <c>desc</c>; a minus sign says the latter too.</summary>
    private Syntax Argument(Function function)
    {
        var argument = Expression(0);
        if (function.Name != "sort" || Current is not { Kind: TokenKind.Identifier, Text: "asc" or "desc" } order)
            return argument;
        at++;
        return order.Text == "asc" ? argument : new Polarity(order.Position, true, argument);
    }

    private TypeName TypeSpecifier()
    {
        var token = Current;
        var name = TypePart();
        if (!Current.IsSymbol("."))
            return TypeName.Resolve(null, name, token.Position);
        at++;
        // A name of any type system but ours, such as an element path of an older version.
        return TypeName.Resolve(name, TypePart(), token.Position);
    }

    private string TypePart()
    {
        var token = Current;
        // Some write the name of a type as a string.
        if (token.Kind is not (TokenKind.Identifier or TokenKind.Delimited or TokenKind.String))
            throw Unexpected("the name of a type");
        at++;
        return token.Text;
    }

    private static Operator? OperatorOf(Token token) => token.Kind switch
    {
        TokenKind.Symbol => token.Text switch
        {
            "*" => Operator.Multiply,
            "/" => Operator.Divide,
            "+" => Operator.Plus,
            "-" => Operator.Minus,
            "&" => Operator.Concatenate,
            "|" => Operator.Union,
            "<" => Operator.LessThan,
            "<=" => Operator.LessOrEqual,
            ">" => Operator.GreaterThan,
            ">=" => Operator.GreaterOrEqual,
            "=" => Operator.Equal,
            "~" => Operator.Equivalent,
            "!=" => Operator.NotEqual,
            "!~" => Operator.NotEquivalent,
            _ => null,
        },
        TokenKind.Identifier => token.Text switch
        {
            "div" => Operator.Div,
            "mod" => Operator.Mod,
            "in" => Operator.In,
            "contains" => Operator.Contains,
            "and" => Operator.And,
            "or" => Operator.Or,
            "xor" => Operator.Xor,
            "implies" => Operator.Implies,
            _ => null,
        },
        _ => null,
    };

    private void Enter()
    {
        if (++depth > DeepestNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new FhirPathException($"The expression nests deeper than {DeepestNesting} levels; split it", Current.Position);
    }

    private void Expect(string symbol)
    {
        if (!Current.IsSymbol(symbol))
            throw Unexpected($"'{symbol}'");
        at++;
    }

    private FhirPathException Unexpected(string expected) =>
        new(Current.Kind == TokenKind.End ? $"The expression ends too early; {expected} is expected" : $"{Current} is not expected here; {expected} is", Current.Position);
}
